import Addressing
import Configuration
import Control
import Glibc
import Testing

@testable import Routing
@testable import Speaker

/// Neighbors whose output policy changes while others come, go and change theirs.
struct GroupMoveTests {
    private static func prefix(_ number: Int) -> IPPrefix {
        IPPrefix(IPAddress(ipv4: 0x0A00_0000 | UInt32(number) << 8), length: 24)
    }

    private static let plain = "allow from any\nallow to any\n"

    /// What a neighbor is to be told.
    private enum Wish: Int, CaseIterable {
        case everything, someAlone, tagged, weighed, refused, defaultRoute, nothing, next, unmarked
        case limited, weighedDefaultRoute

        /// What stands in the neighbor's block.
        var statement: String {
            switch self {
            case .defaultRoute, .weighedDefaultRoute: "export default-route"
            case .nothing: "export none"
            case .next: "rde evaluate all"
            case .limited: "max-prefix 1000 out"
            default: ""
            }
        }

        func rules(_ neighbor: String) -> String {
            switch self {
            case .someAlone:
                (0..<8).map { "deny to \(neighbor) prefix \(GroupMoveTests.prefix(3 * $0))\n" }
                    .joined()
            case .tagged: "match to \(neighbor) set community 65001:1\n"
            case .weighed, .weighedDefaultRoute: "match to \(neighbor) set metric 5\n"
            case .refused: "deny to \(neighbor)\n"
            case .next, .unmarked: "deny to \(neighbor) community 65001:666\n"
            default: ""
            }
        }
    }

    private struct Announced {
        var path: [UInt32]
        var nextHop: UInt32
        var isMarked: Bool
        /// With our AS it fits no message.
        var isHuge: Bool
    }

    private struct Model {
        var wishes: [Int: Wish] = [:]
        var routes: [Int: [IPPrefix: Announced]] = [:]

        func configuration() throws -> Configuration {
            var text = "AS 65001\nrouter-id 192.0.2.1\nfib-update no\n"
            var rules = GroupMoveTests.plain
            for (number, wish) in wishes.sorted(by: { $0.key < $1.key }) {
                let address = "192.0.2.\(10 + number)"
                text += "neighbor \(address) {\nremote-as \(65100 + number)\npassive\n"
                text += "enforce neighbor-as no\nholdtime 65535\n\(wish.statement)\n}\n"
                rules += wish.rules(address)
            }
            return try .tested(text + rules)
        }

        func table(of member: Int) -> [IPPrefix: LAN.Route] {
            guard let wish = wishes[member] else { return [:] }
            if wish == .defaultRoute || wish == .weighedDefaultRoute {
                return [
                    IPPrefix(ipv4: 0, length: 0): LAN.Route(
                        path: [65001],
                        nextHop: LAN.own,
                        med: wish == .defaultRoute ? nil : 5,
                        communities: []
                    )
                ]
            }
            if wish == .refused || wish == .nothing { return [:] }
            var table: [IPPrefix: LAN.Route] = [:]
            for prefix in Set(routes.values.flatMap(\.keys)) {
                var ranked = routes.compactMap { source, own in own[prefix].map { (source, $0) } }
                    .sorted { ($0.1.path.count, $0.0) < ($1.1.path.count, $1.0) }
                if wish == .next { ranked.removeAll { $0.1.isMarked } }
                guard let (source, route) = ranked.first, source != member, !route.isHuge,
                    wish != .unmarked || !route.isMarked,
                    wish != .someAlone || (prefix.address.byte(at: 2) % 3 != 0)
                else { continue }
                table[prefix] = LAN.Route(
                    path: [65001] + route.path,
                    nextHop: route.nextHop == LAN.address(member) ? LAN.own : route.nextHop,
                    med: wish == .weighed ? 5 : nil,
                    communities: (wish == .tagged ? [0xFDE9_0001] : [])
                        + (route.isMarked ? [0xFDE9_029A] : [])
                )
            }
            return table
        }
    }

