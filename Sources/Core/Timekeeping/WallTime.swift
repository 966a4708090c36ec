/// A moment as people date it: nanoseconds since 1970-01-01 00:00:00 UTC.
///
/// Comes in from the edge beside an ``Instant``; used for showing and recording, never for timers.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970, UTC.
    package var nanoseconds: Int64

    /// Makes a moment from nanoseconds since 1970, UTC.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` later, wrapping nowhere in the next two centuries.
    package static func + (time: WallTime, duration: Duration) -> WallTime {
        WallTime(
            nanoseconds: time.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
                .partialValue
        )
    }
}
