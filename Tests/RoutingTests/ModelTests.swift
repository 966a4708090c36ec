import Addressing
import Attributes
import Routing
import Testing

/// The tables beside a dictionary that does the same the slow way.
private struct Model {
    struct Route {
        var set: TestSet
        var flags: PathFlags
        var time: UInt32
    }

    var rules: DecisionRules
    var routes: [IPPrefix: [Int: Route]] = [:]
    var unreachable: Set<UInt32> = []

    func best(_ prefix: IPPrefix) -> (neighbor: Int, route: Route)? {
        let eligible = (routes[prefix] ?? [:]).sorted { $0.key < $1.key }.filter {
            $0.value.flags.isDisjoint(with: .ineligible)
                && !unreachable.contains($0.value.set.nextHop)
        }
        if eligible.isEmpty { return nil }
        let candidates = eligible.map { $0.value.set.candidate(facts($0.key), time: $0.value.time) }
        let winner = eligible[rules.best(of: candidates)]
        return (winner.key, winner.value)
    }
}

struct ModelTests {
    private static func prefixes(_ dice: inout Dice) -> [IPPrefix] {
        (0..<60).map { _ in
            IPPrefix(ipv4: UInt32(dice.roll(1 << 30)) << 2, length: UInt8(8 + dice.roll(25)))
        }
            + (0..<30).map { _ in
                let high = 0x2001_0DB8_0000_0000 | UInt64(dice.roll(1 << 20)) << 8
                return IPPrefix(
                    IPAddress(ipv6High: high, low: UInt64(dice.roll(4)) << 62),
                    length: UInt8(32 + dice.roll(90))
                )
            }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `any sequence of changes leaves what a dictionary says, and nothing in the end`(
        seed: UInt64
    ) {
        var dice = Dice(state: seed)
        var rules = DecisionRules(ownAS: ASNumber(65000))
        rules.comparesMEDAlways = seed % 3 == 0
        rules.evaluatesAge = seed % 2 == 0
        let tables = RoutingTables(rules: rules)
        var model = Model(rules: rules)
        for number in 1...6 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        let listener = tables.addListener()
        var outs: [AddressFamily: [IPPrefix: AttributesID]] = [.ipv4: [:], .ipv6: [:]]
        let pool = Self.prefixes(&dice)
        for step in 0..<6000 {
            let prefix = pool[dice.roll(pool.count)]
            let neighbor = 1 + dice.roll(6)
            switch dice.roll(100) {
            case 0..<55:
                let set = TestSet(
                    localPreference: UInt32(100 + dice.roll(2)),
                    path: (0...dice.roll(2)).map { _ in UInt32(65001 + dice.roll(3)) },
                    origin: UInt8(dice.roll(2)),
                    med: UInt32(dice.roll(3)),
                    nextHop: UInt32(dice.roll(3))
                )
                let flags: PathFlags = dice.roll(5) == 0 ? .filtered : []
                let old = model.routes[prefix]?[neighbor]
                tables.announce(prefix, neighbor, set, flags: flags, now: UInt32(step))
                tables.applyUnreachable(model.unreachable)
                let isSame = old?.set == set && old?.flags == flags
                if !isSame {
                    model.routes[prefix, default: [:]][neighbor] =
                        Model.Route(set: set, flags: flags, time: UInt32(step))
                }
            case 55..<88:
                let hadRoute = model.routes[prefix]?[neighbor] != nil
                let change = tables.withdraw(prefix, from: NeighborID(UInt16(neighbor)))
                // A route that waits for removal is still there to be withdrawn.
                if hadRoute { #expect(change.kind == .removed) }
                model.routes[prefix]?[neighbor] = nil
            case 88:
                for family in AddressFamily.allCases {
                    tables.removeAll(from: NeighborID(UInt16(neighbor)), family)
                }
                for prefix in pool { model.routes[prefix]?[neighbor] = nil }
            case 89, 90:
                let nextHop = UInt32(dice.roll(3))
                if model.unreachable.remove(nextHop) == nil { model.unreachable.insert(nextHop) }
                tables.setReachable(nextHop, !model.unreachable.contains(nextHop))
            case 91, 92:
                _ = tables.page(.ipv4, of: .all, from: .first, limit: 5)
            case 93:
                tables.dropOrder()
            default:
                _ = tables.work(units: 7)
            }
            if step % 200 == 199 {
                tables.finishWork(units: 3)
                tables.drain(listener, into: &outs)
                tables.finishWork(units: 3)
                check(tables, model, pool, outs)
            }
        }
        for prefix in pool {
            for neighbor in 1...6 { tables.withdraw(prefix, from: NeighborID(UInt16(neighbor))) }
        }
        tables.drain(listener, into: &outs)
        tables.dropOrder()
        tables.finishWork()
        #expect(tables.ipv4.endRow == 0 && tables.ipv6.endRow == 0)
        #expect(tables.ipv4.pathCount == 0 && tables.ipv6.pathCount == 0)
        #expect(tables.attributes.count == 0 && tables.attributes.totalReferences == 0)
        #expect(outs[.ipv4]?.isEmpty == true && outs[.ipv6]?.isEmpty == true)
    }

    private func check(
        _ tables: RoutingTables,
        _ model: Model,
        _ pool: [IPPrefix],
        _ outs: [AddressFamily: [IPPrefix: AttributesID]]
    ) {
        var counts = [NeighborCounts](repeating: NeighborCounts(), count: 7)
        var prefixCount = 0
        for prefix in Set(pool) {
            let routes = model.routes[prefix] ?? [:]
            if !routes.isEmpty { prefixCount += 1 }
            let best = model.best(prefix)
            for (neighbor, route) in routes {
                counts[neighbor].received += 1
                if route.flags.isEmpty { counts[neighbor].accepted += 1 }
            }
            if let best { counts[best.neighbor].best += 1 }
            let found = tables.look(prefix)
            #expect(found.neighbors.sorted() == routes.keys.sorted())
            #expect(found.best.map { Int($0.neighbor.number) } == best?.neighbor, "\(prefix)")
            if let path = found.best, let best {
                #expect(tables.attributes.bytes(path.effective) == best.route.set.bytes)
                #expect(path.lastUpdate == best.route.time)
            }
            #expect(outs[prefix.family]?[prefix] == found.best?.effective)
        }
        #expect(tables.ipv4.prefixCount + tables.ipv6.prefixCount == prefixCount)
        for number in 1...6 {
            let (four, six) = (
                tables.ipv4.counts(of: NeighborID(UInt16(number))),
                tables.ipv6.counts(of: NeighborID(UInt16(number)))
            )
            #expect(four.received + six.received == counts[number].received)
            #expect(four.accepted + six.accepted == counts[number].accepted)
            #expect(four.best + six.best == counts[number].best)
        }
    }
}

extension RoutingTables {
    /// The neighbors with a path and the best path, of either family.
    fileprivate func look(_ prefix: IPPrefix) -> (neighbors: [Int], best: PathView?) {
        var neighbors: [Int] = []
        var best: PathView?
        func visit(_ path: PathView) {
            neighbors.append(Int(path.neighbor.number))
            if path.isBest { best = path }
        }
        switch prefix.family {
        case .ipv4: if let id = ipv4.find(prefix) { ipv4.forEachPath(id, visit) }
        case .ipv6: if let id = ipv6.find(prefix) { ipv6.forEachPath(id, visit) }
        }
        return (neighbors, best)
    }

    fileprivate func setReachable(_ address: UInt32, _ isReachable: Bool) {
        var found: NextHopID?
        attributes.nextHops.forEach { id, nextHop, _ in
            if nextHop.address == IPAddress(ipv4: address) { found = id }
        }
        guard let found else { return }
        let gateway = IPAddress(ipv4: address)
        setNextHop(found, NextHopState(isReachable: isReachable, gateway: gateway))
    }

    /// A next hop that came anew was resolved as reachable: put right what the test took down.
    fileprivate func applyUnreachable(_ unreachable: Set<UInt32>) {
        for address in unreachable.sorted() { setReachable(address, false) }
    }

    fileprivate func drain(
        _ listener: ListenerID,
        into outs: inout [AddressFamily: [IPPrefix: AttributesID]]
    ) {
        while let id = takeChange(.ipv4, for: listener) {
            outs[.ipv4]?[ipv4.prefix(id)] = ipv4.best(id)?.effective
        }
        while let id = takeChange(.ipv6, for: listener) {
            outs[.ipv6]?[ipv6.prefix(id)] = ipv6.best(id)?.effective
        }
    }
}
