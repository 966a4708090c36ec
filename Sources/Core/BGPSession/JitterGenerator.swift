import Tables
import Timekeeping

/// Draws the jitter of timers, so that equal seeds give equal sessions.
struct JitterGenerator {
    private var numbers: SplitMix64

    init(seed: UInt64) {
        numbers = SplitMix64(seed: seed)
    }

    /// A duration between 0.75 and 1.0 of `duration` (RFC 4271 §10).
    mutating func jittered(_ duration: Duration) -> Duration {
        let nanoseconds = UInt64(max(0, duration.wholeNanoseconds))
        let cut = numbers.next() % (nanoseconds / 4 + 1)
        return .nanoseconds(Int64(nanoseconds - cut))
    }
}