    private static let seeds: [Int] = {
        guard let words = getenv("PEERGLASS_MOVE_SEEDS").map({ String(cString: $0) }) else {
            // Some, and those that have found something.
            return Array(1...8) + [14, 59, 373, 469, 4067]
        }
        let bounds = words.split(separator: "-").compactMap { Int($0) }
        return Array(bounds[0]...bounds[1])
    }()

    @Test(arguments: seeds)
    func `whoever is to be told otherwise while others come and go, all know what they should`(
        seed: Int
    ) throws {
        var random = Dice(seed: UInt64(seed))
        let count = 2 + seed % 5
        let prefixes = [4, 12, 24][seed / 5 % 3]
        let wishes: [Wish] =
            switch seed % 7 {
            case 0: [.everything, .someAlone]
            case 1: [.everything, .tagged, .refused]
            case 2: [.everything, .next, .unmarked]
            case 3: [.everything, .defaultRoute, .weighedDefaultRoute, .nothing]
            default: Wish.allCases
            }
        let lan = try LAN(
            neighbors: count,
            rules: Self.plain,
            logLimit: [300, 4000, 4 << 20][random.roll(3)]
        )
        var model = Model()
        for member in 1...count { model.wishes[member] = .everything }
        var steps: [String] = []
        for step in 1...300 {
            let member = 1 + random.roll(count)
            switch random.roll(26) {
            case 0 where lan.isConnected(member):
                steps.append("\(step) disconnect \(member)")
                lan.disconnect(member)
                model.routes[member] = nil
            case 0...2 where !lan.isConnected(member) && model.wishes[member] != nil:
                steps.append("\(step) connect \(member)")
                lan.connect(member)
            case 1 where lan.isConnected(member):
                steps.append("\(step) ask \(member)")
                lan.askAgain(member)
            case 2, 3, 4, 5:
                for _ in 0...random.roll(3) {
                    model.wishes[1 + random.roll(count)] = wishes[random.roll(wishes.count)]
                }
                steps.append("\(step) reload \(model.wishes.mapValues { $0.rawValue })")
                #expect(lan.speaker.reload(try model.configuration(), reason: "") == [])
            case 6 where random.roll(4) == 0 && model.wishes.count > 1:
                steps.append("\(step) remove \(member)")
                model.wishes[member] = nil
                #expect(lan.speaker.reload(try model.configuration(), reason: "") == [])
                lan.disconnect(member)
                model.routes[member] = nil
            case 6 where random.roll(3) == 0:
                steps.append("\(step) withdraw all")
                for (member, routes) in model.routes where !routes.isEmpty {
                    lan.withdraw(routes.keys.sorted(), from: member)
                    model.routes[member] = nil
                }
            case 7...9 where lan.isConnected(member):
                let gone = (0..<(1 + random.roll(6))).map { _ in
                    Self.prefix(random.roll(prefixes))
                }
                let known = Set(gone).filter { model.routes[member]?[$0] != nil }.sorted()
                steps.append("\(step) withdraw \(known) from \(member)")
                lan.withdraw(known, from: member)
                for prefix in known { model.routes[member]?[prefix] = nil }
            case 10...15 where lan.isConnected(member):
                let isHuge = random.roll(12) == 0
                let isMarked = !isHuge && random.roll(3) == 0
                let some = Set(
                    (0..<(isHuge ? 1 : 1 + random.roll(6))).map { _ in
                        Self.prefix(random.roll(prefixes))
                    }
                ).sorted()
                let path = (0..<(isHuge ? 1 : 1 + random.roll(3))).map {
                    UInt32($0 == 0 ? 65100 + member : 7 + $0)
                }
                let hop = random.roll(4) == 0 ? 1 + random.roll(count) : member
                steps.append(
                    "\(step) announce \(some) path \(path) hop \(hop) from \(member)"
                        + (isHuge ? " huge" : "") + (isMarked ? " marked" : "")
                )
                lan.announce(
                    some,
                    path: path,
                    nextHop: LAN.address(hop),
                    communities: isHuge ? Array(1...1011) : isMarked ? [0xFDE9_029A] : [],
                    from: member
                )
                for prefix in some {
                    model.routes[member, default: [:]][prefix] = Announced(
                        path: path,
                        nextHop: LAN.address(hop),
                        isMarked: isMarked,
                        isHuge: isHuge
                    )
                }
            case 16 where random.roll(4) == 0:
                steps.append("\(step) work")
                lan.work()
            case 16...19:
                let units = 1 + random.roll(7)
                steps.append("\(step) work \(units)")
                lan.work(units: units)
            case 20 where random.roll(8) == 0:
                steps.append("\(step) look")
                lan.readAll()
                try look(lan, model, count, steps)
            default:
                // The last one reads seldom.
                if member == count, random.roll(8) > 0 { continue }
                steps.append("\(step) read \(member)")
                lan.read(member, limit: 1 + random.roll(400))
            }
        }
        lan.readAll()
        try look(lan, model, count, steps)
        for member in 1...count { lan.disconnect(member) }
        lan.readAll()
        #expect(lan.speaker.groups.isEmpty && lan.speaker.endedGroups.isEmpty)
        #expect(lan.speaker.routing.ipv4.prefixes.count == 0)
        #expect(lan.count("attributes") == 0)
    }

