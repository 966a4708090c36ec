package import Addressing
package import Attributes

/// Adj-RIB-In and Loc-RIB of both families, the attributes they refer to, and who is told of changes.
///
/// Routes go in per prefix with plain values; each is decided at once. What follows from a change waits
/// as a mark per listener and prefix. Long work (a neighbor that left, a next hop that changed, rows to
/// give back, an order to build) is done in ``work(units:)``.
package struct RoutingTables: ~Copyable {
    /// The interned attribute sets.
    package var attributes = AttributeStore()
    /// The IPv4 unicast routes.
    package var ipv4: RouteTable
    /// The IPv6 unicast routes.
    package var ipv6: RouteTable

    /// Empty tables.
    package init(rules: DecisionRules) {
        ipv4 = RouteTable(family: .ipv4)
        ipv6 = RouteTable(family: .ipv6)
    }

    /// The knobs; a change decides everything again, in slices.
    package mutating func setRules(_ rules: DecisionRules) {}

    /// Makes a neighbor known or changes what is known: before its first route, at each session start.
    package mutating func setNeighbor(_ id: NeighborID, _ facts: NeighborFacts) {}

    /// Stores or replaces a neighbor's route, and decides.
    ///
    /// The tables take their own references to both sets.
    ///
    /// - Parameters:
    ///   - received: the attributes as received, kept for filtering again.
    ///   - effective: the attributes after input policy; ``AttributesID/none`` for a refused route.
    ///   - flags: what is known beside; a refused route carries ``PathFlags/filtered``.
    ///   - now: the second, in the driver's count.
    @discardableResult
    package mutating func announce(
        _ prefix: IPPrefix,
        from neighbor: NeighborID,
        received: AttributesID,
        effective: AttributesID,
        flags: PathFlags = [],
        now: UInt32
    ) -> RouteChange {
        RouteChange(kind: .nothing, bestChanged: false)
    }

    /// Takes a neighbor's route away, and decides.
    @discardableResult
    package mutating func withdraw(_ prefix: IPPrefix, from neighbor: NeighborID) -> RouteChange {
        RouteChange(kind: .nothing, bestChanged: false)
    }

    /// Stores what input policy now says about a route that is there; the received attributes and its age stay.
    @discardableResult
    package mutating func refilter(
        _ prefix: PrefixID,
        _ family: AddressFamily,
        from neighbor: NeighborID,
        effective: AttributesID,
        flags: PathFlags
    ) -> RouteChange {
        RouteChange(kind: .nothing, bestChanged: false)
    }

    /// Begins to take away all routes that a neighbor has now; new ones may come meanwhile and stay.
    package mutating func removeAll(from neighbor: NeighborID, _ family: AddressFamily) {}

    /// Stores what is known about a next hop and begins to decide again the prefixes that use it.
    package mutating func setNextHop(_ id: NextHopID, _ state: NextHopState) {}

    /// Does at most about that much background work, a unit being a prefix visited.
    ///
    /// - Returns: true while more is left.
    package mutating func work(units: Int) -> Bool { false }

    /// A listener for changes of best paths: every prefix that has one is marked for it at first.
    package mutating func addListener() -> ListenerID { ListenerID(0) }

    /// Ends a listener; its number may come back.
    package mutating func removeListener(_ listener: ListenerID) {}

    /// The next prefix whose best path changed since `listener` last took it, in about the order of arrival.
    ///
    /// The mark is gone with the call: read the newest state, act on it, and before the next
    /// ``work(units:)`` tell ``AdjRIBOut``.
    package mutating func takeChange(_ family: AddressFamily, for listener: ListenerID) -> PrefixID?
    { nil }

    /// Marks every prefix that has a best path for `listener`: its output policy changed.
    package mutating func markAll(for listener: ListenerID) {}
}

/// The number of a listener: a group of neighbors or the kernel.
package struct ListenerID: Hashable, Sendable, BitwiseCopyable {
    package var number: UInt16

    @inlinable
    package init(_ number: UInt16) {
        self.number = number
    }
}
