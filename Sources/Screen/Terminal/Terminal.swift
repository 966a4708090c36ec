import CNcurses
import CTermGuard
package import Canvas
import Glibc

/// The terminal, taken over for the full screen and given back as it was.
///
/// One at a time in a process, made and used by one thread; ``wake()`` alone is for every thread.
/// ncurses draws into a file in memory; what it drew is sent by us, in one non-blocking write a
/// frame, so a terminal that does not read never stops the program. Every way out (``close()``,
/// exit, a signal, a crash, and with `cg_supervise` also SIGKILL) gives the terminal back.
package final class Terminal {
    /// Columns and rows at present.
    package internal(set) var size = Size(width: 80, height: 24)

    /// How many colours the terminal has.
    package let depth: ColorDepth

    /// Whether everything is drawn in ASCII.
    package let isASCII: Bool

    /// Bytes sent to the terminal so far.
    package internal(set) var sentByteCount = 0

    /// Whether bytes of an earlier frame wait for the terminal; the newest canvas follows by itself.
    package var isBusy: Bool { !backlog.isEmpty }

    /// The theme; the next frame is drawn with it.
    package var theme: Theme {
        didSet {
            shown = nil
            renditions = [:]
        }
    }

    let output: Int32
    let frameFile: Int32
    let screen: OpaquePointer
    let keys: UnsafeMutablePointer<WINDOW>
    let options: TerminalOptions
    let knowsModes: Bool  // CSI ? modes of xterm: mouse, paste, focus, synchronized update
    private let file: UnsafeMutablePointer<FILE>

    var isOpen = true
    var isLost = false
    var isEntered = false  // the alternate screen is on
    var synchronizes = false  // the terminal said that it knows mode 2026
    var shown: Canvas?
    var waiting: Canvas?
    var backlog: [UInt8] = []
    var queued: [ScreenEvent] = []
    var decoder = KeyDecoder()
    var renditions: [Style: (pair: Int32, attributes: UInt8)] = [:]
    var pairs: [UInt64: Int32] = [:]
    var cursorIsShown = false

    /// Takes the terminal; nothing is seen before the first ``present(_:)``.
    ///
    /// - Throws: ``TerminalError`` where there is no terminal or it cannot place its cursor.
    package init(
        theme: Theme = .glass,
        options: TerminalOptions = TerminalOptions()
    ) throws(TerminalError) {
        guard isatty(0) == 1, isatty(1) == 1 else { throw .notATerminal }
        guard let name = getenv("TERM").map({ String(cString: $0) }), !name.isEmpty else {
            throw .termNotSet
        }
        setlocale(LC_CTYPE, "")
        output = cg_open()
        frameFile = cg_memory_file("peerglass-frame")
        guard output >= 0, frameFile >= 0, let file = fdopen(frameFile, "w") else {
            cg_close()
            throw .refused(String(cString: strerror(errno)))
        }
        guard let screen = cn_newterm(file), let keys = newpad(1, 1) else {
            fclose(file)
            cg_close()
            throw .unknownTerminal(name)
        }
        guard cn_capability("cup") != nil else {
            endwin()
            delscreen(screen)
            fclose(file)
            cg_close()
            throw .cannotAddressCursor(name)
        }
        self.file = file
        self.screen = screen
        self.keys = keys
        self.theme = theme
        self.options = options
        knowsModes = cn_capability("kmous") != nil
        isASCII = options.asciiOnly || String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8"
        depth = Self.startColors()
        guard cg_take() == 0 else {
            endwin()
            delscreen(screen)
            fclose(file)
            cg_close()
            throw .refused(String(cString: strerror(errno)))
        }
        set_escdelay(25)
        noecho()
        nonl()
        nodelay(keys, true)
        keypad(keys, true)
        typeahead(-1)
        defineKeys()
        curs_set(0)
        measure()
    }

    deinit { close() }

    /// Gives the terminal back and the earlier signal handlers; safe to call twice.
    ///
    /// What was written to standard error meanwhile is shown now. The program goes on as it likes.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        cg_close()
        endwin()
        delwin(keys)
        delscreen(screen)
        fclose(file)
    }

    /// Ends the sleep in ``events(timeout:)``; safe from any thread, at any time.
    package static func wake() {
        cg_wake()
    }

    /// Draws everything anew at the next frame: something else wrote on the screen (^L).
    package func redraw() {
        shown = nil
        clearok(cn_curscr(), true)
    }

    /// Rings the terminal's bell, or flashes where the user has set that; nothing while it does not read.
    package func bell() {
        guard isOpen, !isLost, backlog.isEmpty else { return }
        backlog.append(7)
        sendBacklog()
    }

    /// Gives the terminal back, stops the whole job, and takes the terminal again when it goes on.
    ///
    /// Returns after that; `resumed` is among the next events.
    package func suspend() {
        guard isOpen, !isLost else { return }
        leave()
        cg_stop()
        enterAgain()
    }

    /// After a stop: the shell had the terminal, so nothing on it is ours any more.
    func enterAgain() {
        if isEntered { leave() }
        if cg_take() != 0 { isLost = true }
        measure()
        queued.append(.resumed)
    }

    private func leave() {
        cg_leave()
        endwin()
        takeFrame()
        backlog = []
        isEntered = false
    }

    /// Takes the terminal's size; everything is drawn again.
    func measure() {
        var rows: Int32 = 24
        var columns: Int32 = 80
        cg_size(&rows, &columns)
        size = Size(width: Int(columns), height: Int(rows))
        resizeterm(rows, columns)
        redraw()
    }

    private static func startColors() -> ColorDepth {
        if let choice = getenv("NO_COLOR"), choice.pointee != 0 { return .none }
        guard has_colors(), start_color() == OK, use_default_colors() == OK else { return .none }
        return cn_colors() >= 256 ? .xterm256 : .eight
    }
}
