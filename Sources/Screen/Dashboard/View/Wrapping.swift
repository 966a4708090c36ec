import Canvas

extension String {
    /// The text in lines of at most `width` columns, broken at blanks where there are some.
    func wrapped(to width: Int) -> [String] {
        guard width > 0, TextWidth.of(self) > width else { return [self] }
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            var word = String(word)
            if !line.isEmpty, TextWidth.of(line) + 1 + TextWidth.of(word) <= width {
                line += " \(word)"
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while TextWidth.of(word) > width {
                lines.append(String(word.prefix(width)))
                word = String(word.dropFirst(width))
            }
            line = word
        }
        lines.append(line)
        return lines
    }
}

extension Array<TextPart> {
    /// The parts in lines of at most `width` columns; what is broken goes on under the last part.
    func wrapped(to width: Int) -> [[TextPart]] {
        guard self.width > width, let last else { return [self] }
        let head = Array(dropLast())
        // Where the last part would begin too far to the right it goes on near the left edge.
        let hang = head.width * 2 <= width ? head.width : 4
        let pieces = last.text.wrapped(to: Swift.max(1, width - hang))
        guard hang == head.width else {
            let rest = last.text.trimmed.wrapped(to: Swift.max(1, width - hang))
            return [head]
                + rest.map {
                    [TextPart(String(repeating: " ", count: hang)), TextPart($0, last.role)]
                }
        }
        return pieces.enumerated().map { index, piece in
            let start = index == 0 ? head : [TextPart(String(repeating: " ", count: hang))]
            return start + [TextPart(piece, last.role)]
        }
    }
}
