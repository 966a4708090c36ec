import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `a link or an address takes routes with it` {
    private let own = InterfaceAddress(
        interface: 3,
        address: address("10.0.0.1"),
        prefixLength: 24
    )
    private let both = NextHopSet([
        KernelNextHop(gateway: address("10.0.0.2"), interface: 3),
        KernelNextHop(gateway: address("10.0.1.2"), interface: 4),
    ])

    /// Two routes over link 3, one of IPv6 over it, one over link 4 and one over both, all installed.
    private func tables() -> KernelRoutes {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read(
            [connected("10.0.0.0/24", 3), connected("10.0.1.0/24", 4)],
            links: [link(3, "v0"), link(4, "v1")]
        )
        routes.handle(.addressChanged(own), now: .zero)
        routes.want("192.0.2.0/24", hops("10.0.0.2", 3))
        routes.want("192.0.3.0/24", hops("10.0.0.2", 3))
        routes.want("2001:db8:1::/48", hops("fe80::2", 3))
        routes.want("192.0.4.0/24", hops("10.0.1.2", 4))
        routes.want("192.0.5.0/24", both)
        #expect(routes.changes().count == 5)
        routes.handle(.acknowledged(through: 5), now: .zero)
        _ = routes.takeReports()
        return routes
    }

    private func whatStays() -> [KernelRoute] {
        [
            connected("10.0.1.0/24", 4), ours("192.0.4.0/24", hops("10.0.1.2", 4)),
            ours("192.0.5.0/24", both),
        ]
    }

    @Test func `a link that goes down is named with the count, and nobody is said to have meddled`()
    {
        var routes = tables()
        routes.handle(.linkChanged(link(3, "v0", isUp: false)), now: seconds(1))
        #expect(routes.counts.ours == 2)
        #expect(routes.counts.installed == 2)
        #expect(routes.counts.foreign == 1)
        routes.handle(.routeDeleted(ours("2001:db8:1::/48", hops("fe80::2", 3))), now: seconds(1))
        #expect(routes.changes() == [])
        let down = [link(3, "v0", isUp: false), link(4, "v1")]
        routes.read(whatStays(), links: down, at: seconds(2))
        #expect(routes.takeReports() == [.linkDown("v0", routes: 3)])
        #expect(routes.counts.interferences == 0)
        #expect(routes.changes() == [])
        #expect(routes.counts.pending == 3)
    }

    @Test func `what is still wanted goes in again when the link comes back`() {
        var routes = tables()
        routes.handle(.linkChanged(link(3, "v0", isUp: false)), now: seconds(1))
        #expect(routes.changes() == [])
        routes.unwant(prefix("192.0.3.0/24"))
        #expect(routes.state("192.0.3.0/24") == nil)
        routes.handle(.linkChanged(link(3, "v0")), now: seconds(1))
        #expect(
            routes.takeReports() == [
                .linkDown("v0", routes: 3), .linkUp("v0", isConcern: true),
            ]
        )
        #expect(
            routes.changes() == [
                "6 add 192.0.2.0/24 via 10.0.0.2", "7 add 2001:db8:1::/48 via fe80::2",
            ]
        )
    }

    @Test func `a route that is wanted over a link that is down waits for the link`() {
        var routes = tables()
        routes.handle(.linkChanged(link(4, "v1", isUp: false)), now: seconds(1))
        routes.want("192.0.6.0/24", hops("10.0.1.3", 4))
        routes.want("192.0.7.0/24", hops("10.0.0.3", 3))
        #expect(routes.changes() == ["6 add 192.0.7.0/24 via 10.0.0.3"])
        routes.handle(.linkChanged(link(4, "v1")), now: seconds(1))
        #expect(
            routes.changes() == [
                "7 add 192.0.4.0/24 via 10.0.1.2", "8 add 192.0.6.0/24 via 10.0.1.3",
            ]
        )
    }

    @Test func `a lost carrier takes nothing, and concerns us where routes lead over the link`() {
        var routes = tables()
        var cut = link(3, "v0")
        cut.flags &= ~0x40
        routes.handle(.linkChanged(cut), now: seconds(1))
        routes.handle(.linkChanged(link(3, "v0")), now: seconds(2))
        routes.handle(.linkChanged(link(5, "v2", isUp: false)), now: seconds(3))
        routes.handle(.linkChanged(link(5, "v2")), now: seconds(3))
        #expect(
            routes.takeReports() == [
                .carrierLost("v0", isConcern: true), .linkUp("v0", isConcern: true),
                .linkUp("v2", isConcern: false),
            ]
        )
        #expect(routes.counts.installed == 5)
    }

    @Test func `a link that is gone took its routes, and its addresses are no news`() {
        var routes = tables()
        routes.handle(.linkChanged(link(3, "v0", isUp: false)), now: seconds(1))
        routes.handle(.addressDeleted(own), now: seconds(1))
        routes.handle(.linkDeleted(3), now: seconds(1))
        routes.handle(.linkDeleted(4), now: seconds(1))
        #expect(
            routes.takeReports() == [
                .linkDown("v0", routes: 3), .linkGone("v0", routes: 0),
                .linkGone("v1", routes: 1),
            ]
        )
    }

    @Test func `with its last IPv4 address a link loses the IPv4 routes`() {
        var routes = tables()
        let second = InterfaceAddress(
            interface: 3,
            address: address("10.0.9.1"),
            prefixLength: 24
        )
        routes.handle(.addressChanged(second), now: seconds(1))
        routes.handle(.addressDeleted(second), now: seconds(1))
        #expect(routes.counts.installed == 5)
        routes.handle(.addressDeleted(own), now: seconds(1))
        #expect(
            routes.takeReports() == [
                .addressGone(second.address, link: "v0", routes: 0),
                .addressGone(own.address, link: "v0", routes: 2),
            ]
        )
        #expect(routes.state("2001:db8:1::/48") == .installed)
        #expect(routes.changes() == [])
        routes.handle(.addressChanged(own), now: seconds(2))
        #expect(
            routes.changes() == [
                "6 add 192.0.2.0/24 via 10.0.0.2", "7 add 192.0.3.0/24 via 10.0.0.2",
            ]
        )
    }

    @Test func `an address that a reading does not name takes only what it does not name either`() {
        var routes = tables()
        routes.requestAudit()
        let named = ours("192.0.2.0/24", hops("10.0.0.2", 3))
        let six = ours("2001:db8:1::/48", hops("fe80::2", 3))
        routes.read(
            whatStays() + [named, six],
            links: [link(3, "v0"), link(4, "v1")],
            at: seconds(1)
        )
        #expect(routes.takeReports() == [.addressGone(own.address, link: "v0", routes: 1)])
        #expect(routes.state("192.0.2.0/24") == .installed)
        #expect(routes.changes() == ["6 add 192.0.3.0/24 via 10.0.0.2"])
    }

    @Test
    func `a refusal that only says what we know is not told, another one is, and its end too`() {
        var routes = tables()
        let noWay = KernelRefusal(errno: 101, text: "Nexthop has invalid gateway")
        routes.want("192.0.6.0/24", hops("10.7.0.2", 3))
        routes.want("192.0.7.0/24", hops("10.0.0.3", 3))
        _ = routes.changes()
        routes.handle(.refused(sequence: 6, noWay), now: seconds(1))
        #expect(routes.takeReports() == [])
        routes.handle(.refused(sequence: 7, noWay), now: seconds(1))
        routes.handle(.acknowledged(through: 7), now: seconds(1))
        #expect(routes.counts.refused == 2)
        #expect(routes.takeReports() == [.refused(prefix("192.0.7.0/24"), noWay)])
        routes.unwant(prefix("192.0.7.0/24"))
        #expect(routes.work(units: 10, now: seconds(1)) == false)
        #expect(routes.takeReports() == [])
        routes.unwant(prefix("192.0.6.0/24"))
        #expect(routes.work(units: 10, now: seconds(1)) == false)
        #expect(routes.takeReports() == [.refusalsEnded])
        #expect(routes.work(units: 10, now: seconds(1)) == false)
        #expect(routes.takeReports() == [])
    }
}
