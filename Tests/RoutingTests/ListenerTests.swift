import Addressing
import Attributes
import Routing
import Testing

struct ListenerTests {
    private func tables() -> RoutingTables {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...3 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        return tables
    }

    @Test func `a prefix that changes twice is told once, in its newest state`() throws {
        let tables = tables()
        let listener = tables.addListener()
        let (first, second) = (ipv4("10.0.0.0/8"), ipv4("10.1.0.0/16"))
        tables.announce(first, 1, TestSet())
        tables.announce(second, 1, TestSet())
        tables.announce(first, 1, TestSet(med: 5))
        #expect(tables.changeCount(.ipv4, for: listener) == 2)
        let found = tables.takeChange(.ipv4, for: listener)
        let id = try #require(found)
        #expect(tables.ipv4.prefix(id) == first)
        let bestPath = tables.ipv4.best(id)
        let best = try #require(bestPath)
        #expect(tables.attributes.facts(best.effective).med == 5)
        #expect(tables.takeChange(.ipv4, for: listener) == tables.ipv4.find(second))
        #expect(tables.takeChange(.ipv4, for: listener) == nil)
    }

    @Test
    func
        `who speaks to one neighbor is told where that neighbor's path comes or goes, not of its own`()
    {
        let tables = tables()
        let listener = tables.addListener(for: NeighborID(1))
        let everyone = tables.addListener()
        let prefix = ipv4("10.0.0.0/8")
        func told() -> [Bool] {
            [listener, everyone].map { tables.takeChange(.ipv4, for: $0) != nil }
        }
        tables.announce(prefix, 1, TestSet())
        #expect(told() == [false, true])
        tables.announce(prefix, 1, TestSet(med: 7))
        #expect(told() == [false, true])
        tables.announce(prefix, 2, TestSet(localPreference: 200))
        #expect(told() == [true, true])
        tables.announce(prefix, 2, TestSet(localPreference: 50))
        #expect(told() == [true, true])
        tables.withdraw(prefix, from: NeighborID(1))
        #expect(told() == [true, true])
        tables.withdraw(prefix, from: NeighborID(2))
        #expect(told() == [true, true])
        tables.announce(prefix, 1, TestSet())
        #expect(told() == [false, true])
        tables.withdraw(prefix, from: NeighborID(1))
        #expect(told() == [false, true])
        #expect(tables.ipv4.bestChanges == 8)
    }

    @Test func `who follows all paths is told of none in a pause, and of what is there at its end`()
    {
        let tables = tables()
        let listener = tables.addListener(followsPaths: true)
        tables.setPaused(listener, true)
        let prefix = ipv4("10.0.0.0/8")
        tables.announce(prefix, 1, TestSet())
        tables.announce(prefix, 2, TestSet(localPreference: 50))
        #expect(tables.changeCount(.ipv4, for: listener) == 0)
        tables.setPaused(listener, false)
        #expect(tables.takeChange(.ipv4, for: listener) == tables.ipv4.find(prefix))
        tables.withdraw(prefix, from: NeighborID(2))
        #expect(tables.changeCount(.ipv4, for: listener) == 1)
    }

    @Test func `a listener that comes late is told what is there`() {
        let tables = tables()
        tables.announce(ipv4("10.0.0.0/8"), 1, TestSet())
        tables.announce(ipv4("11.0.0.0/8"), 1, TestSet(), flags: .filtered)
        let listener = tables.addListener()
        #expect(tables.takeChange(.ipv4, for: listener) == tables.ipv4.find(ipv4("10.0.0.0/8")))
        #expect(tables.takeChange(.ipv4, for: listener) == nil)
    }

