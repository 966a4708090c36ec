import Addressing
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// Pages of the kernel's table against a reference that looks at every route.
struct KernelPageTests {
    /// A filter, its name, and the same said in plain code.
    struct Case: Sendable {
        let name: String
        let filter: KernelPageRequest.Filter
        let passes: @Sendable (KernelRow) -> Bool

        init(
            _ name: String,
            _ set: (inout KernelPageRequest.Filter) -> Void,
            _ passes: @escaping @Sendable (KernelRow) -> Bool
        ) {
            self.name = name
            var filter = KernelPageRequest.Filter()
            set(&filter)
            self.filter = filter
            self.passes = passes
        }
    }

    static let inside = RIBPageTests.inside

    static let cases: [Case] = [
        Case("all", { _ in }, { _ in true }),
        Case("IPv6", { $0.family = .ipv6 }, { $0.prefix.family == .ipv6 }),
        Case("in 10.32.0.0/12", { $0.prefix = .orLonger(inside) }) { inside.covers($0.prefix) },
        Case("in 2001:db8::/37", { $0.prefix = .orLonger(RIBPageTests.inside6) }) {
            RIBPageTests.inside6.covers($0.prefix)
        },
        Case("bgp", { $0.classes = [.bgp] }) { $0.protocolNumber == 186 },
        Case("connected", { $0.classes = [.connected] }) { $0.protocolNumber == 2 },
        Case("static", { $0.classes = [.staticRoute] }) { $0.protocolNumber == 4 },
        Case("next hops", { $0.classes = [.nextHop] }) { $0.carriesNextHop },
        Case(
            "static in 10.32.0.0/12",
            {
                $0.classes = [.staticRoute]
                $0.prefix = .orLonger(inside)
            },
            { $0.protocolNumber == 4 && inside.covers($0.prefix) }
        ),
        Case("drift", { $0.driftOnly = true }) { $0.standing == .hidesOurs },
    ]

    /// The bench, with routes of others beside ours and elsewhere.
    static func bench() throws -> PageBench {
        let bench = try PageBench()
        for number in stride(from: 0, to: 150, by: 3) {
            let route = try Routes.foreign(
                "10.\(number).64.0/18",
                via: "172.16.0.1",
                over: 2,
                metric: number % 2 == 0 ? 20 : 1000
            )
            bench.simulation.apply(.kernelRoutePut(r2, route))
        }
        bench.simulation.run(for: .seconds(1))
        return bench
    }

    static func page(
        _ bench: PageBench,
        _ filter: KernelPageRequest.Filter,
        _ position: RIBPageRequest.Position,
        _ limit: Int
    ) throws -> Control.KernelPage {
        let request = KernelPageRequest(position: position, filter: filter, limit: UInt32(limit))
        return try #require(bench.simulation.ask(r2, request))
    }

