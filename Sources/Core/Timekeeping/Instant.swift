/// A moment on the monotonic clock of whoever drives the core.
///
/// The core has no clock: moments come in as values, and only their differences mean anything.
/// Counted in nanoseconds from a start that the driver chose; 292 years fit.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the driver's start.
    package var nanoseconds: Int64

    /// The driver's start.
    package static let zero = Instant(nanoseconds: 0)

    /// A moment that never comes.
    package static let never = Instant(nanoseconds: .max)

    /// Makes a moment from nanoseconds since the driver's start.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` later, at most ``never``.
    package static func + (moment: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// The moment so many seconds later, at most ``never``; costs less than adding a `Duration`.
    package func later(bySeconds seconds: UInt16) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(Int64(seconds) * 1_000_000_000)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// How long after `earlier` this moment is; negative when it is before.
    package static func - (moment: Instant, earlier: Instant) -> Duration {
        let (difference, overflow) = moment.nanoseconds.subtractingReportingOverflow(
            earlier.nanoseconds
        )
        return .nanoseconds(overflow ? Int64.max : difference)
    }
}

extension Duration {
    /// The duration in nanoseconds, cut to what 64 bits hold.
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// The whole seconds of the duration, cut towards zero.
    package var wholeSeconds: Int64 {
        components.seconds
    }
}
