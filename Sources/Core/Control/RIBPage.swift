package import Addressing

/// Asks for rows of a routing table in prefix order.
package struct RIBPageRequest: ControlRequest {
    package var table: Table
    package var filter: RIBFilter
    package var position: Position
    /// Prefixes wanted at most; a prefix comes with all its paths that pass the filter.
    package var limit: UInt32
    /// Carry each path's whole attribute bytes.
    package var withAttributes: Bool
    /// Say of each path why it is the best one or not, and let them stand in that order; of the Loc-RIB alone.
    package var withReasons: Bool

    package init(
        table: Table,
        filter: RIBFilter = RIBFilter(),
        position: Position = .start,
        limit: UInt32,
        withAttributes: Bool,
        withReasons: Bool = false
    ) {
        self.table = table
        self.filter = filter
        self.position = position
        self.limit = limit
        self.withAttributes = withAttributes
        self.withReasons = withReasons
    }

    package var question: Question { .ribPage(self) }

    package static func answer(in reply: Reply) -> RIBPage? {
        guard case .ribPage(let answer) = reply else { return nil }
        return answer
    }

    /// Which table.
    package enum Table: Hashable, Sendable {
        /// All paths of all neighbors with the decision's outcome; refused ones flagged F.
        case locRIB
        /// As received, before policy; of the filter's neighbor, or of all.
        case adjRIBIn
        /// As sent to that neighbor.
        case adjRIBOut(NeighborNumber)
    }

    /// Where a page begins; prefixes stand in order: IPv4 before IPv6, then by address, the shorter first.
    package enum Position: Hashable, Sendable {
        case start
        /// At the prefix, or at the first one behind it.
        case at(IPPrefix)
        case after(IPPrefix)
        /// The page that ends before the prefix.
        case before(IPPrefix)
        /// Millionths of the whole table.
        case share(UInt32)
        /// The last page.
        case end
    }
}

/// Origin validation states (RFC 6811).
package enum OriginValidation: UInt8, Sendable {
    case notFound = 0
    case valid = 1
    case invalid = 2
}

/// ASPA states of a path (draft-ietf-sidrops-aspa-verification).
package enum PathValidation: UInt8, Sendable {
    case unknown = 0
    case valid = 1
    case invalid = 2
}

/// Flags of a path as part B2 of the commands' specification prints them.
package struct RIBFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// F, refused by policy.
    package static let filtered = RIBFlags(rawValue: 1 << 0)
    /// E, treated as withdrawn (RFC 7606).
    package static let error = RIBFlags(rawValue: 1 << 1)
    /// L, leaked by OTC.
    package static let leaked = RIBFlags(rawValue: 1 << 2)
    /// A, own network.
    package static let announced = RIBFlags(rawValue: 1 << 3)
    /// I, learned over iBGP or own.
    package static let viaIBGP = RIBFlags(rawValue: 1 << 4)
    /// S, stale.
    package static let stale = RIBFlags(rawValue: 1 << 5)
    /// `*`, eligible.
    package static let valid = RIBFlags(rawValue: 1 << 6)
    /// `>`, selected.
    package static let selected = RIBFlags(rawValue: 1 << 7)
    /// Own AS in the path: not eligible.
    package static let asLoop = RIBFlags(rawValue: 1 << 8)
    /// Next hop unreachable: not eligible.
    package static let nextHopUnreachable = RIBFlags(rawValue: 1 << 9)
    /// m, in the ECMP set with the selected path.
    package static let equalCost = RIBFlags(rawValue: 1 << 10)
    /// w, in the as-wide-best set and not in the ECMP set.
    package static let asWide = RIBFlags(rawValue: 1 << 11)

    /// The flags in bgpctl's order: F E L A I S * > m w.
    package var text: String {
        let letters: [(RIBFlags, String)] = [
            (.filtered, "F"), (.error, "E"), (.leaked, "L"), (.announced, "A"), (.viaIBGP, "I"),
            (.stale, "S"),
            (.valid, "*"), (.selected, ">"), (.equalCost, "m"), (.asWide, "w"),
        ]
        return letters.filter { contains($0.0) }.map(\.1).joined()
    }
}

/// One path of one prefix.
package struct RIBRow: Hashable, Sendable {
    package var prefix: IPPrefix
    package var neighbor: NeighborNumber
    /// The path identifier of ADD-PATH (RFC 7911); nil where the neighbor uses none.
    package var pathID: UInt32?
    package var flags: RIBFlags
    package var originValidation: OriginValidation
    package var pathValidation = PathValidation.unknown
    /// ORIGIN: 0 IGP, 1 EGP, 2 incomplete.
    package var origin: UInt8
    package var localPreference: UInt32
    package var med: UInt32
    package var weight: UInt32
    /// The next hop attribute (exit next hop); unspecified for own networks.
    package var nextHop: IPAddress
    /// The next hop after resolution, nil where unreachable.
    package var trueNextHop: IPAddress?
    /// The value of AS_PATH with four-octet numbers (RFC 4271 §4.3, RFC 6793); empty for an empty path.
    package var asPath: [UInt8]
    /// Seconds since the route last changed.
    package var ageSeconds: UInt32
    /// The canonical attribute bytes where asked for: TLVs in ascending order of type.
    package var attributes: [UInt8]
    /// Why it is the best path or not, where asked for.
    package var reason: PathReason?

    package init(prefix: IPPrefix, neighbor: NeighborNumber, flags: RIBFlags) {
        self.prefix = prefix
        self.neighbor = neighbor
        self.flags = flags
        originValidation = .notFound
        origin = 0
        localPreference = 100
        med = 0
        weight = 0
        nextHop = .unspecified(prefix.family)
        trueNextHop = nil
        asPath = []
        ageSeconds = 0
        attributes = []
    }
}

/// Rows of a routing table in prefix order.
package struct RIBPage: Hashable, Sendable {
    package var rows: [RIBRow] = []
    /// Prefixes and paths in the whole table, unfiltered.
    package var prefixCount: UInt64 = 0
    package var pathCount: UInt64 = 0
    /// Where the first row stands in the whole table, millionths.
    package var share: UInt32 = 0
    /// The last prefix that was looked at, all its rows included: forward ask on from `.after` it, backward from
    /// `.before` it.
    ///
    /// Nil at the end of the table. A filtered scan stops after a bounded amount of work, perhaps with no row yet.
    package var next: IPPrefix?
    /// How far a scan that goes on at `next` has come, millionths of what it looks through.
    package var reached: UInt32 = 0
    /// True while the order of the table is still being made; ask again.
    package var isPreparing = false

    package init() {}
}

/// Asks for all there is to know about one prefix.
package struct RouteRequest: ControlRequest {
    package var prefix: IPPrefix

    package init(prefix: IPPrefix) {
        self.prefix = prefix
    }

    package var question: Question { .route(self) }

    package static func answer(in reply: Reply) -> RouteDetail? {
        guard case .route(let answer) = reply else { return nil }
        return answer
    }
}

/// All there is to know about one prefix.
package struct RouteDetail: Hashable, Sendable {
    package var prefix: IPPrefix
    /// Every path with its attributes and why it is the best one or not, from the best to the worst.
    package var paths: [RIBRow] = []
    /// The kernel's routes for the prefix.
    package var kernel: [KernelRow] = []
    /// Neighbors that have been sent the prefix.
    package var announcedTo: [NeighborNumber] = []

    package init(prefix: IPPrefix) {
        self.prefix = prefix
    }
}
