extension Canvas {
    /// The rows as text, each as wide as the canvas.
    package var lines: [String] {
        (0..<height).map { y in
            (0..<width).reduce(into: "") { line, x in line += self[x, y].text }
        }
    }

    /// The rows as text, without blanks at their ends: what a golden file holds.
    package var text: String {
        lines.map { $0.trimmingEnd() + "\n" }.joined()
    }

    /// The rows as text, each followed by its styles, with the legend at the end.
    ///
    /// A row in plain `text` has no line of styles. One letter stands for a role, a blank for
    /// `text`; a second line, led by `_`, names the grounds.
    package var markedText: String {
        var result = ""
        var used: Set<Role> = []
        for (y, line) in lines.enumerated() {
            result += "|" + line.trimmingEnd() + "\n"
            let styles = (0..<width).map { self[$0, y].style }
            let roles = styles.map(\.role)
            let grounds = styles.map(\.ground)
            if roles.contains(where: { $0 != .text }) {
                result +=
                    ":" + String(roles.map { $0 == .text ? " " : $0.mark }).trimmingEnd() + "\n"
            }
            if grounds.contains(where: { $0 != nil }) {
                result += "_" + String(grounds.map { $0?.mark ?? " " }).trimmingEnd() + "\n"
            }
            used.formUnion(roles.filter { $0 != .text })
            used.formUnion(grounds.compactMap { $0 })
        }
        for role in Role.allCases where used.contains(role) {
            result += "\(role.mark) \(role.name)\n"
        }
        return result
    }
}

extension Role {
    /// The letter that stands for the role in ``Canvas/markedText``.
    package var mark: Character {
        let letters = Array("tdTbBhsSkuDwrvxigyoKFnMmNlcHWEfajJ")
        let index = Role.allCases.firstIndex(of: self) ?? 0
        return letters[index]
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
