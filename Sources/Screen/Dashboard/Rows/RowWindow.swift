/// A row of a table that is only ever known in part.
protocol WindowRow: Hashable, Sendable {
    /// What the table is ordered by; several rows may share it.
    associatedtype Anchor: Comparable, Hashable, Sendable
    /// What makes the row the same row later.
    associatedtype Identity: Hashable, Sendable

    var anchor: Anchor { get }
    var identity: Identity { get }
}

/// Which rows of a table are to be asked for.
enum WindowAsk<Anchor: Hashable & Sendable>: Hashable, Sendable {
    case start
    case end
    case at(Anchor)
    case after(Anchor)
    case before(Anchor)
    /// Millionths of the whole table.
    case share(UInt32)
}

/// The rows around those on screen, of a table that may have millions.
///
/// It holds at most a screenful before and two after the first visible row. The selected row is known by
/// identity: rows come and go around it. A movement past what is held is kept in `owed` and made
/// good when the rows arrive, so that no key is lost and none waits.
struct RowWindow<Row: WindowRow>: Hashable, Sendable {
    typealias Ask = WindowAsk<Row.Anchor>

    private(set) var rows: [Row] = []
    /// The first visible row and the selected one, as places in `rows`.
    private(set) var top = 0
    private(set) var cursor = 0
    /// Visible rows.
    private(set) var height = 1
    /// What is known about the ends of the table.
    private(set) var isAtStart = false
    private(set) var isAtEnd = false
    /// Where the first held row stands in the table, millionths.
    private(set) var share: UInt32 = 0
    /// Rows in the whole table, for the share.
    var total: UInt64 = 0
    /// Rows that the cursor is still to move once they are here.
    private(set) var owed = 0
    /// Where a jump goes that has not been answered.
    private(set) var jump: Ask? = .start
    /// True from the start of the table until the operator moves: the first row stays the selected one.
    private(set) var isPinnedToStart = true
    /// True where the table has changed since the rows were fetched.
    var isStale = false
    /// Where a filtered search that found too little goes on.
    private(set) var searchOn: Ask?

    var selected: Row? { rows.indices.contains(cursor) ? rows[cursor] : nil }

    var visible: ArraySlice<Row> {
        let first = min(top, rows.count)
        return rows[first..<min(first + height, rows.count)]
    }

    /// Where the first visible row stands in the table, millionths.
    var topShare: UInt32 {
        // A table that has shrunk to what is here begins here, wherever its first row once stood.
        let isWhole = UInt64(rows.count) >= total
        return min(1_000_000, (isWhole ? 0 : share) + shareOf(min(top, rows.count)))
    }

    /// Rows to ask for at once.
    var askLimit: UInt32 { UInt32(2 * height + 2) }

    /// True while what the operator wants to see has not come.
    var isWaiting: Bool { jump != nil || owed != 0 || searchOn != nil }

    mutating func resize(height: Int) {
        self.height = max(1, height)
        showCursor()
    }

    /// Moves the selection, by what is held at once and the rest when it comes.
    mutating func move(by count: Int) {
        isPinnedToStart = false
        let wanted = cursor + owed + count
        place(wanted)
    }

    /// Moves the view by whole rows under a selection that stays on screen (the wheel).
    mutating func scroll(by count: Int) {
        isPinnedToStart = false
        let last = max(0, rows.count - height)
        let target = top + count
        top = min(max(0, target), last)
        cursor = min(max(cursor, top), max(top, min(top + height, rows.count) - 1))
    }

    /// Selects the row at that line of the view.
    ///
    /// - Returns: false where there is none.
    mutating func select(line: Int) -> Bool {
        guard line >= 0, line < height, rows.indices.contains(top + line) else { return false }
        cursor = top + line
        owed = 0
        isPinnedToStart = false
        return true
    }

    /// Goes somewhere else; the rows stay until those of the new place come.
    mutating func go(to ask: Ask) {
        isPinnedToStart = ask == .start
        owed = 0
        searchOn = nil
        if ask == .start, isAtStart {
            jump = nil
            top = 0
            cursor = 0
        } else if ask == .end, isAtEnd {
            jump = nil
            cursor = max(0, rows.count - 1)
            showCursor()
        } else {
            jump = ask
        }
    }

    /// Forgets every row: another table, another filter.
    mutating func restart(at ask: Ask = .start) {
        rows = []
        top = 0
        cursor = 0
        owed = 0
        isAtStart = false
        isAtEnd = false
        isStale = false
        searchOn = nil
        isPinnedToStart = ask == .start
        jump = ask
    }

    /// Gives up what has not come yet.
    mutating func stopWaiting() {
        if searchOn != nil { isAtEnd = true }
        jump = nil
        owed = 0
        searchOn = nil
    }

    /// The table has grown behind its last row.
    mutating func noteGrowth() {
        isAtEnd = false
    }

    /// What must be asked for now, the most urgent first; nil where all is here.
    var wanted: Ask? {
        if let jump { return jump }
        if let searchOn { return searchOn }
        if owed < 0, !isAtStart, let first = rows.first { return .before(first.anchor) }
        if owed > 0, !isAtEnd, let last = rows.last { return .after(last.anchor) }
        if isStale {
            // From a little above the view on, so that a step back finds its row.
            let place = max(0, top - height / 2)
            if place == 0, isAtStart { return .start }
            let first = rows.indices.contains(place) ? rows[place] : nil
            return first.map { .at($0.anchor) } ?? .start
        }
        if !isAtEnd, top + height + height / 2 > rows.count, let last = rows.last {
            return .after(last.anchor)
        }
        if !isAtStart, top < height / 2, let first = rows.first { return .before(first.anchor) }
        return nil
    }

