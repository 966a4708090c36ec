package import Addressing
import Tables
package import Timekeeping

/// What we want in the kernel, what the kernel says it has, and the changes that make the two equal.
///
/// Pure: changes and readings are asked for through ``takeChanges(limit:into:)`` and
/// ``takeRequestedDump(now:)``, and what the kernel tells comes back through ``handle(_:now:)``;
/// whether a real kernel or a simulated one does the telling makes no difference. A prefix counts as
/// installed only by the kernel's word: an acknowledgement or a reading.
///
/// A prefix that is to be changed costs one mark. If what is wanted changes again before the kernel
/// has answered, only the newest state is sent.
package struct KernelRoutes: ~Copyable {
    /// Changes without an answer, at most; a mailbox of that size never overflows.
    package static let window = 16384

    /// The mark of our routes.
    package let ownership: KernelOwnership
    /// What else may make a next hop reachable.
    package let qualification: NextHopQualification
    /// How many routes stand how.
    package internal(set) var counts = KernelCounts()

    /// False with `fib-update no`: everything is followed, nothing is changed.
    ///
    /// Going back to true programs the difference; going to false leaves the kernel as it is.
    package var isProgramming = true {
        didSet { if isProgramming, !oldValue { enqueueDifferences() } }
    }

    // The tables.
    let keys: HashKeys
    var own = RowStore<OwnRow>()
    var ownIndex = RowIndex()
    var foreign = RowStore<ForeignRow>()
    var foreignIndex = RowIndex()
    var sets = NextHopSets()
    var foreignLengths = PrefixLengths()
    var ownLengths = PrefixLengths()

    // Changes on their way.
    var queue = RowQueue<UInt32>()
    var outstanding = RowQueue<OutstandingChange>()
    var nextSequence: UInt32 = 1
    var notes = RowStore<NoteRow>()
    var retries = RetryQueue()
    var texts = RefusalTexts()
    var hasToldRefusal = false

    // Readings of the kernel's tables.
    var generation: UInt32 = 0
    var isDumping = false
    var hasDumpBegun = false
    /// What the reading named is known, and what it did not name is being forgotten.
    var isEndingDump = false
    var isDumpWanted = true
    var dumpStart = Instant.zero
    var earliestDump = Instant(nanoseconds: .min)
    var differencesFound = 0

    /// How long after a reading the next one follows by itself, at least.
    ///
    /// Readings take at most a thousandth of the time: one that lasted a second is repeated after
    /// a thousand.
    package var auditInterval: Duration = .seconds(60)
    /// When the last reading ended, and how long it took; nil before the first.
    package internal(set) var lastReading: (ended: Instant, took: Duration)?

    // Ours that foreign routes hide.
    var hiding = HidingNews()

    // Life.
    var hasConverged = false
    var isWithdrawing = false
    var withdrawn = 0
    var reports: [KernelReport] = []

    // Next hops, links and addresses.
    var links: [Interface] = []
    var localAddresses: [InterfaceAddress] = []
    /// Links and addresses that the running reading has named.
    var namedLinks: Set<UInt32> = []
    var namedAddresses: Set<InterfaceAddress> = []
    var tracker = NextHopTracker()
    /// Links that the kernel accepts no routes over: switched off, or gone.
    var downLinks: Set<UInt32> = []
    /// Links whose end was told as one that concerns us.
    var missedLinks: Set<UInt32> = []
    /// Wanted routes wait, in no queue, for a link or an address to come back.
    var isHoldingBack = false

    // The order, only while somebody looks.
    var order: PrefixOrder?
    var lastLook = Instant.zero

    /// Makes empty tables; the first ``takeRequestedDump(now:)`` asks for the whole kernel table.
    ///
    /// The seed is that of the tables' hashes.
    package init(
        ownership: KernelOwnership,
        qualification: NextHopQualification = [],
        seed: UInt64 = 0
    ) {
        keys = HashKeys(seed: seed)
        self.ownership = ownership
        self.qualification = qualification
    }

    /// What rows that are named now are marked with: the running reading's number, or one that none has.
    var readingMark: UInt8 {
        UInt8(truncatingIfNeeded: hasDumpBegun ? generation : generation &- 1)
    }

    /// True where we want or have a route of that family in the kernel.
    package func hasRoutes(_ family: AddressFamily) -> Bool { !ownLengths.isEmpty(family) }

    /// Bytes that the tables take, about.
    package var byteCount: Int {
        own.byteCount + ownIndex.byteCount + foreign.byteCount + foreignIndex.byteCount
            + notes.byteCount + (order?.byteCount ?? 0)
    }

    /// What the operator is to be told since the last call; at most 64, the counts go on.
    package mutating func takeReports() -> [KernelReport] {
        let taken = reports
        reports = []
        return taken
    }

    mutating func report(_ report: KernelReport) {
        if reports.count < 64 { reports.append(report) }
    }
}

/// A change that was handed out and has not been answered.
struct OutstandingChange: BitwiseCopyable {
    var sequence: UInt32
    var row: UInt32
    /// The set that was sent; `UInt32.max` for a deletion.
    var set: UInt32
    var operation: KernelChange.Operation
    var isRefused: Bool
}

/// Which prefix lengths occur, so that a longest match probes no others.
struct PrefixLengths {
    private var counts: [[Int]] = [Array(repeating: 0, count: 33), Array(repeating: 0, count: 129)]

    mutating func add(_ length: UInt8, _ family: AddressFamily) {
        counts[Int(family.rawValue) - 1][Int(length)] += 1
    }

    mutating func remove(_ length: UInt8, _ family: AddressFamily) {
        counts[Int(family.rawValue) - 1][Int(length)] -= 1
    }

    /// True where no prefix of the family is there.
    func isEmpty(_ family: AddressFamily) -> Bool {
        counts[Int(family.rawValue) - 1].allSatisfy { $0 == 0 }
    }

    func contains(_ length: UInt8, _ family: AddressFamily) -> Bool {
        counts[Int(family.rawValue) - 1][Int(length)] > 0
    }
}

/// The kernel's words, each stored once; past 256 different ones the last place is shared.
struct RefusalTexts {
    private var texts: [String] = []
    private var reported: Set<String> = []

    subscript(number: UInt32) -> String { texts[Int(number)] }

    mutating func intern(_ text: String) -> UInt32 {
        if let number = texts.firstIndex(of: text) { return UInt32(number) }
        if texts.count < 256 {
            texts.append(text)
        } else {
            texts[255] = text
        }
        return UInt32(texts.count - 1)
    }

    /// True the first time since ``forgetReported()``.
    mutating func isNews(_ text: String) -> Bool {
        reported.count < 256 && reported.insert(text).inserted
    }

    mutating func forgetReported() {
        if !reported.isEmpty { reported = [] }
    }
}
