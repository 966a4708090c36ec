import Policy

/// A file or a command line as read.
struct Source: Sendable {
    var name: String
    var bytes: [UInt8]
}

/// A macro with what the lexer must know of it.
struct MacroDefinition: Sendable {
    var name: String
    var value: String
    var position: Position?
    var isFromCommandLine: Bool
    var isUsed: Bool
}

/// Turns the bytes of a file and its includes into tokens; expands macros on the way.
///
/// Bytes come from a stack of frames: files at the bottom, the value of a macro on top while it is
/// expanded. What stands in a macro's value has the position of its use.
struct Lexer: ~Copyable {
    struct Frame {
        var bytes: [UInt8]
        var offset = 0
        var line = 1
        var lineStart = 0
        var source: Int
        /// The place of the use, where the frame is a macro's value.
        var macroUse: Position?
    }

    static let longestString = 8095

    var sources: [Source] = []
    var macros: [MacroDefinition] = []
    var frame: Frame
    var outer: [Frame] = []
    var warnings: [(position: Position, message: String)] = []
    /// A quoted string ran into the end of the file: nothing after it can be told from it.
    private(set) var isCutShort = false
    private var endedLine = true

    /// A lexer at the start of a file.
    init(_ source: Source) {
        sources = [source]
        frame = Frame(bytes: source.bytes, source: 0)
    }

    /// Continues with the start of another file; the present one goes on after it.
    mutating func open(_ source: Source) {
        outer.append(frame)
        sources.append(source)
        frame = Frame(bytes: source.bytes, source: sources.count - 1)
        endedLine = true
    }

    /// How many files are open.
    var depth: Int { outer.count { $0.macroUse == nil } + (frame.macroUse == nil ? 1 : 0) }

    /// The names of the open files, the innermost last.
    var openFiles: [String] {
        (outer + [frame]).filter { $0.macroUse == nil }.map { sources[$0.source].name }
    }

    /// The next token.
    mutating func next() throws(Diagnostic) -> Token {
        while true {
            skipBlanks()
            guard let byte = peek() else {
                if !endedLine {
                    endedLine = true
                    return Token(kind: .newline, text: "", position: here())
                }
                guard let file = outer.popLast() else {
                    return Token(kind: .end, text: "", position: here())
                }
                frame = file
                continue
            }
            if byte == UInt8(ascii: "\n") {
                let position = here()
                take()
                endedLine = true
                return Token(kind: .newline, text: "", position: position)
            }
            endedLine = false
            if byte == UInt8(ascii: "$"), frame.macroUse == nil {
                try expandMacro()
                continue
            }
            return try token(startingWith: byte)
        }
    }

    private mutating func token(startingWith byte: UInt8) throws(Diagnostic) -> Token {
        var position = here()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return try quoted(byte, position)
        case UInt8(ascii: "-"):
            take()
            if let digit = peek(), digit.isDigit { return try number(sign: "-", position) }
            return Token(kind: .symbol, text: "-", position: position)
        case UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            take()
            var text = String(UnicodeScalar(byte))
            if let second = peek(), second == UInt8(ascii: "=") || (byte == 62 && second == 60) {
                take()
                text += String(UnicodeScalar(second))
                position.width = 2
            }
            return Token(kind: .symbol, text: text, position: position)
        default:
            if byte.startsWord { return try word(position) }
            take()
            return Token(kind: .symbol, text: Self.name(of: byte), position: position)
        }
    }

    private static func name(of byte: UInt8) -> String {
        if byte > 32, byte < 127 { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16)
        return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
    }

    private mutating func word(_ start: Position) throws(Diagnostic) -> Token {
        var position = start
        var bytes: [UInt8] = []
        while let byte = peek() {
            if byte == UInt8(ascii: "$"), frame.macroUse == nil, nameFollows() {
                try expandMacro()
                continue
            }
            guard byte.continuesWord else { break }
            bytes.append(byte)
            take()
        }
        position.width = width(from: start, atLeast: bytes.count)
        guard bytes.count <= Self.longestString else {
            throw fault(position, "string too long: at most \(Self.longestString) bytes")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.allSatisfy({ $0.isDigit }) else {
            return Token(kind: .word, text: text, position: position)
        }
        return try numberToken(text, position)
    }

    private mutating func number(sign: String, _ start: Position) throws(Diagnostic) -> Token {
        var position = start
        var text = sign
        while let byte = peek(), byte.isDigit {
            text += String(UnicodeScalar(byte))
            take()
        }
        position.width = width(from: start, atLeast: text.utf8.count)
        return try numberToken(text, position)
    }

    private func numberToken(_ text: String, _ position: Position) throws(Diagnostic) -> Token {
        guard let number = Int64(text) else {
            throw fault(position, "number \(text) is out of range")
        }
        return Token(kind: .number(number), text: text, position: position)
    }

    private mutating func quoted(_ quote: UInt8, _ start: Position) throws(Diagnostic) -> Token {
        var position = start
        var bytes: [UInt8] = []
        takeRaw()
        while true {
            guard let byte = peekRaw() else {
                isCutShort = true
                throw fault(start, "the quoted string is not ended before the end of the file")
            }
            takeRaw()
            if byte == quote { break }
            if byte == UInt8(ascii: "\n") { continue }
            if byte == 0 { throw fault(start, "a string may not hold a NUL byte") }
            if byte == UInt8(ascii: "\\"), let second = peekRaw() {
                if second == UInt8(ascii: "\n") {
                    takeRaw()
                    continue
                }
                if second == quote || second == UInt8(ascii: " ") || second == UInt8(ascii: "\t") {
                    takeRaw()
                    bytes.append(second)
                    continue
                }
            }
            bytes.append(byte)
        }
        guard bytes.count <= Self.longestString else {
            throw fault(start, "string too long: at most \(Self.longestString) bytes")
        }
        position.width = width(from: start, atLeast: 1)
        let text = String(decoding: bytes, as: UTF8.self)
        return Token(kind: .quoted, text: text, position: position)
    }

    /// How wide the text from `start` to here is, where that is one line of a file.
    private func width(from start: Position, atLeast minimum: Int) -> Int {
        if frame.macroUse != nil { return start.width }
        guard frame.source == start.source, frame.line == start.line else { return max(minimum, 1) }
        return max(frame.offset - start.offset, 1)
    }

    /// An error at that position.
    func fault(_ position: Position, _ message: String) -> Diagnostic {
        Diagnostic(
            place: place(position),
            message: message,
            sourceLine: line(position),
            width: position.width
        )
    }

    /// The position in terms of file, line and column.
    func place(_ position: Position) -> SourcePlace {
        SourcePlace(
            file: sources[position.source].name,
            line: position.line,
            column: position.offset - position.lineStart + 1
        )
    }

    /// The text of the line at that position.
    func line(_ position: Position) -> String {
        let rest = sources[position.source].bytes[position.lineStart...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
