import Addressing
import Attributes
import BGPWire
import Testing

/// IGP, path 65001 65002 {65003 65004}, next hop 10.0.0.1, MED 50, LOCAL_PREF 200, NO_EXPORT.
let sample: [UInt8] = [
    0x40, 1, 1, 0,
    0x40, 2, 20, 2, 2, 0, 0, 0xFD, 0xE9, 0, 0, 0xFD, 0xEA, 1, 2, 0, 0, 0xFD, 0xEB, 0, 0, 0xFD, 0xEC,
    0x40, 3, 4, 10, 0, 0, 1,
    0x80, 4, 4, 0, 0, 0, 50,
    0x40, 5, 4, 0, 0, 0, 200,
    0xC0, 8, 4, 0xFF, 0xFF, 0xFF, 0x01,
]

extension AttributeStore {
    func add(_ bytes: [UInt8], marks: AttributeMarks = AttributeMarks()) -> AttributesID {
        intern(bytes.span, marks: marks)
    }
}

struct AttributeStoreTests {
    @Test func `equal bytes and marks are one set, counted`() {
        let store = AttributeStore()
        let first = store.add(sample)
        let second = store.add(sample)
        let marked = store.add(sample, marks: AttributeMarks(weight: 7))
        #expect(first == second)
        #expect(marked != first)
        #expect(store.referenceCount(first) == 2)
        #expect(store.bytes(first) == sample)
        #expect(store.count == 2)
        store.release(first, count: 2)
        store.release(marked)
        #expect(store.count == 0)
        #expect(store.totalReferences == 0)
    }

    @Test func `facts are what the bytes say`() {
        let store = AttributeStore()
        let facts = store.facts(store.add(sample, marks: AttributeMarks(weight: 7)))
        #expect(facts.localPreference == 200)
        #expect(facts.med == 50)
        #expect(facts.origin == 0)
        #expect(facts.pathLength == 3)
        #expect(facts.neighborAS == ASNumber(65001))
        #expect(facts.originAS == ASNumber(65002))
        #expect(facts.marks.weight == 7)
        #expect(store.nextHops.nextHop(facts.nextHop) == NextHop(IPAddress(ipv4: 0x0A00_0001)))
        #expect(
            facts.flags == [.hasLocalPreference, .hasMED, .noExport, .hasASSet, .endsInASSet]
        )
    }

    @Test func `an empty set has the defaults of the decision process`() {
        let store = AttributeStore()
        let none: [UInt8] = []
        let facts = store.facts(store.add(none))
        #expect(facts.localPreference == 100 && facts.med == 0 && facts.pathLength == 0)
        #expect(facts.neighborAS.value == 0 && facts.nextHop == .none && facts.flags == [])
    }

    @Test func `a next hop is news when it comes and when it goes, and only then`() {
        let store = AttributeStore()
        let id = store.add(sample)
        let nextHop = store.facts(id).nextHop
        #expect(
            store.nextHops.takeNews() == .appeared(nextHop, NextHop(IPAddress(ipv4: 0x0A00_0001)))
        )
        #expect(store.nextHops.takeNews() == nil)
        let marked = store.add(sample, marks: AttributeMarks(weight: 1))
        #expect(store.nextHops.hasNews == false)
        store.release(id)
        #expect(store.nextHops.hasNews == false)
        store.release(marked)
        #expect(store.nextHops.takeNews() == .vanished(nextHop))
        #expect(store.nextHops.takeNews() == nil && store.nextHops.count == 0)
    }

    @Test func `a set that was looked at ahead is the set that is interned`() {
        let store = AttributeStore()
        let hash = store.lookAhead(at: sample.span)
        #expect(store.count == 0)
        let id = store.intern(sample.span, hash: hash)
        #expect(store.add(sample) == id && store.referenceCount(id) == 2)
        #expect(store.intern(sample.span, hash: store.lookAhead(at: sample.span)) == id)
        #expect(store.hash(of: id) == hash)
        store.release(id, count: 3)
        #expect(store.count == 0 && store.totalReferences == 0)
    }

    @Test
    func `next hops that take turns keep their numbers, and one that is gone is not found again`() {
        let store = AttributeStore()
        var other = sample
        other[33] = 2
        let ids = [sample, other, sample, other].enumerated().map { number, bytes in
            store.add(bytes, marks: AttributeMarks(weight: UInt32(number)))
        }
        let hops = ids.map { store.facts($0).nextHop }
        #expect(hops[0] == hops[2] && hops[1] == hops[3] && hops[0] != hops[1])
        #expect(store.nextHops.nextHop(hops[1]) == NextHop(IPAddress(ipv4: 0x0A00_0002)))
        for id in ids { store.release(id) }
        while store.nextHops.takeNews() != nil {}
        #expect(store.nextHops.count == 0)
        let again = store.facts(store.add(other)).nextHop
        #expect(
            store.nextHops.takeNews() == .appeared(again, NextHop(IPAddress(ipv4: 0x0A00_0002)))
        )
        #expect(store.nextHops.count == 1)
    }

    @Test func `a next hop that goes and comes back before anybody looks is no news`() {
        let store = AttributeStore()
        let id = store.add(sample)
        _ = store.nextHops.takeNews()
        store.release(id)
        _ = store.add(sample)
        #expect(store.nextHops.takeNews() == nil)
        #expect(store.nextHops.count == 1)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `sets of any length keep their content while others come and go, and memory is reused`(
        seed: UInt64
    ) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let store = AttributeStore()
        var kept: [(id: AttributesID, bytes: [UInt8])] = []
        var peak = 0
        for round in 0..<20_000 {
            if kept.count < 500 && next(3) > 0 {
                let count = next(60)
                var bytes: [UInt8] = [0xC0, 99, UInt8(count)]
                for _ in 0..<count { bytes.append(UInt8(next(3))) }
                kept.append((store.add(bytes), bytes))
            } else if !kept.isEmpty {
                let (id, bytes) = kept.remove(at: next(kept.count))
                #expect(store.bytes(id) == bytes)
                store.release(id)
            }
            if round == 10_000 { peak = store.byteCount }
        }
        #expect(store.byteCount < peak * 2)
        #expect(kept.allSatisfy { store.bytes($0.id) == $0.bytes })
        for (id, _) in kept { store.release(id) }
        #expect(store.count == 0 && store.totalReferences == 0)
        #expect(store.byteCount < 1024)
    }

    @Test func `single fields are read in place`() {
        #expect(AttributeReading.pathContains(ASNumber(65004), in: sample.span) == true)
        #expect(AttributeReading.pathContains(ASNumber(65005), in: sample.span) == false)
        #expect(AttributeReading.occurrences(of: ASNumber(65001), in: sample.span) == 1)
        var communities: [UInt32] = []
        AttributeReading.forEachCommunity(in: sample.span) {
            communities.append($0)
            return true
        }
        #expect(communities == [0xFFFF_FF01])
        let reflected: [UInt8] = [0x80, 9, 4, 1, 2, 3, 4, 0x80, 10, 8, 0, 0, 0, 5, 0, 0, 0, 6]
        #expect(AttributeReading.originatorID(in: reflected.span) == 0x0102_0304)
        #expect(AttributeReading.clusterListContains(6, in: reflected.span) == true)
        #expect(AttributeReading.clusterListContains(7, in: reflected.span) == false)
    }
}