    private func look(_ lan: LAN, _ model: Model, _ count: Int, _ steps: [String]) throws {
        // What was read last gives rows back.
        lan.work()
        var faults: [String] = []
        let members = (1...count).filter { lan.isConnected($0) }
        for member in members {
            var told = lan.tables[member] ?? [:]
            for prefix in told.keys { told[prefix]?.communities.sort() }
            let wanted = model.table(of: member)
            for prefix in Set(told.keys).union(wanted.keys).sorted()
            where told[prefix] != wanted[prefix] {
                faults.append(
                    "\(member) \(prefix): told \(String(describing: told[prefix]))"
                        + " wanted \(String(describing: wanted[prefix]))"
                )
            }
            if lan.story[member]?.contains("End-of-RIB") != true {
                faults.append("\(member): no End-of-RIB")
            }
        }
        for neighbor in lan.speaker.neighbors.all {
            guard let export = neighbor.export else { continue }
            let number = Int(neighbor.remoteAS.value) - 65100
            if lan.speaker.sentCount(to: neighbor) != lan.tables[number]?.count {
                faults.append(
                    "\(number): \(lan.speaker.sentCount(to: neighbor)) sent, "
                        + "\(lan.tables[number]?.count ?? -1) told"
                )
            }
            if lan.speaker.pendingCount(of: neighbor) != 0 { faults.append("\(number): pending") }
            if export.backlog != nil { faults.append("\(number): backlog") }
            if !export.refreshDue.isEmpty || !export.resend.isEmpty {
                faults.append("\(number): refresh")
            }
        }
        if !lan.speaker.moves.isEmpty || lan.speaker.regroupDue != nil {
            faults.append("moves")
        }
        var keys = Set(members.compactMap { model.wishes[$0] })
        keys.remove(.limited)
        let limited = members.filter { model.wishes[$0] == .limited }.count
        if lan.speaker.groups.count != keys.count + limited {
            faults.append("\(lan.speaker.groups.map(\.members.count)) groups for \(model.wishes)")
        }
        let hasDefault = members.contains {
            model.wishes[$0] == .defaultRoute || model.wishes[$0] == .weighedDefaultRoute
        }
        let routes = Set(model.routes.values.flatMap(\.keys)).count + (hasDefault ? 1 : 0)
        let rows = lan.speaker.routing.ipv4.prefixes.count
        if rows != routes { faults.append("\(rows) rows of \(routes)") }
        try #require(
            faults.isEmpty,
            "\(steps.joined(separator: "\n"))\n\(faults.joined(separator: "\n"))"
        )
    }
}

extension LAN {
    fileprivate func count(_ name: String) -> UInt64? {
        guard case .memory(let items) = speaker.answer(MemoryRequest().question) else { return nil }
        return items.filter { $0.name == name }.map(\.count).reduce(0, +)
    }
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
