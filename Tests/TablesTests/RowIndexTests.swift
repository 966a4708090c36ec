import Tables
import Testing

struct RowIndexTests {
    let keys = HashKeys(seed: 1)

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `an index agrees with a dictionary through any inserts and removals`(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var rows = RowStore<UInt64>()
        var index = RowIndex()
        var model: [UInt64: UInt32] = [:]
        // A poor hash on purpose: long runs of colliding slots are where removal goes wrong.
        func hash(_ key: UInt64) -> UInt64 { key / 3 }
        for _ in 0..<20_000 {
            let key = next(500)
            if let row = model[key] {
                #expect(index.find(hash: hash(key)) { rows[$0] == key } == row)
                let isRemoved = index.remove(row, hash: hash(key))
                #expect(isRemoved)
                rows.free(row)
                model[key] = nil
            } else {
                #expect(index.find(hash: hash(key)) { rows[$0] == key } == nil)
                let row = rows.insert(key)
                index.insert(row, hash: hash(key)) { hash(rows[$0]) }
                model[key] = row
            }
            #expect(index.count == model.count && rows.count == model.count)
        }
        for (key, row) in model { #expect(index.find(hash: hash(key)) { rows[$0] == key } == row) }
    }

    @Test func `rows keep their number and content while the store grows past a segment`() {
        var rows = RowStore<UInt32>()
        for number in 0..<200_000 as Range<UInt32> { #expect(rows.insert(number &* 7) == number) }
        #expect((0..<200_000 as Range<UInt32>).allSatisfy { rows[$0] == $0 &* 7 })
    }

    @Test func `a store whose last row is freed begins again at 0 without its memory`() {
        var rows = RowStore<UInt64>()
        for number in 0..<70_000 as Range<UInt64> { _ = rows.insert(number) }
        for row in 0..<70_000 as Range<UInt32> { rows.free(row) }
        #expect(rows.count == 0 && rows.endRow == 0 && rows.byteCount == 0)
        #expect(rows.insert(1) == 0)
    }

    @Test func `an index of many shards finds every row and no other`() {
        var index = RowIndex()
        let count: UInt32 = 200_000
        for row in 0..<count {
            index.insert(row, hash: keys.hash(UInt64(row))) { keys.hash(UInt64($0)) }
        }
        #expect(index.count == Int(count))
        for row in 0..<count * 2 {
            let found = index.find(hash: keys.hash(UInt64(row))) { $0 == row }
            #expect(found == (row < count ? row : nil))
        }
        for row in 0..<count {
            let isRemoved = index.remove(row, hash: keys.hash(UInt64(row)))
            #expect(isRemoved)
        }
        #expect(index.count == 0)
    }

    @Test func `rows whose hashes are all the same are found all the same`() {
        var index = RowIndex()
        let count: UInt32 = 1000
        for row in 0..<count { index.insert(row, hash: 7, rehash: { _ in 7 }) }
        #expect((0..<count).allSatisfy { row in index.find(hash: 7) { $0 == row } == row })
        for row in 0..<count where row % 3 == 0 {
            let isRemoved = index.remove(row, hash: 7)
            #expect(isRemoved)
        }
        for row in 0..<count {
            let found = index.find(hash: 7) { $0 == row }
            #expect(found == (row % 3 == 0 ? nil : row))
        }
    }

    @Test func `a row that is not in the index is not taken out`() {
        var index = RowIndex()
        for row in 0..<1000 as Range<UInt32> {
            index.insert(row, hash: keys.hash(UInt64(row)), rehash: { keys.hash(UInt64($0)) })
        }
        let removals = [1000, 7, 7].map { index.remove($0, hash: keys.hash(UInt64($0))) }
        #expect(removals == [false, true, false])
        #expect(index.count == 999)
    }
}
