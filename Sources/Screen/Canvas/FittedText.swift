/// Where text that is too long loses characters; `…` stands in their place.
package enum Cut: Hashable, Sendable {
    /// Keeps the start.
    case end
    /// Keeps the start and the end, of which the end gets the odd column.
    case middle
}

/// On which side shorter text stands in its column.
package enum Alignment: Hashable, Sendable {
    case left
    case right
}

extension String {
    /// The text cut to at most `width` columns.
    package func cut(to width: Int, at cut: Cut = .end) -> String {
        guard TextWidth.of(self) > width else { return self }
        guard width > 1 else { return width == 1 ? "…" : "" }
        switch cut {
        case .end:
            return head(width - 1) + "…"
        case .middle:
            let start = (width - 1) / 2
            return head(start) + "…" + tail(width - 1 - start)
        }
    }

    /// The text cut or filled with blanks to exactly `width` columns.
    package func fitted(
        to width: Int,
        alignment: Alignment = .left,
        cut: Cut = .end
    ) -> String {
        let text = self.cut(to: width, at: cut)
        let missing = width - TextWidth.of(text)
        guard missing > 0 else { return text }
        let blanks = String(repeating: " ", count: missing)
        switch alignment {
        case .left: return text + blanks
        case .right: return blanks + text
        }
    }

    /// The most whole characters from the start that `width` columns hold.
    private func head(_ width: Int) -> String {
        var left = width
        var result = ""
        for character in self {
            left -= TextWidth.of(String(character))
            if left < 0 { break }
            result.append(character)
        }
        return result
    }

    /// The most whole characters before the end that `width` columns hold.
    private func tail(_ width: Int) -> String {
        var left = width
        var start = endIndex
        while start > startIndex {
            let before = index(before: start)
            left -= TextWidth.of(String(self[before]))
            if left < 0 { break }
            start = before
        }
        return String(self[start...])
    }
}
