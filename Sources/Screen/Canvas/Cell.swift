/// One cell of the screen: a character of one or two columns with its combining marks, and a style.
///
/// Sixteen bytes without a reference, so that a screen is compared in microseconds. The second
/// column of a wide character is a cell of its own, ``isContinuation``, with the same style.
package struct Cell: Hashable, Sendable {
    private var packedMarks: UInt64  // up to three combining marks of 21 bits, the first lowest
    private var base: UInt32  // 0: second column of the wide character to the left
    /// How it looks.
    package var style: Style

    /// A blank.
    package static func blank(_ style: Style) -> Cell {
        Cell(scalar: " ", style: style)
    }

    /// The second column of a wide character.
    static func continuation(_ style: Style) -> Cell {
        var cell = Cell(scalar: " ", style: style)
        cell.base = 0
        return cell
    }

    /// A cell with one character and no marks.
    init(scalar: Unicode.Scalar, style: Style) {
        base = scalar.value
        packedMarks = 0
        self.style = style
    }

    /// Whether this is the second column of the wide character to the left.
    package var isContinuation: Bool { base == 0 }

    /// The character without its marks; a blank in a continuation.
    package var scalar: Unicode.Scalar {
        Unicode.Scalar(base).flatMap { base == 0 ? nil : $0 } ?? " "
    }

    /// The combining marks, at most three.
    package var marks: [Unicode.Scalar] {
        var rest = packedMarks
        var result: [Unicode.Scalar] = []
        while rest != 0 {
            if let mark = Unicode.Scalar(UInt32(rest & 0x1F_FFFF)) { result.append(mark) }
            rest >>= 21
        }
        return result
    }

    /// Whether the character has combining marks.
    package var hasMarks: Bool { packedMarks != 0 }

    /// The character with its marks; empty in a continuation.
    package var text: String {
        if isContinuation { return "" }
        var result = String(Character(scalar))
        for mark in marks { result.unicodeScalars.append(mark) }
        return result
    }

    /// Adds a combining mark; the fourth and later ones are dropped.
    mutating func add(mark: Unicode.Scalar) {
        var shift: UInt64 = 0
        while shift < 63 {
            if (packedMarks >> shift) & 0x1F_FFFF == 0 {
                packedMarks |= UInt64(mark.value) << shift
                return
            }
            shift += 21
        }
    }
}
