import CLinux
import Control
import Glibc
package import Logging
import Synchronization

/// Log lines on their way to a descriptor: written by a thread of its own, never by who logs.
///
/// The ring is bounded; what does not fit is counted and said in the next line that does.
package final class LogWriter: Sendable {
    private struct State {
        var lines: [String] = []
        var lost = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeUp = WakeUp()
    private let finished = WakeUp()
    private let capacity = 8192
    private let descriptor: Int32

    /// A writer to that descriptor; ``run()`` does the writing.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Hands a line over.
    func put(_ line: String) {
        state.withLock { state in
            if state.lines.count < capacity { state.lines.append(line) } else { state.lost += 1 }
        }
        wakeUp.wake()
    }

    /// Writes lines until ``close()``; for the file thread.
    package func run() {
        while true {
            let (lines, lost, isClosed) = state.withLock { state in
                let taken = (state.lines, state.lost, state.isClosed)
                state.lines = []
                state.lost = 0
                return taken
            }
            var text = lines.joined()
            if lost > 0 {
                text += "\(lost) log lines were lost: the log could not be written fast enough\n"
            }
            write(text)
            if isClosed { return finished.wake() }
            if lines.isEmpty { wait() }
        }
    }

    /// Ends ``run()`` after what is there has been written, and waits for that, but not for ever.
    ///
    /// - Parameter milliseconds: how long at most; a descriptor that nobody reads takes nothing more.
    /// - Returns: false where something may be unwritten and ``run()`` may still hang in the write.
    package func close(waitingAtMost milliseconds: Int32) -> Bool {
        state.withLock { $0.isClosed = true }
        wakeUp.wake()
        var entry = pollfd(fd: finished.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    private func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }

    private func wait() {
        var entry = pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, -1)
        wakeUp.clear()
    }
}

/// Gives swift-log's messages to a ``LogWriter``.
package struct RingLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let writer: LogWriter

    /// A handler for the logger `label`.
    package init(label: String, level: Logger.Level, writer: LogWriter) {
        self.label = label
        logLevel = level
        self.writer = writer
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let seconds = cl_wall_nanoseconds() / 1_000_000_000
        let stamp = TimeText.moment(seconds, offset: cl_local_offset(seconds))
        var line = "\(stamp) \(label)[\(getpid())]: "
        if event.level >= .warning { line += "\(event.level): " }
        line += "\(event.message)\n"
        writer.put(line)
    }
}
