import Addressing
import Tables

extension KernelRoutes {
    /// A foreign route that stands where ours would: same prefix, table, metric and type of service.
    func collidingForeign(with route: KernelRoute) -> UInt32? {
        counts.foreign == 0
            ? nil
            : foreignIndex.find(hash: keys.hash(route.prefix)) { foreign[$0].collides(with: route) }
    }

    /// The lowest row of that prefix that is meant, wherever the hashes have put the rows.
    private func firstForeign(_ prefix: IPPrefix, where isMeant: (UInt32) -> Bool) -> UInt32? {
        var first: UInt32?
        _ = foreignIndex.find(hash: keys.hash(prefix)) { number in
            if isMeant(number) { first = min(first ?? number, number) }
            return false
        }
        return first
    }

    /// The row of a route that the kernel says is gone, or has one next hop less.
    func findForeign(_ route: KernelRoute) -> UInt32? {
        var byPlace: UInt32?
        let exact = firstForeign(route.prefix) { number in
            let row = foreign[number]
            guard row.collides(with: route), row.protocolNumber == route.protocolNumber else {
                return false
            }
            if route.prefix.family == .ipv6 { return sets[row.set].meets(route.nextHopSet) }
            byPlace = min(byPlace ?? number, number)
            return sets[row.set] == route.nextHopSet
        }
        return exact ?? byPlace
    }

    /// The row of a route that the kernel has told before.
    ///
    /// Two IPv4 routes may share everything but the next hops (`ip route append`). So may two of
    /// IPv6, `fe80::/64` on every interface, unless the kernel makes one of them with several next hops.
    private func findTold(_ route: KernelRoute) -> UInt32? {
        firstForeign(route.prefix) { number in
            let row = foreign[number]
            guard row.collides(with: route), row.protocolNumber == route.protocolNumber else {
                return false
            }
            let set = sets[row.set]
            guard route.prefix.family == .ipv6 else { return set == route.nextHopSet }
            return set.meets(route.nextHopSet)
                || set.joinsOthers(row.protocolNumber)
                    && route.nextHopSet.joinsOthers(row.protocolNumber)
        }
    }

    mutating func learnForeign(_ route: KernelRoute) {
        let current = readingMark
        if let number = findTold(route) {
            foreign[number].generation = current
            if sets[foreign[number].set] != route.nextHopSet {
                replaceForeignSet(number, route.nextHopSet)
            }
            return
        }
        if isDumping, counts.dumps > 0 { differencesFound += 1 }
        let row = ForeignRow(route, set: sets.retain(route.nextHopSet), generation: current)
        let number = foreign.insert(row)
        foreignIndex.insert(number, hash: keys.hash(route.prefix)) { keys.hash(foreign[$0].prefix) }
        if route.table == KernelOwnership.mainTable {
            foreignLengths.add(route.prefix.length, route.prefix.family)
        }
        counts.foreign += 1
        order?.insert(.foreign(number), route.prefix)
        tracker.routeChanged(route.prefix)
        if hidesOurs(row), let mine = findOwn(route.prefix) {
            change(mine) { $0.flags.insert(.hidden) }
        }
    }

    mutating func replaceForeignSet(_ number: UInt32, _ set: NextHopSet) {
        let previous = foreign[number].set
        foreign[number].set = sets.retain(set)
        sets.release(number: previous)
        tracker.routeChanged(foreign[number].prefix)
    }

    mutating func removeForeign(_ number: UInt32) {
        let row = foreign[number]
        let prefix = row.prefix
        foreignIndex.remove(number, hash: keys.hash(prefix))
        if row.table == KernelOwnership.mainTable { foreignLengths.remove(row.length, row.family) }
        sets.release(number: row.set)
        counts.foreign -= 1
        order?.remove(.foreign(number), prefix)
        foreign[number].length = .max
        foreign.free(number)
        tracker.routeChanged(prefix)
        if hidesOurs(row), let mine = findOwn(prefix), own[mine].flags.contains(.hidden),
            hidingForeign(prefix) == nil
        {
            change(mine) { $0.flags.remove(.hidden) }
        }
        // Where it stood in the way of ours, ours may go in now.
        if row.table == ownership.table, row.metric == ownership.metric, let mine = findOwn(prefix),
            own[mine].flags.contains(.suspended), own[mine].flags.contains(.refused)
        {
            own[mine].flags.remove(.suspended)
            if needsChange(own[mine]) { enqueue(mine) }
        }
    }

    func foreignRoute(_ number: UInt32) -> KernelRoute {
        let row = foreign[number]
        return KernelRoute(
            prefix: row.prefix,
            table: row.table,
            protocolNumber: row.protocolNumber,
            metric: row.metric,
            scope: row.scope,
            typeOfService: row.typeOfService,
            nextHopSet: sets[row.set]
        )
    }
}

extension NextHopSet {
    /// True where both have a next hop in common, or neither has any.
    ///
    /// The kernel's IPv6 table never has the same next hop twice for a prefix and metric.
    fileprivate func meets(_ other: NextHopSet) -> Bool {
        if nextHopObject != 0 || other.nextHopObject != 0 {
            return nextHopObject == other.nextHopObject
        }
        guard first != nil, other.first != nil else { return first == nil && other.first == nil }
        let theirs = other.nextHops
        return nextHops.contains { mine in
            theirs.contains { $0.gateway == mine.gateway && $0.interface == mine.interface }
        }
    }

    /// True where IPv6 makes this and others of the same prefix and metric one route.
    ///
    /// Those of an interface alone and those that router advertisements bring stand side by side.
    fileprivate func joinsOthers(_ protocolNumber: UInt8) -> Bool {
        nextHopObject == 0 && protocolNumber != 9 && first?.gateway != nil
    }
}
