package import Canvas

/// The terminal, taken over for the full screen and given back as it was.
///
/// One per process, used by the thread that opened it; ``wake()`` alone is for every thread.
package final class Terminal {
    /// Columns and rows at present.
    package private(set) var size = Size(width: 80, height: 24)

    /// Takes the terminal: alternate screen, raw keys, mouse, paste and focus reports.
    ///
    /// - Throws: ``TerminalError`` where there is no terminal or it cannot address its cursor.
    package init(theme: Theme, options: TerminalOptions = TerminalOptions()) throws(TerminalError) {
    }

    /// The theme; the next frame is drawn with it.
    package var theme: Theme = .glass

    /// Shows a canvas: only changed cells are sent, in one write; nothing when nothing changed.
    package func present(_ canvas: Canvas) {}

    /// Sleeps until something comes from the terminal, somebody calls ``wake()``, or time is up.
    package func events(timeout: Duration?) -> [ScreenEvent] { [] }

    /// Ends the sleep in ``events(timeout:)``; safe from any thread, at any time.
    package static func wake() {}

    /// Stops the whole job after giving the terminal back, and takes it again when it goes on.
    package func suspend() {}

    /// Gives the terminal back; safe to call twice.
    package func close() {}
}

/// What a user may choose about the terminal.
package struct TerminalOptions: Sendable {
    /// ASCII instead of line and block characters, also where the encoding is UTF-8.
    package var asciiOnly = false
    /// Mouse reports; without them the terminal selects text as usual.
    package var mouse = true

    /// The usual choice.
    package init() {}
}

/// Why the screen cannot be shown.
package enum TerminalError: Error, Hashable, CustomStringConvertible {
    case notATerminal
    case termNotSet
    case unknownTerminal(String)
    case cannotAddressCursor(String)
    case system(String)

    package var description: String { "" }
}
