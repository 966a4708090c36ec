import Addressing
import Tables

/// One prefix of ours: what we want and what the kernel says, side by side in 32 bytes.
struct OwnRow: BitwiseCopyable {
    var high: UInt64
    var low: UInt64
    /// The wanted next hop set; `UInt32.max` where the prefix is not wanted.
    var wanted: UInt32 = .max
    /// The set that the kernel has under our mark; `UInt32.max` where it has none.
    var word: UInt32 = .max
    /// The row of what is remembered about refusals and fights; `UInt32.max` for nothing.
    var note: UInt32 = .max
    var length: UInt8
    var family: AddressFamily
    var flags: OwnFlags = []
    /// The reading that last named the route.
    var generation: UInt8 = 0

    init(_ prefix: IPPrefix) {
        high = prefix.high
        low = prefix.low
        length = prefix.length
        family = prefix.family
    }

    var prefix: IPPrefix {
        IPPrefix(IPAddress(family: family, high: high, low: low), length: length)
    }

    func isFor(_ prefix: IPPrefix) -> Bool {
        high == prefix.high && low == prefix.low && length == prefix.length
            && family == prefix.family
    }
}

/// What is going on with a prefix of ours.
struct OwnFlags: OptionSet, BitwiseCopyable {
    var rawValue: UInt8

    /// Stands in the queue of prefixes to look at.
    static let queued = OwnFlags(rawValue: 1)
    /// A change has been handed out and not been answered.
    static let inFlight = OwnFlags(rawValue: 2)
    /// Somebody else changed it since we last did.
    static let drifted = OwnFlags(rawValue: 4)
    /// The kernel refused the last change.
    static let refused = OwnFlags(rawValue: 8)
    /// Waits for its time before the next try.
    static let suspended = OwnFlags(rawValue: 16)
    /// A reading named two routes of our mark (`ip route append`): one has to go.
    static let doubled = OwnFlags(rawValue: 64)
    /// Was in the kernel before we wanted anything: of an earlier run.
    static let leftover = OwnFlags(rawValue: 32)
    /// A foreign route of the same prefix and a lower metric is in the kernel.
    static let hidden = OwnFlags(rawValue: 128)
}

/// A route that is not ours.
struct ForeignRow: BitwiseCopyable {
    var high: UInt64
    var low: UInt64
    var table: UInt32
    var metric: UInt32
    var set: UInt32
    var length: UInt8
    var family: AddressFamily
    var protocolNumber: UInt8
    var scope: UInt8
    var typeOfService: UInt8
    var generation: UInt8

    init(_ route: KernelRoute, set: UInt32, generation: UInt8) {
        high = route.prefix.high
        low = route.prefix.low
        table = route.table
        metric = route.metric
        self.set = set
        length = route.prefix.length
        family = route.prefix.family
        protocolNumber = route.protocolNumber
        scope = route.scope
        typeOfService = route.typeOfService
        self.generation = generation
    }

    var prefix: IPPrefix {
        IPPrefix(IPAddress(family: family, high: high, low: low), length: length)
    }

    func isFor(_ prefix: IPPrefix) -> Bool {
        high == prefix.high && low == prefix.low && length == prefix.length
            && family == prefix.family
    }

    /// True where both stand in the same place of the kernel's table, whoever made them.
    func collides(with route: KernelRoute) -> Bool {
        table == route.table && metric == route.metric && typeOfService == route.typeOfService
            && isFor(route.prefix)
    }
}

/// What is remembered about a prefix that was refused or fought about.
struct NoteRow: BitwiseCopyable {
    var errno: Int32 = 0
    var text: UInt32 = 0
    /// How often in a row the kernel refused.
    var refusals: UInt8 = 0
    /// How often somebody undid our route lately.
    var interferences: UInt8 = 0
    /// When somebody last did, in nanoseconds.
    var lastInterference: Int64 = .min
    /// When the next try is due, in nanoseconds.
    var due: Int64 = 0
}

extension HashKeys {
    func hash(_ prefix: IPPrefix) -> UInt64 {
        // IPv4 takes 64 to 96, IPv6 the others: the families stay apart.
        hash(prefix.high, prefix.low, with: prefix.length ^ prefix.family.rawValue << 6)
    }
}
