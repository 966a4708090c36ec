import Canvas

/// Where everything stands on the overview: a function of the size, the focus and what the operator moved.
struct OverviewLayout: Hashable {
    var header: Rect
    /// The line of tabs where only one pane has room.
    var tabs: Rect?
    var panes: [PaneFrame] = []
    /// The last important event; nil where it has no room.
    var event: Rect?
    var keys: Rect

    /// A pane's place.
    struct PaneFrame: Hashable {
        var pane: Pane
        /// The pane with its borders; nil where it has none.
        var box: Rect?
        /// Column titles; nil where they have no room.
        var titles: Rect?
        var rows: Rect
    }

    /// Below this only one pane is shown at a time.
    static let leastSize = Size(width: 60, height: 15)

    init(size: Size, focus: Pane, isZoomed: Bool, arrangement: Arrangement) {
        let width = size.width
        header = Rect(x: 0, y: 0, width: width, height: min(1, size.height))
        keys = Rect(x: 0, y: size.height - 1, width: width, height: size.height > 1 ? 1 : 0)
        if size.width < Self.leastSize.width || size.height < Self.leastSize.height {
            let hasEvent = size.height >= 8
            tabs = Rect(x: 0, y: 1, width: width, height: size.height > 2 ? 1 : 0)
            if hasEvent { event = Rect(x: 0, y: size.height - 2, width: width, height: 1) }
            let bottom = size.height - (hasEvent ? 2 : 1)
            let content = Rect(x: 0, y: 2, width: width, height: bottom - 2)
            panes = [Self.frame(focus, box: nil, content: content)]
            return
        }
        event = Rect(x: 0, y: size.height - 2, width: width, height: 1)
        if isZoomed {
            let box = Rect(x: 0, y: 1, width: width, height: size.height - 3)
            panes = [Self.frame(focus, box: box, content: box.inset(columns: 1, rows: 1))]
            return
        }
        let heights = PaneHeights(of: arrangement.panes, screenHeight: size.height)
        let rows = heights.rows(focus: focus, shifts: arrangement.rows)
        var y = 1
        for (pane, height) in zip(heights.panes, rows) {
            let box = Rect(x: 0, y: y, width: width, height: height + 2)
            panes.append(Self.frame(pane, box: box, content: box.inset(columns: 1, rows: 1)))
            y += height + 1
        }
    }

    /// The frame of the pane; nil where it is not on screen.
    func frame(of pane: Pane) -> PaneFrame? {
        panes.first { $0.pane == pane }
    }

    private static func frame(_ pane: Pane, box: Rect?, content: Rect) -> PaneFrame {
        let hasTitles =
            switch pane {
            case .neighbors, .rib: content.height >= 3
            case .kernel, .messages: false
            }
        guard hasTitles else {
            return PaneFrame(pane: pane, box: box, titles: nil, rows: content)
        }
        let rows = Rect(
            x: content.x,
            y: content.y + 1,
            width: content.width,
            height: content.height - 1
        )
        return PaneFrame(pane: pane, box: box, titles: content.row(0), rows: rows)
    }
}

extension DashboardModel {
    /// The overview's places as they are now.
    var layout: OverviewLayout {
        OverviewLayout(size: size, focus: focus, isZoomed: isZoomed, arrangement: arrangement)
    }

    /// Where a screen over the overview draws: between the header and the last two lines.
    var screenBox: Rect {
        Rect(x: 0, y: 1, width: size.width, height: max(0, size.height - 3))
    }

    /// Inside of it.
    var screenContent: Rect { screenBox.inset(columns: 1, rows: 1) }
}
