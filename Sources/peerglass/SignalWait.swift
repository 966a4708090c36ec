import Glibc

/// Signals as answers of a wait: blocked in every thread, taken by one.
enum SignalWait {
    enum Answer {
        case terminate
        case hangup
        /// The core thread has returned.
        case coreEnded
    }

    /// Blocks the signals that end or reload, in this thread and those that it starts.
    static func block() {
        var set = signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Lets them through again in this thread: the screen has handlers for them.
    static func unblockForScreen() {
        var set = signals
        sigdelset(&set, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Waits for the next one.
    static func next() -> Answer {
        var set = signals
        var number: Int32 = 0
        while true {
            guard sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGHUP: return .hangup
            case SIGUSR1: return .coreEnded
            default: return .terminate
            }
        }
    }

    /// Ends a wait in that thread with ``Answer/coreEnded``.
    static func tell(_ thread: pthread_t) {
        pthread_kill(thread, SIGUSR1)
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] { sigaddset(&set, number) }
        return set
    }
}
