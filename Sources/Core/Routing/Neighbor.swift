package import Addressing

/// The number of a neighbor in the routing tables.
@usableFromInline
package struct NeighborID: Hashable, Comparable, Sendable, BitwiseCopyable {
    @usableFromInline package var number: UInt16

    /// The neighbor with that number: 1 to 65534, small ones first, chosen by the speaker.
    @inlinable
    package init(_ number: UInt16) {
        self.number = number
    }

    /// The pseudo-neighbor that own networks come from.
    @inlinable
    package static var local: NeighborID { NeighborID(0) }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: NeighborID, right: NeighborID) -> Bool {
        left.number == right.number
    }

    @inlinable
    package static func != (left: NeighborID, right: NeighborID) -> Bool {
        left.number != right.number
    }

    @inlinable
    package static func < (left: NeighborID, right: NeighborID) -> Bool {
        left.number < right.number
    }
}

/// What the decision process needs to know about a neighbor.
package struct NeighborFacts: Equatable, Sendable, BitwiseCopyable {
    /// An iBGP session.
    package var isInternal: Bool
    /// The BGP Identifier of the neighbor's OPEN, host order.
    package var identifier: UInt32
    /// The neighbor's address.
    package var address: IPAddress

    package init(isInternal: Bool, identifier: UInt32, address: IPAddress) {
        self.isInternal = isInternal
        self.identifier = identifier
        self.address = address
    }
}

/// How many routes of one family a neighbor has in the tables.
package struct NeighborCounts: Equatable, Sendable, BitwiseCopyable {
    /// Routes in Adj-RIB-In, refused ones and those of an ended session that wait for removal included.
    package var received: UInt32 = 0
    /// Routes that were not refused, in error, looped or leaked.
    package var accepted: UInt32 = 0
    /// Best routes.
    package var best: UInt32 = 0
    /// Routes that have come since the others were marked stale or given up.
    package var fresh: UInt32 = 0
    /// Routes that are kept as stale.
    package var stale: UInt32 = 0

    package init() {}
}
