import CNcurses
import Canvas

/// Turns what ncurses reads, one code or character at a time, into events.
///
/// Mouse reports and pastes come in many pieces; what is begun is kept for the next read.
struct KeyDecoder {
    /// Codes that are ours, above those of ncurses.
    enum OwnKey: Int32, CaseIterable {
        case pasteStart = 2000
        case pasteEnd
        case focusIn
        case focusOut
        case mouse
        case synchronizes
        case doesNotSynchronize
    }

    /// What a terminal sends for them.
    static let sequences: [(bytes: String, code: Int32)] =
        [
            ("\u{1B}[200~", OwnKey.pasteStart), ("\u{1B}[201~", .pasteEnd),
            ("\u{1B}[I", .focusIn), ("\u{1B}[O", .focusOut), ("\u{1B}[<", .mouse),
            ("\u{1B}[?2026;1$y", .synchronizes), ("\u{1B}[?2026;2$y", .synchronizes),
            ("\u{1B}[?2026;3$y", .synchronizes), ("\u{1B}[?2026;4$y", .doesNotSynchronize),
            ("\u{1B}[?2026;0$y", .doesNotSynchronize),
        ].map { ($0.0, $0.1.rawValue) }
        + [
            // Also where a terminal does not follow the keypad mode.
            ("\u{1B}[A", KEY_UP), ("\u{1B}[B", KEY_DOWN), ("\u{1B}[C", KEY_RIGHT),
            ("\u{1B}[D", KEY_LEFT), ("\u{1B}[H", KEY_HOME), ("\u{1B}[F", KEY_END),
            ("\u{1B}OA", KEY_UP), ("\u{1B}OB", KEY_DOWN), ("\u{1B}OC", KEY_RIGHT),
            ("\u{1B}OD", KEY_LEFT), ("\u{1B}OH", KEY_HOME), ("\u{1B}OF", KEY_END),
            ("\u{1B}[1~", KEY_HOME), ("\u{1B}[4~", KEY_END), ("\u{1B}[Z", KEY_BTAB),
            ("\u{1B}[5~", KEY_PPAGE), ("\u{1B}[6~", KEY_NPAGE), ("\u{1B}[3~", KEY_DC),
        ]

    private enum State {
        case keys
        case paste(String)
        case mouse(String)
    }

    private static let pasteLimit = 1 << 20
    private var state = State.keys

    /// Whether the terminal answered that it knows synchronized update.
    private(set) var synchronizes = false

    /// A key that ncurses knows by a code.
    mutating func decode(code: Int32) -> ScreenEvent? {
        if case .paste(let text) = state {
            guard code == OwnKey.pasteEnd.rawValue else { return nil }
            state = .keys
            return .paste(text)
        }
        state = .keys
        if let own = OwnKey(rawValue: code) {
            switch own {
            case .pasteStart: state = .paste("")
            case .pasteEnd, .doesNotSynchronize: break
            case .focusIn: return .focusGained
            case .focusOut: return .focusLost
            case .mouse: state = .mouse("")
            case .synchronizes: synchronizes = true
            }
            return nil
        }
        return Self.named(code).map { .key($0) }
    }

    /// A character.
    mutating func decode(character: Unicode.Scalar) -> ScreenEvent? {
        switch state {
        case .paste(var text):
            state = .keys  // the string has one owner while it grows
            if text.utf8.count < Self.pasteLimit {
                text.unicodeScalars.append(character == "\r" ? "\n" : character)
            }
            state = .paste(text)
            return nil
        case .mouse(let text):
            if character == "M" || character == "m" {
                state = .keys
                return Self.mouse(text, isRelease: character == "m").map { .mouse($0) }
            }
            let belongs = character == ";" || ("0"..."9").contains(character)
            state = belongs && text.utf8.count < 20 ? .mouse(text + String(character)) : .keys
            return nil
        case .keys:
            return Self.typed(character)
        }
    }

    private static func typed(_ character: Unicode.Scalar) -> ScreenEvent? {
        switch character.value {
        case 9: return .key(.tab)
        case 10, 13: return .key(.enter)
        case 8, 127: return .key(.backspace)
        case 26: return .suspend
        case 27: return .key(.escape)
        case 0..<32:
            // ^@ ^A ... ^_ as letters; those that are letters in lower case.
            let value = UInt8(character.value) + 64
            let letter = (65...90).contains(value) ? value + 32 : value
            return .key(.control(Character(Unicode.Scalar(letter))))
        default:
            return TextWidth.isHidden(character) ? nil : .key(.character(Character(character)))
        }
    }

    private static func named(_ code: Int32) -> Key? {
        switch code {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_HOME, KEY_FIND: .home
        case KEY_END, KEY_SELECT: .end
        case KEY_PPAGE: .pageUp
        case KEY_NPAGE: .pageDown
        case KEY_BTAB: .backTab
        case KEY_ENTER: .enter
        case KEY_BACKSPACE: .backspace
        case KEY_DC: .delete
        case KEY_IC: .insert
        case KEY_F0 + 1...KEY_F0 + 63: .function(Int(code - KEY_F0))
        default: nil
        }
    }

    /// A report as `button;column;row`, counted from 1.
    private static func mouse(_ text: String, isRelease: Bool) -> MouseEvent? {
        let parts = text.split(separator: ";").compactMap { Int($0) }
        guard parts.count == 3, parts[1] > 0, parts[2] > 0 else { return nil }
        let position = Point(x: parts[1] - 1, y: parts[2] - 1)
        let moved = parts[0] & 32 != 0
        if parts[0] & 64 != 0 {
            switch parts[0] & 3 {
            case 0: return MouseEvent(.wheelUp, at: position)
            case 1: return MouseEvent(.wheelDown, at: position)
            default: return nil
            }
        }
        let buttons: [MouseButton] = [.left, .middle, .right]
        guard parts[0] & 3 < 3 else { return nil }
        let button = buttons[parts[0] & 3]
        if isRelease { return MouseEvent(.release(button), at: position) }
        return MouseEvent(moved ? .drag(button) : .press(button), at: position)
    }
}
