import Timekeeping

/// Draws every random choice of a simulation: SplitMix64, so that equal seeds give equal runs.
package struct RandomSource: Sendable {
    private var state: UInt64

    /// A source whose draws depend on the seed alone.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, each about as likely as the other.
    package mutating func number(in range: Range<Int>) -> Int {
        precondition(!range.isEmpty, "nothing to draw from")
        return range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// A duration between the two.
    package mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let lowest = range.lowerBound.wholeNanoseconds
        let width = UInt64(max(0, range.upperBound.wholeNanoseconds - lowest))
        return .nanoseconds(lowest + Int64(next() % (width + 1)))
    }
}
