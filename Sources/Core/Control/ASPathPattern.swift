/// A pattern of AS paths as routers read it: a regular expression over the printed path, in which `_` stands for the
/// border of a number.
///
/// `^65002_`, `_3356_`, `_13335$`, `^$`, `_(174|3356)_`, `^65002 [0-9]+$`. A path is printed as everywhere else:
/// numbers with a blank between, sets as `{ 1 2 }`, so braces stand for themselves; brackets and parentheses of
/// confederations are written with a backslash.
package struct ASPathPattern: Sendable {
    /// The pattern as it was typed.
    package let text: String
    let program: [ASPathInstruction]

    /// The longest pattern that is taken.
    package static let longest = 255

    /// Reads a pattern.
    package init(_ text: String) throws(ASPathPatternFault) {
        self.text = text
        guard text.utf8.count <= Self.longest else {
            throw ASPathPatternFault("a pattern has at most \(Self.longest) characters")
        }
        var parser = ASPathPatternParser(text)
        program = try parser.pattern() + [.matched]
    }
}

extension ASPathPattern: Hashable {
    package static func == (left: ASPathPattern, right: ASPathPattern) -> Bool {
        left.text == right.text
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What is wrong with a pattern, in words.
package struct ASPathPatternFault: Error, Hashable {
    package var text: String

    init(_ text: String) { self.text = text }
}

/// A step of a compiled pattern; distances are counted from the step itself.
enum ASPathInstruction: Hashable, Sendable {
    /// Takes one of these characters.
    case take(ASPathCharacters)
    /// Goes on at both distances.
    case split(Int, Int)
    case jump(Int)
    /// Holds where no number goes on.
    case border
    case start
    case end
    case matched
}

/// Characters that a printed path is made of, as a set.
struct ASPathCharacters: OptionSet, Hashable, Sendable {
    var rawValue: UInt32

    static let blank = ASPathCharacters(rawValue: 1 << 10)
    static let digits = ASPathCharacters(rawValue: (1 << 10) - 1)
    static let all = ASPathCharacters(rawValue: (1 << 17) - 1)
    /// What stands between numbers.
    static let delimiters = all.subtracting(digits)

    private static let others: [Character] = [" ", "{", "}", "(", ")", "[", "]"]

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The set of that character alone; nil where no path holds it.
    init?(_ character: Character) {
        if character.isASCII, let digit = character.wholeNumberValue {
            rawValue = 1 << UInt32(digit)
        } else if let place = Self.others.firstIndex(of: character) {
            rawValue = 1 << UInt32(10 + place)
        } else {
            return nil
        }
    }
}
