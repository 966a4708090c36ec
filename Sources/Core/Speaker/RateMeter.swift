package import Timekeeping

/// Counts a second, the last sixty of them.
package struct RateMeter {
    /// Whole seconds, the newest last.
    package private(set) var samples: [UInt32] = []
    private var current: UInt64 = 0
    private var second: Int64 = 0

    package init() {}

    /// Counts `amount` in the present second.
    package mutating func count(_ amount: Int) {
        current &+= UInt64(max(amount, 0))
    }

    /// Closes the seconds that have passed; call about once a second.
    package mutating func tick(now: Instant) {
        let present = now.nanoseconds / 1_000_000_000
        guard present > second else { return }
        let passed = Int(min(present - second, 60))
        samples.append(UInt32(clamping: current))
        samples.append(contentsOf: repeatElement(0, count: passed - 1))
        if samples.count > 60 { samples.removeFirst(samples.count - 60) }
        current = 0
        second = present
    }
}
