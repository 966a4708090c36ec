package import Addressing
package import Attributes
import Tables

/// Adj-RIB-In and Loc-RIB of both families, the attributes they refer to, and who is told of changes.
///
/// Routes go in per prefix with plain values; each is decided at once. What follows from a change waits
/// as a mark per listener and prefix. Long work (a neighbor that left, a next hop that changed, rows to
/// give back, an order to build) is done in ``work(units:)``.
package final class RoutingTables {
    /// The interned attribute sets.
    package let attributes: AttributeStore
    /// The IPv4 unicast routes.
    package let ipv4: RouteTable
    /// The IPv6 unicast routes.
    package let ipv6: RouteTable
    let process: DecisionProcess
    private var listenersInUse: [Bool] = []

    /// Empty tables; the seed is that of their hashes.
    package init(rules: DecisionRules, seed: UInt64 = 0) {
        let keys = HashKeys(seed: seed)
        attributes = AttributeStore(keys: keys)
        let process = DecisionProcess(rules: rules)
        self.process = process
        ipv4 = RouteTable(family: .ipv4, keys: keys, attributes: attributes, process: process)
        ipv6 = RouteTable(family: .ipv6, keys: keys, attributes: attributes, process: process)
        let own = IPAddress(ipv4: 0)
        setNeighbor(.local, NeighborFacts(isInternal: true, identifier: 0, address: own))
    }

    /// The routes of that family.
    package func table(_ family: AddressFamily) -> RouteTable { family == .ipv4 ? ipv4 : ipv6 }

    /// The knobs of the decision process.
    package var rules: DecisionRules { process.rules }

    /// Changes the knobs; everything is decided again, in slices.
    package func setRules(_ rules: DecisionRules) {
        if rules == process.rules { return }
        process.rules = rules
        reconsiderAll()
    }

    /// Makes a neighbor known or changes what is known: before its first route, at each session start.
    package func setNeighbor(_ id: NeighborID, _ facts: NeighborFacts) {
        let number = Int(id.number)
        while process.neighbors.count <= number { process.neighbors.append(nil) }
        let old = process.neighbors[number]
        process.neighbors[number] = facts
        if old != nil, old != facts, ipv4.hasRoutes(of: id) || ipv6.hasRoutes(of: id) {
            reconsiderAll()
        }
    }

    private func reconsiderAll() {
        ipv4.reconsiderAll()
        ipv6.reconsiderAll()
    }

    /// Stores or replaces a neighbor's route, and decides.
    ///
    /// The tables take their own references to both sets.
    ///
    /// - Parameters:
    ///   - prefix: the destination.
    ///   - neighbor: who announced it; made known by ``setNeighbor(_:_:)``.
    ///   - pathID: what tells it from the neighbor's other routes to the prefix, 0 without ADD-PATH.
    ///   - received: the attributes as received, kept for filtering again.
    ///   - effective: the attributes after input policy; ``AttributesID/none`` for a refused route.
    ///   - flags: what is known beside; a refused route carries ``PathFlags/filtered``.
    ///   - now: the second, in the driver's count.
    /// - Returns: what became of the route and of the prefix's best path.
    @discardableResult
    package func announce(
        _ prefix: IPPrefix,
        from neighbor: NeighborID,
        pathID: UInt32 = 0,
        received: AttributesID,
        effective: AttributesID,
        flags: PathFlags = [],
        now: UInt32
    ) -> RouteChange {
        let route = PathRow(
            next: PrefixHead.noPath,
            received: received,
            effective: effective,
            lastUpdate: now,
            neighbor: neighbor,
            flags: flags.rawValue & ~PathRow.privateMask
        )
        return table(prefix.family).announce(prefix, route, pathID)
    }

    /// Takes a neighbor's route away, and decides.
    @discardableResult
    package func withdraw(
        _ prefix: IPPrefix,
        from neighbor: NeighborID,
        pathID: UInt32 = 0
    ) -> RouteChange {
        guard let row = table(prefix.family).prefixes.find(prefix) else { return .none }
        return table(prefix.family).withdraw(row, neighbor, pathID)
    }

    /// Stores what input policy now says about a route that is there; the received attributes and its
    /// age stay.
    ///
    /// Go through a neighbor's routes with ``RouteTable/nextRoute(of:from:)`` in slices.
    @discardableResult
    package func refilter(
        _ prefix: PrefixID,
        _ family: AddressFamily,
        from neighbor: NeighborID,
        pathID: UInt32 = 0,
        effective: AttributesID,
        flags: PathFlags
    ) -> RouteChange {
        let row = prefix.row
        return table(family).refilter(row, neighbor, pathID, effective, flags)
    }

    /// All paths of a prefix from the best to the worst, each with the step at which it lost.
    package func ranking(_ prefix: PrefixID, _ family: AddressFamily) -> [RankedPath] {
        table(family).ranking(prefix.row)
    }

    /// What would become of the best path of a prefix without the paths of a neighbor.
    package func departure(
        _ prefix: PrefixID,
        _ family: AddressFamily,
        of neighbor: NeighborID
    ) -> Departure {
        table(family).departure(prefix.row, of: neighbor)
    }

    /// Begins to take away all routes that a neighbor has now; new ones may come meanwhile and stay.
    package func removeAll(from neighbor: NeighborID, _ family: AddressFamily) {
        table(family).removeAll(neighbor)
    }

    /// Marks all routes that a neighbor has now as stale, beside those that are it already.
    ///
    /// They go on as they are until they are announced again, withdrawn, or ``removeStale(from:_:)`` is called.
    package func markStale(from neighbor: NeighborID, _ family: AddressFamily) {
        table(family).markStale(neighbor)
    }

    /// Begins to take away the routes of a neighbor that are still stale.
    package func removeStale(from neighbor: NeighborID, _ family: AddressFamily) {
        table(family).removeStale(neighbor)
    }

    /// The neighbor begins to send all its routes again (RFC 7313): those that it has now are stale.
    package func beginRefresh(from neighbor: NeighborID, _ family: AddressFamily) {
        table(family).beginRefresh(neighbor)
    }

    /// The neighbor has sent all its routes again: begins to take away those that are still stale.
    package func endRefresh(from neighbor: NeighborID, _ family: AddressFamily) {
        table(family).removeStale(neighbor)
    }

    /// Stores what is known about a next hop and begins to decide again the prefixes that use it.
    package func setNextHop(_ id: NextHopID, _ state: NextHopState) {
        guard attributes.nextHops.resolve(id, state) else { return }
        ipv4.reconsider(id)
        ipv6.reconsider(id)
    }

    /// Does at most about that much background work, a unit being a prefix visited.
    ///
    /// - Returns: true while more is left.
    package func work(units: Int) -> Bool {
        let left = ipv4.work(units)
        let rest = ipv6.work(left)
        return rest <= 0
    }
}

