/// Two secret numbers that hashes are made with.
///
/// Neighbors choose what stands in the tables. Without knowing the keys nobody can choose what goes to the same
/// place: every multiplication has a factor that the keys have mixed into, and adds its factors to its
/// product, so that nothing is lost where one of them should be 0.
@usableFromInline
package struct HashKeys: Sendable, BitwiseCopyable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    /// The keys of that seed: equal seeds give equal hashes.
    package init(seed: UInt64) {
        // Elsewhere in the sequence than the timers' jitter: what can be watched from outside is not what
        // is secret here.
        var numbers = SplitMix64(seed: seed ^ 0xA5F1_523D_74B9_E80D)
        first = numbers.next()
        second = numbers.next()
    }

    /// The hash of a key of up to 128 bits and a small number beside it; all of its bits are good.
    @inlinable
    package func hash(_ high: UInt64, _ low: UInt64 = 0, with small: UInt8 = 0) -> UInt64 {
        let left = high ^ first
        let right = low ^ second
        let product = left.multipliedFullWidth(by: right)
        return Self.folded(
            left ^ product.low,
            right ^ product.high ^ UInt64(small) &* 0x9FB2_1C65_1E98_DF25
        )
    }

    /// The state of a hash of many octets after sixteen more; ``hash(_:_:with:)`` is its last step.
    @inlinable
    package func adding(_ high: UInt64, _ low: UInt64, to state: UInt64) -> UInt64 {
        Self.folded(state ^ high, low ^ second)
    }

    /// The state with which a hash of many octets begins.
    @inlinable
    package var start: UInt64 { first }

    @inlinable
    static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low ^ left ^ (right << 32 | right >> 32)
    }
}
