import Addressing
import BGPWire
import Configuration
import Control
import Routing
import Testing

@testable import Speaker

/// Neighbors that share what they are told, on one link.
struct UpdateGroupTests {
    private static func prefix(_ number: Int) -> IPPrefix {
        IPPrefix(IPAddress(ipv4: 0x0A00_0000 | UInt32(number) << 8), length: 24)
    }

    /// The first neighbor announces so many prefixes, each with attributes of its own.
    private static func flood(_ lan: LAN, _ count: Int) {
        for number in 0..<count {
            lan.announce([prefix(number)], path: [65101, UInt32(number + 1)], from: 1)
        }
    }

    @Test func `neighbors with one policy are one group, and are not told their own routes`() throws
    {
        let lan = try LAN(neighbors: 3)
        lan.announce([Self.prefix(1)], path: [65101], from: 1)
        lan.announce([Self.prefix(2)], path: [65102], from: 2)
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count) == [3])
        #expect(lan.tables[1]?.keys.map { $0 } == [Self.prefix(2)])
        #expect(lan.tables[2]?.keys.map { $0 } == [Self.prefix(1)])
        #expect(Set(lan.tables[3]?.keys.map { $0 } ?? []) == [Self.prefix(1), Self.prefix(2)])
        let route = try #require(lan.tables[3]?[Self.prefix(1)])
        // The next hop is on the link that both share (RFC 4271 §5.1.3).
        #expect(route.path == [65001, 65101] && route.nextHop == LAN.address(1))
        for number in 1...3 {
            #expect(lan.story[number]?.contains("End-of-RIB") == true)
        }
    }

    @Test func `a filter for one neighbor alone takes it out of the group`() throws {
        let lan = try LAN(
            neighbors: 3,
            rules: "allow from any\nallow to any\ndeny to 192.0.2.13 prefix 10.0.1.0/24\n"
        )
        lan.announce([Self.prefix(1), Self.prefix(2)], path: [65101], from: 1)
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count) == [2, 1])
        #expect(lan.tables[2]?.count == 2)
        #expect(lan.tables[3]?.keys.map { $0 } == [Self.prefix(2)])
    }

    @Test func `a route that moves to another member is taken from it and given to the first`()
        throws
    {
        let lan = try LAN(neighbors: 3)
        lan.announce([Self.prefix(1)], path: [65101, 7, 8], from: 1)
        lan.readAll()
        lan.announce([Self.prefix(1)], path: [65102], from: 2)
        lan.readAll()
        #expect(lan.tables[1]?[Self.prefix(1)]?.path == [65001, 65102])
        #expect(lan.tables[2]?.isEmpty == true)
        #expect(lan.tables[3]?[Self.prefix(1)]?.path == [65001, 65102])
        lan.withdraw([Self.prefix(1)], from: 2)
        lan.readAll()
        #expect(lan.tables[1]?.isEmpty == true)
        #expect(lan.tables[2]?[Self.prefix(1)]?.path == [65001, 65101, 7, 8])
    }

    @Test func `who would be given its own address as next hop is given ours`() throws {
        let lan = try LAN(neighbors: 3)
        lan.announce([Self.prefix(1)], path: [65101], nextHop: LAN.address(2), from: 1)
        lan.readAll()
        #expect(lan.speaker.groups.count == 1)
        #expect(lan.tables[2]?[Self.prefix(1)]?.nextHop == LAN.own)
        #expect(lan.tables[3]?[Self.prefix(1)]?.nextHop == LAN.address(2))
    }

    @Test func `a route server's clients get paths, MED and communities as they came`() throws {
        let lan = try LAN(neighbors: 3, statements: "transparent-as yes")
        let noExport: UInt32 = 0xFFFF_FF01
        lan.announce(
            [Self.prefix(1)],
            path: [65101, 9],
            med: 30,
            communities: [noExport],
            from: 1
        )
        lan.readAll()
        let expected = LAN.Route(
            path: [65101, 9],
            nextHop: LAN.address(1),
            med: 30,
            communities: [noExport]
        )
        #expect(lan.tables[2]?[Self.prefix(1)] == expected)
        #expect(lan.tables[3]?[Self.prefix(1)] == expected)
    }

    @Test func `who does not read costs a mark a prefix at most, and then gets the newest alone`()
        throws
    {
        let lan = try LAN(neighbors: 3, logLimit: 4000)
        lan.readAll()
        let prefixes = (1...50).map(Self.prefix)
        for round in 1...200 {
            for some in stride(from: 0, to: 50, by: 10) {
                let part = Array(prefixes[some..<(some + 10)])
                if (round + some / 10) % 3 == 0 {
                    lan.withdraw(part, from: 1)
                } else {
                    lan.announce(part, path: [65101, UInt32(round)], from: 1)
                }
            }
            lan.work()
            lan.read(2)
        }
        let group = try #require(lan.speaker.groups.first)
        let silent = try #require(
            group.lagging.first { $0.configuration.addressText == "192.0.2.13" }
        )
        let lagging = try #require(silent.export?.backlog)
        #expect(lagging.count(.ipv4) <= 50)
        #expect(group.log.bytes.count <= 4000)
        let told = lan.story[3]?.count ?? 0
        lan.readAll()
        #expect(lan.tables[3] == lan.tables[2])
        // Nothing of the two hundred rounds but the last.
        #expect((lan.story[3]?.count ?? 0) - told <= 50)
    }

    @Test func `where policy lets nothing out nothing is looked at, until another lets some out`()
        throws
    {
        let lan = try LAN(neighbors: 3, rules: "allow from any\n")
        for number in 1...50 {
            lan.announce([Self.prefix(number)], path: [65101], from: 1)
        }
        lan.work()
        let group = try #require(lan.speaker.groups.first)
        #expect(lan.speaker.routing.changeCount(.ipv4, for: group.listener) == 0)
        lan.readAll()
        #expect(lan.story[2] == ["End-of-RIB"])
        func reload(_ rules: String) throws {
            let new = try LAN.configuration(3, "", rules)
            #expect(lan.speaker.reload(new, reason: "") == [])
            lan.readAll()
        }
        try reload("allow from any\nallow to 192.0.2.12\n")
        #expect(lan.tables[2]?.count == 50 && lan.tables[3]?.isEmpty == true)
        try reload("allow from any\nallow to any\n")
        #expect(lan.tables[2]?.count == 50 && lan.tables[3]?.count == 50)
        try reload("allow from any\n")
        let isEmpty = lan.tables.values.allSatisfy { $0.isEmpty }
        #expect(isEmpty)
        try reload("allow from any\nallow to 192.0.2.13\n")
        #expect(lan.tables[2]?.isEmpty == true && lan.tables[3]?.count == 50)
    }

    @Test func `whom nothing is for does not run ahead of those that read slowly`() throws {
        let lan = try LAN(neighbors: 2)
        lan.readAll()
        // That nothing was to be read so far is no stall.
        for _ in 0..<3 { lan.turn() }
        Self.flood(lan, 20_000)
        let group = try #require(lan.speaker.groups.first)
        for _ in 0..<50 {
            lan.work()
            lan.read(1)
        }
        let batch = Speaker.batchSize * 80
        #expect(group.unreadByteCount > Speaker.quietLead)
        #expect(group.unreadByteCount < Speaker.quietLead + batch)
        #expect(group.lagging.isEmpty)
        lan.readAll()
        #expect(lan.tables[2]?.count == 20_000)
        #expect(lan.speaker.neighbors.all.allSatisfy { lan.speaker.pendingCount(of: $0) == 0 })
    }

    @Test func `who waits for others is woken when they have read, and not before`() throws {
        let lan = try LAN(neighbors: 2)
        lan.readAll()
        Self.flood(lan, 20_000)
        // The second one begins to read, then rests.
        for _ in 0..<50 {
            lan.work()
            lan.read(1)
            if lan.speaker.groups[0].log.readBase == 0 { lan.read(2, limit: 100) }
        }
        #expect(!lan.read(1))
        _ = lan.speaker.work(units: 1000)
        #expect(lan.speaker.takeEffects().isEmpty)
        while lan.speaker.groups[0].unreadByteCount > Speaker.quietLead { lan.read(2) }
        _ = lan.speaker.work(units: 1000)
        #expect(!lan.speaker.takeEffects().isEmpty)
    }

    @Test func `who has been told everything again does not wait for others`() throws {
        let lan = try LAN(neighbors: 2)
        lan.announce((30_000..<30_050).map(Self.prefix), path: [65102], from: 2)
        lan.readAll()
        Self.flood(lan, 6144)
        for _ in 0..<5 {
            lan.work()
            lan.read(1)
        }
        let group = try #require(lan.speaker.groups.first)
        #expect(group.unreadByteCount > Speaker.quietLead)
        #expect(lan.speaker.routing.changeCount(.ipv4, for: group.listener) == 0)
        lan.askAgain(1)
        for _ in 0..<5 {
            lan.work()
            lan.read(1, limit: 100)
        }
        let export = try #require(lan.speaker.neighbors.all.first?.export)
        #expect(export.refreshDue.isEmpty && export.resend.isEmpty)
    }

    @Test func `who does not read at all keeps nobody waiting for more than a second`() throws {
        let lan = try LAN(neighbors: 2)
        lan.readAll()
        Self.flood(lan, 20_000)
        lan.announce([Self.prefix(30_000)], path: [65102], from: 2)
        for _ in 0..<20 {
            lan.work()
            lan.read(1)
        }
        #expect(lan.tables[1]?.isEmpty == true)
        for _ in 0..<3 {
            lan.turn()
            for _ in 0..<20 {
                lan.work()
                lan.read(1)
            }
        }
        #expect(lan.tables[1]?.keys.map { $0 } == [Self.prefix(30_000)])
        lan.readAll()
        #expect(lan.tables[2]?.count == 20_000)
    }

    @Test func `asked again in the middle of it, a neighbor has everything once more`() throws {
        let lan = try LAN(neighbors: 2)
        lan.announce((1...20).map(Self.prefix), path: [65101], from: 1)
        lan.readAll()
        lan.askAgain(2)
        lan.withdraw((1...10).map(Self.prefix), from: 1)
        lan.readAll()
        #expect(lan.tables[2]?.count == 10)
        let again = (11...20).map { "+\(Self.prefix($0))" }
        #expect(lan.story[2]?.filter { again.contains($0) }.count == 20)
    }

    @Test func `a reload that parts and joins a group tells members what differs and no more`()
        throws
    {
        let plain = "allow from any\nallow to any\n"
        let lan = try LAN(neighbors: 3, rules: plain)
        lan.announce((1...4).map(Self.prefix), path: [65101], from: 1)
        lan.readAll()
        let before = [1, 2, 3].map { lan.story[$0]?.count ?? 0 }
        let parted = try LAN.configuration(
            3,
            "",
            plain + "match to 192.0.2.13 prefix 10.0.1.0/24 set community 65001:1\n"
        )
        #expect(lan.speaker.reload(parted, reason: "") == [])
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count) == [2, 1])
        #expect(lan.tables[3]?[Self.prefix(1)]?.communities == [0xFDE9_0001])
        #expect(
            [1, 2, 3].map { lan.story[$0]?.count ?? 0 } == [before[0], before[1], before[2] + 1]
        )
        #expect(lan.speaker.reload(try LAN.configuration(3, "", plain), reason: "") == [])
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count) == [3])
        #expect(lan.tables[3]?[Self.prefix(1)]?.communities == [])
        #expect(
            [1, 2, 3].map { lan.story[$0]?.count ?? 0 } == [before[0], before[1], before[2] + 2]
        )
    }

    private static let plain = "allow from any\nallow to any\n"
    private static let parted =
        plain + "match to 192.0.2.13 prefix 10.0.1.0/24 set community 65001:1\n"

    @Test func `who changes groups is compared in slices, and told what changed meanwhile alone`()
        throws
    {
        let lan = try LAN(neighbors: 3, rules: Self.plain)
        lan.announce((1...12).map(Self.prefix), path: [65101], from: 1)
        lan.readAll()
        for (rules, groups) in [(Self.parted, [2, 1]), (Self.plain, [3])] {
            let before = [2, 3].map { lan.story[$0]?.count ?? 0 }
            let configuration = try LAN.configuration(3, "", rules)
            #expect(lan.speaker.reload(configuration, reason: "") == [])
            lan.work(units: 5)
            #expect(lan.speaker.moves.count == 1)
            // Two that the comparison has come past, two that it has not, and one that is new.
            lan.withdraw([Self.prefix(2), Self.prefix(11)], from: 1)
            let other: UInt32 = groups == [3] ? 8 : 7
            lan.announce([Self.prefix(3), Self.prefix(12)], path: [65101, other], from: 1)
            lan.announce([Self.prefix(13 + Int(other))], path: [65101], from: 1)
            lan.work(units: 2)
            lan.read(2)
            lan.read(3)
            #expect(lan.speaker.moves.count == 1)
            #expect(lan.story[3]?.count == before[1], "nothing is told on the way")
            lan.readAll()
            #expect(lan.speaker.moves.isEmpty)
            #expect(lan.speaker.groups.map(\.members.count) == groups)
            #expect(lan.tables[3]?[Self.prefix(12)]?.path == [65001, 65101, other])
            #expect(lan.tables[3]?[Self.prefix(2)] == nil && lan.tables[3]?[Self.prefix(11)] == nil)
            let communities: [UInt32] = groups == [3] ? [] : [0xFDE9_0001]
            #expect(lan.tables[3]?[Self.prefix(1)]?.communities == communities)
            #expect(
                [2, 3].map { lan.story[$0]?.count ?? 0 } == [before[0] + 5, before[1] + 6]
            )
            let row = try lan.row(3)
            #expect(row.prefixesSent == UInt64(lan.tables[3]?.count ?? -1))
            lan.announce([Self.prefix(2), Self.prefix(11)], path: [65101], from: 1)
            lan.readAll()
        }
    }

    @Test func `a reload while members change groups is followed once they have`() throws {
        let lan = try LAN(neighbors: 3, rules: Self.plain)
        lan.announce((1...12).map(Self.prefix), path: [65101], from: 1)
        lan.readAll()
        let before = lan.story[3]?.count ?? 0
        for rules in [Self.parted, Self.plain, Self.parted, Self.plain] {
            let configuration = try LAN.configuration(3, "", rules)
            #expect(lan.speaker.reload(configuration, reason: "") == [])
            lan.work(units: 5)
        }
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count) == [3])
        #expect(lan.speaker.moves.isEmpty && lan.speaker.regroupDue == nil)
        #expect(lan.tables[3]?.count == 12)
        #expect(lan.tables[3]?[Self.prefix(1)]?.communities == [])
        #expect((lan.story[3]?.count ?? 0) <= before + 2)
    }

    @Test func `who comes while a group like its own gets its entries is in it in the end`() throws
    {
        let rules = Self.plain + "match to 192.0.2.14 prefix 10.0.1.0/24 set community 65001:1\n"
        let lan = try LAN(neighbors: 4, rules: rules)
        lan.disconnect(4)
        lan.announce((1...12).map(Self.prefix), path: [65101], from: 1)
        lan.readAll()
        let both = try LAN.configuration(
            4,
            "",
            rules + "match to 192.0.2.13 prefix 10.0.1.0/24 set community 65001:1\n"
        )
        #expect(lan.speaker.reload(both, reason: "") == [])
        lan.work(units: 5)
        lan.connect(4)
        lan.readAll()
        #expect(lan.speaker.groups.map(\.members.count).sorted() == [2, 2])
        #expect(lan.tables[4]?.count == 12)
        #expect(lan.tables[4] == lan.tables[3])
    }

    /// Members 2 and 3 are told otherwise already, then the first too; or the first is left alone.
    @Test(arguments: [[[2, 3], [1, 2, 3]], [[2, 3]]])
    func `who joins a group that others are leaving is told what came from the last of them`(
        tagged: [[Int]]
    ) throws {
        let lan = try LAN(neighbors: 4, rules: Self.plain)
        lan.disconnect(4)
        if tagged.count == 1 { lan.disconnect(3) }
        lan.announce((1...12).map(Self.prefix), path: [65102], from: 2)
        for members in tagged {
            lan.readAll()
            let rules = members.map { "match to 192.0.2.\(10 + $0) set community 65001:1\n" }
            let new = try LAN.configuration(4, "", Self.plain + rules.joined())
            #expect(lan.speaker.reload(new, reason: "") == [])
        }
        lan.work(units: 5)
        #expect(lan.speaker.moves.count == 1)
        lan.announce([Self.prefix(20)], path: [65101], from: 1)
        lan.read(1)
        lan.connect(4)
        lan.readAll()
        #expect(lan.tables[4]?.count == 13)
        #expect(lan.tables[4]?[Self.prefix(20)]?.path == [65001, 65101])
    }

    @Test func `who does not read holds no row for what came and went meanwhile`() throws {
        let lan = try LAN(neighbors: 3, logLimit: 200)
        lan.readAll()
        for round in 0..<50 {
            let fresh = (0..<20).map { Self.prefix(20 * round + $0) }
            lan.announce(fresh, path: [65101], from: 1)
            lan.work()
            lan.read(2)
            lan.withdraw(fresh, from: 1)
            lan.work()
            lan.read(2)
        }
        lan.work()
        #expect(lan.speaker.routing.ipv4.endRow <= 100)
        lan.readAll()
        #expect(lan.tables[3]?.isEmpty == true && lan.tables[2]?.isEmpty == true)
    }

    @Test func `a member left alone hears that what it was told is its own now, and then gone`()
        throws
    {
        let lan = try LAN(neighbors: 2)
        lan.announce([Self.prefix(1)], path: [65102, 7], from: 2)
        lan.readAll()
        lan.askAgain(1)
        lan.announce([Self.prefix(1)], path: [65101], from: 1)
        lan.work()
        lan.read(2)
        lan.disconnect(2)
        lan.withdraw([Self.prefix(1)], from: 1)
        lan.work()
        lan.announce([Self.prefix(2)], path: [65101], from: 1)
        lan.readAll()
        #expect(lan.tables[1]?.isEmpty == true)
        #expect(lan.story[1]?.last == "-\(Self.prefix(1))" || lan.story[1]?.last == "End-of-RIB")
    }

    /// What members should know by now: the best route of each prefix, but nobody its own.
    private struct Model {
        struct Announced {
            var path: [UInt32]
            var nextHop: UInt32
            /// With our AS it fits no message.
            var isHuge: Bool
        }

        var routes: [Int: [IPPrefix: Announced]] = [:]

        func table(of member: Int) -> [IPPrefix: LAN.Route] {
            var table: [IPPrefix: LAN.Route] = [:]
            for prefix in Set(routes.values.flatMap(\.keys)) {
                let best = routes.compactMap { source, own in own[prefix].map { (source, $0) } }
                    .min { ($0.1.path.count, $0.0) < ($1.1.path.count, $1.0) }
                guard let (source, route) = best, source != member, !route.isHuge else { continue }
                let isOwn = route.nextHop == LAN.address(member)
                table[prefix] = LAN.Route(
                    path: [65001] + route.path,
                    nextHop: isOwn ? LAN.own : route.nextHop,
                    med: nil,
                    communities: []
                )
            }
            return table
        }
    }

    @Test(arguments: 1...16)
    func
        `whoever comes, goes, lags, asks again or is filtered otherwise, all know what they should`(
            seed: Int
        ) throws
    {
        var random = Dice(seed: UInt64(seed))
        let plain = "allow from any\nallow to any\n"
        let parted = plain + "match to 192.0.2.12 set localpref 7\n"
        let count = 2 + seed % 4
        let lan = try LAN(
            neighbors: count,
            rules: plain,
            logLimit: random.roll(2) == 0 ? 300 : 4000
        )
        var model = Model()
        for _ in 0..<400 {
            let member = 1 + random.roll(count)
            switch random.roll(20) {
            case 0 where lan.isConnected(member):
                lan.disconnect(member)
                model.routes[member] = nil
            case 0...2 where !lan.isConnected(member):
                lan.connect(member)
            case 1 where lan.isConnected(member):
                lan.askAgain(member)
            case 2:
                let text = random.roll(2) == 0 ? plain : parted
                #expect(
                    lan.speaker.reload(try LAN.configuration(count, "", text), reason: "") == []
                )
            case 3...6 where lan.isConnected(member):
                let gone = (0..<(1 + random.roll(6))).map { _ in Self.prefix(random.roll(24)) }
                let known = Set(gone).filter { model.routes[member]?[$0] != nil }
                lan.withdraw(Array(known).sorted(), from: member)
                for prefix in known { model.routes[member]?[prefix] = nil }
            case 7...13 where lan.isConnected(member):
                let isHuge = random.roll(12) == 0
                let prefixes = Set(
                    (0..<(isHuge ? 1 : 1 + random.roll(6))).map { _ in
                        Self.prefix(random.roll(24))
                    }
                )
                let path = (0..<(isHuge ? 1 : 1 + random.roll(3))).map {
                    UInt32($0 == 0 ? 65100 + member : 7 + $0)
                }
                let hop = random.roll(4) == 0 ? 1 + random.roll(count) : member
                lan.announce(
                    prefixes.sorted(),
                    path: path,
                    nextHop: LAN.address(hop),
                    communities: isHuge ? Array(1...1011) : [],
                    from: member
                )
                for prefix in prefixes {
                    model.routes[member, default: [:]][prefix] = Model.Announced(
                        path: path,
                        nextHop: LAN.address(hop),
                        isHuge: isHuge
                    )
                }
            case 14 where random.roll(2) == 0: lan.work()
            case 14, 15: lan.work(units: 1 + random.roll(10))
            default:
                // The last one reads seldom.
                if member == count, random.roll(8) > 0 { continue }
                lan.read(member, limit: 1 + random.roll(400))
            }
            for group in lan.speaker.groups {
                let slowest = group.members.compactMap(\.export).filter {
                    $0.backlog == nil && $0.position == group.log.readBase
                }
                #expect(group.slowestCount == slowest.count)
            }
        }
        lan.readAll()
        for member in 1...count where lan.isConnected(member) {
            #expect(lan.tables[member] == model.table(of: member), "member \(member)")
            let row = try lan.row(member)
            #expect(row.prefixesSent == UInt64(lan.tables[member]?.count ?? -1))
        }
        for member in 1...count { lan.disconnect(member) }
        lan.readAll()
        #expect(lan.speaker.groups.isEmpty && lan.speaker.endedGroups.isEmpty)
        #expect(lan.count("prefixes") == 0)
        #expect(lan.count("attributes") == 0)
    }
}

extension LAN {
    fileprivate func row(_ number: Int) throws -> NeighborRow {
        guard case .overview(let overview) = speaker.answer(OverviewRequest().question) else {
            throw NoAnswer()
        }
        return try #require(
            overview.neighbors.first { $0.address == IPAddress(ipv4: Self.address(number)) }
        )
    }

    fileprivate func count(_ name: String) -> UInt64? {
        guard case .memory(let items) = speaker.answer(MemoryRequest().question) else { return nil }
        return items.filter { $0.name == name }.map(\.count).reduce(0, +)
    }

    private struct NoAnswer: Error {}
}

/// Numbers that look random, the same for the same seed.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func roll(_ sides: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(sides))
    }
}