extension RouteChange {
    /// Nothing was there to change.
    static var none: RouteChange { RouteChange(kind: .nothing, bestChanged: false) }
}

extension RoutingTables {
    /// A listener for changes of best paths: every prefix that has one is marked for it at first.
    ///
    /// One that speaks to a single `member` is not told of changes between that neighbor's own paths. One
    /// that follows paths is told of every change of any path.
    package func addListener(
        for member: NeighborID? = nil,
        followsPaths: Bool = false
    ) -> ListenerID {
        let number = listenersInUse.firstIndex(of: false) ?? listenersInUse.count
        if number == listenersInUse.count { listenersInUse.append(true) }
        listenersInUse[number] = true
        ipv4.addListener(number, for: member, followsPaths: followsPaths)
        ipv6.addListener(number, for: member, followsPaths: followsPaths)
        return ListenerID(UInt16(number))
    }

    /// From now on a listener is told of every change of any path, or of the best ones alone.
    package func setFollowsPaths(_ listener: ListenerID, _ follows: Bool) {
        ipv4.setFollowsPaths(Int(listener.number), follows)
        ipv6.setFollowsPaths(Int(listener.number), follows)
    }

    /// Ends a listener; its number may come back.
    package func removeListener(_ listener: ListenerID) {
        listenersInUse[Int(listener.number)] = false
        ipv4.removeListener(Int(listener.number))
        ipv6.removeListener(Int(listener.number))
    }

