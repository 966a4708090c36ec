import Addressing
import Control
import Testing

/// What comes and goes leaves nothing behind.
struct MemoryTests {
    /// What the speaker says that its tables hold: entries, bytes and references by name.
    private static func report(_ router: DrivenRouter) throws -> [MemoryItem] {
        try #require(router.ask(MemoryRequest())).filter { $0.name != "kernel" }
    }

    /// UPDATEs of that many prefixes, ten with the same attributes.
    private static func table(_ count: UInt32, of neighbor: PlainNeighbor) -> [UInt8] {
        stride(from: 0, to: count, by: 10).flatMap { first in
            var update = PlainUpdate()
            update.announced = (first..<min(first + 10, count)).map { number in
                PlainNLRI(IPPrefix(ipv4: 0x1400_0000 + number << 8, length: 24))
            }
            update.attributes.path = PlainASPath([neighbor.autonomousSystem, 100_000 + first])
            update.attributes.nextHop = neighbor.address
            return update.encoded(fourOctetAS: neighbor.fourOctetAS)
        }
    }

    @Test func `a table that comes and goes ten times takes what it took at first`() throws {
        let neighbors = Array(RandomNeighbors.plain.prefix(2))
        var policy = PlainPolicy()
        policy.rules = [
            PlainRule(verdict: .allow, direction: .from, peers: .any),
            PlainRule(verdict: .allow, direction: .to, peers: .any),
        ]
        let router = try DrivenRouter(neighbors, policy)
        router.settle()
        router.connect(1)
        router.settle()
        let empty = try Self.report(router)
        let table = Self.table(500, of: neighbors[0])
        var full: [MemoryItem] = []
        var drained: [MemoryItem] = []
        for cycle in 1...10 {
            router.wait()
            router.connect(0)
            router.deliver(table, from: 0)
            router.settle()
            #expect(router.sides[1].table.count == 500)
            let present = try Self.report(router)
            if cycle > 2 { #expect(present == full, "cycle \(cycle)") }
            full = present
            router.disconnect(0)
            router.settle()
            #expect(router.sides[1].table.isEmpty)
            let left = try Self.report(router)
            if cycle > 2 { #expect(left == drained, "cycle \(cycle)") }
            drained = left
        }
        #expect(drained.map(\.count) == empty.map(\.count))
        #expect(drained.map(\.references) == empty.map(\.references))
        #expect(router.faults == [])
    }

    @Test(arguments: [101, 102, 103, 104] as [UInt64])
    func `whatever has happened, nothing is left of it once all is over`(seed: UInt64) throws {
        var changes = try RandomChanges(seed: seed)
        let router = changes.router
        for _ in 1...100 { try changes.step() }
        try changes.end()
        // Next hops that are out of use are given up with the next announcement.
        let left = try Self.report(router).filter { $0.name != "nexthops" }
        #expect(left.allSatisfy { $0.count == 0 && $0.references == 0 }, "\(left)")
        #expect(router.kernel.isEmpty)
        #expect(router.faults == [])
    }
}
