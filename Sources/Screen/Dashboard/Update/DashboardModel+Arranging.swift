import Canvas

extension DashboardModel {
    /// Goes to a pane; one that is hidden is shown again.
    mutating func go(to pane: Pane) {
        arrangement.show(pane)
        focus = pane
    }

    /// Gives a row to the focused pane, or takes one from it; the tallest other pane makes it good.
    mutating func resizePane(by count: Int) -> [DashboardEffect] {
        let heights = PaneHeights(of: arrangement.panes, screenHeight: size.height)
        guard layout.panes.count > 1, !heights.isCramped else { return [.bell] }
        // What is seen is what is resized, also where the arrangement was made on a larger screen.
        var rows = heights.rows(focus: focus, shifts: arrangement.rows)
        let others = heights.panes.indices.filter { heights.panes[$0] != focus }
        guard let own = heights.panes.firstIndex(of: focus),
            let other = others.max(by: { rows[$0] < rows[$1] })
        else { return [.bell] }
        rows[own] += count
        rows[other] -= count
        guard rows[own] >= 1, rows[other] >= 1 else { return [.bell] }
        for (index, usual) in heights.usualRows.enumerated() {
            arrangement.rows[heights.panes[index].rawValue] = rows[index] - usual
        }
        return []
    }

    /// Moves the border between the neighbors and the updates a second; off the end hides them.
    mutating func resizeUpdates(by count: Int) -> [DashboardEffect] {
        guard let frame = layout.frame(of: .neighbors), frame.box != nil,
            let range = NeighborColumns.graphShifts(width: size.width)
        else { return [.bell] }
        switch arrangement.updates {
        case .hidden where count > 0: arrangement.updates = .shown(columns: range.lowerBound)
        case .hidden: return [.bell]
        case .shown(let columns):
            let shift = min(max(columns, range.lowerBound), range.upperBound) + count
            if shift > range.upperBound { return [.bell] }
            arrangement.updates = shift < range.lowerBound ? .hidden : .shown(columns: shift)
        }
        return []
    }

    /// Hides the pane of that name: `:hide kernel`.
    mutating func hide(_ name: String) throws(WordError) {
        if name == Self.updatesWord {
            arrangement.updates = .hidden
            return
        }
        let pane = try Pane(named: name, after: "hide")
        let next = arrangement.pane(after: pane, by: 1)
        guard arrangement.hide(pane) else {
            throw WordError("\(pane.word) is the last pane and stays; show another one first")
        }
        if focus == pane {
            focus = next
            isZoomed = false
        }
        say("\(pane.word) is hidden; \(pane.number) or :show \(pane.word) shows it again")
    }

    /// Shows the pane of that name, `:show kernel`, or every pane.
    ///
    /// With a filter behind the name it is the command without `show`.
    mutating func show(_ words: [String]) throws(WordError) {
        guard let name = words.first else {
            arrangement.showAll()
            return
        }
        if name == Self.updatesWord {
            if arrangement.updates == .hidden { arrangement.updates = .shown(columns: 0) }
            return
        }
        let pane = try Pane(named: name, after: "show")
        guard words.count == 1 else {
            try open(pane, words.dropFirst().joined(separator: " "))
            return
        }
        screens = []
        isZoomed = false
        go(to: pane)
    }

    /// What `:hide` and `:show` call the box beside the neighbors.
    static let updatesWord = "updates"
}

extension Pane {
    /// The pane that a word of `peerglass show`, or its own name, stands for.
    init?(command word: String) {
        switch word {
        case "neighbors", "summary": self = .neighbors
        case "rib": self = .rib
        case "kernel", "fib": self = .kernel
        case "messages", "log": self = .messages
        default: return nil
        }
    }

    /// The pane that is named behind a command.
    fileprivate init(named name: String, after command: String) throws(WordError) {
        guard let pane = Pane(command: name) else {
            let known = (Pane.allCases.map(\.word) + [DashboardModel.updatesWord])
                .joined(separator: ", ")
            let what = name.isEmpty ? "\(command) what?" : "no pane \"\(name)\";"
            throw WordError("\(what) there are \(known)")
        }
        self = pane
    }
}
