package import Policy

/// What is wrong with a configuration at one place, ready to be printed.
package struct Diagnostic: Error, Hashable, Sendable {
    /// How bad it is.
    package enum Severity: Sendable {
        /// The configuration cannot be used.
        case error
        /// It can, but probably does not mean what was meant.
        case warning
    }

    package var severity: Severity
    /// Where the fault begins; nil where it is about the configuration as a whole.
    package var place: SourcePlace?
    /// What was found and what was expected, in one line.
    package var message: String
    /// The line of the file, without its end.
    package var sourceLine: String
    /// How many bytes the fault is wide; the caret is followed by that many minus one `~`.
    package var width: Int

    package init(
        severity: Severity = .error,
        place: SourcePlace?,
        message: String,
        sourceLine: String = "",
        width: Int = 1
    ) {
        self.severity = severity
        self.place = place
        self.message = message
        self.sourceLine = sourceLine
        self.width = width
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `FILE:LINE:COL: MESSAGE`, the line and a caret below the fault.
    package var description: String {
        let what = severity == .warning ? "warning: \(message)" : message
        guard let place else { return what }
        var text = "\(place.file):\(place.line):\(place.column): \(what)"
        if !sourceLine.isEmpty { text += "\n\(sourceLine)\n\(caret)" }
        return text
    }

    /// Blanks up to the fault, `^`, and `~` for the rest of it; tabs stay tabs.
    private var caret: String {
        let bytes = Array(sourceLine.utf8)
        let start = min(max((place?.column ?? 1) - 1, 0), bytes.count)
        let indent = bytes[..<start].compactMap { byte -> Character? in
            if byte & 0xC0 == 0x80 { return nil }
            return byte == UInt8(ascii: "\t") ? "\t" : " "
        }
        let width = max(1, min(width, max(1, bytes.count - start)))
        return String(indent) + "^" + String(repeating: "~", count: width - 1)
    }
}
