import Tables
import Testing

struct BitSetsTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `sets agree with the standard library's through any changes`(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var sets = BitSets()
        var model: [Set<UInt32>] = [[], [], []]
        for _ in 0..<20_000 {
            let set = Int(next(3))
            let row = UInt32(next(40) * 397 + next(4))
            switch next(5) {
            case 0, 1:
                #expect(sets.insert(row, in: set) == model[set].insert(row).inserted)
            case 2:
                let first = row & ~63
                let bits = next(1 << 31) << 33 | next(1 << 31) & next(1 << 31)
                let added = sets.insert(bits, at: first, in: set)
                for place in 0..<64 as Range<UInt32> where bits >> UInt64(place) & 1 == 1 {
                    let isNew = model[set].insert(first + place).inserted
                    #expect((added >> UInt64(place) & 1 == 1) == isNew)
                }
                #expect(added & ~bits == 0)
            default:
                #expect(sets.remove(row, in: set) == (model[set].remove(row) != nil))
            }
            #expect(sets.count(of: set) == model[set].count)
        }
        for set in 0..<3 {
            var members: [UInt32] = []
            var cursor: UInt32 = 0
            while let row = sets.next(from: cursor, in: set) {
                members.append(row)
                cursor = row + 1
            }
            #expect(members == model[set].sorted())
            #expect(members.allSatisfy { sets.contains($0, in: set) })
        }
        var united = BitSets()
        united.insert(5, in: 7)
        sets.unite(0, into: 7, of: &united)
        #expect(united.count(of: 7) == model[0].union([5]).count)
        for set in 0..<2 {
            // Round and round from somewhere in the middle, as listeners do.
            let start = UInt32(next(20_000))
            var taken: [UInt32] = []
            while let row = sets.takeNext(from: start, in: set) ?? sets.takeNext(from: 0, in: set) {
                taken.append(row)
            }
            let sorted = model[set].sorted()
            #expect(taken == sorted.filter { $0 >= start } + sorted.filter { $0 < start })
            #expect(sets.count(of: set) == 0 && sets.takeNext(from: 0, in: set) == nil)
        }
        for set in 0..<3 { sets.removeAll(in: set) }
        #expect(sets.next(from: 0, in: 0) == nil && sets.count(of: 1) == 0)
    }
}
