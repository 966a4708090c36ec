import Addressing
import BGPWire
import Canvas
import Control

extension DashboardModel {
    func drawNeighbors(_ frame: OverviewLayout.PaneFrame, on canvas: inout Canvas) {
        let columns = NeighborColumns(width: size.width, updates: arrangement.updates)
        if let titles = frame.titles { drawNeighborTitles(columns, in: titles, on: &canvas) }
        let rows = neighborRows
        guard let overview else {
            canvas.write(
                "waiting for the speaker",
                x: 4,
                y: frame.rows.y,
                style: Style(.dim),
                in: frame.rows
            )
            return
        }
        if rows.isEmpty {
            let text =
                overview.neighbors.isEmpty
                ? "no neighbors are configured" : "none passes the filter"
            canvas.write(text, x: 4, y: frame.rows.y, style: Style(.dim), in: frame.rows)
        }
        let selected = neighbors.index(in: rows)
        for (line, row) in rows.dropFirst(neighbors.top).prefix(frame.rows.height).enumerated() {
            draw(row, columns, y: frame.rows.y + line, in: frame.rows, on: &canvas)
            if selected == neighbors.top + line {
                laySelection(frame.rows.row(line), isFocused: focus == .neighbors, on: &canvas)
            }
        }
        if let graph = columns.graph {
            drawGraphs(at: graph, columns.graphWidth, in: frame, on: &canvas)
        }
    }

    private func drawNeighborTitles(
        _ columns: NeighborColumns,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        func left(_ text: String, _ x: Int) {
            canvas.write(text, x: x, y: rect.y, style: Style(.dim), in: rect)
        }
        func right(_ text: String, _ end: Int) {
            left(text, end - text.count)
        }
        left("Neighbor", 4)
        right("AS", columns.blockEnd)
        left("State", columns.state)
        left("Since", columns.since)
        if let end = columns.messagesReceived { right("Rcvd", end) }
        if let end = columns.messagesSent { right("Sent", end) }
        if columns.prefixesReceived < rect.endX { right("Pfx rcvd", columns.prefixesReceived) }
        if let end = columns.prefixesSent { right("sent", end) }
        if let graph = columns.graph { left("│ updates/s", graph) }
    }

    private func draw(
        _ row: NeighborRow,
        _ columns: NeighborColumns,
        y: Int,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        let standing = standing(of: row)
        func left(_ text: String, _ x: Int, _ role: Role = .text) {
            canvas.write(text, x: x, y: y, style: Style(role), in: rect)
        }
        func right(_ text: String, _ end: Int) {
            left(text, end - text.count)
        }
        left(standing.sign, 2, standing.role)
        let number = row.remoteAS.value == 0 ? "any" : "\(row.remoteAS)"
        let room = columns.blockEnd - 5 - number.count
        let name = PeerName.shown(row.name)
        let address = row.address.description
        let nameWidth = self.nameWidth
        if columns.hasAddresses, !row.descr.isEmpty, room > nameWidth + 4 {
            left(name.cut(to: nameWidth), 4)
            left(address.cut(to: room - nameWidth - 2, at: .middle), 6 + nameWidth)
        } else {
            left(name.cut(to: room), 4)
        }
        right(number, columns.blockEnd)
        left(standing.text.cut(to: NeighborColumns.stateWidth), columns.state, standing.role)
        left(since(row), columns.since)
        if let end = columns.messagesReceived {
            right(NumberText.grouped(row.messagesReceived), end)
        }
        if let end = columns.messagesSent { right(NumberText.grouped(row.messagesSent), end) }
        if columns.prefixesReceived < rect.endX {
            right(NumberText.grouped(row.prefixesReceived), columns.prefixesReceived)
        }
        if let end = columns.prefixesSent { right(NumberText.grouped(row.prefixesSent), end) }
    }

