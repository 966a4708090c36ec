import Canvas

/// How a character looks on the model's screen.
package struct ModelStyle: Hashable, Sendable {
    /// Colour numbers; -1 is the terminal's own.
    package var foreground = -1
    /// Colour behind it.
    package var background = -1
    /// Bold.
    package var bold = false
    /// Reversed.
    package var reverse = false
    /// Underlined.
    package var underline = false
}

/// A terminal without a window: it takes what a program writes and knows what would be seen.
///
/// Knows what ncurses sends for xterm, linux and vt100, and keeps what a program must switch off
/// again: modes, cursor, alternate screen. What it does not know is counted, not guessed.
package struct ScreenModel {
    struct Cell: Hashable {
        var text = " "
        var style = ModelStyle()
    }

    enum State {
        case ground
        case escape
        case control([UInt8])
        case charset(UInt8)
        case string
        case stringEscape
    }

    /// Columns.
    package private(set) var width: Int
    /// Rows.
    package private(set) var height: Int
    /// Private modes (`CSI ? n h`) by number.
    package internal(set) var modes: [Int: Bool] = [:]
    /// Application keypad (`ESC =`).
    package internal(set) var applicationKeypad = false
    /// Style of what would be written next.
    package internal(set) var style = ModelStyle()
    /// Sequences that the model does not know.
    package internal(set) var unknown: [String] = []
    /// The cursor's column and row.
    package internal(set) var cursor = (x: 0, y: 0)
    /// What a terminal would answer to questions that came in.
    package internal(set) var answers: [UInt8] = []

    var cells: [[Cell]]
    var primary: (cells: [[Cell]], cursor: (x: Int, y: Int))?
    var saved = (x: 0, y: 0)
    var region: ClosedRange<Int>
    var wrapsNext = false
    var insertMode = false
    var lineDrawing = false
    var lastText = " "
    var state = State.ground
    var utf8: [UInt8] = []

    /// A blank screen.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
        region = 0...(height - 1)
    }

    /// The rows as text, as wide as the screen.
    package var lines: [String] {
        cells.map { $0.map(\.text).joined() }
    }

    /// Whether a row holds the text.
    package func contains(_ text: String) -> Bool {
        lines.contains { $0.contains(text) }
    }

    /// Whether the alternate screen is shown.
    package var isAlternate: Bool { modes[1049] == true }

    /// Style of a cell.
    package func style(x: Int, y: Int) -> ModelStyle {
        cells[y][x].style
    }

    /// What a program left switched on, in words; empty when the terminal is as it was.
    package var leftovers: [String] {
        var left: [String] = []
        if isAlternate { left.append("alternate screen") }
        if modes[25] == false { left.append("cursor hidden") }
        if modes[2004] == true { left.append("bracketed paste") }
        if [9, 1000, 1002, 1003].contains(where: { modes[$0] == true }) { left.append("mouse") }
        if modes[1006] == true { left.append("SGR mouse") }
        if modes[1004] == true { left.append("focus reports") }
        if modes[2026] == true { left.append("synchronized update") }
        if modes[1] == true { left.append("application cursor keys") }
        if modes[7] == false { left.append("autowrap off") }
        if applicationKeypad { left.append("application keypad") }
        if style != ModelStyle() { left.append("style \(style)") }
        if insertMode { left.append("insert mode") }
        if region != 0...(height - 1) { left.append("scroll region") }
        return left
    }

    /// Changes the size as a terminal window does: content stays at the top left.
    package mutating func resize(width: Int, height: Int) {
        func fit(_ rows: [[Cell]]) -> [[Cell]] {
            (0..<height).map { y in
                (0..<width).map { x in
                    y < rows.count && x < rows[y].count ? rows[y][x] : Cell()
                }
            }
        }
        cells = fit(cells)
        primary = primary.map { (fit($0.cells), $0.cursor) }
        self.width = width
        self.height = height
        region = 0...(height - 1)
        cursor = (min(cursor.x, width - 1), min(cursor.y, height - 1))
        wrapsNext = false
    }

    /// Takes what the program wrote.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { feed(byte) }
    }

    private mutating func feed(_ byte: UInt8) {
        switch state {
        case .ground:
            if byte < 0x20 {
                control(byte)
            } else {
                collect(byte)
            }
        case .escape:
            state = .ground
            escape(byte)
        case .control(var bytes):
            if byte == 0x1B {
                state = .escape
            } else if (0x40...0x7E).contains(byte) {
                state = .ground
                sequence(bytes, final: byte)
            } else {
                bytes.append(byte)
                state = .control(bytes)
            }
        case .charset(let slot):
            state = .ground
            if slot == 0x28 { lineDrawing = byte == 0x30 }
        case .string:
            if byte == 7 { state = .ground } else if byte == 0x1B { state = .stringEscape }
        case .stringEscape:
            state = .ground
        }
    }

    private mutating func collect(_ byte: UInt8) {
        utf8.append(byte)
        let needed = byteCount(utf8[0])
        guard utf8.count >= needed else { return }
        let text = String(decoding: utf8, as: UTF8.self)
        utf8 = []
        for scalar in text.unicodeScalars { draw(scalar) }
    }

    private func byteCount(_ first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }

    mutating func draw(_ scalar: Unicode.Scalar) {
        let width = TextWidth.of(scalar)
        if width == 0 {
            let x = max(0, wrapsNext ? cursor.x : cursor.x - 1)
            let target = cells[cursor.y][x].text.isEmpty && x > 0 ? x - 1 : x
            cells[cursor.y][target].text.unicodeScalars.append(scalar)
            return
        }
        if wrapsNext, modes[7] != false {
            cursor.x = 0
            lineFeed()
        }
        wrapsNext = false
        if cursor.x + width > self.width { cursor.x = self.width - width }
        if insertMode {
            cells[cursor.y].insert(Cell(), at: cursor.x)
            cells[cursor.y].removeLast()
        }
        split(cursor.x)
        if width == 2 { split(cursor.x + 1) }
        cells[cursor.y][cursor.x] = Cell(text: String(Character(scalar)), style: style)
        if width == 2 { cells[cursor.y][cursor.x + 1] = Cell(text: "", style: style) }
        lastText = String(Character(scalar))
        cursor.x += width
        if cursor.x >= self.width {
            cursor.x = self.width - 1
            wrapsNext = true
        }
    }

    /// A wide character loses its other half.
    private mutating func split(_ x: Int) {
        if cells[cursor.y][x].text.isEmpty, x > 0 { cells[cursor.y][x - 1].text = " " }
        if x + 1 < width, cells[cursor.y][x + 1].text.isEmpty { cells[cursor.y][x + 1].text = " " }
    }
}
