package import Canvas
import Control

extension DashboardModel {
    /// The whole screen as cells.
    package func view() -> Canvas {
        var canvas = Canvas(size: size)
        guard size.width > 0, size.height > 0 else { return canvas }
        if screens.isEmpty {
            drawOverview(on: &canvas)
        } else {
            drawScreens(on: &canvas)
        }
        drawHeader(on: &canvas)
        if let event = layout.event { drawEventLine(in: event, on: &canvas) }
        drawKeys(in: layout.keys, on: &canvas)
        if let dialog { draw(dialog, on: &canvas) }
        return canvas
    }

    private func drawOverview(on canvas: inout Canvas) {
        let layout = layout
        if let tabs = layout.tabs { drawTabs(in: tabs, on: &canvas) }
        // Borders are shared: the focused one is drawn last, and then the titles that stand in them.
        for frame in layout.panes where frame.pane != focus {
            if let box = frame.box { canvas.box(box, style: Style(.border)) }
        }
        if let box = layout.frame(of: focus)?.box { canvas.box(box, style: Style(.borderFocused)) }
        for frame in layout.panes {
            let isFocused = frame.pane == focus
            if let box = frame.box { drawTitle(of: frame.pane, over: box, on: &canvas) }
            switch frame.pane {
            case .neighbors: drawNeighbors(frame, on: &canvas)
            case .rib:
                let painter = RouteTablePainter(width: size.width)
                if let titles = frame.titles { painter.drawTitles(in: titles, on: &canvas) }
                painter.draw(
                    rib,
                    in: frame.rows,
                    isFocused: isFocused,
                    emptyText: emptyText(rib),
                    on: &canvas
                )
            case .kernel: drawKernel(in: frame.rows, on: &canvas)
            case .messages: drawMessages(in: frame.rows, on: &canvas)
            }
        }
    }

    /// Writes a pane's title and note into its upper border; the note gives way.
    private func drawTitle(of pane: Pane, over box: Rect, on canvas: inout Canvas) {
        let title = title(of: pane).cut(to: box.width - 6)
        let style = Style(pane == focus ? .title : .dim)
        let end = canvas.write(" \(title) ", x: box.x + 2, y: box.y, style: style, in: box)
        let note = note(of: pane).cut(to: max(0, box.endX - 5 - end))
        guard !note.isEmpty else { return }
        let start = box.endX - 4 - TextWidth.of(note)
        canvas.write(" \(note) ", x: start, y: box.y, style: Style(.dim), in: box)
    }

    private func drawTabs(in rect: Rect, on canvas: inout Canvas) {
        var x = rect.x + 1
        for pane in arrangement.panes {
            let isFocused = pane == focus
            let text =
                isFocused ? "[\(pane.number) \(pane.title)]" : " \(pane.number) \(pane.title) "
            x = canvas.write(
                text,
                x: x,
                y: rect.y,
                style: Style(isFocused ? .title : .dim),
                in: rect
            )
        }
    }

    private func title(of pane: Pane) -> String {
        let filter =
            switch pane {
            case .neighbors: neighbors.filterText
            case .rib: rib.filterText
            case .kernel: kernel.filterText
            case .messages: messages.filterText
            }
        let title = "\(pane.number) \(pane.title)"
        return filter.isEmpty ? title : "\(title) / \(filter)"
    }

    private func note(of pane: Pane) -> String {
        guard overview != nil else { return "" }
        let isWide = size.width >= 100
        switch pane {
        case .neighbors:
            let sort = arrangement.sort
            return "sort \(sort.column.title)" + (sort.isReversed ? ", reversed" : "")
        case .rib: return ribNote(isWide: isWide)
        case .kernel: return kernelNote(isWide: isWide)
        case .messages:
            if messages.isFollowing { return "following" }
            let count = messages.waitingCount
            return count == 0 ? "paused" : "paused  \(NumberText.grouped(count)) new"
        }
    }

    private func ribNote(isWide: Bool) -> String {
        guard let overview else { return "" }
        if rib.isPreparing { return "sorting the table" }
        if rib.window.searchOn != nil { return "\(rib.searchText(now: now)), Esc stops" }
        var parts = [NumberText.counted(overview.prefixCount, "prefix")]
        if isWide { parts.append(NumberText.counted(overview.pathCount, "path")) }
        parts.append("\(rib.window.topShare / 10_000) %")
        return parts.joined(separator: "  ")
    }

    private func kernelNote(isWide: Bool) -> String {
        guard let overview else { return "" }
        if kernel.window.searchOn != nil { return "searching, Esc stops" }
        var parts: [String] = []
        if case .off(let reason)? = instance?.kernelUpdates {
            parts.append(isWide ? "not programmed: \(reason)" : "not programmed")
        } else if isWide {
            parts.append("\(tableName) table")
        }
        parts.append(NumberText.counted(overview.kernel.total, "route"))
        parts.append("\(NumberText.grouped(overview.kernel.foreign)) foreign")
        return parts.joined(separator: "  ")
    }

    private var tableName: String {
        guard case .on(let table, _, _)? = instance?.kernelUpdates, table != 254 else {
            return "main"
        }
        return String(table)
    }

    /// What stands in a route table without rows.
    func emptyText(_ table: RouteTable) -> String {
        if overview == nil { return "" }
        if table.isPreparing { return "the table is being sorted" }
        if table.window.searchOn != nil { return "\(table.searchText(now: now)), Esc stops" }
        if table.window.isWaiting || table.asked != nil { return "asking for routes" }
        return table.filterText.isEmpty ? "no routes" : "no route passes the filter; Esc clears it"
    }
}
