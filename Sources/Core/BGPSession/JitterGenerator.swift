import Timekeeping

/// Draws the jitter of timers: SplitMix64, so that equal seeds give equal sessions.
struct JitterGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A duration between 0.75 and 1.0 of `duration` (RFC 4271 §10).
    mutating func jittered(_ duration: Duration) -> Duration {
        let nanoseconds = UInt64(max(0, duration.wholeNanoseconds))
        let cut = next() % (nanoseconds / 4 + 1)
        return .nanoseconds(Int64(nanoseconds - cut))
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
