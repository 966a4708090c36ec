import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `foreign routes hide ours` {
    private let place = prefix("192.0.2.0/24")

    private func installed(_ texts: [String]) -> KernelRoutes {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([], links: [link(3, "v0")])
        for text in texts { routes.want(text, hops("10.0.0.2", 3)) }
        _ = routes.changes()
        routes.handle(.acknowledged(through: UInt32(texts.count)), now: .zero)
        _ = routes.takeReports()
        return routes
    }

    private func reports(_ routes: inout KernelRoutes, at time: Instant) -> [KernelReport] {
        #expect(routes.work(units: 100, now: time) == false)
        return routes.takeReports()
    }

    @Test func `one of a lower metric does until the last of them goes, and both are told`() {
        var routes = installed(["192.0.2.0/24"])
        let low = foreign("192.0.2.0/24", hops("10.0.0.9", 3))
        let middle = foreign("192.0.2.0/24", hops("10.0.0.8", 3), 11, metric: 20)
        routes.handle(.routeChanged(low, isReplacement: false), now: .zero)
        #expect(routes.counts.hidden == 1)
        #expect(routes.counts.installed == 1)
        #expect(
            reports(&routes, at: .zero) == [
                .hidden(place, protocolNumber: 4, metric: 0, others: 0)
            ]
        )
        routes.handle(.routeChanged(middle, isReplacement: false), now: .zero)
        routes.handle(.routeDeleted(low), now: .zero)
        #expect(routes.counts.hidden == 1)
        routes.handle(.routeDeleted(middle), now: seconds(5))
        #expect(routes.counts.hidden == 0)
        #expect(reports(&routes, at: seconds(5)) == [])
        #expect(routes.nextDue == Instant(nanoseconds: 5_500_000_000))
        #expect(
            reports(&routes, at: routes.nextDue) == [.shown(place, routes: 1, left: 0)]
        )
    }

    @Test(arguments: [
        foreign("192.0.2.0/24", hops("10.0.0.9", 3), metric: 187),
        foreign("192.0.2.0/25", hops("10.0.0.9", 3)),
        foreign("192.0.0.0/16", hops("10.0.0.9", 3)),
    ])
    func `one of a higher metric or of another prefix does not`(other: KernelRoute) {
        var routes = installed(["192.0.2.0/24"])
        routes.handle(.routeChanged(other, isReplacement: false), now: .zero)
        #expect(routes.counts.hidden == 0)
        #expect(reports(&routes, at: .zero) == [])
    }

    @Test func `one that was there before counts once ours is in, and no more when ours leaves`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([foreign("192.0.2.0/24", hops("10.0.0.9", 3))], links: [link(3, "v0")])
        routes.want("192.0.2.0/24", hops("10.0.0.2", 3))
        _ = routes.changes()
        #expect(routes.counts.hidden == 0)
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.counts.hidden == 1)
        routes.unwant(place)
        #expect(routes.counts.hidden == 0)
        routes.want("192.0.2.0/24", hops("10.0.0.2", 3))
        #expect(routes.counts.hidden == 1)
    }

    @Test func `a replacement of ours is no end, and thousands are one line`() {
        let many = (0..<50).map { "198.51.\($0).0/24" }
        var routes = installed(many)
        for text in many {
            routes.handle(
                .routeChanged(foreign(text, hops("10.0.0.9", 3)), isReplacement: false),
                now: .zero
            )
        }
        let last = prefix("198.51.49.0/24")
        #expect(
            reports(&routes, at: .zero) == [
                .hidden(last, protocolNumber: 4, metric: 0, others: 49)
            ]
        )
        routes.want("198.51.7.0/24", hops("10.0.0.3", 3))
        #expect(routes.counts.hidden == 49)
        #expect(reports(&routes, at: seconds(2)) == [])
        _ = routes.changes()
        routes.handle(.acknowledged(through: 51), now: seconds(2))
        #expect(reports(&routes, at: seconds(3)) == [])
        for text in many.dropFirst(10) {
            routes.handle(.routeDeleted(foreign(text, hops("10.0.0.9", 3))), now: seconds(4))
        }
        #expect(reports(&routes, at: seconds(4)) == [])
        #expect(reports(&routes, at: seconds(5)) == [.shown(last, routes: 40, left: 10)])
    }
}
