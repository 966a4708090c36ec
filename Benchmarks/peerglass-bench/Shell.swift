import Foundation
import Synchronization

/// Runs commands, and ends those that still run.
enum Shell {
    private struct State {
        var children: [Child] = []
        var isOver = false
    }

    private static let state = Mutex(State())

    /// What a command prints.
    @discardableResult
    static func output(of words: [String]) -> String {
        Child(words, output: true).readAll()
    }

    /// True where a command ends with 0.
    static func succeeds(_ words: [String]) -> Bool {
        let child = Child(words, output: true)
        _ = child.readAll()
        return child.process.terminationStatus == 0
    }

    /// Starts a command that ``endAll()`` ends.
    static func start(_ words: [String], output: Bool) -> Child {
        let started = state.withLock { state -> Child? in
            if state.isOver { return nil }
            let child = Child(words, output: output)
            state.children.append(child)
            return child
        }
        if let started { return started }
        // The process is about to end.
        while true { sleep(1) }
    }

    /// Kills one that was started, and waits until it is gone.
    static func end(_ child: Child) {
        kill(child.process.processIdentifier, SIGKILL)
        let deadline = Date() + 2
        while child.process.isRunning, Date() < deadline { usleep(1000) }
    }

    /// Kills what was started and waits until it is gone.
    static func endAll(forGood: Bool = false) {
        let ended = state.withLock { state in
            let all = state.children
            state.children = []
            state.isOver = state.isOver || forGood
            return all
        }
        for child in ended where child.process.isRunning {
            kill(child.process.processIdentifier, SIGKILL)
        }
        // Foundation may wait for whoever else has its descriptors; two seconds are enough for a kill.
        let deadline = Date() + 2
        for child in ended {
            while child.process.isRunning, Date() < deadline { usleep(10_000) }
        }
    }
}

/// Leaves nothing behind, also where the bench is interrupted.
enum Cleanup {
    private static let folder = FileManager.default.temporaryDirectory.appending(
        path: "peerglass-bench-\(getpid())"
    )
    /// Written once, before anything else runs.
    private nonisolated(unsafe) static var sources: [any DispatchSourceSignal] = []

    static func makeFolder() -> URL {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func cleanUp() {
        Shell.endAll(forGood: true)
        Run.removeNetwork()
        SoakNetwork.remove()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Cleans up and ends where something hangs.
    static func after(seconds: Int) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            print("not finished after \(seconds) s")
            cleanUp()
            exit(1)
        }
    }

    /// Cleans up and ends on SIGINT, SIGTERM and SIGHUP.
    static func onInterruption() {
        // A child that has ended is noticed by its silence.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Caught by the source, not by the default handler.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                cleanUp()
                exit(128 + number)
            }
            source.resume()
            sources.append(source)
        }
    }
}
