import Addressing
import Attributes
import Routing
import Tables
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

    @Test func `every entry keeps its own source, in whatever order they come`() {
        let store = AttributeStore()
        let bytes = TestSet().bytes
        let id = store.intern(bytes.span)
        let out = AdjRIBOut()
        var random = SplitMix64(seed: 7)
        var expected: [UInt32: UInt16] = [:]
        let empty = out.byteCount
        for step in 0..<20_000 {
            let row = UInt32(random.next() % 9000)
            // At first a page has one neighbor's alone.
            let source = UInt16(step < 2000 ? row / 4096 : UInt32(random.next() % 3))
            let isGone = random.next() % 4 == 0
            if step % 1999 == 1998 { expectWords(of: out, expected) }
            expected[row] = isGone ? nil : source
            _ = out.replace(
                PrefixID(row: row),
                with: isGone ? .none : id,
                source: NeighborID(isGone ? 0 : source),
                in: store
            )
        }
        for row in 0..<9000 as Range<UInt32> {
            #expect(out.entry(PrefixID(row: row))?.source.number == expected[row])
        }
        for source in 0..<3 as Range<UInt16> {
            let count = expected.values.count { $0 == source }
            #expect(out.count(from: NeighborID(source)) == count)
        }
        while out.clear(units: 1000, in: store) {}
        #expect(out.count == 0 && out.byteCount <= empty + 64 && store.referenceCount(id) == 1)
    }

    /// All words together name what did not come from the neighbor, and each row once.
    private func expectWords(of out: AdjRIBOut, _ expected: [UInt32: UInt16]) {
        for source in 0..<3 as Range<UInt16> {
            var rows: [UInt32] = []
            out.forEachWord(except: NeighborID(source)) { row, bits in
                for place in 0..<64 as Range<UInt32> where bits >> UInt64(place) & 1 == 1 {
                    rows.append(row + place)
                }
            }
            #expect(rows == expected.filter { $0.value != source }.keys.sorted())
        }
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
