package import Attributes

/// The number of a prefix in the ``RouteTable`` of its family.
///
/// Valid from the announcement of the prefix until it has no path and every listener has taken note.
@usableFromInline
package struct PrefixID: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package var row: UInt32

    @inlinable
    package init(row: UInt32) {
        self.row = row
    }

    // Written out: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: PrefixID, right: PrefixID) -> Bool {
        left.row == right.row
    }
}

/// The number of a path in the ``RouteTable`` of its family.
@usableFromInline
package struct PathID: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package var row: UInt32

    @inlinable
    package init(row: UInt32) {
        self.row = row
    }

    @inlinable
    package static var none: PathID { PathID(row: .max) }
}

/// What is known about a path beside its attributes.
@usableFromInline
package struct PathFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package var rawValue: UInt16

    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    // Written out: the library's own are not specialized in other rooms.
    @inlinable
    package init() {
        rawValue = 0
    }

    @inlinable
    package static func == (left: PathFlags, right: PathFlags) -> Bool {
        left.rawValue == right.rawValue
    }

    /// True where all of those are set.
    @inlinable
    package func contains(_ others: PathFlags) -> Bool {
        rawValue & others.rawValue == others.rawValue
    }

    /// Refused by the input filter (F).
    @inlinable package static var filtered: PathFlags { PathFlags(rawValue: 1) }
    /// Treat-as-withdraw by RFC 7606 (E).
    @inlinable package static var error: PathFlags { PathFlags(rawValue: 2) }
    /// The AS path or the cluster list holds ourselves.
    @inlinable package static var loop: PathFlags { PathFlags(rawValue: 4) }
    /// A leak by RFC 9234 (L).
    @inlinable package static var leaked: PathFlags { PathFlags(rawValue: 8) }
    /// Kept over a restart of the neighbor (S); what the tables say of a path, never said to them.
    @inlinable package static var stale: PathFlags { PathFlags(rawValue: 16) }
    /// An own network (A).
    @inlinable package static var announced: PathFlags { PathFlags(rawValue: 32) }
    /// Any of these keeps a path out of the decision.
    @inlinable package static var ineligible: PathFlags { PathFlags(rawValue: 15) }

    /// The ASPA state as two bits: 0 unknown, 1 valid, 2 invalid.
    @inlinable
    package var pathValidation: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue >> 6 & 3) }
        set { rawValue = rawValue & ~0xC0 | UInt16(newValue & 3) << 6 }
    }

    /// Both validation states.
    @inlinable
    package var validation: PathFlags { PathFlags(rawValue: rawValue & 0x3C0) }

    /// The origin validation state as two bits: 0 not-found, 1 valid, 2 invalid.
    @inlinable
    package var originValidation: UInt8 {
        get { UInt8(truncatingIfNeeded: rawValue >> 8 & 3) }
        set { rawValue = rawValue & ~0x300 | UInt16(newValue & 3) << 8 }
    }
}

/// One path of a prefix, for pages and for policy.
@usableFromInline
package struct PathView: Equatable, Sendable, BitwiseCopyable {
    package var id: PathID
    /// Where it came from.
    package var neighbor: NeighborID
    /// What tells it from the neighbor's other paths of the prefix (RFC 7911); 0 without ADD-PATH.
    package var pathID: UInt32
    /// The attributes as they were received.
    package var received: AttributesID
    /// The attributes after input policy; ``AttributesID/none`` for a refused path.
    package var effective: AttributesID
    package var flags: PathFlags
    /// The second of its last change, in the driver's count.
    package var lastUpdate: UInt32
    /// The best path of its prefix.
    package var isBest: Bool
}

extension PathView {
    /// A path of our own that no table has.
    package static func own(_ attributes: AttributesID) -> PathView {
        PathView(
            id: .none,
            neighbor: .local,
            pathID: 0,
            received: attributes,
            effective: attributes,
            flags: [],
            lastUpdate: 0,
            isBest: false
        )
    }
}

/// What an announcement or withdrawal did.
@usableFromInline
package struct RouteChange: Equatable, Sendable, BitwiseCopyable {
    /// What became of the neighbor's path.
    package var kind: Kind
    /// The prefix's best path is another one or has other attributes; listeners have their marks.
    package var bestChanged: Bool

    /// A change with both its parts.
    package init(kind: Kind, bestChanged: Bool) {
        self.kind = kind
        self.bestChanged = bestChanged
    }

    /// What can become of a path.
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// The same route again, or the withdrawal of nothing.
        case nothing
        case added
        case replaced
        case removed
        /// Not stored: the neighbor has ``RouteTable/pathLimit`` paths of the prefix already.
        case beyondLimit
    }
}