    @Test func `the page is the kernel's table`() throws {
        let bench = try Self.bench()
        let rows = try Self.page(bench, KernelPageRequest.Filter(), .start, 4096).rows
        let routes = bench.simulation.kernel(r2).routes
        #expect(rows.map(\.prefix) == routes.map(\.prefix))
        #expect(rows.map(\.protocolNumber) == routes.map(\.protocolNumber))
        #expect(rows.map(\.metric) == routes.map(\.metric))
        #expect(
            rows.map { $0.nextHops.first?.gateway }
                == routes.map { $0.nextHopSet.first?.gateway }
        )
        let counts = try bench.simulation.overview(r2).kernel
        #expect(counts.total == UInt64(routes.count))
        #expect(counts.foreign == UInt64(routes.count { $0.protocolNumber != 186 }))
        #expect(counts.installed == UInt64(routes.count { $0.protocolNumber == 186 }))
        #expect(rows.contains { $0.carriesNextHop })
    }

    @Test func `pages forward hold every row that passes once, in order, each prefix whole`() throws
    {
        let bench = try Self.bench()
        let rows = try Self.page(bench, KernelPageRequest.Filter(), .start, 4096).rows
        for filter in Self.cases {
            let reference = Reference(rows, where: filter.passes)
            let starts = RIBPageTests.forwardStarts
            for start in starts {
                for limit in [7, 400] {
                    var found: [KernelRow] = []
                    var position: RIBPageRequest.Position? = start
                    var pages = 0
                    while let from = position, pages < 400 {
                        pages += 1
                        let page = try Self.page(bench, filter.filter, from, limit)
                        if let last = page.rows.last?.prefix, let next = page.next {
                            #expect(!(next < last))
                        }
                        found += page.rows
                        position = page.next.map { .after($0) }
                    }
                    let isRight = found == reference.rest(start)
                    #expect(isRight, "\(filter.name) \(start) \(limit)")
                }
            }
        }
    }

    @Test func `pages backward hold the rows just before, in order, and go on without loss`() throws
    {
        let bench = try Self.bench()
        let rows = try Self.page(bench, KernelPageRequest.Filter(), .start, 4096).rows
        for filter in Self.cases {
            let reference = Reference(rows, where: filter.passes)
            let starts = RIBPageTests.backwardStarts
            for start in starts {
                for limit in [7, 400] {
                    let expected = reference.before(start).flatMap { $0 }
                    var found: [KernelRow] = []
                    var position: RIBPageRequest.Position? = start
                    var pages = 0
                    while let from = position, pages < 400 {
                        pages += 1
                        let page = try Self.page(bench, filter.filter, from, limit)
                        // What a page shows are the rows just before, not some before.
                        let before = expected.dropLast(found.count).suffix(page.rows.count)
                        let isPageRight = page.rows == Array(before)
                        #expect(isPageRight, "\(filter.name) \(start) \(limit)")
                        if page.next != nil { #expect(page.rows.count >= limit) }
                        found = page.rows + found
                        position = page.next.map { .before($0) }
                    }
                    let isRight = found == expected
                    #expect(isRight, "\(filter.name) \(start) \(limit)")
                }
            }
        }
    }

    @Test(arguments: ["10.33.64.0/18", "10.33.0.0/16", "10.99.99.0/24", "172.16.0.0/30"])
    func `one prefix, those that cover it, and the one that a packet takes`(text: String) throws {
        let bench = try Self.bench()
        let rows = try Self.page(bench, KernelPageRequest.Filter(), .start, 4096).rows
        let prefix = try IPPrefix.of(text)
        var filter = KernelPageRequest.Filter()
        filter.prefix = .exact(prefix)
        #expect(try Self.page(bench, filter, .start, 9).rows == rows.filter { $0.prefix == prefix })
        filter.prefix = .orShorter(prefix)
        #expect(
            Set(try Self.page(bench, filter, .start, 9).rows)
                == Set(rows.filter { $0.prefix.covers(prefix) })
        )
        filter.prefix = .longest(prefix.address)
        let holding = rows.filter { $0.prefix.contains(prefix.address) }
        let best = holding.map(\.prefix.length).max()
        #expect(
            try Self.page(bench, filter, .start, 9).rows
                == holding.filter { $0.prefix.length == best }
        )
    }

    @Test func `a share of the kernel's table is where the scroll bar says`() throws {
        let bench = try Self.bench()
        let rows = try Self.page(bench, KernelPageRequest.Filter(), .start, 4096).rows
        for tenth in 0...10 {
            let position = RIBPageRequest.Position.share(UInt32(tenth * 100_000))
            let page = try Self.page(bench, KernelPageRequest.Filter(), position, 5)
            let first = try #require(page.rows.first)
            let place = try #require(rows.firstIndex(of: first))
            #expect(abs(place - min(rows.count - 1, rows.count * tenth / 10)) <= 1, "\(tenth)")
            #expect(abs(Int(page.share) - place * 1_000_000 / rows.count) < 1000, "\(tenth)")
        }
    }
}
