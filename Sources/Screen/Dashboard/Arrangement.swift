/// How the operator has arranged the overview: what is remembered from one run to the next.
///
/// Rows and columns are kept as differences to what the size of the screen gives, so that an
/// arrangement fits any screen.
package struct Arrangement: Hashable, Sendable {
    /// Rows that each pane was given or has lost, by ``Pane``; those of hidden panes wait.
    var rows = [0, 0, 0, 0]
    private(set) var hidden: Set<Pane> = []
    var updates = UpdatesBox.shown(columns: 0)
    var sort = NeighborSort()

    /// The box of updates a second beside the neighbors.
    enum UpdatesBox: Hashable, Sendable {
        /// Given or deprived of that many columns.
        case shown(columns: Int)
        case hidden
    }

    /// As drawn: all panes, none resized.
    package init() {}

    /// The panes on screen, from the top; at least one.
    var panes: [Pane] { Pane.allCases.filter { !hidden.contains($0) } }

    /// Hides a pane.
    ///
    /// - Returns: false, and nothing is hidden, where it is the last.
    mutating func hide(_ pane: Pane) -> Bool {
        guard panes != [pane] else { return false }
        hidden.insert(pane)
        return true
    }

    mutating func show(_ pane: Pane) {
        hidden.remove(pane)
    }

    mutating func showAll() {
        hidden = []
        if updates == .hidden { updates = .shown(columns: 0) }
    }

    /// The shown pane so many places after `pane`, around the end.
    func pane(after pane: Pane, by count: Int) -> Pane {
        let panes = panes
        guard let index = panes.firstIndex(of: pane) else { return panes.first ?? pane }
        return panes[(index + count + panes.count) % panes.count]
    }
}
