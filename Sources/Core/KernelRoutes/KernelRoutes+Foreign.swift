import Addressing
import Tables

extension KernelRoutes {
    /// A foreign route that stands where ours would: same prefix, table, metric and type of service.
    func collidingForeign(with route: KernelRoute) -> UInt32? {
        counts.foreign == 0
            ? nil
            : foreignIndex.find(hash: route.prefix.hash) { foreign[$0].collides(with: route) }
    }

    func findForeign(_ route: KernelRoute) -> UInt32? {
        var byPlace: UInt32?
        let exact = foreignIndex.find(hash: route.prefix.hash) { number in
            let row = foreign[number]
            guard row.collides(with: route), row.protocolNumber == route.protocolNumber else {
                return false
            }
            byPlace = number
            return route.prefix.family == .ipv6 || sets[row.set] == route.nextHopSet
        }
        return exact ?? byPlace
    }

    mutating func learnForeign(_ route: KernelRoute) {
        let current = readingMark
        // Two IPv4 routes may share everything but the next hops (`ip route append`).
        if let number = findForeign(route),
            route.prefix.family == .ipv6 || sets[foreign[number].set] == route.nextHopSet
        {
            foreign[number].generation = current
            if sets[foreign[number].set] != route.nextHopSet {
                replaceForeignSet(number, route.nextHopSet)
            }
            return
        }
        if isDumping, counts.dumps > 0 { differencesFound += 1 }
        let row = ForeignRow(route, set: sets.retain(route.nextHopSet), generation: current)
        let number = foreign.insert(row)
        foreignIndex.insert(number, hash: route.prefix.hash) { foreign[$0].prefix.hash }
        if route.table == KernelOwnership.mainTable {
            foreignLengths.add(route.prefix.length, route.prefix.family)
        }
        counts.foreign += 1
        order?.insert(.foreign(number), route.prefix)
        tracker.routeChanged(route.prefix)
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
        foreignIndex.remove(number, hash: prefix.hash)
        if row.table == KernelOwnership.mainTable { foreignLengths.remove(row.length, row.family) }
        sets.release(number: row.set)
        counts.foreign -= 1
        order?.remove(.foreign(number), prefix)
        foreign[number].length = .max
        foreign.free(number)
        tracker.routeChanged(prefix)
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
