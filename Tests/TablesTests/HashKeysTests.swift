import Tables
import Testing

/// Keys that somebody chose who knows how we hash, but not the secret.
struct HashKeysTests {
    static let seeds: [UInt64] = [0, 1, 2, 0x0123_4567_89AB_CDEF, .max]

    /// A hash without a secret can be inverted: it gives the low half that leads to one and the same value.
    private static func chosen(_ count: Int) -> [(high: UInt64, low: UInt64)] {
        (0..<UInt64(count)).map { number in
            let high = 0x2001_0DB8_0000_0000 | number
            var low = (high ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
            low ^= low >> 32
            low ^= 128 &* 0x9FB2_1C65_1E98_DF25 ^ 0x0123_4567
            return (high, low)
        }
    }

    /// The hash that these keys were chosen for.
    private static func unkeyed(_ high: UInt64, _ low: UInt64) -> UInt64 {
        var value = (high ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        value ^= value >> 32
        value = (value ^ low ^ 128 &* 0x9FB2_1C65_1E98_DF25) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 29)
    }

    @Test(arguments: seeds)
    func `prefixes chosen to meet in one place are spread over the index`(seed: UInt64) {
        let prefixes = Self.chosen(20_000)
        #expect(Set(prefixes.map { Self.unkeyed($0.high, $0.low) }).count == 1)
        let keys = HashKeys(seed: seed)
        func hash(_ row: UInt32) -> UInt64 {
            let prefix = prefixes[Int(row)]
            return keys.hash(prefix.high, prefix.low, with: 128)
        }
        var index = RowIndex()
        for row in prefixes.indices {
            index.insert(UInt32(row), hash: hash(UInt32(row)), rehash: hash)
        }
        var compared = 0
        for row in prefixes.indices {
            let found = index.find(hash: hash(UInt32(row))) { candidate in
                compared += 1
                return candidate == UInt32(row)
            }
            #expect(found == UInt32(row))
        }
        // One row each, and a few that agree in the tag.
        #expect(compared < prefixes.count * 101 / 100)
        #expect(Self.fullest(prefixes.indices.map { hash(UInt32($0)) }) < 25)
    }

    /// The most hashes that share one of 4,096 homes.
    private static func fullest(_ hashes: [UInt64]) -> Int {
        var homes = [Int](repeating: 0, count: 4096)
        for hash in hashes { homes[Int(hash % 4096)] += 1 }
        return homes.max() ?? 0
    }

    @Test(arguments: seeds, [0, 8, 16, 32, 40, 48] as [UInt64])
    func `neighboring prefixes fill all homes alike`(seed: UInt64, shift: UInt64) {
        let keys = HashKeys(seed: seed)
        let count = 20_000
        let high = (0..<UInt64(count)).map { keys.hash($0 << shift, with: 24) }
        let low = (0..<UInt64(count)).map {
            keys.hash(0x2001_0DB8_0000_0000, $0 << shift, with: 128)
        }
        #expect(Self.fullest(high) < 25 && Set(high).count == count)
        #expect(Self.fullest(low) < 25 && Set(low).count == count)
    }

    @Test(arguments: seeds)
    func `one address under all lengths has as many hashes`(seed: UInt64) {
        let keys = HashKeys(seed: seed)
        let hashes = (0...128 as ClosedRange<UInt8>).map { keys.hash(1 << 63, with: $0) }
        #expect(Set(hashes).count == 129)
    }

    @Test func `equal seeds give equal hashes, others do not`() {
        let hashes = Self.seeds.map { HashKeys(seed: $0).hash(1, 2, with: 3) }
        #expect(hashes == Self.seeds.map { HashKeys(seed: $0).hash(1, 2, with: 3) })
        #expect(Set(hashes).count == Self.seeds.count)
    }

    @Test(arguments: seeds)
    func `not even half a key that meets the secret hides the other half`(seed: UInt64) {
        let keys = HashKeys(seed: seed)
        // The state that a hash begins with, told against itself, is a factor of 0.
        let steps = (0..<1000).map { keys.adding(keys.start, $0, to: keys.start) }
        #expect(Set(steps).count == 1000)
    }
}
