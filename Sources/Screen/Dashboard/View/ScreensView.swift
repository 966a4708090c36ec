import Addressing
import BGPWire
import Canvas
import Control

extension DashboardModel {
    /// Where rows of a table on a screen stand: under the tabs and the column titles.
    var tableRows: Rect {
        let content = screenContent
        return Rect(
            x: content.x,
            y: content.y + 2,
            width: content.width,
            height: content.height - 2
        )
    }

    /// How one came here: `neighbors > r2 > received > 203.0.113.0/24`.
    var path: String {
        var parts: [String] = []
        for screen in screens {
            switch screen.content {
            case .neighbor(let neighbor):
                parts += ["neighbors", PeerName.shown(name(of: neighbor.neighbor))]
                if neighbor.tab != .session { parts.append(neighbor.tab.title.lowercased()) }
            case .route(let route):
                if parts.isEmpty { parts.append(focus == .kernel ? "kernel" : "rib") }
                parts.append(route.prefix.description)
            case .message(let message): parts += ["messages", "\(message.row.sequence)"]
            case .events: parts.append("events")
            case .whatIf(let whatIf):
                let word = whatIf.result.change == .down ? "down" : "up"
                parts += ["what if", PeerName.shown(name(of: whatIf.neighbor)), word]
            case .help: parts.append("help")
            }
        }
        return parts.joined(separator: " > ")
    }

    func drawScreens(on canvas: inout Canvas) {
        guard let screen = screens.last else { return }
        canvas.box(
            screenBox,
            title: title(of: screen),
            note: note(of: screen),
            style: Style(.borderFocused)
        )
        let content = screenContent
        switch screen.content {
        case .neighbor(let neighbor):
            drawTabs(neighbor.tab, in: content.row(0), on: &canvas)
            if let table = neighbor.table {
                drawTable(table, on: &canvas)
            } else {
                let below = Rect(
                    x: content.x,
                    y: content.y + 1,
                    width: content.width,
                    height: content.height - 1
                )
                draw(textLines(of: screen), scroll: screen.scroll, in: below, on: &canvas)
            }
        case .route, .whatIf, .help:
            draw(textLines(of: screen), scroll: screen.scroll, in: content, on: &canvas)
        case .message(let message): draw(message, in: content, on: &canvas)
        case .events(let events): draw(events, in: content, on: &canvas)
        }
    }

    private func title(of screen: Screen) -> String {
        switch screen.content {
        case .neighbor(let neighbor):
            guard let row = neighborRow(neighbor.neighbor) else { return "Neighbor" }
            return "Neighbor \(PeerName.shown(row.name))  AS \(row.remoteAS)"
        case .route(let route): return "Route \(route.prefix)"
        case .message(let message):
            let words = MessageWords(message.row, name: "", isBrief: true)
            return "Message \(message.row.sequence)  \(words.type)"
        case .whatIf(let whatIf):
            let name = PeerName.shown(name(of: whatIf.neighbor))
            return "What if \(name) \(whatIf.result.change == .down ? "goes down" : "comes up")"
        case .events: return "Events"
        case .help: return "Help"
        }
    }

    private func note(of screen: Screen) -> String {
        switch screen.content {
        case .neighbor(let neighbor):
            if let table = neighbor.table {
                return table.filterText.isEmpty ? "" : "/ \(table.filterText)"
            }
            return neighbor.isGone ? "gone" : ""
        case .events(let events):
            if events.scrolledBack > 0 { return "paused" }
            return events.lost > 0 ? "\(NumberText.grouped(events.lost)) lost" : "following"
        case .message(let message):
            return Clock.precise(message.row.time, offset: options.utcOffsetSeconds)
        case .whatIf(let whatIf): return whatIf.note
        case .route, .help: return ""
        }
    }

    private func drawTabs(_ shown: NeighborScreen.Tab, in rect: Rect, on canvas: inout Canvas) {
        var x = rect.x
        for tab in NeighborScreen.Tab.allCases {
            let label = "\(tab.rawValue + 1) \(tab.title)"
            let isShown = tab == shown
            x = canvas.write(
                isShown ? "[\(label)]" : " \(label) ",
                x: x,
                y: rect.y,
                style: Style(isShown ? .title : .dim),
                in: rect
            )
        }
    }

    private func drawTable(_ table: RouteTable, on canvas: inout Canvas) {
        let painter = RouteTablePainter(width: size.width)
        painter.drawTitles(in: screenContent.row(1), on: &canvas)
        painter.draw(
            table,
            in: tableRows,
            isFocused: true,
            emptyText: emptyText(table),
            on: &canvas
        )
    }

    private func draw(
        _ lines: [[TextPart]],
        scroll: Int,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        let first = min(scroll, max(0, lines.count - rect.height))
        for (line, parts) in lines.dropFirst(first).prefix(rect.height).enumerated() {
            canvas.write(parts, x: rect.x + 1, y: rect.y + line, in: rect)
        }
        guard lines.count > rect.height else { return }
        let last = min(lines.count, first + rect.height)
        let note = " \(first + 1)-\(last) of \(lines.count) "
        canvas.write(
            note,
            x: screenBox.endX - note.count - 2,
            y: screenBox.endY - 1,
            style: Style(.dim)
        )
    }

    private func draw(_ events: EventsScreen, in rect: Rect, on canvas: inout Canvas) {
        guard !events.rows.isEmpty else {
            let text = events.isComplete ? "nothing has happened yet" : "asking for events"
            canvas.write(text, x: rect.x + 1, y: rect.y, style: Style(.dim), in: rect)
            return
        }
        let shown = events.rows.dropLast(events.scrolledBack).suffix(rect.height)
        for (line, event) in shown.enumerated() {
            let time = Clock.dated(event.time, offset: options.utcOffsetSeconds)
            let role: Role = event.isBad ? .warning : .text
            let parts = [
                TextPart("\(time)  ", .dim),
                TextPart(EventText.line(event).quoteCut(to: rect.width - 2 - time.count - 2), role),
            ]
            canvas.write(parts, x: rect.x + 1, y: rect.y + line, in: rect)
        }
    }

    /// The lines of a screen that is text; none of the others.
    func textLines(of screen: Screen) -> [[TextPart]] {
        unwrappedLines(of: screen).flatMap { $0.wrapped(to: screenContent.width - 2) }
    }

    /// Lines of a screen's text that are visible at once.
    func textHeight(of screen: Screen) -> Int {
        if case .neighbor = screen.content { return screenContent.height - 1 }
        return screenContent.height
    }

    private func unwrappedLines(of screen: Screen) -> [[TextPart]] {
        switch screen.content {
        case .neighbor(let neighbor):
            switch neighbor.tab {
            case .session: sessionLines(neighbor)
            case .statistics: statisticsLines(neighbor)
            case .received, .sent: []
            }
        case .route(let route): routeLines(route)
        case .whatIf(let whatIf): whatIfLines(whatIf)
        case .help: helpLines
        case .message, .events: []
        }
    }
}
