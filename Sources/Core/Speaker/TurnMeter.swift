package import Timekeeping

/// How long the turns of the core take: measured by the driver, kept and shown by the speaker.
package struct TurnMeter {
    /// The longest turn ever, microseconds, and what ran then.
    package private(set) var longestMicroseconds: UInt32 = 0
    package private(set) var longestWork = ""
    private var current: (second: Int64, longest: UInt32) = (0, 0)
    private var previous: UInt32 = 0

    package init() {}

    /// Takes a turn that took that long and ended at `now`.
    package mutating func record(_ duration: Duration, work: String, now: Instant) {
        let microseconds = UInt32(clamping: duration.wholeNanoseconds / 1000)
        let second = now.nanoseconds / 1_000_000_000
        if second != current.second {
            previous = second == current.second + 1 ? current.longest : 0
            current = (second, 0)
        }
        current.longest = max(current.longest, microseconds)
        if microseconds > longestMicroseconds {
            longestMicroseconds = microseconds
            longestWork = work
        }
    }

    /// The longest turn of this second and the one before it, microseconds.
    package var recentMicroseconds: UInt32 { max(previous, current.longest) }
}
