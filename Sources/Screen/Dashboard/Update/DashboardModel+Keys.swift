import Canvas
import Control

/// A movement in a list, whatever key asked for it.
enum ListMove: Hashable {
    case lines(Int)
    case pages(Int)
    case start
    case end

    init?(_ key: Key) {
        switch key {
        case .up, .character("k"): self = .lines(-1)
        case .down, .character("j"): self = .lines(1)
        case .pageUp, .control("b"): self = .pages(-1)
        case .pageDown, .control("f"): self = .pages(1)
        case .home, .character("g"): self = .start
        case .end, .character("G"): self = .end
        default: return nil
        }
    }

    /// Lines to move where a page has that many; a long way for the ends.
    func lines(page: Int) -> Int {
        switch self {
        case .lines(let count): count
        case .pages(let count): count * page
        case .start: -1_000_000
        case .end: 1_000_000
        }
    }
}

extension DashboardModel {
    /// Takes in what came from the terminal.
    mutating func take(_ event: ScreenEvent) -> [DashboardEffect] {
        switch event {
        case .key(let key): return press(key)
        case .mouse(let event):
            take(event)
            return []
        case .paste(let text):
            paste(text)
            return []
        case .resize(let size):
            self.size = size
            return []
        case .focusGained, .focusLost: return []
        case .suspend: return [.suspend]
        case .resumed: return [.redraw]
        case .hangup: return [.quit(options.isAttached ? .detach : .leaveRunning)]
        case .terminate: return [.quit(options.isAttached ? .detach : .stopRouter)]
        }
    }

    /// Pasted text goes where text is typed, and nowhere else.
    private mutating func paste(_ text: String) {
        if case .down(var down) = dialog, !down.isConfirming {
            down.reason.insert(text, byteLimit: Dialog.DownDialog.byteLimit)
            dialog = .down(down)
        } else if dialog == nil, prompt != nil {
            prompt?.line.insert(text)
            prompt?.fault = ""
        }
    }

    private mutating func press(_ key: Key) -> [DashboardEffect] {
        if key == .control("l") { return [.redraw] }
        if key == .control("z") { return [.suspend] }
        if dialog != nil { return pressInDialog(key) }
        if prompt != nil { return pressInPrompt(key) }
        notice = nil
        if let effects = pressAnywhere(key) { return effects }
        if !screens.isEmpty { return pressOnScreen(key) }
        return pressOnOverview(key)
    }

    /// Keys that mean the same on every screen; nil for others.
    private mutating func pressAnywhere(_ key: Key) -> [DashboardEffect]? {
        switch key {
        case .character("?"), .function(1):
            if case .help = screens.last?.content { return nil }
            open(.help)
        case .character(":"): prompt = Prompt(kind: .command)
        case .character(" "): frozenAt = frozenAt == nil ? now : nil
        case .character("e"):
            if case .events = screens.last?.content { return nil }
            open(.events(EventsScreen()))
        case .character("d"), .function(9): return act { $0.askDown($1) }
        case .character("u"): return act { $0.act(.up, on: $1, "up") }
        case .character("c"):
            return act { model, number in
                model.dialog = .clear(number)
                return []
            }
        case .character("r"): return act { $0.act(.refresh, on: $1, "refresh") }
        case .function(5): return refreshAll()
        case .function(10): return leave()
        default: return nil
        }
        return []
    }

    /// Everything on screen is asked for again (F5).
    private mutating func refreshAll() -> [DashboardEffect] {
        rib.window.isStale = true
        kernel.window.isStale = true
        messages.window.isStale = true
        for index in screens.indices { screens[index].markStale() }
        return connection == .up ? [ask(OverviewRequest().question, for: .overview)] : []
    }

    private mutating func pressOnOverview(_ key: Key) -> [DashboardEffect] {
        if let move = ListMove(key) {
            self.move(move, in: focus)
            return []
        }
        switch key {
        case .tab: go(to: arrangement.pane(after: focus, by: 1))
        case .backTab: go(to: arrangement.pane(after: focus, by: -1))
        case .character(let digit) where isZoomed && focus.hasPrefixes && digit.isASCIIDigit:
            prompt = Prompt(kind: .jump, line: LineEditor(String(digit)))
        case .character("1"): go(to: .neighbors)
        case .character("2"): go(to: .rib)
        case .character("3"): go(to: .kernel)
        case .character("4"): go(to: .messages)
        case .character("z"): isZoomed.toggle()
        case .character("/"), .function(3): startFilter()
        case .character("s") where focus == .neighbors:
            arrangement.sort.column = arrangement.sort.column.next
        case .character("S") where focus == .neighbors: arrangement.sort.isReversed.toggle()
        case .character("+"): return resizePane(by: 1)
        case .character("-"): return resizePane(by: -1)
        case .character("<"): return resizeUpdates(by: 1)
        case .character(">"): return resizeUpdates(by: -1)
        case .enter: return openSelected()
        case .escape, .backspace: stepBack()
        case .character("q"): return leave()
        default: return [.bell]
        }
        return []
    }

    /// Esc on the overview: what is under way is given up, then the zoom, then the filter.
    private mutating func stepBack() {
        if isSearching(focus) {
            stopSearch(focus)
        } else if isZoomed {
            isZoomed = false
        } else {
            clearFilter(focus)
        }
    }

    /// `q` asks first where a router of our own runs.
    mutating func leave() -> [DashboardEffect] {
        if options.isAttached { return [.quit(.detach)] }
        dialog = .quit
        return []
    }

    mutating func move(_ move: ListMove, in pane: Pane) {
        switch pane {
        case .neighbors:
            let rows = neighborRows
            let index = neighbors.index(in: rows) ?? 0
            neighbors.select(index + move.lines(page: neighbors.height), in: rows)
        case .rib: rib.window.move(move)
        case .kernel: kernel.window.move(move)
        case .messages: moveInMessages(move)
        }
    }

    private mutating func moveInMessages(_ move: ListMove) {
        switch move {
        case .end: messages.follow()
        case .start:
            messages.stopFollowing()
            messages.window.go(to: .start)
        case .lines(let count), .pages(let count):
            if count < 0 { messages.stopFollowing() }
            if !messages.isFollowing { messages.window.move(move) }
        }
    }

    /// Opens the detail of the selected row.
    mutating func openSelected() -> [DashboardEffect] {
        switch focus {
        case .neighbors: selectedNeighbor.map { open(.neighbor(NeighborScreen($0.number))) }
        case .rib: rib.window.selected.map { open(.route(RouteScreen(prefix: $0.prefix))) }
        case .kernel: kernel.window.selected.map { open(.route(RouteScreen(prefix: $0.prefix))) }
        case .messages:
            if let row = messages.window.selected {
                messages.stopFollowing()
                open(.message(MessageScreen(row)))
            }
        }
        return []
    }

    mutating func open(_ content: Screen.Content) {
        let number = ScreenNumber(value: (screens.map(\.number.value).max() ?? 0) + 1)
        screens.append(Screen(number: number, content: content))
    }
}

extension Pane {
    /// True where rows stand in the order of prefixes.
    var hasPrefixes: Bool {
        switch self {
        case .rib, .kernel: true
        case .neighbors, .messages: false
        }
    }
}

extension Character {
    /// 0 to 9.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension RowWindow {
    /// Moves the selection as a key asks.
    mutating func move(_ move: ListMove) {
        switch move {
        case .lines(let count): self.move(by: count)
        case .pages(let count): self.move(by: count * height)
        case .start: go(to: .start)
        case .end: go(to: .end)
        }
    }
}
