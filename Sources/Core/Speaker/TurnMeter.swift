package import Control
package import Timekeeping

/// How long the loop takes from one look at everything to the next: measured by the driver, kept and shown by
/// the speaker.
package struct TurnMeter {
    /// What is shown; its recent gap is ``recentMicroseconds``.
    private var largest = LoopLag()
    private var current: (second: Int64, largest: UInt32) = (0, 0)
    private var previous: UInt32 = 0

    /// What a turn waits for that comes late although nothing of ours ran.
    package static let waitingForProcessor = "waiting for the processor"

    package init() {}

    /// Takes a turn.
    ///
    /// - Parameters:
    ///   - duration: how long it took.
    ///   - late: how much later than due it began: the machine ran something else.
    ///   - work: what it did longest, and for how long.
    ///   - now: when it began.
    ///   - wall: the same moment by the wall.
    package mutating func record(
        _ duration: Duration,
        late: Duration,
        work: (name: String, took: Duration),
        now: Instant,
        wall: WallTime
    ) {
        let gap = late + duration
        let microseconds = UInt32(clamping: gap.wholeNanoseconds / 1000)
        let second = now.nanoseconds / 1_000_000_000
        if second != current.second {
            previous = second == current.second + 1 ? current.largest : 0
            current = (second, 0)
        }
        current.largest = max(current.largest, microseconds)
        if microseconds > largest.largestMicroseconds {
            largest.largestMicroseconds = microseconds
            largest.largestWork = late > work.took ? Self.waitingForProcessor : work.name
            largest.largestAt = wall
        }
    }

    /// The gaps so far.
    package var lag: LoopLag {
        var lag = largest
        lag.recentMicroseconds = max(previous, current.largest)
        return lag
    }
}
