import Addressing
import Attributes
import Routing
import Testing

struct AdjRIBOutTests {
    @Test func `a member is never sent its own path, and is told when that changes`() {
        let store = AttributeStore()
        let bytes = (TestSet().bytes, TestSet(med: 1).bytes)
        let (first, second) = (store.intern(bytes.0.span), store.intern(bytes.1.span))
        let out = AdjRIBOut()
        let prefix = PrefixID(row: 9000)
        let (one, two, three) = (NeighborID(1), NeighborID(2), NeighborID(3))

        let announced = out.replace(prefix, with: first, source: one, in: store)
        #expect([one, two].map(announced.action) == [.nothing, .announce])
        #expect(announced.actionForOthers == .announce)

        let moved = out.replace(prefix, with: first, source: two, in: store)
        #expect([one, two, three].map(moved.action) == [.announce, .withdraw, .nothing])

        let changed = out.replace(prefix, with: second, source: two, in: store)
        #expect([one, two, three].map(changed.action) == [.announce, .nothing, .announce])
        #expect(store.referenceCount(first) == 1 && store.referenceCount(second) == 2)
        #expect(out.entry(prefix) == AdjRIBOutEntry(attributes: second, source: two))

        let same = out.replace(prefix, with: second, source: two, in: store)
        #expect([one, two, three].map(same.action) == [.nothing, .nothing, .nothing])

        let gone = out.replace(prefix, with: .none, source: .local, in: store)
        #expect([one, two, three].map(gone.action) == [.withdraw, .nothing, .withdraw])
        #expect(out.count == 0 && store.referenceCount(second) == 1)
        let nothing = out.replace(prefix, with: .none, source: .local, in: store)
        #expect(nothing == AdjRIBOutChange())
    }

    @Test func `entries are visited in order and cleared in slices`() {
        let store = AttributeStore()
        let bytes = TestSet().bytes
        let id = store.intern(bytes.span)
        let out = AdjRIBOut()
        let rows: [UInt32] = [3, 4095, 4096, 50_000]
        for row in rows.reversed() {
            _ = out.replace(PrefixID(row: row), with: id, source: NeighborID(1), in: store)
        }
        var seen: [UInt32] = []
        var cursor: UInt32 = 0
        while let prefix = out.next(from: &cursor) { seen.append(prefix.row) }
        #expect(seen == rows && out.count == 4)
        let isMoreLeft = [out.clear(units: 3, in: store), out.clear(units: 3, in: store)]
        #expect(isMoreLeft == [true, false])
        #expect(store.referenceCount(id) == 1)
    }
}
