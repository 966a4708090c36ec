/// A place in the sources of a configuration, exact to the byte.
struct Position: Sendable {
    /// The source's number, in the order of opening.
    var source: Int
    /// The line, from 1.
    var line: Int
    /// Where the line begins in the source.
    var lineStart: Int
    /// Where the text begins in the source.
    var offset: Int
    /// How many bytes it is wide.
    var width: Int
}

/// One word of the language.
struct Token: Sendable {
    enum Kind: Equatable {
        /// A bare word.
        case word
        /// A quoted string.
        case quoted
        /// A whole number that fits 64 bits.
        case number(Int64)
        /// An operator or a brace.
        case symbol
        /// The end of a logical line.
        case newline
        /// The end of the last file.
        case end
    }

    var kind: Kind
    /// The text without quotes; for a symbol the symbol.
    var text: String
    var position: Position

    /// The text as it is named in a message.
    var shown: String {
        switch kind {
        case .word, .number: "\"\(text)\""
        case .quoted: "the string \"\(text)\""
        case .symbol: "\"\(text)\""
        case .newline: "end of line"
        case .end: "end of file"
        }
    }

    /// True for that bare word.
    func isWord(_ word: String) -> Bool { kind == .word && text == word }

    /// True for that symbol.
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}
