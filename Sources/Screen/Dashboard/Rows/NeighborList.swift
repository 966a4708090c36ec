import BGPWire
import Control

/// What the neighbors are sorted by.
struct NeighborSort: Hashable, Sendable {
    var column = Column.state
    var isReversed = false

    enum Column: Int, CaseIterable, Hashable, Sendable {
        case state
        case name
        case autonomousSystem
        case since
        case prefixes

        var title: String {
            switch self {
            case .state: "state"
            case .name: "name"
            case .autonomousSystem: "AS"
            case .since: "since"
            case .prefixes: "prefixes"
            }
        }

        /// Its name in the settings file.
        var word: String { title.lowercased() }

        var next: Column { Column(rawValue: rawValue + 1) ?? .state }
    }

    func before(_ left: NeighborRow, _ right: NeighborRow) -> Bool {
        switch column {
        case .state: left.state != .established && right.state == .established
        case .name: left.name.lowercased() < right.name.lowercased()
        case .autonomousSystem: left.remoteAS < right.remoteAS
        case .since: left.sinceSeconds ?? .max < right.sinceSeconds ?? .max
        case .prefixes: left.prefixesReceived > right.prefixesReceived
        }
    }
}

/// The neighbors pane: a filter and a selection by number over the rows of the overview.
struct NeighborList: Hashable, Sendable {
    var filterText = ""
    private(set) var selected: NeighborNumber?
    /// Where the selected neighbor stood last: what takes its place when it goes.
    private var place = 0
    private(set) var top = 0
    private(set) var height = 1

    /// The neighbors in the order on screen; equal ones as they are configured.
    func sorted(_ rows: [NeighborRow], by sort: NeighborSort) -> [NeighborRow] {
        let kept = filterText.isEmpty ? rows : rows.filter { matches($0) }
        let ranked = kept.enumerated().sorted { left, right in
            if sort.before(left.element, right.element) { return !sort.isReversed }
            if sort.before(right.element, left.element) { return sort.isReversed }
            return left.offset < right.offset
        }
        return ranked.map(\.element)
    }

    private func matches(_ row: NeighborRow) -> Bool {
        let text =
            "\(row.name) \(row.address) \(row.remoteAS) \(row.state.name) \(row.group)"
        let words = filterText.lowercased().split(separator: " ")
        let lower = text.lowercased()
        return words.allSatisfy { lower.contains($0) }
    }

    /// Keeps the selection on its neighbor, and the view around it.
    mutating func settle(_ rows: [NeighborRow], height: Int) {
        self.height = max(1, height)
        let found = selected.flatMap { number in rows.firstIndex { $0.number == number } }
        place = found ?? min(place, max(0, rows.count - 1))
        // Until the operator moves, the topmost neighbor is the selected one.
        show(place, of: rows.count)
    }

    /// The place of the selected neighbor among `rows`.
    func index(in rows: [NeighborRow]) -> Int? {
        guard !rows.isEmpty else { return nil }
        if let selected, let found = rows.firstIndex(where: { $0.number == selected }) {
            return found
        }
        return min(place, rows.count - 1)
    }

    mutating func select(_ index: Int, in rows: [NeighborRow]) {
        guard !rows.isEmpty else { return }
        place = min(max(0, index), rows.count - 1)
        selected = rows[place].number
        show(place, of: rows.count)
    }

    mutating func scroll(by count: Int, in rows: [NeighborRow]) {
        top = min(max(0, top + count), max(0, rows.count - height))
        let index = index(in: rows) ?? 0
        let inView = min(max(index, top), top + height - 1)
        if inView != index { select(inView, in: rows) }
    }

    private mutating func show(_ index: Int, of count: Int) {
        if index < top { top = index }
        if index >= top + height { top = index - height + 1 }
        top = max(0, min(top, count - height))
    }
}
