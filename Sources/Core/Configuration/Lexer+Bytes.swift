extension Lexer {
    /// The position of the next byte; inside a macro's value that of its use.
    func here() -> Position {
        frame.macroUse
            ?? Position(
                source: frame.source,
                line: frame.line,
                lineStart: frame.lineStart,
                offset: frame.offset,
                width: 1
            )
    }

    /// The next byte with continued lines joined and ended macros left; nil at the end of a file.
    mutating func peek() -> UInt8? {
        while true {
            guard let byte = peekRaw() else {
                guard frame.macroUse != nil, let back = outer.popLast() else { return nil }
                frame = back
                continue
            }
            guard byte == UInt8(ascii: "\\"), frame.offset + 1 < frame.bytes.count,
                frame.bytes[frame.offset + 1] == UInt8(ascii: "\n")
            else { return byte }
            takeRaw()
            takeRaw()
        }
    }

    /// Goes past the byte that ``peek()`` gave.
    mutating func take() { takeRaw() }

    /// The next byte as it stands; nil at the end of the frame.
    func peekRaw() -> UInt8? {
        frame.offset < frame.bytes.count ? frame.bytes[frame.offset] : nil
    }

    /// Goes past one byte and counts lines.
    mutating func takeRaw() {
        let byte = frame.bytes[frame.offset]
        frame.offset += 1
        if byte == UInt8(ascii: "\n") {
            frame.line += 1
            frame.lineStart = frame.offset
        }
    }

    /// Goes past blanks and a comment.
    mutating func skipBlanks() {
        while let byte = peek() {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 13 {
                take()
            } else if byte == UInt8(ascii: "#") {
                skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        while let byte = peekRaw(), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\\"), frame.offset + 1 < frame.bytes.count,
                frame.bytes[frame.offset + 1] == UInt8(ascii: "\n")
            {
                let message = "the comment ends in a backslash, so the next line belongs to it"
                warnings.append((here(), message))
                takeRaw()
            }
            takeRaw()
        }
    }

    /// True where a macro's name follows the `$` that is next.
    func nameFollows() -> Bool {
        let next = frame.offset + 1
        return next < frame.bytes.count && frame.bytes[next].isNameByte
    }

    /// Goes past `$name` and continues with the macro's value.
    mutating func expandMacro() throws(Diagnostic) {
        var position = here()
        take()
        var name = ""
        while let byte = peekRaw(), byte.isNameByte {
            name += String(UnicodeScalar(byte))
            takeRaw()
        }
        position.width = name.utf8.count + 1
        guard !name.isEmpty else {
            throw fault(position, "expected the name of a macro after \"$\"")
        }
        guard name.utf8.count <= 127 else { throw fault(position, "macro name too long: max 127") }
        guard let index = macros.firstIndex(where: { $0.name == name }) else {
            let close = closest(to: name, among: macros.map(\.name))
            throw fault(
                position,
                "macro '\(name)' not defined" + (close.map { "; did you mean \"\($0)\"?" } ?? "")
            )
        }
        macros[index].isUsed = true
        outer.append(frame)
        frame = Frame(
            bytes: Array(macros[index].value.utf8),
            source: frame.source,
            macroUse: position
        )
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 48 && self <= 57 }
    var isLetter: Bool { (self | 0x20) >= 97 && (self | 0x20) <= 122 }
    var isNameByte: Bool { isDigit || isLetter || self == UInt8(ascii: "_") }

    /// A letter, digit, `:`, `_` or `*`.
    var startsWord: Bool { isNameByte || self == UInt8(ascii: ":") || self == UInt8(ascii: "*") }

    /// Any printable byte but `( ) { } < > ! = / # ,` and blank.
    var continuesWord: Bool {
        switch self {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"), UInt8(ascii: "="),
            UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: ","):
            false
        default:
            self > 32 && self < 127
        }
    }
}
