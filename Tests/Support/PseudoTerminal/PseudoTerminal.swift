package import Glibc

/// A program in a pseudo-terminal: keys in, screen out, and the terminal's settings before and after.
///
/// Nothing here sleeps: waiting is for a condition on the screen, with a bound. The program runs in
/// a session of its own and is killed with it when the value goes.
package final class PseudoTerminal {
    /// What the program shows.
    package private(set) var screen: ScreenModel
    /// Every byte that the program wrote.
    package private(set) var output: [UInt8] = []
    /// The program's process id.
    package let process: pid_t

    private let main: Int32
    private let line: Int32
    private let settings: [UInt8]
    private var status: Int32?
    private let answers: Bool

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: The program's path and its arguments.
    ///   - width: Columns of the window.
    ///   - height: Rows of the window.
    ///   - environment: Added to a small fixed one: `TERM=xterm-256color`, `LANG=C.UTF-8`, `PATH`,
    ///     `HOME`, and no settings.
    ///   - answers: Whether questions to the terminal are answered.
    /// - Throws: ``PseudoTerminalError/cannotStart(_:)``.
    package init(
        _ command: [String],
        width: Int = 80,
        height: Int = 24,
        environment: [String: String] = [:],
        answers: Bool = true
    ) throws(PseudoTerminalError) {
        self.answers = answers
        screen = ScreenModel(width: width, height: height)
        var main: Int32 = -1
        var line: Int32 = -1
        var size = winsize(
            ws_row: UInt16(height),
            ws_col: UInt16(width),
            ws_xpixel: 0,
            ws_ypixel: 0
        )
        guard openpty(&main, &line, nil, nil, &size) == 0, let name = ttyname(line) else {
            throw .cannotStart("openpty: \(String(cString: strerror(errno)))")
        }
        self.main = main
        self.line = line
        _ = fcntl(main, F_SETFD, FD_CLOEXEC)
        _ = fcntl(line, F_SETFD, FD_CLOEXEC)
        _ = fcntl(main, F_SETFL, O_NONBLOCK)
        settings = Self.settings(of: line)

        var variables = [
            "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin",
            "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
            // Settings of whoever runs the tests are neither read nor written.
            "XDG_CONFIG_HOME": "/dev/null",
        ]
        variables.merge(environment) { $1 }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // A new session: the line opened first becomes its controlling terminal.
        posix_spawnattr_setflags(&attributes, 0x80 | 0x04 | 0x08)  // SETSID, SETSIGDEF, SETSIGMASK
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var arguments = command.map { strdup($0) } + [nil]
        var words = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in arguments + words { free(pointer) }
        }
        var process: pid_t = 0
        let result = posix_spawn(
            &process,
            command.first ?? "",
            &actions,
            &attributes,
            &arguments,
            &words
        )
        self.process = process
        guard result == 0 else {
            throw .cannotStart("\(command): \(String(cString: strerror(result)))")
        }
    }

    deinit {
        if status == nil {
            kill(-process, SIGKILL)
            kill(process, SIGKILL)
            var ignored: Int32 = 0
            waitpid(process, &ignored, 0)
        }
        close(main)
        close(line)
    }

    // MARK: Acting

    /// Types text; escape sequences are sent as they stand.
    package func send(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(main, $0.baseAddress, $0.count) }
            if count > 0 { bytes.removeFirst(count) } else if errno != EAGAIN { return }
            if !bytes.isEmpty { read(milliseconds: 5) }
        }
    }

    /// Presses a key, as the terminal sends it in its present mode.
    package func press(_ key: TypedKey) {
        send(key.bytes(applicationCursor: screen.modes[1] == true))
    }

    /// Changes the size of the window; the program gets SIGWINCH.
    package func resize(width: Int, height: Int) {
        read(milliseconds: 0)
        screen.resize(width: width, height: height)
        var size = winsize(
            ws_row: UInt16(height),
            ws_col: UInt16(width),
            ws_xpixel: 0,
            ws_ypixel: 0
        )
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)
    }

    /// Sends a signal to the program as it was started.
    package func signal(_ number: Int32) {
        kill(process, number)
    }

    /// Sends a signal to the process that draws.
    package func signalDrawer(_ number: Int32) {
        kill(drawer, number)
    }

    /// The process that draws: the child of the supervising parent, or the program itself without one.
    package var drawer: pid_t {
        Self.children(of: process).first ?? process
    }

    // MARK: Waiting

    /// Reads until the screen is as wanted.
    ///
    /// - Throws: ``PseudoTerminalError/timeout(waitingFor:screen:)`` with what is seen instead.
    package func wait(
        for what: String,
        within limit: Duration = .seconds(10),
        until condition: (ScreenModel) -> Bool
    ) throws(PseudoTerminalError) {
        let end = ContinuousClock.now + limit
        read(milliseconds: 0)
        while !condition(screen) {
            guard ContinuousClock.now < end else {
                throw .timeout(waitingFor: what, screen: screen.lines.joined(separator: "\n"))
            }
            read(milliseconds: 20)
        }
    }

    /// Reads until a row of the screen holds the text.
    ///
    /// - Throws: ``PseudoTerminalError/timeout(waitingFor:screen:)``.
    package func wait(
        forText text: String,
        within limit: Duration = .seconds(10)
    ) throws(PseudoTerminalError) {
        try wait(for: "\"\(text)\"", within: limit) { $0.contains(text) }
    }

    /// Reads until the program writes nothing for `gap`; returns the bytes that came.
    @discardableResult
    package func drain(gap: Duration = .milliseconds(50)) -> Int {
        let before = output.count
        let milliseconds = Int32(gap / .milliseconds(1))
        while read(milliseconds: milliseconds) > 0 {}
        return output.count - before
    }

    /// Reads until the program has ended.
    ///
    /// - Throws: ``PseudoTerminalError/timeout(waitingFor:screen:)``.
    package func waitForExit(within limit: Duration = .seconds(10)) throws(PseudoTerminalError)
        -> Ending
    {
        let end = ContinuousClock.now + limit
        while true {
            if let status {
                drain()
                return Ending(status: status)
            }
            var value: Int32 = 0
            if waitpid(process, &value, WNOHANG) == process {
                status = value
                continue
            }
            guard ContinuousClock.now < end else {
                throw .timeout(waitingFor: "the end", screen: screen.lines.joined(separator: "\n"))
            }
            read(milliseconds: 10)
        }
    }

    /// Closes the window: the program gets SIGHUP, and reads and writes fail.
    package func hangUp() {
        let null = open("/dev/null", O_RDWR)
        dup2(null, main)
        close(null)
    }

    // MARK: The terminal's settings

    /// Whether the line's settings (termios) are those from before the start.
    package var settingsAreRestored: Bool {
        Self.settings(of: line) == settings
    }

    private static func settings(of line: Int32) -> [UInt8] {
        var value = termios()
        tcgetattr(line, &value)
        value.c_lflag &= ~UInt32(PENDIN)  // the kernel's own note
        return withUnsafeBytes(of: &value) { Array($0) }
    }

    // MARK: Reading

    @discardableResult
    private func read(milliseconds: Int32) -> Int {
        var descriptor = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return 0 }
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(main, &buffer, buffer.count)
            guard count > 0 else { break }
            total += count
            output += buffer[..<count]
            screen.feed(buffer[..<count])
        }
        let replies = screen.takeAnswers()
        if answers, !replies.isEmpty { send(String(decoding: replies, as: UTF8.self)) }
        return total
    }

    private static func children(of process: pid_t) -> [pid_t] {
        guard let file = fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
        defer { fclose(file) }
        var result: [pid_t] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            result += text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        }
        return result
    }
}
