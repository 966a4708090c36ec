import Canvas

/// How the rows of the overview are shared by the panes on it.
///
/// Up to 40 lines every pane grows, above only RIB and messages; the rows of a hidden pane are
/// shared in the same way.
struct PaneHeights: Hashable {
    let panes: [Pane]
    /// Rows inside all panes together.
    let content: Int

    init(of panes: [Pane], screenHeight: Int) {
        self.panes = panes
        // The header, the event and the keys have a line each; a border is shared by two panes.
        content = screenHeight - 3 - (panes.count + 1)
    }

    /// True where there are too few lines: the focused pane has what there is, the others one row.
    var isCramped: Bool { content < sum { $0.leastRows } }

    /// Rows inside each of the panes, in their order.
    ///
    /// - Parameters:
    ///   - focus: The pane that has most where lines are few.
    ///   - shifts: Rows that each pane was given or has lost, by ``Pane``. What they leave over or
    ///     lack is made good, so that any of them fit any screen.
    /// - Returns: at least one row a pane, together what there is.
    func rows(focus: Pane, shifts: [Int]) -> [Int] {
        guard !isCramped else {
            return panes.map { $0 == focus ? content - panes.count + 1 : 1 }
        }
        var rows = zip(panes, usualRows).map { max(1, $1 + shifts[$0.rawValue]) }
        var surplus = rows.reduce(0, +) - content
        while surplus > 0, let tallest = rows.max(), let index = rows.firstIndex(of: tallest) {
            rows[index] -= 1
            surplus -= 1
        }
        if let first = spareTakers.first { rows[first] -= surplus }
        return rows
    }

    /// The rows of panes that nobody has resized; only where it is not cramped.
    var usualRows: [Int] {
        var rows = panes.map(\.fewRows)
        let few = rows.reduce(0, +)
        guard content >= few else {
            for pane in Pane.givingUp.filter({ panes.contains($0) }).prefix(few - content) {
                if let index = panes.firstIndex(of: pane) { rows[index] -= 1 }
            }
            return rows
        }
        let growth = sum { $0.growth }
        let extra = min(content - few, growth)
        for (index, pane) in panes.enumerated() { rows[index] += extra * pane.growth / growth }
        let takers = spareTakers
        let spare = content - few - extra
        if takers.count > 1 {
            rows[takers[0]] += panes[takers[0]] == .rib ? spare * 2 / 3 : spare / 2
        }
        if let last = takers.last { rows[last] += content - rows.reduce(0, +) }
        return rows
    }

    /// The places of RIB and messages, of all panes where both are hidden.
    private var spareTakers: [Int] {
        let takers = panes.indices.filter { panes[$0] == .rib || panes[$0] == .messages }
        return takers.isEmpty ? Array(panes.indices) : takers
    }

    private func sum(_ rows: (Pane) -> Int) -> Int { panes.reduce(0) { $0 + rows($1) } }
}

extension Pane {
    /// Rows on a screen of 24 lines.
    fileprivate var fewRows: Int {
        switch self {
        case .neighbors: 4
        case .rib: 6
        case .kernel, .messages: 3
        }
    }

    /// The fewest rows beside other panes that have theirs.
    fileprivate var leastRows: Int {
        fewRows - Self.givingUp.count { $0 == self }
    }

    /// Rows that are gained up to a screen of 40 lines.
    fileprivate var growth: Int {
        switch self {
        case .neighbors, .kernel: 3
        case .rib: 6
        case .messages: 4
        }
    }

    /// In this order rows are given up where there are few.
    fileprivate static let givingUp: [Pane] = [.rib, .rib, .neighbors, .kernel, .messages]
}
