/// A line that is being typed above the keys.
struct Prompt: Hashable, Sendable {
    var kind: Kind
    var line = LineEditor()
    /// What was wrong with the line, in words.
    var fault = ""
    /// The words that Tab found, where there are several.
    var choices: [String] = []

    enum Kind: Hashable, Sendable {
        /// The rows that the focused table is to show.
        case filter
        /// Where in the table to go.
        case jump
        case command

        var sign: String {
            switch self {
            case .filter: "/"
            case .jump: "go to"
            case .command: ":"
            }
        }
    }
}

/// One line of text and a cursor in it.
struct LineEditor: Hashable, Sendable {
    private(set) var characters: [Character] = []
    private(set) var cursor = 0

    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    var text: String { String(characters) }
    var textBeforeCursor: String { String(characters[..<cursor]) }

    /// Types a text at the cursor; line breaks become blanks, other controls are dropped.
    ///
    /// Whole characters are taken while the line has at most `byteLimit` octets.
    mutating func insert(_ text: String, byteLimit: Int = 1000) {
        var count = characters.reduce(0) { $0 + $1.utf8.count }
        for character in text {
            let typed: Character = character.isNewline || character == "\t" ? " " : character
            guard typed.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
            else { continue }
            count += typed.utf8.count
            guard count <= byteLimit else { return }
            characters.insert(typed, at: cursor)
            cursor += 1
        }
    }

    mutating func backspace() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    mutating func delete() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    mutating func move(by count: Int) {
        cursor = min(max(0, cursor + count), characters.count)
    }

    mutating func moveToStart() { cursor = 0 }

    mutating func moveToEnd() { cursor = characters.count }

    mutating func clear() {
        characters = []
        cursor = 0
    }

    /// Removes the word before the cursor (^W).
    mutating func deleteWord() {
        while cursor > 0, characters[cursor - 1] == " " { backspace() }
        while cursor > 0, characters[cursor - 1] != " " { backspace() }
    }
}
