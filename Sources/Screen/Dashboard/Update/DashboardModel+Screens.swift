import Canvas
import Control

extension DashboardModel {
    /// A key on an opened screen.
    mutating func pressOnScreen(_ key: Key) -> [DashboardEffect] {
        guard let top = screens.indices.last else { return [] }
        switch key {
        case .escape, .backspace, .character("q"):
            if case .neighbor(let screen) = screens[top].content,
                screen.table?.window.searchOn != nil
            {
                changeTopTable { $0.window.stopWaiting() }
            } else {
                screens.removeLast()
            }
            return []
        default: break
        }
        switch screens[top].content {
        case .neighbor(let screen): return press(key, on: screen, at: top)
        case .message(var screen):
            let isKnown = screen.press(key, page: screenContent.height)
            screens[top].content = .message(screen)
            return isKnown ? [] : [.bell]
        case .events(var screen):
            guard let move = ListMove(key) else { return [.bell] }
            let lines = -move.lines(page: screenContent.height)
            screen.scrolledBack = min(
                max(0, screen.scrolledBack + lines),
                max(0, screen.rows.count - screenContent.height)
            )
            screens[top].content = .events(screen)
            return []
        case .route, .whatIf, .help: return scrollText(key)
        }
    }

    private mutating func press(
        _ key: Key,
        on screen: NeighborScreen,
        at top: Int
    ) -> [DashboardEffect] {
        let tabs = NeighborScreen.Tab.allCases
        switch key {
        case .tab, .right, .character("l"):
            show(tabs[(screen.tab.rawValue + 1) % tabs.count], at: top)
        case .backTab, .left, .character("h"):
            show(tabs[(screen.tab.rawValue + tabs.count - 1) % tabs.count], at: top)
        case .character(let digit) where ("1"..."4").contains(digit):
            show(tabs[(digit.wholeNumberValue ?? 1) - 1], at: top)
        case .enter:
            guard let row = screen.table?.window.selected else { return [.bell] }
            open(.route(RouteScreen(prefix: row.prefix)))
        case .character("/"), .function(3):
            guard let table = screen.table else { return [.bell] }
            prompt = Prompt(kind: .filter, line: LineEditor(table.filterText))
        default:
            guard screen.table != nil else { return scrollText(key) }
            guard let move = ListMove(key) else { return [.bell] }
            changeTopTable { $0.window.move(move) }
        }
        return []
    }

    private mutating func show(_ tab: NeighborScreen.Tab, at top: Int) {
        guard case .neighbor(var screen) = screens[top].content else { return }
        screen.tab = tab
        screens[top].scroll = 0
        screens[top].content = .neighbor(screen)
    }

    private mutating func scrollText(_ key: Key) -> [DashboardEffect] {
        guard let move = ListMove(key), let top = screens.indices.last else { return [.bell] }
        let height = textHeight(of: screens[top])
        let last = max(0, textLines(of: screens[top]).count - height)
        screens[top].scroll = min(
            max(0, min(screens[top].scroll, last) + move.lines(page: height)),
            last
        )
        return []
    }
}

extension MessageScreen {
    /// Moves and folds.
    ///
    /// - Returns: false for a key that means nothing here.
    fileprivate mutating func press(_ key: Key, page: Int) -> Bool {
        if let move = ListMove(key) {
            self.move(by: move.lines(page: page))
            return true
        }
        switch key {
        case .left, .character("h"): fold()
        case .right, .character("l"): unfold()
        case .enter: if folded.contains(selected) { unfold() } else { fold() }
        default: return false
        }
        return true
    }
}