    /// Takes in a page that answers `ask`.
    ///
    /// The table goes on behind it at `next`, nil at the end; its first row stands at `share`.
    mutating func take(_ page: [Row], for ask: Ask, next: Row.Anchor?, share: UInt32) {
        let isSearching = searchOn == ask
        searchOn = nil
        switch ask {
        case .start where jump != .start:
            refresh(with: page, from: nil, next: next, share: share)
        case .start, .share, .end:
            replace(with: page, for: ask, next: next, share: share)
        case .at(let anchor):
            if isSearching {
                append(page, next: next)
            } else if jump == ask {
                replace(with: page, for: ask, next: next, share: share)
                select(anchor)
            } else {
                refresh(with: page, from: anchor, next: next, share: share)
            }
        case .after:
            append(page, next: next)
        case .before:
            prepend(page, next: next, share: share)
        }
        payOwed()
        trim()
    }
}

extension RowWindow {
    private mutating func replace(with page: [Row], for ask: Ask, next: Row.Anchor?, share: UInt32)
    {
        rows = page
        self.share = share
        isStale = false
        jump = nil
        isAtEnd = next == nil || ask == .end
        isAtStart = ask == .start || ask == .end && next == nil && page.count < Int(askLimit)
        if ask == .end {
            cursor = max(0, page.count - 1)
            top = max(0, page.count - height)
        } else {
            cursor = 0
            top = 0
            searchMore(next)
        }
    }

    /// The same place of the table as it is now: the selected and the first visible row are found again.
    ///
    /// The page begins at `from`, or at the start of the table.
    private mutating func refresh(
        with page: [Row],
        from: Row.Anchor?,
        next: Row.Anchor?,
        share: UInt32
    ) {
        let oldSelected = selected
        let oldTop = rows.indices.contains(top) ? rows[top] : nil
        isAtStart = from == nil
        rows = page
        self.share = share
        isStale = false
        isAtEnd = next == nil
        if isPinnedToStart, isAtStart {
            cursor = 0
            top = 0
        } else {
            cursor = oldSelected.map { place(of: $0, in: page) } ?? 0
            top = oldTop.map { place(of: $0, in: page) } ?? 0
        }
        showCursor()
        searchMore(next)
    }

    /// Where a row is now: itself, else what stands at its place in the order.
    private func place(of row: Row, in page: [Row]) -> Int {
        if let same = page.firstIndex(where: { $0.identity == row.identity }) { return same }
        let behind = page.firstIndex { $0.anchor >= row.anchor }
        return behind ?? max(0, page.count - 1)
    }

    private mutating func append(_ page: [Row], next: Row.Anchor?) {
        let known = Set(rows.map(\.identity))
        rows += page.filter { !known.contains($0.identity) }
        isAtEnd = next == nil
        searchMore(next)
    }

    private mutating func prepend(_ page: [Row], next: Row.Anchor?, share: UInt32) {
        let known = Set(rows.map(\.identity))
        let new = page.filter { !known.contains($0.identity) }
        if new.isEmpty {
            if let next, let first = rows.first, next < first.anchor {
                searchOn = .before(next)
            } else {
                isAtStart = true
            }
        } else {
            self.share = share
        }
        rows = new + rows
        top += new.count
        cursor += new.count
    }

    /// A filtered scan stops after a bounded amount of work: it goes on while the screen is not full.
    private mutating func searchMore(_ next: Row.Anchor?) {
        if let next, rows.count < top + height { searchOn = .after(next) }
    }

    /// Selects the first row at or behind an anchor.
    private mutating func select(_ anchor: Row.Anchor) {
        cursor = rows.firstIndex { $0.anchor >= anchor } ?? max(0, rows.count - 1)
        showCursor()
    }

    private mutating func payOwed() {
        guard owed != 0, jump == nil else { return }
        let wanted = cursor + owed
        owed = 0
        place(wanted)
    }

    /// Puts the cursor there as far as rows are held; the rest is owed.
    private mutating func place(_ wanted: Int) {
        owed = 0
        if wanted < 0 {
            cursor = 0
            if !isAtStart, !rows.isEmpty { owed = max(wanted, -40 * height) }
        } else if wanted >= rows.count {
            let last = max(0, rows.count - 1)
            if !isAtEnd, !rows.isEmpty { owed = min(wanted - last, 40 * height) }
            cursor = last
        } else {
            cursor = wanted
        }
        showCursor()
    }

    /// Moves the view the least that shows the selected row, and leaves no blank below without need.
    private mutating func showCursor() {
        cursor = min(max(0, cursor), max(0, rows.count - 1))
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rows.count - 1))
        if isAtEnd, rows.count - top < height { top = max(0, rows.count - height) }
    }

    /// That many rows in millionths of the table.
    private func shareOf(_ count: Int) -> UInt32 {
        total == 0 ? 0 : UInt32(min(1_000_000, UInt64(count) * 1_000_000 / total))
    }

    /// Drops what is far from the view.
    private mutating func trim() {
        guard owed == 0 else { return }
        let before = top - 2 * height
        if before > 0 {
            rows.removeFirst(before)
            share = min(1_000_000, share + shareOf(before))
            top -= before
            cursor -= before
            isAtStart = false
        }
        let after = rows.count - (top + 4 * height)
        if after > 0 {
            rows.removeLast(after)
            isAtEnd = false
        }
    }
}
