import Tables
import Timekeeping

/// Draws every random choice of a simulation, so that equal seeds give equal runs.
package struct RandomSource: Sendable {
    private var numbers: SplitMix64

    /// A source whose draws depend on the seed alone.
    package init(seed: UInt64) {
        numbers = SplitMix64(seed: seed)
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 { numbers.next() }

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
