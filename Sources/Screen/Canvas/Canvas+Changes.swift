/// Cells of one row that a terminal has to draw anew.
package struct ChangedRun: Hashable, Sendable {
    /// The row.
    package var y: Int
    /// The columns; a wide character is in it with both of them.
    package var columns: Range<Int>

    /// Makes a run.
    package init(y: Int, columns: Range<Int>) {
        self.y = y
        self.columns = columns
    }
}

extension Canvas {
    /// What differs from the canvas that was shown before; everything when the sizes differ.
    ///
    /// Runs are in reading order, do not touch, and never begin or end inside a wide character
    /// of this canvas.
    package func changes(since shown: Canvas?) -> [ChangedRun] {
        guard let shown, shown.size == size else {
            guard width > 0 else { return [] }
            return (0..<height).map { ChangedRun(y: $0, columns: 0..<width) }
        }
        var runs: [ChangedRun] = []
        for y in 0..<height {
            let row = y * width
            var x = 0
            while x < width {
                guard cells[row + x] != shown.cells[row + x] else {
                    x += 1
                    continue
                }
                var start = x
                if start > 0, cells[row + start].isContinuation { start -= 1 }
                x += 1
                while x < width,
                    cells[row + x] != shown.cells[row + x] || cells[row + x].isContinuation
                {
                    x += 1
                }
                runs.append(ChangedRun(y: y, columns: start..<x))
            }
        }
        return runs
    }
}
