import Policy
import RPKI

/// Reads statements from tokens and builds the configuration: one function a statement.
///
/// A statement that is wrong throws one ``Diagnostic``; the loop that called it writes that down,
/// skips the rest of the logical line and goes on, so that every bad line is told once.
struct Parser: ~Copyable {
    var lexer: Lexer
    /// The token that is looked at.
    var token = Token(
        kind: .newline,
        text: "",
        position: Position(source: 0, line: 1, lineStart: 0, offset: 0, width: 1)
    )
    /// How many braces are open, of those that were gone past.
    var braces = 0
    /// Skipping after an error reached the end of the file: what is missing there is not told again.
    var isLost = false
    var diagnostics: [Diagnostic] = []
    var draft = ConfigurationDraft()
    let contents: (String) -> Result<[UInt8], UnreadableFile>

    init(
        _ source: Source,
        definitions: [Macro],
        contents: @escaping (String) -> Result<[UInt8], UnreadableFile>
    ) {
        lexer = Lexer(source)
        self.contents = contents
        for macro in definitions {
            lexer.macros.removeAll { $0.name == macro.name }
            lexer.macros.append(
                MacroDefinition(
                    name: macro.name,
                    value: macro.value,
                    position: nil,
                    isFromCommandLine: true,
                    isUsed: false
                )
            )
        }
    }

    /// Goes to the next token.
    mutating func advance() throws(Diagnostic) {
        if token.isSymbol("{") { braces += 1 }
        if token.isSymbol("}") { braces -= 1 }
        do throws(Diagnostic) {
            token = try lexer.next()
        } catch {
            // No end of a line stays in sight, so that the rest of the line that is wrong is skipped.
            token = Token(kind: .symbol, text: "", position: token.position)
            throw error
        }
    }

    /// Reads everything up to the end of the last file.
    mutating func run() {
        attempt(braces: 0) { parser throws(Diagnostic) in try parser.advance() }
        while token.kind != .end {
            attempt(braces: 0) { parser throws(Diagnostic) in try parser.item() }
        }
    }

    /// Does one statement; an error in it is written down and the rest of the line skipped.
    mutating func attempt(
        braces level: Int,
        _ statement: (inout Parser) throws(Diagnostic) -> Void
    ) {
        do throws(Diagnostic) {
            try statement(&self)
        } catch {
            diagnostics.append(error)
            recover(to: level)
        }
    }

    /// Skips to the end of the logical line; braces that are open inside it are skipped whole.
    ///
    /// A brace that is never closed would swallow the file: a statement's word at the very start of
    /// a line ends the skipping too.
    private mutating func recover(to level: Int) {
        var startsLine = false
        while true {
            switch token.kind {
            case .end:
                isLost = true
                braces = level
                return
            case .newline:
                if braces <= level {
                    braces = level
                    return
                }
                startsLine = true
            case .word:
                let isAtMargin = token.position.offset == token.position.lineStart
                if startsLine, isAtMargin, Self.statements.contains(token.text) {
                    braces = 0
                    return
                }
                startsLine = false
            case .symbol:
                if token.isSymbol("}"), braces <= level, level > 0 { return }
                startsLine = false
            case .quoted, .number:
                startsLine = false
            }
            // What the lexer finds wrong in text that is skipped is not told: the line was.
            do throws(Diagnostic) { try advance() } catch { continue }
        }
    }

    /// Writes an error down without leaving the statement.
    mutating func report(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
    }

    /// Writes a warning down.
    mutating func warn(_ position: Position, _ message: String) {
        var warning = lexer.fault(position, message)
        warning.severity = .warning
        diagnostics.append(warning)
    }
}

// MARK: - Expecting

extension Parser {
    /// The error that the present token is not one of these.
    ///
    /// - Parameters:
    ///   - expected: What was expected, in the words of the message; bare words of the language as they are.
    ///   - words: More words of the language that might have been meant.
    /// - Returns: The error, at the present token.
    func unexpected(_ expected: [String], words: [String] = []) -> Diagnostic {
        var message = "unexpected \(token.shown)"
        if let last = expected.last {
            let others = expected.dropLast()
            message += ", expected "
            message += others.isEmpty ? last : others.joined(separator: ", ") + " or " + last
        }
        if token.kind == .word {
            if let close = closest(to: token.text, among: expected + words) {
                message += "; did you mean \"\(close)\"?"
            } else if Keywords.all.contains(token.text), !words.isEmpty {
                message += "; quote it to use it as a name"
            }
        }
        return lexer.fault(token.position, message)
    }

    /// An error at the present token.
    func fault(_ message: String) -> Diagnostic { lexer.fault(token.position, message) }

    /// The error that the present word is of the language, but not yet here.
    func notSupportedYet(_ token: Token) -> Diagnostic {
        lexer.fault(token.position, "\"\(token.text)\" is not supported yet")
    }

    /// Goes past that word or symbol.
    mutating func expect(word: String) throws(Diagnostic) {
        guard token.isWord(word) else { throw unexpected([word]) }
        try advance()
    }

    /// Goes past that symbol.
    mutating func expect(symbol: String) throws(Diagnostic) {
        guard token.isSymbol(symbol) else { throw unexpected(["\"\(symbol)\""]) }
        try advance()
    }

    /// Goes past that word if it is next.
    mutating func accept(word: String) throws(Diagnostic) -> Bool {
        guard token.isWord(word) else { return false }
        try advance()
        return true
    }

    /// Goes past that symbol if it is next.
    mutating func accept(symbol: String) throws(Diagnostic) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        try advance()
        return true
    }

    /// The end of a statement must be next; it is not gone past.
    func expectEndOfStatement() throws(Diagnostic) {
        switch token.kind {
        case .newline, .end: return
        default:
            if token.isSymbol("}"), braces > 0 { return }
            throw unexpected(["end of line"])
        }
    }

    /// Goes past ends of lines and commas between the elements of a list.
    mutating func skipSeparators() throws(Diagnostic) {
        while token.kind == .newline || token.isSymbol(",") { try advance() }
    }

    /// Reads `{ element … }`, separated by blanks, commas or newlines; the brace is next.
    mutating func list(
        of what: String,
        _ element: (inout Parser) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        let open = token.position
        try expect(symbol: "{")
        try skipSeparators()
        while !token.isSymbol("}") {
            if token.kind == .end { throw unclosed(open) }
            try element(&self)
            try skipSeparators()
        }
        try advance()
    }

    /// Reads one element or a list of at least one in braces.
    mutating func oneOrList(
        of what: String,
        _ element: (inout Parser) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        guard token.isSymbol("{") else { return try element(&self) }
        let open = token.position
        var count = 0
        try list(of: what) { parser throws(Diagnostic) in
            count += 1
            try element(&parser)
        }
        if count == 0 { throw lexer.fault(open, "the list is empty, expected \(what)") }
    }

    /// The error that a brace is not closed before the end of the file.
    func unclosed(_ open: Position) -> Diagnostic {
        fault(
            "unexpected end of file, expected \"}\": the \"{\" of line \(open.line) is not closed"
        )
    }
}