    /// How the session stands: a sign, words and a role that say the same.
    func standing(of row: NeighborRow) -> (sign: String, text: String, role: Role) {
        if row.templateLength != nil { return ("·", "Template", .dim) }
        if row.state == .established { return ("●", row.state.name, .stateUp) }
        if row.markedDown { return ("✗", "\(row.state.name) held down", .stateDown) }
        if row.state == .idle, row.retry == nil, let reason = row.lastDown {
            if reason.isPrefixLimit { return ("✗", "\(row.state.name) max-prefix", .stateDown) }
            if case .interfaceDown = reason {
                return ("✗", "\(row.state.name) no link", .stateDown)
            }
        }
        var text = row.state.name
        if let retry = row.retry {
            let elapsed = Int64(secondsSinceOverview) * 1000
            let seconds = max(0, (retry.dueMilliseconds - elapsed + 999) / 1000)
            switch retry.name {
            case "ConnectRetryTimer": text += " retry \(seconds)s"
            case "HoldTimer": text += " hold \(seconds)s"
            default: text += " wait \(seconds)s"
            }
        }
        switch row.state {
        case .connect, .openSent, .openConfirm: return ("○", text, .stateBetween)
        case .idle, .active, .established: return ("✗", text, .stateDown)
        }
    }

    /// How long the session has been up or down.
    func since(_ row: NeighborRow) -> String {
        guard let seconds = row.sinceSeconds else { return "Never" }
        return TimeText.span(seconds &+ secondsSinceOverview)
    }

    /// Columns for names wherever they stand in front of something: the longest name, 6 to 16.
    var nameWidth: Int {
        let longest = (overview?.neighbors ?? []).map { TextWidth.of(PeerName.shown($0.name)) }
            .max()
        return min(16, max(6, longest ?? 6))
    }

    private func drawGraphs(
        at x: Int,
        _ width: Int,
        in frame: OverviewLayout.PaneFrame,
        on canvas: inout Canvas
    ) {
        guard let overview else { return }
        let graphs = [
            ("in ", overview.updatesIn), ("out", overview.updatesOut),
            ("fib", overview.updatesKernel),
        ]
        let most = graphs.flatMap { $0.1.suffix(width) }.max() ?? 0
        for (line, (name, samples)) in graphs.prefix(frame.rows.height).enumerated() {
            let y = frame.rows.y + line
            let value = NumberText.grouped(samples.last ?? 0)
            let room = Rect(x: x, y: y, width: frame.rows.endX - x, height: 1)
            canvas.fill(room, style: .text)
            canvas.write("│ \(name) ", x: x, y: y, style: Style(.dim), in: room)
            canvas.write(
                Sparkline(samples, width: width, most: most).parts,
                x: x + 6,
                y: y,
                in: room
            )
            let end = x + 6 + width + 6
            canvas.write(value, x: end - value.count, y: y, in: room)
        }
    }

    /// Marks the selected row; without focus it is quieter.
    func laySelection(_ rect: Rect, isFocused: Bool, on canvas: inout Canvas) {
        let isActive = isFocused && dialog == nil
        canvas.lay(isActive ? .selection : .selectionUnfocused, under: rect)
    }
}

/// A row of small bars, the newest at the right.
struct Sparkline: Hashable {
    let parts: [TextPart]

    /// Makes the bars of the newest samples; the highest stands for `most`: graphs share one scale.
    init(_ samples: [UInt32], width: Int, most: UInt32) {
        let bars = Array("▁▂▃▄▅▆▇█")
        let shown = samples.suffix(width)
        var parts: [TextPart] = []
        let blanks = String(repeating: " ", count: max(0, width - shown.count))
        if !blanks.isEmpty { parts.append(TextPart(blanks)) }
        for sample in shown {
            let level = min(7, Int(UInt64(sample) * 8 / (UInt64(most) + 1)))
            let role: Role = level < 4 ? .graphLow : level < 7 ? .graphMid : .graphHigh
            parts.append(TextPart(String(bars[level]), role))
        }
        self.parts = parts
    }
}
