import Timekeeping

/// When each timer of a session is due.
struct TimerTable {
    private var dues = InlineArray<8, Instant>(repeating: .never)

    /// When the timer is due; ``Instant/never`` where it does not run.
    subscript(timer: SessionTimer) -> Instant {
        get { dues[Int(timer.rawValue)] }
        set { dues[Int(timer.rawValue)] = newValue }
    }

    /// The earliest of all.
    var next: Instant {
        var earliest = Instant.never
        for index in dues.indices where dues[index] < earliest { earliest = dues[index] }
        return earliest
    }

    /// Stops the timer.
    mutating func stop(_ timer: SessionTimer) {
        self[timer] = .never
    }

    /// Stops every timer.
    mutating func stopAll() {
        dues = InlineArray(repeating: .never)
    }
}
