package import Foundation

/// A program that runs beside the test, inside a namespace, and ends with the value.
package final class DaemonProcess {
    /// The log that it writes to.
    package let log: URL
    private let process = Process()
    private let name: String

    /// Starts a program; what it prints goes into the log.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments.
    ///   - namespace: Where it runs; nil for where the test does.
    ///   - log: The file for what it prints.
    ///   - errors: Takes its standard error instead.
    /// - Throws: Where it cannot be started.
    package init(
        _ words: [String],
        in namespace: Namespace?,
        log: URL,
        errors: FileHandle? = nil
    ) throws {
        self.log = log
        name = words.first ?? ""
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let file = try FileHandle(forWritingTo: log)
        try file.seekToEnd()
        let (program, arguments) = Command.wrapped(words, in: namespace)
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = errors ?? file
        try Self.withAllSignals { try process.run() }
    }

    /// Runs `body` with no signal blocked, which a child inherits.
    ///
    /// Threads of a pool block most of them: BIRD would never see its SIGTERM.
    private static func withAllSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    deinit {
        if process.isRunning {
            send(SIGCONT)
            send(SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Its process id.
    package var processIdentifier: Int32 { process.processIdentifier }

    /// Whether it still runs.
    package var isRunning: Bool { process.isRunning }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Asks it to end; its exit status, or nil where it had to be killed after that time.
    @discardableResult
    package func end(within bound: Duration = .seconds(10)) -> Int32? {
        send(SIGCONT)
        send(SIGTERM)
        let end = ContinuousClock.now + bound
        while process.isRunning {
            guard ContinuousClock.now < end else {
                send(SIGKILL)
                process.waitUntilExit()
                return nil
            }
            usleep(5_000)
        }
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// The last lines of its log.
    package var lastWords: String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return "--- \(name)\n" + text.split(separator: "\n").suffix(25).joined(separator: "\n")
    }
}
