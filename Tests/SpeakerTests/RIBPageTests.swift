import Addressing
import Attributes
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// Pages of the routing tables against a reference that looks at every row.
struct RIBPageTests {
    /// A filter, its name, and the same said in plain code.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let filter: RIBFilter
        let passes: @Sendable (RIBRow) -> Bool

        var testDescription: String { name }

        init(
            _ name: String,
            _ tests: [RIBFilter.Test],
            not others: [RIBFilter.Test] = [],
            _ passes: @escaping @Sendable (RIBRow) -> Bool
        ) {
            self.name = name
            filter = RIBFilter(tests, not: others)
            self.passes = passes
        }
    }

    static func prefix(_ text: String) -> IPPrefix {
        IPPrefix(text: text) ?? IPPrefix.all(.ipv4)
    }

    static func carries(_ row: RIBRow, _ wanted: @escaping (UInt32) -> Bool) -> Bool {
        var isFound = false
        AttributeReading.forEachCommunity(in: row.attributes.span) { community in
            isFound = isFound || wanted(community)
            return true
        }
        return isFound
    }

    static func carriesLarge(_ row: RIBRow, _ wanted: @escaping (LargeCommunity) -> Bool) -> Bool {
        var isFound = false
        AttributeReading.forEachLargeCommunity(in: row.attributes.span) { community in
            isFound = isFound || wanted(community)
            return true
        }
        return isFound
    }

    static let inside = prefix("10.32.0.0/12")
    static let insideEarly = prefix("10.0.0.0/14")
    static let inside6 = prefix("2001:db8::/37")
    static let nextHop3 = IPAddress(text: "172.16.1.2") ?? .unspecified(.ipv4)

    static let cases: [Case] = [
        Case("all", []) { _ in true },
        Case("IPv4", [.family(.ipv4)]) { $0.prefix.family == .ipv4 },
        Case("IPv6", [.family(.ipv6)]) { $0.prefix.family == .ipv6 },
        Case("in 10.32.0.0/12", [.prefix(.orLonger(inside))]) { inside.covers($0.prefix) },
        Case("in 10.0.0.0/14", [.prefix(.orLonger(insideEarly))]) {
            insideEarly.covers($0.prefix)
        },
        Case("in 2001:db8::/37", [.prefix(.orLonger(inside6))]) { inside6.covers($0.prefix) },
        Case("not in 10.32.0.0/12", [], not: [.prefix(.orLonger(inside))]) {
            !inside.covers($0.prefix)
        },
        Case("from r3", [.neighbor(.number(NeighborNumber(1)))]) {
            $0.neighbor == NeighborNumber(1)
        },
        Case("not from r3", [], not: [.neighbor(.number(NeighborNumber(1)))]) {
            $0.neighbor != NeighborNumber(1)
        },
        Case("from r1 by descr", [.neighbor(.descr("r1"))]) { $0.neighbor == NeighborNumber(0) },
        Case("from r3 in 10.32.0.0/12", [.neighbor(.descr("r3")), .prefix(.orLonger(inside))]) {
            $0.neighbor == NeighborNumber(1) && inside.covers($0.prefix)
        },
        Case("community 65001:3", [.community(.standard(65001, 3))]) { row in
            carries(row) { $0 == 65001 << 16 | 3 }
        },
        Case("community *:1", [.community(.standard(nil, 1))]) { row in
            carries(row) { $0 & 0xFFFF == 1 }
        },
        Case("large community 65003:*:2", [.community(.large(65003, nil, 2))]) { row in
            carriesLarge(row) { $0.administrator == 65003 && $0.parameter == 2 }
        },
        Case("ext-community rt 65003:*", [.community(.extended(subtype: "rt", value: "65003:*"))]) {
            row in carriesExtended(row) { $0.hasPrefix("rt 65003:") }
        },
        Case("ext-community * 65003:1", [.community(.extended(subtype: nil, value: "65003:1"))]) {
            row in carriesExtended(row) { $0.hasSuffix(" 65003:1") }
        },
        Case("ext-community soo *", [.community(.extended(subtype: "soo", value: nil))]) {
            row in carriesExtended(row) { $0.hasPrefix("soo ") }
        },
        Case("ovs valid", [.originValidation(.valid)]) { $0.originValidation == .valid },
        Case("ovs invalid", [.originValidation(.invalid)]) { $0.originValidation == .invalid },
        Case("ovs not-found", [.originValidation(.notFound)]) { $0.originValidation == .notFound },
        Case("best", [.best]) { $0.flags.contains(.selected) },
        Case("not best", [], not: [.best]) { !$0.flags.contains(.selected) },
        Case("refused", [.refused]) { $0.flags.contains(.filtered) },
        Case("disqualified", [.disqualified]) { !$0.flags.contains(.valid) },
        Case("source-as 65003", [.asPath(.source(ASNumber(65003)))]) {
            ASPathText.words($0.asPath).hasSuffix("65003")
        },
        Case("not as 65003", [], not: [.asPath(.anywhere(ASNumber(65003)))]) {
            !ASPathText.words($0.asPath).contains("65003")
        },
        Case("path _65003$", [.pathPattern(pattern("_65003$"))]) {
            ASPathText.words($0.asPath).hasSuffix("65003")
        },
        Case("nexthop of r3", [.nextHop(nextHop3)]) { $0.nextHop == nextHop3 },
        Case("nothing", [.asPath(.anywhere(ASNumber(65009)))]) { _ in false },
    ]

    static func pattern(_ text: String) -> ASPathPattern {
        guard let pattern = try? ASPathPattern(text) else { preconditionFailure(text) }
        return pattern
    }

    static func carriesExtended(_ row: RIBRow, _ wanted: @escaping (String) -> Bool) -> Bool {
        guard let found = PathAttribute.first(.extendedCommunities, in: row.attributes.span) else {
            return false
        }
        return AttributeText.extendedCommunities(row.attributes.span.extracting(found.value))
            .contains { wanted($0) }
    }

    static let marks = [
        "10.0.0.0/8", "10.33.0.0/18", "10.35.64.0/18", "10.255.0.0/16", "192.0.2.0/24",
        "2001:db8:100::/44", "2001:db8:7fff::/48", "ffff::/16", "0.0.0.0/0", "10.20.0.0/14",
    ].map(prefix)

    static let forwardStarts: [RIBPageRequest.Position] =
        [.start] + marks.flatMap { [.at($0), .after($0)] }

    static let backwardStarts: [RIBPageRequest.Position] = [.end] + marks.map { .before($0) }

    static func page(
        _ bench: PageBench,
        _ filter: RIBFilter,
        _ position: RIBPageRequest.Position,
        _ limit: Int
    ) throws -> RIBPage {
        let request = RIBPageRequest(
            table: .locRIB,
            filter: filter,
            position: position,
            limit: UInt32(limit),
            withAttributes: true
        )
        return try #require(bench.simulation.ask(r2, request))
    }

    @Test func `the table holds what the two neighbors announce`() throws {
        let bench = try PageBench()
        let rows = try bench.simulation.rows(r2)
        #expect(rows.count == 1100 + 367)
        let sorted = rows.map(\.prefix).sorted()
        #expect(rows.map(\.prefix) == sorted)
        #expect(rows.count { $0.neighbor == NeighborNumber(1) } == 367)
        let overview = try bench.simulation.overview(r2)
        #expect(overview.pathCount == 1467)
    }

    @Test func `pages forward hold every row that passes once, in order, each prefix whole`() throws
    {
        let bench = try PageBench()
        let rows = try bench.simulation.rows(r2)
        for filter in Self.cases {
            let reference = Reference(rows, where: filter.passes)
            let starts = Self.forwardStarts
            for start in starts {
                for limit in [7, 400] {
                    var found: [RIBRow] = []
                    var position: RIBPageRequest.Position? = start
                    var pages = 0
                    while let from = position, pages < 400 {
                        pages += 1
                        let page = try Self.page(bench, filter.filter, from, limit)
                        let prefixes = Set(page.rows.map(\.prefix)).count
                        #expect(prefixes <= limit, "\(filter.name) \(start) \(limit)")
                        if page.next != nil {
                            #expect(prefixes == limit, "\(filter.name) \(start) \(limit)")
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
        let bench = try PageBench()
        let rows = try bench.simulation.rows(r2)
        for filter in Self.cases {
            let reference = Reference(rows, where: filter.passes)
            let starts = Self.backwardStarts
            for start in starts {
                for limit in [7, 400] {
                    let expected = reference.before(start)
                    let page = try Self.page(bench, filter.filter, start, limit)
                    let isFirstRight = page.rows == expected.suffix(limit).flatMap { $0 }
                    #expect(isFirstRight, "\(filter.name) \(start) \(limit)")
                    var found = page.rows
                    var next = page.next
                    var pages = 0
                    while let before = next, pages < 400 {
                        pages += 1
                        let page = try Self.page(bench, filter.filter, .before(before), limit)
                        found = page.rows + found
                        next = page.next
                    }
                    let isRight = found == expected.flatMap { $0 }
                    #expect(isRight, "\(filter.name) \(start) \(limit), all pages")
                }
            }
        }
    }

    @Test(arguments: ["10.33.64.0/18", "10.33.0.0/16", "10.99.99.0/24", "2001:db8:10::/48"])
    func `one prefix, and those that cover it`(text: String) throws {
        let bench = try PageBench()
        let rows = try bench.simulation.rows(r2)
        let prefix = try IPPrefix.of(text)
        func filter(_ match: RIBFilter.PrefixMatch) -> RIBFilter { RIBFilter([.prefix(match)]) }
        let exact = try Self.page(bench, filter(.exact(prefix)), .start, 100)
        #expect(exact.rows == rows.filter { $0.prefix == prefix })
        let covering = try Self.page(bench, filter(.orShorter(prefix)), .start, 100)
        #expect(
            Set(covering.rows) == Set(rows.filter { $0.prefix.covers(prefix) })
        )
        let longest = try Self.page(bench, filter(.longest(prefix.address)), .start, 100)
        let holding = rows.filter { $0.prefix.contains(prefix.address) }
        let best = holding.map(\.prefix.length).max()
        #expect(longest.rows == holding.filter { $0.prefix.length == best })
    }

    @Test func `a share of the table is where the scroll bar says`() throws {
        let bench = try PageBench()
        let prefixes = try bench.simulation.rows(r2).map(\.prefix)
        let distinct = prefixes.enumerated().filter {
            $0.offset == 0 || prefixes[$0.offset - 1] != $0.element
        }
        .map(\.element)
        for tenth in 0...10 {
            let page = try Self.page(bench, RIBFilter(), .share(UInt32(tenth * 100_000)), 5)
            let first = try #require(page.rows.first?.prefix)
            let place = try #require(distinct.firstIndex(of: first))
            let wanted = min(distinct.count - 1, distinct.count * tenth / 10)
            #expect(abs(place - wanted) <= 4, "\(tenth)")
            #expect(abs(Int(page.share) - place * 1_000_000 / distinct.count) < 5000, "\(tenth)")
        }
    }

    @Test func `Adj-RIB-In and Adj-RIB-Out have pages of their own`() throws {
        let bench = try PageBench()
        let filter = RIBFilter([.neighbor(.number(NeighborNumber(1)))])
        let received = try bench.simulation.rows(r2, .adjRIBIn, filter)
        let sent = try bench.simulation.rows(r3, .adjRIBOut(NeighborNumber(0)))
        #expect(received.map(\.prefix) == sent.map(\.prefix))
        #expect(received.map(\.attributes) == sent.map(\.attributes))
        #expect(received.count == 367)
        let unknown = RIBPageRequest(
            table: .adjRIBOut(NeighborNumber(9)),
            limit: 10,
            withAttributes: false
        )
        #expect(bench.simulation.reply(r2, unknown.question) == .refused(.noSuchNeighbor))
    }

    @Test func `the numbers on the first screen are those of the tables`() throws {
        let bench = try PageBench()
        let rows = try bench.simulation.rows(r2)
        let overview = try bench.simulation.overview(r2)
        let accepted = rows.filter { !$0.flags.contains(.filtered) }
        #expect(overview.pathCount == UInt64(rows.count))
        #expect(overview.prefixCount == UInt64(Set(accepted.map(\.prefix)).count))
        #expect(overview.bestCount == UInt64(rows.count { $0.flags.contains(.selected) }))
        #expect(overview.kernel.installed == overview.bestCount)
        #expect(overview.sessionsUp == 2)
        for (place, row) in overview.neighbors.enumerated() {
            let own = rows.filter { $0.neighbor == NeighborNumber(UInt32(place)) }
            #expect(row.prefixesReceived == UInt64(own.count))
            #expect(row.prefixesAccepted == UInt64(own.count { !$0.flags.contains(.filtered) }))
            let sent = try bench.simulation.rows(r2, .adjRIBOut(row.number))
            #expect(row.prefixesSent == UInt64(sent.count))
        }
    }
}
