import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `next hops are resolved through the kernel's routes` {
    private func tables(_ qualification: NextHopQualification = []) -> KernelRoutes {
        var routes = KernelRoutes(ownership: KernelOwnership(), qualification: qualification)
        routes.read(
            [
                connected("10.0.0.0/24", 3),
                foreign("10.1.0.0/16", hops("10.0.0.9", 3), metric: 5),
                foreign("10.1.0.0/16", hops("10.0.0.8", 3), metric: 2),
                foreign("10.1.7.0/24", .blackhole),
                foreign("0.0.0.0/0", hops("10.0.0.254", 3)),
                connected("2001:db8::/64", 4),
            ],
            links: [link(1, "lo"), link(3, "v0"), link(4, "v1")]
        )
        return routes
    }

    private func resolve(_ text: String, _ routes: borrowing KernelRoutes) -> NextHopResolution {
        routes.resolve(TrackedNextHop(address(text)))
    }

    @Test func `on a link the gateway is the next hop itself`() {
        let way = ResolvedNextHop(
            route: prefix("10.0.0.0/24"),
            protocolNumber: 2,
            metric: 0,
            isConnected: true,
            nextHops: [KernelNextHop(gateway: address("10.0.0.2"), interface: 3)]
        )
        #expect(resolve("10.0.0.2", tables()) == .reachable(way))
    }

    @Test func `behind a static route the gateway is the route's, of the lowest metric`() {
        let way = ResolvedNextHop(
            route: prefix("10.1.0.0/16"),
            protocolNumber: 4,
            metric: 2,
            isConnected: false,
            nextHops: [KernelNextHop(gateway: address("10.0.0.8"), interface: 3)]
        )
        #expect(resolve("10.1.2.3", tables()) == .reachable(way))
    }

    @Test(arguments: ["10.1.7.1", "192.0.2.1", "2001:db8:1::1", "0.0.0.0"])
    func `a blackhole, the default route alone and nothing make it unreachable`(text: String) {
        #expect(resolve(text, tables()) == .unreachable)
    }

    @Test func `the default route and BGP routes count where qualified`() {
        var routes = tables([.bgp, .defaultRoute])
        guard case .reachable(let way) = resolve("192.0.2.1", routes) else {
            Issue.record("the default route does not count")
            return
        }
        #expect(way.route == prefix("0.0.0.0/0"))
        routes.want("192.0.2.0/24", hops("10.0.0.7", 3))
        _ = routes.changes()
        routes.handle(.acknowledged(through: 1), now: .zero)
        guard case .reachable(let better) = resolve("192.0.2.1", routes) else {
            Issue.record("our route does not count")
            return
        }
        #expect(better.route == prefix("192.0.2.0/24"))
    }

    @Test func `an address of this host is no next hop, one of the loopback network is`() {
        var routes = tables()
        let own = InterfaceAddress(interface: 3, address: address("10.0.0.1"), prefixLength: 24)
        routes.handle(.addressChanged(own), now: .zero)
        #expect(resolve("10.0.0.1", routes) == .unreachable)
        #expect(resolve("127.0.0.2", routes) != .unreachable)
        #expect(resolve("::1", routes) == .unreachable)
    }

    @Test func `a link-local next hop needs its interface`() {
        let routes = tables()
        #expect(resolve("fe80::2", routes) == .unreachable)
        #expect(routes.resolve(TrackedNextHop(address("fe80::2"), interface: 4)) != .unreachable)
    }

    @Test func `watched next hops tell their changes once`() {
        var routes = tables()
        let near = TrackedNextHop(address("10.0.0.2"))
        let far = TrackedNextHop(address("10.1.2.3"))
        #expect(routes.watch(near) != .unreachable)
        #expect(routes.watch(far) != .unreachable)
        #expect(routes.watch(far) != .unreachable)
        routes.unwatch(far)

        routes.handle(
            .routeDeleted(foreign("10.1.0.0/16", hops("10.0.0.8", 3), metric: 2)),
            now: .zero
        )
        #expect(routes.work(units: 100, now: .zero) == false)
        var changes = routes.takeChangedNextHops()
        #expect(changes.map(\.0) == [far])
        #expect(changes.allSatisfy { $0.1 != .unreachable })
        #expect(routes.takeChangedNextHops().isEmpty)

        routes.handle(.linkChanged(link(3, "v0", isUp: false)), now: .zero)
        while routes.work(units: 1, now: .zero) {}
        changes = routes.takeChangedNextHops()
        #expect(changes.map(\.0) == [near, far])
        #expect(changes.map(\.1) == [.unreachable, .unreachable])

        routes.unwatch(far)
        routes.unwatch(near)
        #expect(routes.watchedNextHops.isEmpty)
    }

    @Test func `the route that carries a watched next hop is marked`() {
        var routes = tables()
        _ = routes.watch(TrackedNextHop(address("10.0.0.2")))
        let rows = routes.page(from: .prefix(prefix("10.0.0.0/24")), count: 2, now: .zero).rows
        #expect(rows.map(\.carriesNextHop) == [true, false])
    }
}
