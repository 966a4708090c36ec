extension Canvas {
    /// Draws a horizontal line; where it meets lines it joins them.
    package mutating func horizontalLine(x: Int, y: Int, width: Int, style: Style) {
        for column in 0..<max(0, width) {
            var arms: LineArms = []
            if column > 0 { arms.insert(.left) }
            if column < width - 1 { arms.insert(.right) }
            join(width == 1 ? [.left, .right] : arms, x: x + column, y: y, style: style)
        }
    }

    /// Draws a vertical line; where it meets lines it joins them.
    package mutating func verticalLine(x: Int, y: Int, height: Int, style: Style) {
        for row in 0..<max(0, height) {
            var arms: LineArms = []
            if row > 0 { arms.insert(.up) }
            if row < height - 1 { arms.insert(.down) }
            join(height == 1 ? [.up, .down] : arms, x: x, y: y + row, style: style)
        }
    }

    /// Draws the border of a box with a title at its left and a note at its right.
    ///
    ///     ┌─ 1 Neighbors ──────────── sort state ─┐
    ///
    /// Boxes that share a border row or column are joined (`├`, `┤`, `┬`, `┴`, `┼`); the style of the
    /// one drawn last stays, so the focused one is drawn last. The note gives way to the title: it
    /// is cut, and left out where less than four columns remain.
    package mutating func box(
        _ rect: Rect,
        title: String = "",
        note: String = "",
        style: Style = Style(.border),
        titleStyle: Style = Style(.title),
        noteStyle: Style = Style(.dim)
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        border(rect, style: style)

        var free = rect.width - 6  // corners, a dash and a blank on both sides
        var noteStart = rect.endX - 2
        if !title.isEmpty, free > 0 {
            let text = title.cut(to: free)
            write(" \(text) ", x: rect.x + 2, y: rect.y, style: titleStyle)
            free -= TextWidth.of(text) + 3
        }
        if !note.isEmpty, free >= min(4, TextWidth.of(note)) {
            let text = note.cut(to: free)
            noteStart -= TextWidth.of(text) + 2
            write(" \(text) ", x: noteStart, y: rect.y, style: noteStyle)
        }
    }

    /// Every cell with all its arms at once: a line's end alone would be drawn as a whole line.
    private mutating func border(_ rect: Rect, style: Style) {
        let (right, bottom) = (rect.endX - 1, rect.endY - 1)
        for x in (rect.x + 1)..<max(rect.x + 1, right) {
            join([.left, .right], x: x, y: rect.y, style: style)
            join([.left, .right], x: x, y: bottom, style: style)
        }
        for y in (rect.y + 1)..<max(rect.y + 1, bottom) {
            join([.up, .down], x: rect.x, y: y, style: style)
            join([.up, .down], x: right, y: y, style: style)
        }
        join([.right, .down], x: rect.x, y: rect.y, style: style)
        join([.left, .down], x: right, y: rect.y, style: style)
        join([.right, .up], x: rect.x, y: bottom, style: style)
        join([.left, .up], x: right, y: bottom, style: style)
    }

    private mutating func join(_ arms: LineArms, x: Int, y: Int, style: Style) {
        guard bounds.contains(Point(x: x, y: y)) else { return }
        let all = arms.union(LineArms(self[x, y].scalar))
        set(Cell(scalar: all.scalar, style: style), x: x, y: y)
    }
}

/// The arms of a line character, from its middle.
private struct LineArms: OptionSet {
    let rawValue: UInt8

    static let up = LineArms(rawValue: 1)
    static let down = LineArms(rawValue: 2)
    static let left = LineArms(rawValue: 4)
    static let right = LineArms(rawValue: 8)

    /// By raw value; one arm alone is drawn as a whole line.
    private static let scalars: [Unicode.Scalar] = [
        " ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
    ]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The arms of a character that is on the screen; none where it is no line.
    init(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "─": self = [.left, .right]
        case "│": self = [.up, .down]
        default: self.init(rawValue: UInt8(Self.scalars.lastIndex(of: scalar) ?? 0))
        }
        if scalar == " " { self = [] }
    }

    var scalar: Unicode.Scalar { Self.scalars[Int(rawValue & 15)] }
}
