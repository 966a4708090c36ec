import Canvas
import Control

extension DashboardModel {
    /// The neighbor that a key acts on here: that of the open screen, else the selected one of the pane.
    var actedOn: NeighborNumber? {
        for screen in screens.reversed() {
            if case .neighbor(let screen) = screen.content { return screen.neighbor }
        }
        guard screens.isEmpty else { return nil }
        return focus == .neighbors ? selectedNeighbor?.number : nil
    }

    /// Runs what a key does to a neighbor, where there is one and keys may act; nil where the key is none.
    mutating func act(
        _ body: (inout DashboardModel, NeighborNumber) -> [DashboardEffect]
    ) -> [DashboardEffect]? {
        guard !options.isReadOnly else { return nil }
        guard let number = actedOn else {
            say("go to the neighbors first: this key acts on the selected neighbor", .warning)
            return [.bell]
        }
        guard connection == .up else {
            say("no connection to the speaker", .error)
            return [.bell]
        }
        return body(&self, number)
    }

    mutating func askDown(_ number: NeighborNumber) -> [DashboardEffect] {
        dialog = .down(Dialog.DownDialog(neighbor: number))
        return []
    }

    mutating func act(
        _ action: NeighborActionRequest.Action,
        on number: NeighborNumber,
        _ word: String
    ) -> [DashboardEffect] {
        let name = PeerName.shown(name(of: number))
        let request = NeighborActionRequest(.number(number), action)
        return [ask(request.question, for: .action("\(name) \(word)"))]
    }

    /// Keys while a dialog is open: Enter on the default and Esc leave things as they are.
    mutating func pressInDialog(_ key: Key) -> [DashboardEffect] {
        switch dialog {
        case .down(let down): return pressInDown(key, down)
        case .clear(let number):
            switch key {
            case .character("c"):
                dialog = nil
                return act(.clear(reason: ""), on: number, "clear")
            case .character("l") where forecast != nil: openForecast(of: number)
            case .enter, .escape, .character("q"): dialog = nil
            default: return [.bell]
            }
        case .quit:
            switch key {
            case .enter, .character("l"):
                dialog = nil
                return [.quit(.leaveRunning)]
            case .character("s") where !options.isReadOnly:
                dialog = nil
                return [.quit(.stopRouter)]
            case .escape, .character("q"), .character("y"): dialog = nil
            default: return [.bell]
            }
        case nil: break
        }
        return []
    }

    private mutating func pressInDown(
        _ key: Key,
        _ before: Dialog.DownDialog
    ) -> [DashboardEffect] {
        var down = before
        if down.isConfirming {
            switch key {
            case .character("d"):
                dialog = nil
                return act(.down(reason: down.reason.text), on: down.neighbor, "down")
            case .character("l") where forecast != nil: openForecast(of: down.neighbor)
            case .enter, .escape, .character("q"): dialog = nil
            case .backspace, .up, .backTab:
                down.isConfirming = false
                dialog = .down(down)
            default: return [.bell]
            }
            return []
        }
        switch key {
        case .escape: dialog = nil
        case .enter, .tab, .down:
            down.isConfirming = true
            dialog = .down(down)
        default:
            guard down.reason.press(key, byteLimit: Dialog.DownDialog.byteLimit) else {
                return [.bell]
            }
            dialog = .down(down)
        }
        return []
    }
}

extension LineEditor {
    /// Takes a key of line editing.
    ///
    /// - Returns: false for a key that edits nothing.
    mutating func press(_ key: Key, byteLimit: Int = 1000) -> Bool {
        switch key {
        case .character(let character): insert(String(character), byteLimit: byteLimit)
        case .backspace, .control("h"): backspace()
        case .delete, .control("d"): delete()
        case .left, .control("b"): move(by: -1)
        case .right, .control("f"): move(by: 1)
        case .home, .control("a"): moveToStart()
        case .end, .control("e"): moveToEnd()
        case .control("u"): clear()
        case .control("w"): deleteWord()
        default: return false
        }
        return true
    }
}