    @Test
    func `the same route again is no change, a worse one of another neighbor changes no best`() {
        let tables = tables()
        let prefix = ipv4("10.0.0.0/8")
        #expect(
            tables.announce(prefix, 1, TestSet()) == RouteChange(kind: .added, bestChanged: true)
        )
        #expect(
            tables.announce(prefix, 1, TestSet()) == RouteChange(kind: .nothing, bestChanged: false)
        )
        #expect(
            tables.announce(prefix, 2, TestSet(path: [1, 2]))
                == RouteChange(kind: .added, bestChanged: false)
        )
        #expect(
            tables.withdraw(prefix, from: NeighborID(3))
                == RouteChange(kind: .nothing, bestChanged: false)
        )
    }

    @Test func `routes of a new session stay while those of the old one are removed`() {
        let tables = tables()
        let prefixes = (0..<100).map { IPPrefix(ipv4: UInt32($0) << 16, length: 16) }
        for prefix in prefixes { tables.announce(prefix, 1, TestSet()) }
        tables.removeAll(from: NeighborID(1), .ipv4)
        _ = tables.work(units: 10)
        for prefix in prefixes.suffix(30) { tables.announce(prefix, 1, TestSet()) }
        for _ in 0..<5 {
            tables.removeAll(from: NeighborID(1), .ipv4)
            for prefix in prefixes.suffix(20) { tables.announce(prefix, 1, TestSet()) }
        }
        tables.finishWork(units: 7)
        #expect(tables.ipv4.counts(of: NeighborID(1)).received == 20)
        #expect(tables.ipv4.prefixCount == 20)
        #expect(prefixes.suffix(20).allSatisfy { tables.ipv4.find($0) != nil })
    }

    @Test(arguments: [1, 63, 64, 65, 1000])
    func `rows of prefixes that went are given back but one that is held, whatever the slices`(
        units: Int
    ) throws {
        let tables = tables()
        let listener = tables.addListener()
        let prefixes = (0..<200).map { IPPrefix(ipv4: UInt32($0) << 16, length: 16) }
        for prefix in prefixes { tables.announce(prefix, 1, TestSet()) }
        let id = try #require(tables.ipv4.find(prefixes[100]))
        tables.hold(id, .ipv4, for: listener)
        tables.removeAll(from: NeighborID(1), .ipv4)
        tables.finishWork(units: units)
        while tables.takeChange(.ipv4, for: listener) != nil {}
        tables.finishWork(units: units)
        #expect(tables.ipv4.prefixCount == 0)
        // The held row is the only one left: another prefix does not get its number.
        #expect(tables.ipv4.endRow == 200)
        for prefix in prefixes.prefix(199) {
            tables.announce(prefix, 2, TestSet())
            #expect(try #require(tables.ipv4.find(prefix)) != id || prefix == prefixes[100])
        }
        #expect(tables.ipv4.endRow == 200)
        tables.removeAll(from: NeighborID(2), .ipv4)
        tables.release(id, .ipv4, for: listener)
        tables.finishWork(units: units)
        while tables.takeChange(.ipv4, for: listener) != nil {}
        tables.finishWork(units: units)
        #expect(tables.ipv4.endRow == 0)
    }

    @Test func `a next hop that changes touches the prefixes that use it and no other`() throws {
        let tables = tables()
        let (near, far) = (ipv4("10.0.0.0/8"), ipv4("11.0.0.0/8"))
        tables.announce(near, 1, TestSet(nextHop: 1))
        tables.announce(far, 1, TestSet(nextHop: 2))
        let listener = tables.addListener()
        while tables.takeChange(.ipv4, for: listener) != nil {}
        let found = tables.ipv4.find(near)
        let id = try #require(found)
        let bestPath = tables.ipv4.best(id)
        let best = try #require(bestPath)
        let nextHop = tables.attributes.facts(best.effective).nextHop
        let address = IPAddress(ipv4: 1)
        tables.setNextHop(nextHop, NextHopState(isReachable: true, gateway: address, interface: 3))
        tables.finishWork()
        #expect(tables.takeChange(.ipv4, for: listener) == id)
        #expect(tables.takeChange(.ipv4, for: listener) == nil)
        tables.setNextHop(nextHop, NextHopState(isReachable: false, gateway: address))
        tables.finishWork()
        #expect(tables.takeChange(.ipv4, for: listener) == id)
        #expect(tables.ipv4.best(id) == nil && tables.ipv4.bestCount == 1)
        #expect(tables.ranking(id, .ipv4).map(\.verdict) == [.unreachable])
    }

    @Test func `a route that policy refuses later stays, marked, and can come back`() throws {
        let tables = tables()
        let prefix = ipv4("10.0.0.0/8")
        tables.announce(prefix, 1, TestSet())
        let neighbor = NeighborID(1)
        var cursor: UInt32 = 0
        let found = tables.ipv4.nextRoute(of: neighbor, from: &cursor)
        let id = try #require(found)
        #expect(tables.ipv4.nextRoute(of: neighbor, from: &cursor) == nil)
        let present = tables.ipv4.path(id, from: neighbor)
        let path = try #require(present)
        var change = tables.refilter(id, .ipv4, from: neighbor, effective: .none, flags: .filtered)
        #expect(change == RouteChange(kind: .replaced, bestChanged: true))
        #expect(tables.ipv4.best(id) == nil)
        #expect(tables.ipv4.counts(of: neighbor).accepted == 0)
        change = tables.refilter(id, .ipv4, from: neighbor, effective: path.received, flags: [])
        #expect(change == RouteChange(kind: .replaced, bestChanged: true))
        #expect(tables.ipv4.best(id)?.effective == path.received)
        #expect(tables.attributes.referenceCount(path.received) == 2)
    }

    @Test func `changed knobs decide everything again`() throws {
        let tables = tables()
        let prefix = ipv4("10.0.0.0/8")
        tables.announce(prefix, 1, TestSet(path: [1], med: 5))
        tables.announce(prefix, 2, TestSet(path: [2], med: 9))
        let found = tables.ipv4.find(prefix)
        let id = try #require(found)
        #expect(tables.ipv4.best(id)?.neighbor == NeighborID(2))
        var rules = tables.rules
        rules.comparesMEDAlways = true
        tables.setRules(rules)
        tables.finishWork()
        #expect(tables.ipv4.best(id)?.neighbor == NeighborID(1))
    }

    @Test func `prefixes that come and go keep no row for a listener that looks at nothing`() {
        let tables = tables()
        let (idle, busy) = (tables.addListener(for: NeighborID(2)), tables.addListener())
        let rows = (1...20).map { UInt32($0) << 16 }
        var bytes: [Int] = []
        for round in 0..<50 as Range<UInt32> {
            let prefixes = rows.map { IPPrefix(ipv4: round << 24 | $0, length: 16) }
            for prefix in prefixes { tables.announce(prefix, 1, TestSet()) }
            while tables.takeChange(.ipv4, for: busy) != nil {}
            for prefix in prefixes { tables.withdraw(prefix, from: NeighborID(1)) }
            #expect(tables.changeCount(.ipv4, for: busy) == 20)
            while tables.takeChange(.ipv4, for: busy) != nil {}
            tables.finishWork()
            bytes += tables.memory.filter { $0.name == "prefixes" }.map(\.byteCount)
        }
        #expect(tables.changeCount(.ipv4, for: idle) == 0)
        #expect(Set(bytes).count == 1)
    }

    @Test func `a prefix that a listener has taken note of is told when it goes, once`() {
        let tables = tables()
        let listener = tables.addListener()
        let prefix = ipv4("10.0.0.0/8")
        tables.announce(prefix, 1, TestSet())
        let id = tables.takeChange(.ipv4, for: listener)
        #expect(id != nil)
        tables.withdraw(prefix, from: NeighborID(1))
        tables.announce(prefix, 1, TestSet(med: 5))
        tables.withdraw(prefix, from: NeighborID(1))
        tables.finishWork()
        #expect(tables.takeChange(.ipv4, for: listener) == id)
        tables.announce(prefix, 1, TestSet())
        tables.withdraw(prefix, from: NeighborID(1))
        #expect(tables.takeChange(.ipv4, for: listener) == nil)
    }

    @Test func `memory lines count what is there`() {
        let tables = tables()
        tables.announce(ipv4("10.0.0.0/8"), 1, TestSet())
        tables.announce(ipv4("10.0.0.0/8"), 2, TestSet())
        let lines = tables.memory
        #expect(lines.first { $0.name == "prefixes" }?.count == 1)
        #expect(lines.first { $0.name == "paths" }?.count == 2)
        #expect(lines.first { $0.name == "attributes" }?.references == 4)
    }
}
