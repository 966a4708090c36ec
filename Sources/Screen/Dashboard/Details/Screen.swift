import Addressing
import BGPWire
import Canvas
import Control

/// Names an opened screen, so that answers find it; counts up while the program runs.
struct ScreenNumber: Hashable, Sendable {
    var value: Int
}

/// A screen opened over the overview.
struct Screen: Hashable, Sendable {
    var number: ScreenNumber
    var content: Content
    /// The first visible line of a screen that is lines of text.
    var scroll = 0

    enum Content: Hashable, Sendable {
        case neighbor(NeighborScreen)
        case route(RouteScreen)
        case message(MessageScreen)
        case events(EventsScreen)
        case whatIf(WhatIfScreen)
        case help
    }
}

/// All there is to know about a neighbor, on tabs.
struct NeighborScreen: Hashable, Sendable {
    var neighbor: NeighborNumber
    var tab = Tab.session
    var detail: NeighborDetail?
    /// True where the speaker answered that there is no such neighbor any more.
    var isGone = false
    var isAsked = false
    var isStale = true
    var received: RouteTable
    var sent: RouteTable

    init(_ neighbor: NeighborNumber) {
        self.neighbor = neighbor
        received = RouteTable(.adjRIBIn, neighbor: neighbor)
        sent = RouteTable(.adjRIBOut(neighbor))
    }

    enum Tab: Int, CaseIterable, Hashable, Sendable {
        case session
        case statistics
        case received
        case sent

        var title: String {
            switch self {
            case .session: "Session"
            case .statistics: "Statistics"
            case .received: "Received"
            case .sent: "Sent"
            }
        }
    }

    /// The table on screen; nil on the tabs of text.
    var table: RouteTable? {
        get {
            switch tab {
            case .session, .statistics: nil
            case .received: received
            case .sent: sent
            }
        }
        set {
            guard let newValue else { return }
            switch tab {
            case .session, .statistics: break
            case .received: received = newValue
            case .sent: sent = newValue
            }
        }
    }
}

/// All there is to know about a prefix.
struct RouteScreen: Hashable, Sendable {
    var prefix: IPPrefix
    var detail: RouteDetail?
    var isAsked = false
    var isStale = true
    var ribGeneration: UInt64 = 0
    var kernelGeneration: UInt64 = 0
}

/// What would become of the best paths if a neighbor went down or came up.
struct WhatIfScreen: Hashable, Sendable {
    var neighbor: NeighborNumber
    var result: WhatIfResult
    /// Why the speaker does not say, in words.
    var refusal: String?

    /// Prefixes that are listed by name.
    static let listed = 1000

    init(_ neighbor: NeighborNumber, _ change: WhatIfRequest.Change) {
        self.neighbor = neighbor
        result = WhatIfResult(.number(neighbor), change, rowLimit: Self.listed)
    }

    /// The same question from the start.
    var again: WhatIfScreen { WhatIfScreen(neighbor, result.change) }
}

/// A message taken apart.
struct MessageScreen: Hashable, Sendable {
    var row: MessageRow
    var fields: [DecodedField]
    /// The fields that are folded, by their paths in the tree.
    var folded: Set<[Int]> = []
    var selected: [Int] = [0]

    init(_ row: MessageRow) {
        self.row = row
        switch row.content {
        case .message(let bytes, let fourOctetAS, let pathIDs):
            fields = MessageText.fields(
                bytes.span,
                fourOctetAS: fourOctetAS,
                pathIDs: pathIDs
            )
        case .connect, .connected, .closed:
            fields = []
        }
    }

    /// A line of the tree.
    struct Line: Hashable, Sendable {
        var path: [Int]
        var field: DecodedField
    }

    /// The fields that are not folded away, from the top.
    var lines: [Line] {
        var result: [Line] = []
        func walk(_ fields: [DecodedField], _ path: [Int]) {
            for (index, field) in fields.enumerated() {
                let here = path + [index]
                result.append(Line(path: here, field: field))
                if !folded.contains(here) { walk(field.children, here) }
            }
        }
        walk(fields, [])
        return result
    }

    /// The place of the selected field among `lines`.
    var selectedLine: Int { lines.firstIndex { $0.path == selected } ?? 0 }

    mutating func move(by count: Int) {
        let lines = lines
        guard !lines.isEmpty else { return }
        selected = lines[min(max(0, selectedLine + count), lines.count - 1)].path
    }

    /// Folds the field; where it has nothing to fold goes to the one around it.
    mutating func fold() {
        let lines = lines
        guard lines.indices.contains(selectedLine) else { return }
        let line = lines[selectedLine]
        if !line.field.children.isEmpty, !folded.contains(line.path) {
            folded.insert(line.path)
        } else if line.path.count > 1 {
            selected = Array(line.path.dropLast())
        }
    }

    mutating func unfold() {
        folded.remove(selected)
    }
}

/// The speaker's own log.
struct EventsScreen: Hashable, Sendable {
    /// The newest 2,000 lines.
    var rows: [EventRow] = []
    var lost: UInt64 = 0
    var isAsked = false
    var isComplete = false
    /// Lines above the last line of the view; 0 follows.
    var scrolledBack = 0

    static let capacity = 2000

    mutating func take(_ page: EventsPage) {
        isAsked = false
        isComplete = page.rows.isEmpty
        lost = max(lost, page.lost)
        let last = rows.last?.sequence ?? 0
        let new = page.rows.filter { $0.sequence > last }
        rows += new
        if scrolledBack > 0 { scrolledBack += new.count }
        if rows.count > Self.capacity { rows.removeFirst(rows.count - Self.capacity) }
        scrolledBack = min(scrolledBack, max(0, rows.count - 1))
    }
}
