import Addressing

/// Reads UPDATE messages, one after the other, with the same scratch memory.
///
/// ``decode(_:context:)`` walks a body once, checks everything in it and leaves the result in the
/// properties until the next call. Afterwards prefixes are read with ``NLRI`` over the blocks' ranges,
/// which can no longer fail. Nothing is allocated per prefix, and per message only while the scratch
/// memory still grows.
///
/// **Canonical attributes.** TLVs in ascending order of type; flags as the type defines them, the extended
/// length bit only past 255 octets, Partial kept; AS_PATH and AGGREGATOR with four octets an AS number,
/// AS4_PATH and AS4_AGGREGATOR merged into them; no MP_REACH or MP_UNREACH; NEXT_HOP of 4 octets, or for
/// IPv6 of 16 or 32 octets taken from MP_REACH; unknown transitive attributes with Partial set.
package struct UpdateDecoder: ~Copyable {
    /// Withdrawn routes of the message itself: IPv4 unicast.
    package internal(set) var withdrawn = NLRIBlock(family: .ipv4, range: 0..<0, prefixCount: 0)
    /// Reachable routes of the message itself: IPv4 unicast.
    package internal(set) var reachable = NLRIBlock(family: .ipv4, range: 0..<0, prefixCount: 0)
    /// What MP_UNREACH_NLRI withdraws; empty where it is absent.
    package internal(set) var mpWithdrawn = NLRIBlock(family: .ipv6, range: 0..<0, prefixCount: 0)
    /// What MP_REACH_NLRI announces; empty where it is absent.
    package internal(set) var mpReachable = NLRIBlock(family: .ipv6, range: 0..<0, prefixCount: 0)
    /// Attributes that were left out of an otherwise accepted message (attribute discard).
    package internal(set) var discards: [AttributeFault] = []

    /// The attributes to keep, as found: as many as ``entryCount`` says, each type at most once.
    var entries = InlineArray<256, Entry>(repeating: Entry(type: 0, flags: 0, start: 0, length: 0))
    var entryCount = 0
    /// Which types were seen in this message.
    var seen = SeenTypes()
    /// The kept attributes stand in the body just as the canonical form wants them.
    var isCanonical = true
    /// The worst fault so far that calls for treat-as-withdraw: the first.
    var fault: AttributeFault?
    /// The octets of the attribute that `fault` is about.
    var faultRange = 0..<0
    /// What AS_PATH, AS4_PATH and AGGREGATOR were found to be, kept for the merge.
    var asPath: ASPathScan?
    var as4Path: ASPathScan?
    var as4PathRange = 0..<0
    var as4AggregatorRange = 0..<0
    /// The next hop in MP_REACH_NLRI.
    var mpNextHop = 0..<0
    /// NEXT_HOP was found unusable: counts only where the message has routes of its own.
    var nextHopFault: AttributeFault?

    /// Canonical attributes that had to be written.
    @usableFromInline var scratch: [UInt8] = []
    /// A path made of two-octet numbers, or merged.
    var pathScratch: [UInt8] = []
    /// Where the canonical attributes of ``reachable`` stand, in the body or in memory of the decoder.
    @usableFromInline package internal(set) var conventional = AttributePlace()
    @usableFromInline var multiprotocol = AttributePlace()

    package init() {}

    /// An attribute to keep.
    struct Entry: BitwiseCopyable {
        var type: UInt8
        var flags: UInt8
        var start: UInt16
        var length: UInt16
    }

    /// Where a run of canonical attributes stands.
    package struct AttributePlace {
        /// True where they are octets of the body; else ``withAttributes(in:_:)`` lends them.
        package internal(set) var isInBody = true
        /// Where they stand there.
        package internal(set) var range = 0..<0
    }

    /// Where the path attributes stand in the body of the UPDATE that begins there; nothing is judged.
    ///
    /// - Returns: nil where no UPDATE begins there, or none that has attributes and, behind them, routes of its own.
    package static func attributes(ofMessageIn bytes: Span<UInt8>, at offset: Int) -> Range<Int>? {
        let start = offset + MessageFraming.headerLength
        guard bytes.count >= start + 4, bytes[offset + 18] == MessageType.update.rawValue else {
            return nil
        }
        let withdrawnEnd = 2 + Int(bytes.uint16(at: start))
        guard bytes.count >= start + withdrawnEnd + 2 else { return nil }
        let first = withdrawnEnd + 2
        let end = first + Int(bytes.uint16(at: start + withdrawnEnd))
        let isFollowed = offset + Int(bytes.uint16(at: offset + 16)) > start + end
        return end > first && isFollowed && bytes.count >= start + end ? first..<end : nil
    }

    /// Judges the body of an UPDATE (without the 19 octets of header).
    package mutating func decode(_ body: Span<UInt8>, context: UpdateContext) -> UpdateVerdict {
        startOver()
        let count = body.count
        guard count >= 4, count <= Int(UInt16.max) else {
            return .reset(NotificationMessage(.update, 1))
        }
        let withdrawnEnd = 2 + Int(body.uint16(at: 0))
        guard withdrawnEnd + 2 <= count else { return .reset(NotificationMessage(.update, 1)) }
        let attributesStart = withdrawnEnd + 2
        let attributesEnd = attributesStart + Int(body.uint16(at: withdrawnEnd))
        guard attributesEnd <= count else { return .reset(NotificationMessage(.update, 1)) }
        if count == 4 {
            return context.families.contains(.ipv4) ? .endOfRIB(.ipv4) : .accept
        }
        let hasPathIDs = context.pathIDs.contains(.ipv4)
        guard
            let withdrawnCount = NLRI.countPrefixes(
                .ipv4,
                in: body,
                range: 2..<withdrawnEnd,
                withPathIDs: hasPathIDs
            ),
            let reachableCount = NLRI.countPrefixes(
                .ipv4,
                in: body,
                range: attributesEnd..<count,
                withPathIDs: hasPathIDs
            )
        else { return .reset(NotificationMessage(.update, 10)) }
        let routesIPv4 = context.families.contains(.ipv4)
        if routesIPv4 {
            withdrawn = NLRIBlock(
                family: .ipv4,
                range: 2..<withdrawnEnd,
                prefixCount: withdrawnCount,
                hasPathIDs: hasPathIDs
            )
            reachable = NLRIBlock(
                family: .ipv4,
                range: attributesEnd..<count,
                prefixCount: reachableCount,
                hasPathIDs: hasPathIDs
            )
        } else if withdrawnCount + reachableCount > 0 {
            discard(0, .family, 0)
        }

        if let notification = walk(body, attributesStart..<attributesEnd, context) {
            return .reset(notification)
        }
        checkMandatory(context)
        if let fault {
            // Without routes in sight nobody can say that the routes were found (RFC 7606 §5.2).
            let hasRoutes =
                attributesEnd < count || !mpReachable.isEmpty
                || discards.contains { $0.type == .mpReach && $0.kind == .family }
            if !hasRoutes, seen.countExcept(15) > 0 || fault.kind == .overrun {
                let data = fault.kind == .overrun ? [] : body.copy(faultRange)
                return .reset(NotificationMessage(.update, fault.subcode, data: data))
            }
            return .treatAsWithdraw(fault)
        }
        if seen.contains(15), mpWithdrawn.isEmpty, seen.countExcept(15) == 0, withdrawnEnd == 2,
            attributesEnd == count, discards.isEmpty
        {
            return .endOfRIB(mpWithdrawn.family)
        }
        placeAttributes(body, attributesStart..<attributesEnd, context)
        if !context.fourOctetAS, let kind = faultOfWidenedPath(context) {
            return .treatAsWithdraw(AttributeFault(type: .asPath, kind: kind, offset: 0))
        }
        return .accept
    }

    /// Lends the canonical attributes of ``reachable``: a part of `body` where the bytes came canonical.
    ///
    /// `body` is what was given to ``decode(_:context:)``.
    @inlinable
    package func withAttributes<Result>(in body: Span<UInt8>, _ use: (Span<UInt8>) -> Result)
        -> Result
    {
        conventional.isInBody
            ? use(body.extracting(conventional.range))
            : use(scratch.span.extracting(conventional.range))
    }

    /// Lends the canonical attributes of ``mpReachable``.
    ///
    /// `body` is what was given to ``decode(_:context:)``.
    @inlinable
    package func withMPAttributes<Result>(in body: Span<UInt8>, _ use: (Span<UInt8>) -> Result)
        -> Result
    {
        multiprotocol.isInBody
            ? use(body.extracting(multiprotocol.range))
            : use(scratch.span.extracting(multiprotocol.range))
    }

    private mutating func startOver() {
        withdrawn = NLRIBlock(family: .ipv4, range: 0..<0, prefixCount: 0)
        reachable = withdrawn
        mpWithdrawn = NLRIBlock(family: .ipv6, range: 0..<0, prefixCount: 0)
        mpReachable = mpWithdrawn
        if !discards.isEmpty { discards.removeAll(keepingCapacity: true) }
        entryCount = 0
        seen = SeenTypes()
        isCanonical = true
        fault = nil
        nextHopFault = nil
        faultRange = 0..<0
        asPath = nil
        as4Path = nil
        as4PathRange = 0..<0
        as4AggregatorRange = 0..<0
        mpNextHop = 0..<0
        conventional = AttributePlace()
        multiprotocol = AttributePlace()
    }

    /// Missing attributes and a bad first AS are seen only when all attributes were.
    private mutating func checkMandatory(_ context: UpdateContext) {
        guard !reachable.isEmpty || !mpReachable.isEmpty else { return }
        if !reachable.isEmpty, let nextHopFault { note(nextHopFault, range: 0..<0) }
        if !seen.contains(1) { noteMissing(.origin) }
        if !seen.contains(2) { noteMissing(.asPath) }
        if !reachable.isEmpty, !seen.contains(3) { noteMissing(.nextHop) }
        if context.isIBGP, !seen.contains(5) { noteMissing(.localPreference) }
    }

    private mutating func noteMissing(_ type: AttributeType) {
        note(AttributeFault(type: type, kind: .missing, offset: 0), range: 0..<0)
    }

    /// Keeps the first fault that calls for treat-as-withdraw.
    mutating func note(_ found: AttributeFault, range: Range<Int>) {
        guard fault == nil else { return }
        fault = found
        faultRange = range
    }
}

/// The attribute types that one message held, as bits.
struct SeenTypes {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    @inline(__always)
    func contains(_ type: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(type & 63)
        return switch type >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    /// Adds the type; false where it was there.
    @inline(__always)
    mutating func insert(_ type: UInt8) -> Bool {
        guard !contains(type) else { return false }
        let bit: UInt64 = 1 << UInt64(type & 63)
        switch type >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
        return true
    }

    /// How many types were seen besides that one.
    func countExcept(_ type: UInt8) -> Int {
        words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount
            + words.3.nonzeroBitCount - (contains(type) ? 1 : 0)
    }
}
