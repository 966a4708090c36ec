/// How many columns text takes, by a table of our own: the same on every machine.
///
/// A terminal shows a character with its combining marks in one cell or two. What terminals
/// disagree about is not sent to them: a sequence joined by ZWJ or an emoji modifier keeps its
/// first character and shows U+FFFD for the rest, a flag shows its two letters, variation
/// selectors are dropped, a tab is a blank, and controls, direction marks and unassigned
/// characters show as U+FFFD (so text from a peer can never steer the terminal).
package enum TextWidth {
    /// Columns of one character: 0 for a combining mark, 1 or 2.
    package static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if contains(combiningRanges, value) { return 0 }
        return contains(wideRanges, value) ? 2 : 1
    }

    /// Columns of a text of one line.
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        var width = 0
        for case .character(_, let columns) in Glyphs(text) { width += columns }
        return width
    }

    /// Whether a character is replaced by U+FFFD before it reaches a terminal.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x7F { return value < 0x20 }
        return contains(hiddenRanges, value)
    }

    private static func contains(_ ranges: [(UInt32, UInt32)], _ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            let (first, last) = ranges[middle]
            if value < first {
                high = middle
            } else if value > last {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }
}

/// One step of drawing text.
enum Glyph: Hashable {
    /// A character that takes a cell of `width` columns.
    case character(Unicode.Scalar, width: Int)
    /// A combining mark for the cell before.
    case mark(Unicode.Scalar)
}

/// The cells that a text makes, in order.
struct Glyphs: Sequence, IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var hasBase = false
    private var joined = false  // behind a ZWJ that already shows as U+FFFD
    private var swallowsNext = false

    init(_ text: String) {
        scalars = text.unicodeScalars.makeIterator()
    }

    mutating func next() -> Glyph? {
        while let scalar = scalars.next() {
            let value = scalar.value
            if (0x20..<0x7F).contains(value) { return plain(scalar, width: 1) }
            if (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value) { continue }
            let joins = value == 0x200D
            if joins || (0x1F3FB...0x1F3FF).contains(value), hasBase {
                swallowsNext = joins
                if joined { continue }
                joined = true
                return .character("\u{FFFD}", width: 1)
            }
            if swallowsNext {
                swallowsNext = false
                continue
            }
            if (0x1F1E6...0x1F1FF).contains(value) {
                let letter = Unicode.Scalar(UInt8(0x41 + (value - 0x1F1E6)))
                return plain(letter, width: 1)
            }
            if value == 9 { return plain(" ", width: 1) }
            if TextWidth.isHidden(scalar) { return plain("\u{FFFD}", width: 1) }
            let width = TextWidth.of(scalar)
            if width > 0 { return plain(scalar, width: width) }
            if joined { continue }
            return hasBase ? .mark(scalar) : plain("\u{FFFD}", width: 1)
        }
        return nil
    }

    private mutating func plain(_ scalar: Unicode.Scalar, width: Int) -> Glyph {
        hasBase = true
        joined = false
        swallowsNext = false
        return .character(scalar, width: width)
    }
}
