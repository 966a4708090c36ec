import Addressing
import Tables

extension KernelRoutes {
    /// Follows a BGP next hop (counted; each call wants an ``unwatch(_:)``) and says how it is reached now.
    package mutating func watch(_ nextHop: TrackedNextHop) -> NextHopResolution {
        if let known = tracker.watch(nextHop) { return known }
        let resolution = resolve(nextHop)
        tracker.add(nextHop, resolution)
        return resolution
    }

    /// Ends one ``watch(_:)``.
    package mutating func unwatch(_ nextHop: TrackedNextHop) {
        tracker.unwatch(nextHop)
    }

    /// The watched next hops whose resolution changed since the last call, with the new one.
    ///
    /// Changes are found by ``work(units:now:)``.
    package mutating func takeChangedNextHops() -> [(TrackedNextHop, NextHopResolution)] {
        tracker.takeChanged()
    }

    /// All watched next hops in order of address, with their resolution.
    package var watchedNextHops: [(TrackedNextHop, NextHopResolution)] {
        tracker.entries.map { ($0.nextHop, $0.resolution) }.sorted {
            ($0.0.address, $0.0.interface) < ($1.0.address, $1.0.interface)
        }
    }

    /// How an address is reached, watched or not: by the longest usable match of main's routes that are not ours.
    ///
    /// A link-local address is reached through its interface; an address of 127.0.0.0/8 through the
    /// loopback; an address of this host is no next hop.
    package func resolve(_ nextHop: TrackedNextHop) -> NextHopResolution {
        let address = nextHop.address
        if address.isUnspecified { return .unreachable }
        if address.isLinkLocal { return resolveLinkLocal(nextHop) }
        if address.family == .ipv4, address.isLoopback { return resolveLoopback(address) }
        if localAddresses.contains(where: { $0.address == address }) { return .unreachable }
        for length in stride(from: Int(address.family.bitCount), through: 0, by: -1) {
            if length == 0, !qualification.contains(.defaultRoute) { break }
            let prefix = IPPrefix(address, length: UInt8(length))
            for route in resolvingRoutes(to: prefix) {
                switch resolve(address, through: route) {
                case .reachable(let way): return .reachable(way)
                case .unreachable:
                    // A route that drops ends the search; one whose links are down is passed over.
                    if route.nextHopSet.type != .unicast { return .unreachable }
                }
            }
        }
        return .unreachable
    }

    /// The routes of main to exactly that prefix that may make a next hop reachable, by metric.
    private func resolvingRoutes(to prefix: IPPrefix) -> [KernelRoute] {
        var numbers: [UInt32] = []
        if foreignLengths.contains(prefix.length, prefix.family) {
            _ = foreignIndex.find(hash: keys.hash(prefix)) { number in
                let row = foreign[number]
                if row.isFor(prefix), row.table == KernelOwnership.mainTable, row.typeOfService == 0
                {
                    numbers.append(number)
                }
                return false
            }
        }
        // Routes that share even the metric stand in the order of their rows.
        var routes = numbers.sorted().map { foreignRoute($0) }
        if qualification.contains(.bgp), ownership.table == KernelOwnership.mainTable,
            ownLengths.contains(prefix.length, prefix.family), let number = findOwn(prefix),
            own[number].word != .max
        {
            routes.append(mark(prefix, sets[own[number].word]))
        }
        routes.removeAll { $0.nextHopSet.type == .nextTable }
        return routes.count < 2
            ? routes
            : routes.sorted { ($0.metric, $0.protocolNumber) < ($1.metric, $1.protocolNumber) }
    }

    private func resolve(_ address: IPAddress, through route: KernelRoute) -> NextHopResolution {
        guard route.nextHopSet.type == .unicast else { return .unreachable }
        let usable = route.nextHopSet.nextHops.filter { link($0.interface)?.isUsable ?? false }
        guard !usable.isEmpty else { return .unreachable }
        let isConnected = usable.contains { $0.gateway == nil }
        return .reachable(
            ResolvedNextHop(
                route: route.prefix,
                protocolNumber: route.protocolNumber,
                metric: route.metric,
                isConnected: isConnected,
                nextHops: usable.map { hop in
                    var hop = hop
                    if hop.gateway == nil { hop.gateway = address }
                    return hop
                }
            )
        )
    }

    private func resolveLinkLocal(_ nextHop: TrackedNextHop) -> NextHopResolution {
        guard let link = link(nextHop.interface), link.isUsable else { return .unreachable }
        let hop = KernelNextHop(gateway: nextHop.address, interface: link.index)
        return .reachable(
            ResolvedNextHop(
                route: IPPrefix(nextHop.address, length: 64),
                protocolNumber: 2,
                metric: 0,
                isConnected: true,
                nextHops: [hop]
            )
        )
    }

    private func resolveLoopback(_ address: IPAddress) -> NextHopResolution {
        guard let loopback = links.first(where: { $0.isLoopback && $0.isUp }) else {
            return .unreachable
        }
        return .reachable(
            ResolvedNextHop(
                route: IPPrefix(address, length: 8),
                protocolNumber: 2,
                metric: 0,
                isConnected: true,
                nextHops: [KernelNextHop(gateway: address, interface: loopback.index)]
            )
        )
    }

    /// Looks again at watched next hops that a change may concern; true where more are left.
    mutating func trackNextHops(units: inout Int) -> Bool {
        guard units > 0, let places = tracker.nextRound(units: units) else { return units == 0 }
        units -= places.count
        for place in places where tracker.isDirty(place) {
            tracker.update(place, resolve(tracker.entries[place].nextHop))
        }
        return !tracker.finishRound()
    }
}
