import Foundation
import PseudoTerminal
import Synchronization

/// Somebody who scrolls through the routes in an attached dashboard.
final class SoakScreen: Sendable {
    struct Result {
        var keys = 0
        /// Keys on which nothing changed within a second.
        var unanswered = 0
        /// The longest from a key to the first octet that came then, milliseconds.
        var slowest: Int64 = 0
        /// Whether the dashboard ran to the end.
        var isAlive = false
    }

    private let result = Mutex(Result())
    private let isOver = Mutex(false)
    private let finished = DispatchSemaphore(value: 0)

    init(_ command: [String]) {
        let thread = Thread { [self] in
            scroll(command)
            finished.signal()
        }
        thread.start()
    }

    private func scroll(_ command: [String]) {
        guard let terminal = try? PseudoTerminal(command, width: 160, height: 50),
            (try? terminal.wait(forText: "Neighbors")) != nil
        else { return }
        terminal.send("2z")
        var step = 0
        while !isOver.withLock({ $0 }) {
            terminal.drain(gap: .milliseconds(20))
            let before = terminal.output.count
            let start = SoakSocket.now
            press(step, terminal)
            let isAnswered =
                (try? terminal.wait(for: "an answer", within: .seconds(1)) { _ in
                    terminal.output.count > before
                }) != nil
            let took = SoakSocket.now - start
            result.withLock { result in
                result.keys += 1
                if isAnswered {
                    result.slowest = max(result.slowest, took)
                } else {
                    result.unanswered += 1
                }
            }
            step += 1
        }
        let isAlive = terminal.screen.contains("Peerglass")
        result.withLock { $0.isAlive = isAlive }
        terminal.send("q")
        _ = try? terminal.waitForExit(within: .seconds(2))
    }

    /// Twenty pages down, to the end, twenty pages up, to the beginning.
    private func press(_ step: Int, _ terminal: PseudoTerminal) {
        switch step % 42 {
        case 0..<20: terminal.press(.pageDown)
        case 20: terminal.send("G")
        case 21..<41: terminal.press(.pageUp)
        default: terminal.send("g")
        }
    }

    /// Leaves the dashboard.
    func end() -> Result {
        isOver.withLock { $0 = true }
        _ = finished.wait(timeout: .now() + 10)
        return result.withLock { $0 }
    }
}
