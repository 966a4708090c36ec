import Foundation
import Synchronization

/// Looks at the daemon once a second from the outside.
final class SoakWatch: Sendable {
    /// The most that was seen since the last look.
    struct Peaks {
        var descriptors = 0
        var megabytes = 0.0
        /// The largest gap of the loop, microseconds.
        var lag = 0
        /// What ran in it, where it was the largest since start.
        var work: String?
        /// Questions that were not answered.
        var unanswered = 0
    }

    private struct State {
        var peaks = Peaks()
        var largest = 0
        var isOver = false
    }

    private let state = Mutex(State())
    private let daemon: SoakDaemon

    init(_ daemon: SoakDaemon) {
        self.daemon = daemon
        let thread = Thread { [self] in
            while !state.withLock(\.isOver) {
                look()
                usleep(1_000_000)
            }
        }
        thread.start()
    }

    private func look() {
        let descriptors = daemon.descriptorCount
        let megabytes = daemon.megabytes
        let loop = daemon.view(of: SoakNeighbor(role: .crowd, number: 0))?.loop
        state.withLock { state in
            state.peaks.descriptors = max(state.peaks.descriptors, descriptors)
            state.peaks.megabytes = max(state.peaks.megabytes, megabytes)
            guard let loop else {
                // Before the first answer it is starting.
                if state.largest > 0 { state.peaks.unanswered += 1 }
                return
            }
            state.peaks.lag = max(state.peaks.lag, loop.lag)
            guard loop.largest > state.largest else { return }
            state.largest = loop.largest
            state.peaks.lag = max(state.peaks.lag, loop.largest)
            state.peaks.work = loop.work
        }
    }

    /// The peaks since the last call.
    func take() -> Peaks {
        look()
        return state.withLock { state in
            defer { state.peaks = Peaks() }
            return state.peaks
        }
    }

    func end() {
        state.withLock { $0.isOver = true }
    }
}