    /// The next prefix whose best path changed since `listener` last took it, in about the order of
    /// arrival.
    ///
    /// The mark is gone with the call: read the newest state, act on it, and before the next
    /// ``work(units:)`` tell ``AdjRIBOut``.
    package func takeChange(_ family: AddressFamily, for listener: ListenerID) -> PrefixID? {
        table(family).takeChange(for: listener)
    }

    /// True where the prefix waits for `listener`.
    package func isChanged(
        _ prefix: PrefixID,
        _ family: AddressFamily,
        for listener: ListenerID
    ) -> Bool {
        table(family).changes.contains(prefix.row, in: Int(listener.number))
    }

    /// A listener that spoke to one neighbor speaks to more from now on.
    package func widen(_ listener: ListenerID) {
        ipv4.widenListener(Int(listener.number))
        ipv6.widenListener(Int(listener.number))
    }

    /// A listener that spoke to several neighbors speaks to one from now on.
    package func narrow(_ listener: ListenerID, to member: NeighborID) {
        ipv4.narrowListener(Int(listener.number), to: member)
        ipv6.narrowListener(Int(listener.number), to: member)
    }

    /// A listener that has been told of nothing yet is told of nothing until the pause ends, and then of everything.
    package func setPaused(_ listener: ListenerID, _ isPaused: Bool) {
        ipv4.setPaused(Int(listener.number), isPaused)
        ipv6.setPaused(Int(listener.number), isPaused)
    }

    /// The prefix keeps its number until ``release(_:_:for:)``: its withdrawal is still to be passed on.
    package func hold(_ prefix: PrefixID, _ family: AddressFamily, for listener: ListenerID) {
        table(family).hold(prefix.row, in: Int(listener.number))
    }

    /// Everybody whom `listener` speaks to knows the newest of the prefix.
    package func release(_ prefix: PrefixID, _ family: AddressFamily, for listener: ListenerID) {
        table(family).release(prefix.row, in: Int(listener.number))
    }

    /// How many prefixes wait for `listener`.
    package func changeCount(_ family: AddressFamily, for listener: ListenerID) -> Int {
        table(family).changes.count(of: Int(listener.number))
    }

    /// Marks every prefix that has a best path for `listener`: its output policy changed.
    package func markAll(for listener: ListenerID) {
        ipv4.markAll(Int(listener.number))
        ipv6.markAll(Int(listener.number))
    }

    /// Marks one prefix for `listener` that others were told of in its place: it is told whatever comes of it.
    package func markTold(_ prefix: PrefixID, _ family: AddressFamily, for listener: ListenerID) {
        table(family).markTold(prefix.row, in: Int(listener.number))
    }
}

extension RoutingTables {
    /// Marks a prefix that need not have a path for `listener`, which speaks of it by itself.
    ///
    /// Without a path it has its number while it is marked or held: see ``hold(_:_:for:)``.
    package func mark(_ prefix: IPPrefix, for listener: ListenerID) {
        table(prefix.family).mark(prefix, in: Int(listener.number))
    }

    /// The number of a prefix that has paths, or that some listener still speaks of.
    package func findHeld(_ prefix: IPPrefix) -> PrefixID? {
        table(prefix.family).prefixes.find(prefix).map { PrefixID(row: $0) }
    }
}

/// The number of a listener: a group of neighbors or the kernel.
package struct ListenerID: Hashable, Sendable, BitwiseCopyable {
    package var number: UInt16

    /// The listener with that number.
    @inlinable
    package init(_ number: UInt16) {
        self.number = number
    }
}
