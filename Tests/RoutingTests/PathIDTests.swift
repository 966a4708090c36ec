import Addressing
import Attributes
import Routing
import Testing

/// Several paths of a neighbor to one prefix (RFC 7911), beside a dictionary.
struct PathIDTests {
    /// A path's key.
    fileprivate struct Key: Hashable, Comparable {
        var neighbor: Int
        var pathID: UInt32

        static func < (left: Key, right: Key) -> Bool {
            (left.neighbor, left.pathID) < (right.neighbor, right.pathID)
        }
    }

    private struct Route: Equatable {
        var set: TestSet
        var flags: PathFlags
        var isStale = false

        func candidate(_ key: Key) -> Candidate {
            var candidate = set.candidate(facts(key.neighbor), time: 0)
            candidate.pathID = key.pathID
            return candidate
        }
    }

    private static func set(_ dice: inout Dice) -> TestSet {
        TestSet(
            localPreference: UInt32(100 + dice.roll(2)),
            path: (0...dice.roll(2)).map { _ in UInt32(65001 + dice.roll(3)) },
            med: UInt32(dice.roll(3))
        )
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `any sequence of changes leaves the paths that a dictionary has, and nothing in the end`(
        seed: UInt64
    ) {
        var dice = Dice(state: seed)
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...4 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        let plain = tables.addListener()
        let follower = tables.addListener(for: NeighborID(1), followsPaths: true)
        var model: [IPPrefix: [Key: Route]] = [:]
        var told: [IPPrefix: [Key: AttributesID]] = [:]
        let pool = (0..<12).map { IPPrefix(ipv4: UInt32($0) << 24, length: 8) }
        for step in 0..<5000 {
            let prefix = pool[dice.roll(pool.count)]
            // Neighbor 4 sends no identifiers.
            let neighbor = 1 + dice.roll(4)
            let key = Key(neighbor: neighbor, pathID: neighbor == 4 ? 0 : UInt32(dice.roll(4)))
            let id = NeighborID(UInt16(neighbor))
            switch dice.roll(100) {
            case 0..<50:
                let route = Route(set: Self.set(&dice), flags: dice.roll(6) == 0 ? .filtered : [])
                tables.announce(prefix, key.neighbor, route.set, key.pathID, route.flags)
                model[prefix, default: [:]][key] = route
            case 50..<85:
                let had = model[prefix]?.removeValue(forKey: key) != nil
                let change = tables.withdraw(prefix, from: id, pathID: key.pathID)
                if had { #expect(change.kind == .removed) }
            case 85, 86:
                tables.removeAll(from: id, .ipv4)
                for prefix in pool {
                    model[prefix] = model[prefix]?.filter { $0.key.neighbor != neighbor }
                }
            case 87:
                tables.removeStale(from: id, .ipv4)
                for prefix in pool {
                    model[prefix] = model[prefix]?.filter {
                        $0.key.neighbor != neighbor || !$0.value.isStale
                    }
                }
                if dice.roll(3) == 0 { break }
                tables.markStale(from: id, .ipv4)
                for (prefix, routes) in model {
                    for key in routes.keys where key.neighbor == neighbor {
                        model[prefix]?[key]?.isStale = true
                    }
                }
            case 88..<92:
                let flags: PathFlags = dice.roll(2) == 0 ? .filtered : []
                if let route = model[prefix]?[key], let found = tables.ipv4.find(prefix) {
                    tables.refilter(found, id, key.pathID, route.set, flags)
                    model[prefix]?[key]?.flags = flags
                }
            case 92, 93:
                tables.drain(follower, into: &told)
            default:
                _ = tables.work(units: 3)
            }
            if step % 250 == 249 {
                tables.finishWork(units: 5)
                tables.drain(follower, into: &told)
                check(tables, model, told, pool)
            }
        }
        for prefix in pool {
            for key in (model[prefix] ?? [:]).keys.sorted() {
                tables.withdraw(prefix, from: NeighborID(UInt16(key.neighbor)), pathID: key.pathID)
            }
        }
        while tables.takeChange(.ipv4, for: plain) != nil {}
        tables.drain(follower, into: &told)
        tables.finishWork()
        #expect(told.values.allSatisfy { $0.isEmpty })
        #expect(tables.ipv4.endRow == 0 && tables.ipv4.pathCount == 0)
        #expect(tables.attributes.count == 0 && tables.attributes.totalReferences == 0)
        #expect(tables.memory.first { $0.name == "paths" }?.byteCount == 0)
    }

    private func check(
        _ tables: RoutingTables,
        _ model: [IPPrefix: [Key: Route]],
        _ told: [IPPrefix: [Key: AttributesID]],
        _ pool: [IPPrefix]
    ) {
        let rules = tables.rules
        for prefix in pool {
            let routes = (model[prefix] ?? [:]).sorted { $0.key < $1.key }
            let eligible = routes.filter { $0.value.flags.isEmpty }
            guard let id = tables.ipv4.find(prefix) else {
                #expect(routes.isEmpty)
                #expect(told[prefix]?.isEmpty ?? true)
                continue
            }
            var present: [Key] = []
            tables.ipv4.forEachPath(id) {
                present.append(Key(neighbor: Int($0.neighbor.number), pathID: $0.pathID))
            }
            #expect(present.sorted() == routes.map(\.key))
            // The ranking takes the best out, again and again.
            var rest = eligible
            var ranked: [Key] = []
            while !rest.isEmpty {
                let winner = rest.remove(
                    at: rules.best(of: rest.map { $0.value.candidate($0.key) })
                )
                ranked.append(winner.key)
            }
            let ranking = tables.ranking(id, .ipv4).prefix(eligible.count).map {
                Key(neighbor: Int($0.path.neighbor.number), pathID: $0.path.pathID)
            }
            #expect(ranking == ranked)
            let best = tables.ipv4.best(id)
            #expect(
                best.map { Key(neighbor: Int($0.neighbor.number), pathID: $0.pathID) }
                    == ranked.first
            )
            #expect((told[prefix] ?? [:]).keys.sorted() == eligible.map(\.key))
            for (key, route) in eligible {
                let number = NeighborID(UInt16(key.neighbor))
                let before = key.pathID == 0 ? nil : key.pathID - 1
                let path = tables.ipv4.path(id, from: number, after: before)
                #expect(path?.pathID == key.pathID)
                #expect(path?.flags.contains(.stale) == route.isStale)
                #expect(told[prefix]?[key] == path?.effective)
                #expect(path.map { tables.attributes.bytes($0.effective) } == route.set.bytes)
            }
        }
        for number in 1...4 {
            let counts = tables.ipv4.counts(of: NeighborID(UInt16(number)))
            let routes = model.values.flatMap { $0 }.filter { $0.key.neighbor == number }
            #expect(Int(counts.received) == routes.count)
            #expect(Int(counts.stale) == routes.filter { $0.value.isStale }.count)
            #expect(Int(counts.fresh) == routes.filter { !$0.value.isStale }.count)
            #expect(Int(counts.accepted) == routes.filter { $0.value.flags.isEmpty }.count)
        }
    }

    @Test func `a neighbor has at most 255 paths of a prefix`() {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        tables.setNeighbor(NeighborID(1), facts(1))
        let prefix = ipv4("192.0.2.0/24")
        let kinds = (0..<300).map {
            tables.announce(prefix, 1, TestSet(), UInt32($0)).kind
        }
        #expect(kinds.prefix(RouteTable.pathLimit).allSatisfy { $0 == .added })
        #expect(kinds.dropFirst(RouteTable.pathLimit).allSatisfy { $0 == .beyondLimit })
        #expect(tables.ipv4.pathCount == RouteTable.pathLimit)
        #expect(tables.announce(prefix, 1, TestSet(med: 1), 7).kind == .replaced)
        tables.withdraw(prefix, from: NeighborID(1), pathID: 8)
        #expect(tables.announce(prefix, 1, TestSet(), 999).kind == .added)
    }

    @Test func `of equal paths of one neighbor the lower identifier is the best`() throws {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        tables.setNeighbor(NeighborID(1), facts(1))
        let prefix = ipv4("192.0.2.0/24")
        for pathID in [7, 3, 5] as [UInt32] { tables.announce(prefix, 1, TestSet(), pathID) }
        let found = tables.ipv4.find(prefix)
        let ranking = tables.ranking(try #require(found), .ipv4)
        #expect(ranking.map(\.path.pathID) == [3, 5, 7])
        guard case .lost(let loss) = ranking.last?.verdict else {
            return #expect(Bool(false), "the last path did not lose")
        }
        #expect(loss.step == .pathID && loss.winner == NeighborID(1))
        #expect(loss.own.pathID == 7 && loss.other.pathID == 3)
    }
}

extension RoutingTables {
    /// Announces a path with its identifier.
    @discardableResult
    fileprivate func announce(
        _ prefix: IPPrefix,
        _ neighbor: Int,
        _ set: TestSet,
        _ pathID: UInt32,
        _ flags: PathFlags = []
    ) -> RouteChange {
        let bytes = set.bytes
        let id = attributes.intern(bytes.span)
        resolveNews()
        let change = announce(
            prefix,
            from: NeighborID(UInt16(neighbor)),
            pathID: pathID,
            received: id,
            effective: flags.contains(.filtered) ? .none : id,
            flags: flags,
            now: 0
        )
        attributes.release(id)
        return change
    }

    fileprivate func refilter(
        _ prefix: PrefixID,
        _ neighbor: NeighborID,
        _ pathID: UInt32,
        _ set: TestSet,
        _ flags: PathFlags
    ) {
        let bytes = set.bytes
        let id = attributes.intern(bytes.span)
        refilter(
            prefix,
            .ipv4,
            from: neighbor,
            pathID: pathID,
            effective: flags.contains(.filtered) ? .none : id,
            flags: flags
        )
        attributes.release(id)
    }

    /// Takes what a follower is told: every path that takes part, of every prefix that has changed.
    fileprivate func drain(
        _ follower: ListenerID,
        into told: inout [IPPrefix: [PathIDTests.Key: AttributesID]]
    ) {
        while let id = takeChange(.ipv4, for: follower) {
            var paths: [PathIDTests.Key: AttributesID] = [:]
            ipv4.forEachPath(id) { path in
                guard path.flags.isDisjoint(with: .ineligible) else { return }
                let key = PathIDTests.Key(
                    neighbor: Int(path.neighbor.number),
                    pathID: path.pathID
                )
                paths[key] = path.effective
            }
            told[ipv4.prefix(id)] = paths
        }
    }
}
