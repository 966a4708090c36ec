/// A pattern at work: asked of many paths, it keeps its scratch memory.
///
/// All ways through the pattern are followed at once, so a path takes time by its length, whatever the pattern.
package struct ASPathMatcher {
    private let program: [ASPathInstruction]
    /// The printed path, a character the set of itself.
    private var characters: [ASPathCharacters] = []
    /// Steps that are reached, and those behind the next character.
    private var present: [Int] = []
    private var following: [Int] = []
    /// By step, the round in which it was reached last.
    private var rounds: [Int]
    private var round = 0
    private var waiting: [Int] = []

    /// A matcher for a pattern.
    package init(_ pattern: ASPathPattern) {
        program = pattern.program
        rounds = Array(repeating: 0, count: program.count)
    }

    /// True where the pattern fits some part of an AS_PATH value with four-octet numbers.
    package mutating func matches(_ path: Span<UInt8>) -> Bool {
        characters.removeAll(keepingCapacity: true)
        print(path)
        following.removeAll(keepingCapacity: true)
        round += 1
        for place in 0...characters.count {
            // A match may begin at every character.
            if reach(0, at: place) { return true }
            guard place < characters.count else { break }
            swap(&present, &following)
            following.removeAll(keepingCapacity: true)
            round += 1
            for step in present {
                guard case .take(let set) = program[step], set.contains(characters[place]) else {
                    continue
                }
                if reach(step + 1, at: place + 1) { return true }
            }
        }
        return false
    }

    /// Notes a step and all that follow it without a character; true where the pattern ends there.
    private mutating func reach(_ first: Int, at place: Int) -> Bool {
        waiting.append(first)
        var isMatched = false
        while let step = waiting.popLast() {
            guard rounds[step] != round else { continue }
            rounds[step] = round
            switch program[step] {
            case .take: following.append(step)
            case .jump(let distance): waiting.append(step + distance)
            case .split(let one, let other):
                waiting.append(step + other)
                waiting.append(step + one)
            case .border: if isBorder(place) { waiting.append(step + 1) }
            case .start: if place == 0 { waiting.append(step + 1) }
            case .end: if place == characters.count { waiting.append(step + 1) }
            case .matched: isMatched = true
            }
        }
        return isMatched
    }

    private func isBorder(_ place: Int) -> Bool {
        guard place > 0, place < characters.count else { return true }
        return !ASPathCharacters.digits.contains(characters[place - 1])
            || !ASPathCharacters.digits.contains(characters[place])
    }

    // MARK: The path as it is printed

    private mutating func print(_ path: Span<UInt8>) {
        var offset = 0
        while offset + 2 <= path.count {
            let type = path[offset]
            let count = min(Int(path[offset + 1]), (path.count - offset - 2) / 4)
            if let (open, _) = Self.brackets(type) { word(open) }
            for index in 0..<count { number(path, at: offset + 2 + 4 * index) }
            if let (_, close) = Self.brackets(type) { word(close) }
            offset += 2 + 4 * count
        }
    }

    private static func brackets(_ type: UInt8) -> (open: UInt32, close: UInt32)? {
        switch type {
        case 1: (1 << 11, 1 << 12)
        case 3: (1 << 13, 1 << 14)
        case 4: (1 << 15, 1 << 16)
        default: nil
        }
    }

    private mutating func word(_ character: UInt32) {
        if !characters.isEmpty { characters.append(.blank) }
        characters.append(ASPathCharacters(rawValue: character))
    }

    private mutating func number(_ path: Span<UInt8>, at offset: Int) {
        if !characters.isEmpty { characters.append(.blank) }
        var value: UInt32 = 0
        for index in 0..<4 { value = value << 8 | UInt32(path[offset + index]) }
        var unit: UInt32 = 1
        while value / unit >= 10 { unit *= 10 }
        while unit > 0 {
            characters.append(ASPathCharacters(rawValue: 1 << (value / unit % 10)))
            unit /= 10
        }
    }
}
