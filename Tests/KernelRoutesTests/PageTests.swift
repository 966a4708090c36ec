import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `pages of the kernel's table` {
    private func shown(_ page: KernelPage) -> [String] {
        page.rows.map { row in
            "\(row.route.prefix) \(row.route.protocolNumber)/\(row.route.metric)"
                + (row.state.map { " \($0)" } ?? "")
        }
    }

    @Test func `ours and foreign stand in order of prefix and metric`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([
            foreign("192.0.2.0/24", hops("10.0.0.9", 3), 186, metric: 20),
            connected("2001:db8::/64", 3),
            connected("10.0.0.0/24", 3),
            foreign("10.0.0.1/32", NextHopSet([], type: .local), 2),
            foreign("fe80::/64", hops("fe80::1", 3), 2),
        ])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        routes.want("192.0.0.0/16", hops("10.0.0.2"))
        let page = routes.page(from: .row(0), count: 10, now: .zero)
        #expect(
            shown(page) == [
                "10.0.0.0/24 2/0", "192.0.0.0/16 186/186 pending", "192.0.2.0/24 186/20",
                "192.0.2.0/24 186/186 pending", "2001:db8::/64 2/0", "fe80::/64 2/0",
            ]
        )
        #expect(page.totalRows == 6)
        let later = routes.page(from: .prefix(prefix("192.0.1.0/24")), count: 2, now: .zero)
        #expect(later.firstRow == 2)
        #expect(shown(later) == ["192.0.2.0/24 186/20", "192.0.2.0/24 186/186 pending"])
        #expect(shown(routes.page(from: .row(99), count: 5, now: .zero)) == ["fe80::/64 2/0"])
        routes.unwant(prefix("192.0.0.0/16"))
        _ = routes.changes()
        #expect(routes.page(from: .row(1), count: 1, now: .zero).rows.first?.route.metric == 20)
    }

    @Test func `an empty table has an empty page`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        let page = KernelPage(firstRow: 0, totalRows: 0, rows: [])
        #expect(routes.page(from: .row(0), count: 5, now: .zero) == page)
        #expect(routes.page(from: .prefix(prefix("10.0.0.0/8")), count: 5, now: .zero) == page)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `whatever comes and goes, every page agrees with a sorted list`(seed: UInt64) {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        let set = routes.intern(.blackhole)
        var wanted: Set<IPPrefix> = []
        var state = seed
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<3000 {
            let bits = UInt8(random(20) + 8)
            let address =
                random(2) == 0
                ? IPAddress(ipv4: UInt32(random(1 << 31)) & 0x3F3F_0000)
                : IPAddress(ipv6High: 0x2000_0000_0000_0000 | random(64) << 40, low: 0)
            let prefix = IPPrefix(address, length: bits)
            if random(3) == 0 {
                routes.unwant(prefix)
                wanted.remove(prefix)
            } else {
                routes.want(prefix, set)
                wanted.insert(prefix)
            }
            guard random(60) == 0 else { continue }
            var changes: [KernelChange] = []
            routes.takeChanges(limit: .max, into: &changes)
            routes.handle(.acknowledged(through: changes.last?.sequence ?? 0), now: .zero)
            let rows = routes.page(from: .row(0), count: 10_000, now: .zero).rows.map(
                \.route.prefix
            )
            #expect(Set(rows).isSuperset(of: wanted))
            #expect(rows == rows.sorted())
            let start = Int(random(UInt64(max(rows.count, 1))))
            let page = routes.page(from: .row(start), count: 7, now: .zero)
            #expect(page.firstRow == start)
            #expect(page.rows.map(\.route.prefix) == Array(rows.dropFirst(start).prefix(7)))
            let from = routes.page(from: .prefix(prefix), count: 3, now: .zero)
            #expect(from.firstRow == rows.firstIndex { $0 >= prefix } ?? rows.count)
            #expect(from.rows.map(\.route.prefix) == Array(rows.drop { $0 < prefix }.prefix(3)))
        }
    }

    @Test func `the order is dropped when nobody looks for half a minute`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([connected("10.0.0.0/24", 3)])
        let before = routes.byteCount
        _ = routes.page(from: .row(0), count: 1, now: seconds(5))
        #expect(routes.byteCount > before)
        #expect(routes.nextDue == seconds(35))
        _ = routes.work(units: 1, now: seconds(35))
        #expect(routes.byteCount == before)
    }

    @Test func `an address is looked up by its longest prefix`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([
            foreign("10.0.0.0/8", hops("10.0.0.9", 3)), foreign("10.1.0.0/16", hops("10.0.0.8", 3)),
            ours("10.1.0.0/16", hops("10.0.0.2", 3)),
        ])
        #expect(routes.lookUp(address("10.1.2.3")).map(\.route.metric) == [0, 186])
        #expect(routes.lookUp(address("10.2.2.3")).map(\.route.prefix) == [prefix("10.0.0.0/8")])
        #expect(routes.lookUp(address("192.0.2.1")).isEmpty)
    }
}
