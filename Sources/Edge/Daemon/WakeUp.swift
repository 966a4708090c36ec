import CLinux

/// A descriptor that wakes a poll from any thread.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() {
        descriptor = cl_eventfd()
    }

    deinit { _ = cl_close(descriptor) }

    /// Makes the descriptor readable.
    func wake() {
        _ = cl_wake(descriptor)
    }

    /// Makes it unreadable again.
    func clear() {
        _ = cl_clear_wake(descriptor)
    }
}
