import Attributes
import Tables
import Testing

/// Attribute sets that somebody chose who knows how we hash, but not the secret.
struct ChosenSetsTests {
    /// What the second half of a step was multiplied with: where it stood in a set, the product was 0.
    private static let factor: UInt64 = 0x4B33_A62E_D433_D4A3

    /// An unknown attribute whose second sixteen octets are a number and the factor.
    private static func chosen(_ number: Int) -> [UInt8] {
        [0xE0, 200, 29] + [UInt8](repeating: 1, count: 13) + octets(UInt64(number)) + octets(factor)
    }

    private static func octets(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// The hash that these sets were chosen for, of whole steps.
    private static func unkeyed(_ bytes: [UInt8]) -> UInt64 {
        func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let product = left.multipliedFullWidth(by: right)
            return product.high ^ product.low
        }
        func word(_ offset: Int) -> UInt64 {
            bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        var state = folded(0x2D35_8DCC_AA6C_78A5, UInt64(bytes.count) ^ 0x8BB8_4B93_962E_ACC9)
        for offset in stride(from: 0, to: bytes.count, by: 16) {
            state = folded(state ^ word(offset), word(offset + 8) ^ factor)
        }
        return state
    }

    @Test(arguments: [0, 1, 2, 0x0123_4567_89AB_CDEF, .max] as [UInt64])
    func `sets chosen to have one hash have as many as there are sets`(seed: UInt64) {
        let sets = (0..<20_000).map(Self.chosen)
        #expect(Set(sets.prefix(1000).map(Self.unkeyed)) == [0])
        let store = AttributeStore(keys: HashKeys(seed: seed))
        let ids = sets.map { store.add($0) }
        #expect(store.count == sets.count)
        // Of 20,000 numbers of 32 bits, two are equal once in twenty times.
        #expect(Set(ids.map { store.hash(of: $0) }).count > sets.count - 4)
    }

    @Test func `the hash of a set depends on the seed`() {
        let hashes = (0..<100 as Range<UInt64>).map { seed in
            let store = AttributeStore(keys: HashKeys(seed: seed))
            let id = store.add(sample)
            return store.hash(of: id)
        }
        #expect(Set(hashes).count > 98)
    }
}
