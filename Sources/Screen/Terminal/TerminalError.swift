/// Why the screen cannot be shown; its description is a sentence for the user.
package enum TerminalError: Error, Hashable, CustomStringConvertible {
    /// Standard input or output is something else.
    case notATerminal
    /// The environment does not say which terminal it is.
    case termNotSet
    /// terminfo has no entry of that name.
    case unknownTerminal(String)
    /// The terminal can only write line after line.
    case cannotAddressCursor(String)
    /// The system refused.
    case refused(String)

    package var description: String {
        switch self {
        case .notATerminal:
            "the dashboard needs a terminal on standard input and output; use --headless without one"
        case .termNotSet:
            "TERM is not set: the dashboard does not know which terminal it is on"
        case .unknownTerminal(let name):
            "terminfo knows no terminal \"\(name)\"; set TERM to one it knows, as xterm-256color"
        case .cannotAddressCursor(let name):
            "the terminal \"\(name)\" cannot place its cursor, so it cannot show the dashboard"
        case .refused(let what):
            "the terminal cannot be taken over: \(what)"
        }
    }
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
