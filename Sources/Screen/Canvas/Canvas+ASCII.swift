extension Canvas {
    /// The canvas in ASCII alone, for terminals whose encoding is not UTF-8.
    ///
    /// Every column keeps its place: lines become `+`, `-` and `|`, the signs of the dashboard have
    /// each their own letter or sign, marks are dropped, and what has no likeness is `?`.
    package var ascii: Canvas {
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                let cell = self[x, y]
                let likeness: Unicode.Scalar =
                    cell.isContinuation ? "?" : Self.asciiLikeness(cell.scalar)
                result.cells[y * width + x] = Cell(scalar: likeness, style: cell.style)
            }
        }
        return result
    }

    /// The ASCII character that stands for another one.
    package static func asciiLikeness(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{20}"..."\u{7E}": scalar
        case "─", "━", "═", "–", "—", "‐", "‑", "−": "-"
        case "│", "┃", "║": "|"
        case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╯", "╰": "+"
        case "●", "◉", "⬤": "*"
        case "○", "◯": "o"
        case "✗", "✘", "×", "✕": "x"
        case "✓", "✔": "v"
        case "▲", "△", "↑": "^"
        case "▼", "▽", "↓": "v"
        case "◀", "←", "‹", "«": "<"
        case "▶", "→", "›", "»", "▸": ">"
        case "≠": "!"
        case "≤": "<"
        case "≥": ">"
        case "≈": "~"
        case "…", "·", "•", "▁", "⋯": "."
        case "▂": ","
        case "▃": ":"
        case "▄": "-"
        case "▅": "="
        case "▆": "+"
        case "▇": "*"
        case "█", "▓", "▒": "#"
        case "░": ":"
        case "‘", "’": "'"
        case "“", "”", "„": "\""
        case "\u{A0}": " "
        default: "?"
        }
    }
}
