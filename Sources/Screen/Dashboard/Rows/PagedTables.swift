import Addressing
import Control
import Timekeeping

/// A routing table on screen: rows around the view, and the filter that they pass.
struct RouteTable: Hashable, Sendable {
    var window = RowWindow<RIBRow>()
    var table: RIBPageRequest.Table
    /// The neighbor whose Adj-RIB-In it is.
    var neighbor: NeighborNumber?
    /// The filter as typed, and what it means.
    var filterText = ""
    var filter = RIBFilter()
    var prefixCount: UInt64 = 0
    var pathCount: UInt64 = 0
    /// True while the speaker still sorts the table; asked again at the next tick.
    var isPreparing = false
    /// The state of the table that the rows are from.
    var generation: UInt64 = 0
    /// The question under way.
    var asked: WindowAsk<IPPrefix>?
    /// How far a search has come that goes on.
    var search: Search?

    struct Search: Hashable, Sendable {
        var began: WallTime
        /// Millionths at the first answer and at the last one.
        var from: UInt32
        var reached: UInt32
    }

    init(_ table: RIBPageRequest.Table, neighbor: NeighborNumber? = nil) {
        self.table = table
        self.neighbor = neighbor
        filter = Self.filter(of: neighbor)
    }

    private static func filter(of neighbor: NeighborNumber?) -> RIBFilter {
        RIBFilter(neighbor.map { [.neighbor(.number($0))] } ?? [])
    }

    /// Changes the filter; every row is asked anew.
    mutating func setFilter(_ filter: RIBFilter, text: String) {
        filterText = text
        self.filter = Self.filter(of: neighbor)
        self.filter.conditions += filter.conditions
        asked = nil
        search = nil
        window.restart()
    }

    /// The request for what is missing; nil where nothing is or one is under way.
    mutating func nextRequest() -> RIBPageRequest? {
        guard asked == nil, !isPreparing, let ask = window.wanted else { return nil }
        asked = ask
        return RIBPageRequest(
            table: table,
            filter: filter,
            position: ask.ribPosition,
            limit: window.askLimit,
            withAttributes: false
        )
    }

    mutating func take(_ page: RIBPage, now: WallTime) {
        guard let ask = asked else { return }
        asked = nil
        prefixCount = page.prefixCount
        pathCount = page.pathCount
        isPreparing = page.isPreparing
        window.total = page.pathCount
        guard !page.isPreparing else { return }
        window.take(page.rows, for: ask, next: page.next, share: page.share)
        if window.searchOn == nil {
            search = nil
        } else if search == nil {
            search = Search(began: now, from: page.reached, reached: page.reached)
        } else {
            search?.reached = page.reached
        }
    }

    /// How far the search has come, and the seconds that it will still take: `searching 37 %, 4 s left`.
    func searchText(now: WallTime) -> String {
        guard let search else { return "searching" }
        var text = "searching \(search.reached / 10_000) %"
        let elapsed = (now.nanoseconds - search.began.nanoseconds) / 1_000_000
        let done = Int64(search.reached) - Int64(search.from)
        if elapsed >= 1000, done > 0 {
            let left = (1_000_000 - Int64(search.reached)) * elapsed / done
            text += ", \((left + 999) / 1000) s left"
        }
        return text
    }
}

/// The kernel's routing table on screen.
struct KernelTable: Hashable, Sendable {
    var window = RowWindow<KernelRow>()
    var filterText = ""
    var filter = KernelPageRequest.Filter()
    var generation: UInt64 = 0
    var asked: WindowAsk<IPPrefix>?

    mutating func setFilter(_ filter: KernelPageRequest.Filter, text: String) {
        filterText = text
        self.filter = filter
        asked = nil
        window.restart()
    }

    mutating func nextRequest() -> KernelPageRequest? {
        guard asked == nil, let ask = window.wanted else { return nil }
        asked = ask
        return KernelPageRequest(
            position: ask.ribPosition,
            filter: filter,
            limit: window.askLimit
        )
    }

    mutating func take(_ page: KernelPage) {
        guard let ask = asked else { return }
        asked = nil
        window.total = page.counts.total
        window.take(page.rows, for: ask, next: page.next, share: page.share)
    }
}

/// The message log on screen: at its end it follows, scrolled back it stands still.
struct MessageLog: Hashable, Sendable {
    var window = RowWindow<MessageRow>()
    var filterText = ""
    var filter = MessagesRequest.Filter()
    var isFollowing = true
    /// The newest message that there is.
    var newest: UInt64 = 0
    /// The newest message when following ended.
    var newestSeen: UInt64 = 0
    var asked: WindowAsk<UInt64>?

    init() {
        window.restart(at: .end)
    }

    /// Messages that came since the log was scrolled back.
    var waitingCount: UInt64 { isFollowing || newest < newestSeen ? 0 : newest - newestSeen }

    mutating func setFilter(_ filter: MessagesRequest.Filter, text: String) {
        filterText = text
        self.filter = filter
        asked = nil
        isFollowing = true
        window.restart(at: .end)
    }

    mutating func follow() {
        isFollowing = true
        window.go(to: .end)
        window.isStale = true
    }

    /// The speaker's log has grown.
    mutating func noteNewest(_ number: UInt64) {
        guard number > newest else { return }
        newest = number
        if isFollowing { window.isStale = true } else { window.noteGrowth() }
    }

    /// Scrolling back ends following; reaching the newest line again does not take it up.
    mutating func stopFollowing() {
        guard isFollowing else { return }
        isFollowing = false
        newestSeen = newest
    }

    mutating func nextRequest() -> MessagesRequest? {
        guard asked == nil else { return nil }
        var ask = window.wanted
        if isFollowing {
            if window.isStale || window.jump != nil {
                ask = .end
            } else if case .before = ask {
                // The pane has grown: older lines fill it.
            } else {
                ask = nil
            }
        }
        guard let ask else { return nil }
        asked = ask
        let position: MessagesRequest.Position =
            switch ask {
            case .start: .from(0)
            case .end, .share: .newest
            case .at(let number): .from(number)
            case .after(let number): .from(number + 1)
            case .before(let number): .before(number)
            }
        return MessagesRequest(position: position, limit: window.askLimit, filter: filter)
    }

    mutating func take(_ page: MessagesPage) {
        guard let ask = asked else { return }
        asked = nil
        newest = max(newest, page.newest)
        let isFull = page.rows.count >= Int(window.askLimit)
        let last = page.rows.last?.sequence
        window.take(page.rows, for: ask, next: isFull ? last.map { $0 + 1 } : nil, share: 0)
    }
}

extension WindowAsk<IPPrefix> {
    /// The position as the requests name it.
    var ribPosition: RIBPageRequest.Position {
        switch self {
        case .start: .start
        case .end: .end
        case .at(let prefix): .at(prefix)
        case .after(let prefix): .after(prefix)
        case .before(let prefix): .before(prefix)
        case .share(let millionths): .share(millionths)
        }
    }
}
