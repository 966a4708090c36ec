extension ScreenModel {
    mutating func control(_ byte: UInt8) {
        switch byte {
        case 8: cursor.x = max(0, cursor.x - 1)
        case 9: cursor.x = min(width - 1, (cursor.x / 8 + 1) * 8)
        case 10, 11, 12: lineFeed()
        case 13: cursor.x = 0
        case 14: lineDrawing = true
        case 15: lineDrawing = false
        case 0x1B: state = .escape
        default: return
        }
        wrapsNext = false
    }

    mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            state = .string
        case UInt8(ascii: "("), UInt8(ascii: ")"): state = .charset(byte)
        case UInt8(ascii: "="): applicationKeypad = true
        case UInt8(ascii: ">"): applicationKeypad = false
        case UInt8(ascii: "7"): saved = cursor
        case UInt8(ascii: "8"): cursor = saved
        case UInt8(ascii: "M"): reverseLineFeed()
        case UInt8(ascii: "D"): lineFeed()
        case UInt8(ascii: "E"):
            cursor.x = 0
            lineFeed()
        case UInt8(ascii: "\\"), UInt8(ascii: "H"): break
        default: unknown.append("ESC \(Character(Unicode.Scalar(byte)))")
        }
    }

    mutating func lineFeed() {
        if cursor.y == region.upperBound {
            scroll(region, by: 1)
        } else {
            cursor.y = min(height - 1, cursor.y + 1)
        }
    }

    mutating func reverseLineFeed() {
        if cursor.y == region.lowerBound {
            scroll(region, by: -1)
        } else {
            cursor.y = max(0, cursor.y - 1)
        }
    }

    /// Moves rows up, or down for a negative number; blank rows come in.
    mutating func scroll(_ rows: ClosedRange<Int>, by count: Int) {
        let blank = Array(repeating: Cell(text: " ", style: erased), count: width)
        for _ in 0..<min(abs(count), rows.count) {
            if count > 0 {
                cells.remove(at: rows.lowerBound)
                cells.insert(blank, at: rows.upperBound)
            } else {
                cells.remove(at: rows.upperBound)
                cells.insert(blank, at: rows.lowerBound)
            }
        }
    }

    /// What erasing leaves: the background stays.
    var erased: ModelStyle { ModelStyle(background: style.background) }

    mutating func sequence(_ bytes: [UInt8], final: UInt8) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let first = bytes.first, (0x3C...0x3F).contains(first) {
            return privateSequence(text, final: final)
        }
        let numbers = text.split(separator: ";", omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        let count = max(1, first)
        if final != UInt8(ascii: "m") { wrapsNext = false }
        switch Character(Unicode.Scalar(final)) {
        case "A": cursor.y = max(0, cursor.y - count)
        case "B", "e": cursor.y = min(height - 1, cursor.y + count)
        case "C", "a": cursor.x = min(width - 1, cursor.x + count)
        case "D": cursor.x = max(0, cursor.x - count)
        case "G", "`": cursor.x = min(width, count) - 1
        case "d": cursor.y = min(height, count) - 1
        case "H", "f":
            cursor.y = min(height, count) - 1
            cursor.x = min(width, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
        case "J": eraseDisplay(first)
        case "K":
            let columns =
                first == 0 ? cursor.x..<width : first == 1 ? 0..<(cursor.x + 1) : 0..<width
            erase(row: cursor.y, columns: columns)
        case "X": erase(row: cursor.y, columns: cursor.x..<min(width, cursor.x + count))
        case "@":
            let blanks = Array(repeating: Cell(text: " ", style: erased), count: min(count, width))
            cells[cursor.y].insert(contentsOf: blanks, at: cursor.x)
            cells[cursor.y].removeLast(blanks.count)
        case "P":
            let gone = min(count, width - cursor.x)
            cells[cursor.y].removeSubrange(cursor.x..<(cursor.x + gone))
            cells[cursor.y] += Array(repeating: Cell(text: " ", style: erased), count: gone)
        case "L" where region.contains(cursor.y):
            scroll(cursor.y...region.upperBound, by: -count)
        case "M" where region.contains(cursor.y):
            scroll(cursor.y...region.upperBound, by: count)
        case "S": scroll(region, by: count)
        case "T": scroll(region, by: -count)
        case "Z": cursor.x = max(0, ((cursor.x + 7) / 8 - count) * 8)
        case "b":
            for scalar in String(repeating: lastText, count: count).unicodeScalars { draw(scalar) }
        case "r":
            let bottom = numbers.count > 1 && numbers[1] > 0 ? numbers[1] : height
            region = (count - 1)...(max(count, min(height, bottom)) - 1)
            cursor = (0, 0)
        case "h", "l":
            if first == 4 { insertMode = final == UInt8(ascii: "h") }
        case "m": select(numbers)
        case "c", "n", "t": break
        default: unknown.append("CSI \(text)\(Character(Unicode.Scalar(final)))")
        }
    }

    private mutating func eraseDisplay(_ what: Int) {
        if what == 0 { erase(row: cursor.y, columns: cursor.x..<width) }
        if what == 1 { erase(row: cursor.y, columns: 0..<(cursor.x + 1)) }
        let rows = what == 0 ? (cursor.y + 1)..<height : what == 1 ? 0..<cursor.y : 0..<height
        for row in rows { erase(row: row, columns: 0..<width) }
    }

    private mutating func erase(row: Int, columns: Range<Int>) {
        for x in columns { cells[row][x] = Cell(text: " ", style: erased) }
    }

    private mutating func privateSequence(_ text: String, final: UInt8) {
        guard text.first == "?" else { return }
        let body = text.dropFirst()
        if final == UInt8(ascii: "p"), body.last == "$" {
            let mode = body.dropLast()
            answers += Array("\u{1B}[?\(mode);\(mode == "2026" ? 2 : 0)$y".utf8)
            return
        }
        guard final == UInt8(ascii: "h") || final == UInt8(ascii: "l") else { return }
        let on = final == UInt8(ascii: "h")
        for mode in body.split(separator: ";").compactMap({ Int($0) }) {
            if mode == 1049 { showAlternate(on) }
            modes[mode] = on
        }
    }

    private mutating func showAlternate(_ on: Bool) {
        if on, primary == nil {
            primary = (cells, cursor)
            cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
        } else if !on, let primary {
            cells = primary.cells
            cursor = primary.cursor
            self.primary = nil
        }
    }

    private mutating func select(_ numbers: [Int]) {
        var rest = numbers[...]
        while let number = rest.popFirst() {
            switch number {
            case 0: style = ModelStyle()
            case 1: style.bold = true
            case 22: style.bold = false
            case 4: style.underline = true
            case 24: style.underline = false
            case 7: style.reverse = true
            case 27: style.reverse = false
            case 30...37: style.foreground = number - 30
            case 39: style.foreground = -1
            case 40...47: style.background = number - 40
            case 49: style.background = -1
            case 90...97: style.foreground = number - 82
            case 100...107: style.background = number - 92
            case 38, 48:
                guard rest.popFirst() == 5, let color = rest.popFirst() else { return }
                if number == 38 { style.foreground = color } else { style.background = color }
            default: break
            }
        }
    }
}
