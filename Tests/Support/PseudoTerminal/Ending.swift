/// How a program ended.
package enum Ending: Hashable, Sendable {
    case exit(Int32)
    case signal(Int32)

    init(status: Int32) {
        let number = status & 0x7F
        self = number == 0 ? .exit(status >> 8 & 0xFF) : .signal(number)
    }
}

/// What went wrong with a program in a pseudo-terminal.
package enum PseudoTerminalError: Error, CustomStringConvertible {
    case cannotStart(String)
    case timeout(waitingFor: String, screen: String)

    package var description: String {
        switch self {
        case .cannotStart(let why): "the program cannot be started: \(why)"
        case .timeout(let what, let screen):
            "waited in vain for \(what); the screen shows\n\(screen)"
        }
    }
}

/// A key that terminals send as more than its character.
package enum TypedKey: Hashable, Sendable {
    case up, down, left, right, home, end
    case pageUp, pageDown
    case enter, tab, backTab, escape, backspace
    case function(Int)
    /// Control and a letter.
    case control(Character)

    func bytes(applicationCursor: Bool) -> String {
        let lead = applicationCursor ? "\u{1B}O" : "\u{1B}["
        switch self {
        case .up: return lead + "A"
        case .down: return lead + "B"
        case .right: return lead + "C"
        case .left: return lead + "D"
        case .home: return lead + "H"
        case .end: return lead + "F"
        case .pageUp: return "\u{1B}[5~"
        case .pageDown: return "\u{1B}[6~"
        case .enter: return "\r"
        case .tab: return "\t"
        case .backTab: return "\u{1B}[Z"
        case .escape: return "\u{1B}"
        case .backspace: return "\u{7F}"
        case .function(let number):
            let codes = [15, 17, 18, 19, 20, 21, 23, 24]
            if number <= 4 { return "\u{1B}O" + String(["P", "Q", "R", "S"][number - 1]) }
            return "\u{1B}[\(codes[number - 5])~"
        case .control(let letter):
            let value = letter.asciiValue ?? 0x40
            return String(Character(Unicode.Scalar(value & 31)))
        }
    }
}

extension ScreenModel {
    /// Takes out what a terminal would answer.
    mutating func takeAnswers() -> [UInt8] {
        let result = answers
        answers = []
        return result
    }
}
