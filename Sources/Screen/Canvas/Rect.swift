/// A position on the canvas: columns from the left, rows from the top, both from 0.
package struct Point: Hashable, Sendable {
    /// Column, from 0.
    package var x: Int
    /// Row, from 0.
    package var y: Int

    /// Makes a position.
    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// Width and height in cells.
package struct Size: Hashable, Sendable {
    /// Columns.
    package var width: Int
    /// Rows.
    package var height: Int

    /// Makes a size; negative numbers count as 0.
    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of cells; one without width or height is empty and draws nothing.
package struct Rect: Hashable, Sendable {
    /// Leftmost column.
    package var x: Int
    /// Topmost row.
    package var y: Int
    /// Columns.
    package var width: Int
    /// Rows.
    package var height: Int

    /// Makes a rectangle; a negative width or height counts as 0.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The first column to the right of the rectangle.
    package var endX: Int { x + width }

    /// The first row below the rectangle.
    package var endY: Int { y + height }

    /// Whether no cell is inside.
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether the position lies inside.
    package func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < endX && point.y >= y && point.y < endY
    }

    /// The part that lies in both; empty where they do not meet.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left,
            y: top,
            width: min(endX, other.endX) - left,
            height: min(endY, other.endY) - top
        )
    }

    /// The rectangle without `columns` at the left and right and `rows` at the top and bottom.
    package func inset(columns: Int, rows: Int) -> Rect {
        Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
    }

    /// One row of the rectangle, counted from its top; empty where it has no such row.
    package func row(_ index: Int) -> Rect {
        let inside = index >= 0 && index < height
        return Rect(x: x, y: y + index, width: width, height: inside ? 1 : 0)
    }
}
