import Canvas
import Control
import Timekeeping

extension DashboardModel {
    /// A click selects, a double click opens, the wheel scrolls what is under it.
    mutating func take(_ event: MouseEvent) {
        guard dialog == nil, prompt == nil else { return }
        switch event.action {
        case .press(.left):
            let time = Duration.nanoseconds(now.nanoseconds)
            let count = clicks.press(.left, at: event.position, time: time)
            click(at: event.position, isDouble: count == 2)
        case .wheelUp: wheel(-3, at: event.position)
        case .wheelDown: wheel(3, at: event.position)
        case .press, .release, .drag: break
        }
    }

    private mutating func click(at point: Point, isDouble: Bool) {
        guard screens.isEmpty else {
            clickOnScreen(at: point, isDouble: isDouble)
            return
        }
        let layout = layout
        guard let frame = layout.panes.first(where: { ($0.box ?? $0.rows).contains(point) }) else {
            return
        }
        focus = frame.pane
        guard frame.rows.contains(point), select(line: point.y - frame.rows.y, in: frame.pane),
            isDouble
        else { return }
        _ = openSelected()
    }

    private mutating func clickOnScreen(at point: Point, isDouble: Bool) {
        var hit = false
        let line = point.y - tableRows.y
        if tableRows.contains(point) {
            changeTopTable { hit = $0.window.select(line: line) }
        }
        guard hit, isDouble, let top = screens.last, case .neighbor(let screen) = top.content,
            let row = screen.table?.window.selected
        else { return }
        open(.route(RouteScreen(prefix: row.prefix)))
    }

    private mutating func select(line: Int, in pane: Pane) -> Bool {
        switch pane {
        case .neighbors:
            let rows = neighborRows
            guard neighbors.top + line < rows.count else { return false }
            neighbors.select(neighbors.top + line, in: rows)
            return true
        case .rib: return rib.window.select(line: line)
        case .kernel: return kernel.window.select(line: line)
        case .messages:
            guard messages.window.select(line: line) else { return false }
            messages.stopFollowing()
            return true
        }
    }

    private mutating func wheel(_ count: Int, at point: Point) {
        guard screens.isEmpty else {
            changeTopTable { $0.window.scroll(by: count) }
            if let top = screens.indices.last {
                let last = max(0, textLines(of: screens[top]).count - textHeight(of: screens[top]))
                screens[top].scroll = min(max(0, screens[top].scroll + count), last)
            }
            return
        }
        let frame = layout.panes.first { ($0.box ?? $0.rows).contains(point) }
        switch frame?.pane {
        case .neighbors: neighbors.scroll(by: count, in: neighborRows)
        case .rib: rib.window.scroll(by: count)
        case .kernel: kernel.window.scroll(by: count)
        case .messages:
            if count < 0 { messages.stopFollowing() }
            messages.window.scroll(by: count)
        case nil: break
        }
    }
}
