import CLinux
import Control
import ControlSocket
import Foundation
import Synchronization

/// Somebody who asks for the first screen every 20 ms, as a key in the dashboard does, and takes the time to the answer.
final class ControlProbe: Sendable {
    /// How long answers took.
    struct Answers {
        /// Of each question, milliseconds.
        var times: [Double] = []
        /// How much later than due a question was asked though the one before was answered: what the machine, not the
        /// daemon, adds to the times.
        var ownGap = 0.0
        /// The largest gap of the daemon's loop by its own word, milliseconds.
        var largestGap = 0.0
        /// What ran in it, where it was the largest since the start.
        var work = ""
        /// Times that the socket gave no answer.
        var failures = 0

        var longest: Double { times.max() ?? 0 }
        var median: Double { share(0.5) }
        var p99: Double { share(0.99) }

        private func share(_ part: Double) -> Double {
            let sorted = times.sorted()
            return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * part)]
        }
    }

    private struct State {
        var answers = Answers()
        var latest: Overview?
        var isOver = false
    }

    private let state = Mutex(State())
    private let finished = DispatchSemaphore(value: 0)

    /// Nanoseconds between two questions.
    private static let interval: Int64 = 20_000_000

    init(_ socket: String) {
        let thread = Thread { [self] in
            while !state.withLock(\.isOver) {
                ask(socket)
                usleep(20_000)
            }
            finished.signal()
        }
        thread.start()
    }

    /// What the daemon said last.
    var latest: Overview? { state.withLock(\.latest) }

    /// The answers since the last call.
    func take() -> Answers {
        state.withLock { state in
            defer { state.answers = Answers() }
            return state.answers
        }
    }

    func end() {
        state.withLock { $0.isOver = true }
        _ = finished.wait(timeout: .now() + 10)
    }

    /// Asks until it is over or the connection ends.
    private func ask(_ socket: String) {
        guard var client = try? ControlClient(path: socket) else { return }
        var due = cl_monotonic_nanoseconds()
        while !state.withLock(\.isOver) {
            let begin = cl_monotonic_nanoseconds()
            guard let overview = try? client.ask(OverviewRequest(), timeout: .seconds(60)) else {
                state.withLock { $0.answers.failures += 1 }
                return
            }
            let end = cl_monotonic_nanoseconds()
            note(overview, late: begin - due, took: end - begin)
            due = max(begin + Self.interval, end)
            let rest = due - cl_monotonic_nanoseconds()
            if rest > 0 { usleep(UInt32(rest / 1000)) }
        }
    }

    private func note(_ overview: Overview, late: Int64, took: Int64) {
        state.withLock { state in
            state.latest = overview
            state.answers.ownGap = max(state.answers.ownGap, Double(late) / 1e6)
            let gap = Double(overview.lag.recentMicroseconds) / 1000
            if gap > state.answers.largestGap {
                state.answers.largestGap = gap
                let isRecord =
                    overview.lag.recentMicroseconds == overview.lag.largestMicroseconds
                state.answers.work = isRecord ? overview.lag.largestWork : ""
            }
            // Whoever had pressed a key while this one was awaited would have waited for the rest of it.
            for time in stride(from: took, through: 1, by: -Int(Self.interval)) {
                state.answers.times.append(Double(time) / 1e6)
            }
        }
    }
}
