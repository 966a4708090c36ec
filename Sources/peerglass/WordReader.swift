/// A word that can stand at one place of a command.
enum WordChoice: Equatable {
    /// The command may end here: `<cr>`.
    case end
    /// A word of the language, which may be shortened; and what follows it in the list of choices.
    case keyword(String, hint: String = "")
    /// A word of the language that must be written out, where a name could stand as well.
    case fullKeyword(String)
    /// Any word that `accepts` takes; how the list of choices shows it.
    case value(String, accepts: @Sendable (String) -> Bool)

    /// The choice as the list shows it.
    var label: String {
        switch self {
        case .end: "<cr>"
        case .keyword(let word, let hint): hint.isEmpty ? word : "\(word) \(hint)"
        case .fullKeyword(let word): word
        case .value(let label, _): label
        }
    }

    /// True where the choice is a value that takes the word.
    func accepts(_ word: String) -> Bool {
        guard case .value(_, let accepts) = self else { return false }
        return accepts(word)
    }

    static func == (left: WordChoice, right: WordChoice) -> Bool { left.label == right.label }
}

/// What is wrong with a word of a command.
enum WordFault: Error, Equatable {
    case unknown(String, choices: [WordChoice])
    case missing(choices: [WordChoice])
    case ambiguous(String, choices: [WordChoice])
    case superfluous(String)
    /// The word is known and its value is not right.
    case wrong(String)

    /// What is printed, as bgpctl does.
    var text: String {
        switch self {
        case .unknown(let word, let choices): "unknown argument: \(word)\n" + Self.list(choices)
        case .missing(let choices): "missing argument:\n" + Self.list(choices)
        case .ambiguous(let word, let choices):
            "ambiguous argument: \(word)\n" + Self.list(choices)
        case .superfluous(let word): "superfluous argument: \(word)"
        case .wrong(let text): text
        }
    }

    private static func list(_ choices: [WordChoice]) -> String {
        (["valid commands/args:"] + choices.map { "  " + $0.label }).joined(separator: "\n")
    }
}

/// Takes the words of a command one after the other.
struct WordReader {
    private var words: ArraySlice<String>

    init(_ words: [String]) {
        self.words = words[...]
    }

    /// What was found: for a keyword its full spelling, for a value the word itself, `""` for the end.
    struct Found: Equatable {
        var choice: WordChoice
        var word: String
    }

    /// The next word, which must be one of the choices.
    mutating func next(_ choices: [WordChoice]) throws(WordFault) -> Found {
        guard let word = words.first else {
            if choices.contains(.end) { return Found(choice: .end, word: "") }
            throw .missing(choices: choices)
        }
        if choices == [.end] { throw .superfluous(word) }
        let found = try find(word, choices)
        words.removeFirst()
        return found
    }

    /// All words that are left.
    mutating func rest() -> [String] {
        let rest = Array(words)
        words = []
        return rest
    }

    private func find(_ word: String, _ choices: [WordChoice]) throws(WordFault) -> Found {
        var shortened: [Found] = []
        for choice in choices {
            switch choice {
            case .keyword(let full, _):
                if full == word { return Found(choice: choice, word: full) }
                if full.hasPrefix(word), !word.isEmpty {
                    shortened.append(Found(choice: choice, word: full))
                }
            case .fullKeyword(let full):
                if full == word { return Found(choice: choice, word: full) }
            case .end, .value:
                break
            }
        }
        if shortened.count > 1 { throw .ambiguous(word, choices: choices) }
        if let only = shortened.first { return only }
        for choice in choices {
            if case .value(_, let accepts) = choice, accepts(word) {
                return Found(choice: choice, word: word)
            }
        }
        throw .unknown(word, choices: choices)
    }
}
