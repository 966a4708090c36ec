/// The screen as values: a grid of styled cells that drawing fills and a terminal shows.
///
/// Made anew for every frame and never read back by who draws it. Everything is clipped: what
/// falls outside is not drawn and is no error. A wide character that would be cut by an edge
/// becomes a blank, and writing over one half of a wide character blanks the other.
package struct Canvas: Hashable, Sendable {
    /// Columns and rows.
    package let size: Size
    var cells: [Cell]  // row by row

    /// Where the terminal's cursor stands; nil hides it.
    package var cursor: Point?

    /// A blank canvas.
    package init(size: Size, style: Style = .text) {
        self.size = size
        cells = Array(repeating: .blank(style), count: size.width * size.height)
    }

    /// Columns.
    package var width: Int { size.width }

    /// Rows.
    package var height: Int { size.height }

    /// The whole canvas as a rectangle.
    package var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

    /// The cell at a position, which must be on the canvas.
    package subscript(x: Int, y: Int) -> Cell {
        precondition(
            bounds.contains(Point(x: x, y: y)),
            "a cell is asked for outside of the canvas"
        )
        return cells[y * size.width + x]
    }

    /// Writes text on one line from (`x`, `y`), clipped to `clip`, and returns the column after it.
    ///
    /// Controls, line breaks and what joins or reorders characters become U+FFFD (see
    /// ``TextWidth``). The returned column counts also what was clipped, so that pieces of a line
    /// can be written one after the other.
    @discardableResult
    package mutating func write(
        _ text: String,
        x: Int,
        y: Int,
        style: Style = .text,
        in clip: Rect? = nil
    ) -> Int {
        let clip = clip.map { $0.intersection(bounds) } ?? bounds
        var column = x
        var last: Int?
        for glyph in Glyphs(text) {
            switch glyph {
            case .mark(let mark):
                if let last { cells[last].add(mark: mark) }
            case .character(let scalar, let width):
                last = put(scalar, width: width, x: column, y: y, style: style, in: clip)
                column += width
            }
        }
        return column
    }

    /// Fills a rectangle with one character of one column, a blank by default.
    package mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar = " ", style: Style) {
        let rect = rect.intersection(bounds)
        for y in rect.y..<rect.endY {
            for x in rect.x..<rect.endX {
                set(Cell(scalar: scalar, style: style), x: x, y: y)
            }
        }
    }

    /// Lays a ground under what is drawn in a rectangle, as a selected row: roles stay.
    package mutating func lay(_ ground: Role?, under rect: Rect) {
        change(rect) { $0.ground = ground }
    }

    /// Changes the styles of a rectangle, leaving the characters.
    package mutating func change(_ rect: Rect, style body: (inout Style) -> Void) {
        let rect = rect.intersection(bounds)
        for y in rect.y..<rect.endY {
            for x in rect.x..<rect.endX { body(&cells[y * size.width + x].style) }
        }
    }

    /// Puts one character; returns its index where it was drawn.
    private mutating func put(
        _ scalar: Unicode.Scalar,
        width: Int,
        x: Int,
        y: Int,
        style: Style,
        in clip: Rect
    ) -> Int? {
        guard y >= clip.y, y < clip.endY, x < clip.endX, x + width > clip.x else { return nil }
        guard x >= clip.x, x + width <= clip.endX else {
            // Half of a wide character: the half that is inside is blank.
            set(.blank(style), x: max(x, clip.x), y: y)
            return nil
        }
        set(Cell(scalar: scalar, style: style), x: x, y: y)
        if width == 2 {
            heal(x: x + 1, y: y)
            cells[y * size.width + x + 1] = .continuation(style)
        }
        return y * size.width + x
    }

    /// Sets one cell of one column, blanking the other half of a wide character that was there.
    mutating func set(_ cell: Cell, x: Int, y: Int) {
        heal(x: x, y: y)
        cells[y * size.width + x] = cell
    }

    private mutating func heal(x: Int, y: Int) {
        let index = y * size.width + x
        if cells[index].isContinuation, x > 0 {
            cells[index - 1] = .blank(cells[index - 1].style)
        }
        if x + 1 < size.width, cells[index + 1].isContinuation {
            cells[index + 1] = .blank(cells[index + 1].style)
        }
    }
}
