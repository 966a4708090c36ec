/// Reads a pattern into steps: alternatives of sequences of repeated pieces.
struct ASPathPatternParser {
    private var rest: Substring
    private var depth = 0

    init(_ text: String) { rest = text[...] }

    /// The whole pattern.
    mutating func pattern() throws(ASPathPatternFault) -> [ASPathInstruction] {
        let steps = try alternatives()
        guard rest.isEmpty else { throw ASPathPatternFault("there is no ( to this )") }
        return steps
    }

    private mutating func alternatives() throws(ASPathPatternFault) -> [ASPathInstruction] {
        var steps = try sequence()
        while rest.first == "|" {
            rest.removeFirst()
            let other = try sequence()
            steps = [.split(1, steps.count + 2)] + steps + [.jump(other.count + 1)] + other
        }
        return steps
    }

    private mutating func sequence() throws(ASPathPatternFault) -> [ASPathInstruction] {
        var steps: [ASPathInstruction] = []
        while let next = rest.first, next != "|", next != ")" { steps += try repeated() }
        return steps
    }

    private mutating func repeated() throws(ASPathPatternFault) -> [ASPathInstruction] {
        var steps = try piece()
        while let sign = rest.first, "*+?".contains(sign) {
            rest.removeFirst()
            switch sign {
            case "*": steps = Self.anyNumber(of: steps)
            case "+": steps += [.split(-steps.count, 1)]
            default: steps = [.split(1, steps.count + 1)] + steps
            }
        }
        return steps
    }

    private static func anyNumber(of steps: [ASPathInstruction]) -> [ASPathInstruction] {
        [.split(1, steps.count + 2)] + steps + [.jump(-steps.count - 1)]
    }

    private mutating func piece() throws(ASPathPatternFault) -> [ASPathInstruction] {
        let sign = rest.removeFirst()
        switch sign {
        case "^": return [.start]
        case "$": return [.end]
        case ".": return [.take(.all)]
        case "_": return [.border] + Self.anyNumber(of: [.take(.delimiters)])
        case "[": return [.take(try choice())]
        case "*", "+", "?": throw ASPathPatternFault("there is nothing that \(sign) repeats")
        case "(":
            depth += 1
            guard depth < 32 else { throw ASPathPatternFault("the parentheses are too deep") }
            let steps = try alternatives()
            guard rest.popFirst() == ")" else {
                throw ASPathPatternFault("there is no ) to this (")
            }
            depth -= 1
            return steps
        case "\\":
            guard let next = rest.popFirst() else {
                throw ASPathPatternFault("nothing follows the backslash")
            }
            return [.take(try Self.characters(next))]
        default: return [.take(try Self.characters(sign))]
        }
    }

    /// `[0-9]`, `[^ ]`.
    private mutating func choice() throws(ASPathPatternFault) -> ASPathCharacters {
        var set: ASPathCharacters = []
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var isFirst = true
        while let sign = rest.popFirst() {
            if sign == "]", !isFirst { return isNegated ? .all.subtracting(set) : set }
            isFirst = false
            guard rest.first == "-", let last = rest.dropFirst().first, last != "]" else {
                set.formUnion(try Self.characters(sign))
                continue
            }
            guard let from = sign.wholeNumberValue, let to = last.wholeNumberValue, from <= to
            else { throw ASPathPatternFault("\(sign)-\(last) is no range of digits") }
            for digit in from...to {
                set.formUnion(ASPathCharacters(rawValue: 1 << UInt32(digit)))
            }
            rest.removeFirst(2)
        }
        throw ASPathPatternFault("there is no ] to this [")
    }

    private static func characters(
        _ character: Character
    ) throws(ASPathPatternFault) -> ASPathCharacters {
        guard let set = ASPathCharacters(character) else {
            throw ASPathPatternFault("no AS path holds \"\(character)\"")
        }
        return set
    }
}
