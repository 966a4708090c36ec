import Addressing
import Canvas
import Control

extension DashboardModel {
    /// Opens the filter line of the focused pane, with the filter that is set.
    mutating func startFilter() {
        let text =
            switch focus {
            case .neighbors: neighbors.filterText
            case .rib: rib.filterText
            case .kernel: kernel.filterText
            case .messages: messages.filterText
            }
        prompt = Prompt(kind: .filter, line: LineEditor(text))
    }

    mutating func pressInPrompt(_ key: Key) -> [DashboardEffect] {
        guard var prompt else { return [] }
        switch key {
        case .escape:
            self.prompt = nil
            return []
        case .backspace where prompt.line.characters.isEmpty:
            self.prompt = nil
            return []
        case .enter: return submit(prompt)
        case .tab where prompt.kind == .command: return complete(prompt)
        default:
            guard prompt.line.press(key) else { return [.bell] }
            prompt.fault = ""
            prompt.choices = []
            self.prompt = prompt
            return []
        }
    }

    private mutating func submit(_ prompt: Prompt) -> [DashboardEffect] {
        let text = prompt.line.text.trimmed
        self.prompt = nil
        do throws(WordError) {
            switch prompt.kind {
            case .filter: try filter(by: text)
            case .jump: try jump(to: text)
            case .command: return try run(text)
            }
        } catch {
            var again = prompt
            again.fault = error.text
            self.prompt = again
            return [.bell]
        }
        return []
    }

    /// Goes to a prefix, an address or a share of the table.
    private mutating func jump(to text: String) throws(WordError) {
        let ask = try WindowAsk<IPPrefix>(jump: text)
        if !screens.isEmpty {
            changeTopTable { $0.window.go(to: ask) }
        } else if focus == .kernel {
            kernel.window.go(to: ask)
        } else {
            rib.window.go(to: ask)
        }
    }

    /// Sets the filter of the table that is looked at; an empty one shows everything.
    private mutating func filter(by text: String) throws(WordError) {
        if text.hasSuffix("%"), !screens.isEmpty || focus.hasPrefixes { return try jump(to: text) }
        guard screens.isEmpty else {
            let filter = try RIBFilter(words: text, neighbors: overview?.neighbors ?? [])
            changeTopTable { $0.setFilter(filter, text: text) }
            return
        }
        try filter(focus, by: text)
    }

    mutating func filter(_ pane: Pane, by text: String) throws(WordError) {
        let known = overview?.neighbors ?? []
        switch pane {
        case .neighbors: neighbors.filterText = text
        case .rib: rib.setFilter(try RIBFilter(words: text, neighbors: known), text: text)
        case .kernel: kernel.setFilter(try KernelPageRequest.Filter(words: text), text: text)
        case .messages:
            let filter = try MessagesRequest.Filter(words: text, neighbors: known)
            messages.setFilter(filter, text: text)
        }
    }

    mutating func clearFilter(_ pane: Pane) {
        switch pane {
        case .neighbors: neighbors.filterText = ""
        case .rib: if !rib.filterText.isEmpty { rib.setFilter(RIBFilter(), text: "") }
        case .kernel:
            if !kernel.filterText.isEmpty {
                kernel.setFilter(KernelPageRequest.Filter(), text: "")
            }
        case .messages:
            if !messages.filterText.isEmpty {
                messages.setFilter(MessagesRequest.Filter(), text: "")
            }
        }
    }

    /// True while rows that the operator asked for are being looked for.
    func isSearching(_ pane: Pane) -> Bool {
        switch pane {
        case .neighbors, .messages: false
        case .rib: rib.window.searchOn != nil
        case .kernel: kernel.window.searchOn != nil
        }
    }

    mutating func stopSearch(_ pane: Pane) {
        switch pane {
        case .neighbors, .messages: break
        case .rib:
            rib.asked = nil
            outstanding.removeAll { $0.purpose == .rib }
            rib.window.stopWaiting()
        case .kernel:
            kernel.asked = nil
            outstanding.removeAll { $0.purpose == .kernel }
            kernel.window.stopWaiting()
        }
    }

    /// Runs a line of words after `:`.
    private mutating func run(_ text: String) throws(WordError) -> [DashboardEffect] {
        let words = text.split(separator: " ").map { String($0) }
        guard let first = words.first else { return [] }
        let rest = words.dropFirst().joined(separator: " ")
        if let pane = Pane(command: first) {
            try open(pane, rest)
            return []
        }
        switch first {
        case "neighbor": return try runNeighbor(Array(words.dropFirst()))
        case "what-if": try openWhatIf(Array(words.dropFirst()))
        case "events": open(.events(EventsScreen()))
        case "hide": try hide(rest)
        case "show": try show(Array(words.dropFirst()))
        case "reload": return try reload(rest)
        case "help": open(.help)
        case "quit": return leave()
        default:
            let known = Self.commandWords.joined(separator: ", ")
            throw WordError("no command \"\(first)\"; there are: \(known)")
        }
        return []
    }

    /// Zooms a pane, with that filter.
    mutating func open(_ pane: Pane, _ filterText: String) throws(WordError) {
        try filter(pane, by: filterText)
        screens = []
        go(to: pane)
        isZoomed = true
    }

    /// Makes the speaker read its configuration again.
    private mutating func reload(_ reason: String) throws(WordError) -> [DashboardEffect] {
        guard !options.isReadOnly else { throw WordError("this screen is read-only") }
        guard connection == .up else { throw WordError("no connection to the speaker") }
        return [ask(ReloadRequest(reason: reason).question, for: .action("reload"))]
    }

    /// Shows what would become of the best paths.
    private mutating func openWhatIf(_ words: [String]) throws(WordError) {
        guard let name = words.first else {
            throw WordError("which neighbor? what-if NAME down")
        }
        let number = try (overview?.neighbors ?? []).number(named: name)
        switch words.dropFirst().first ?? "down" {
        case "down": open(.whatIf(WhatIfScreen(number, .down)))
        case "up": open(.whatIf(WhatIfScreen(number, .up)))
        default: throw WordError("\"\(words[1])\": expected down or up")
        }
    }

    private mutating func runNeighbor(_ words: [String]) throws(WordError) -> [DashboardEffect] {
        guard let name = words.first else { throw WordError("which neighbor? neighbor NAME") }
        let number = try (overview?.neighbors ?? []).number(named: name)
        guard words.count > 1 else {
            open(.neighbor(NeighborScreen(number)))
            return []
        }
        guard !options.isReadOnly else { throw WordError("this screen is read-only") }
        let reason = words.dropFirst(2).joined(separator: " ")
        switch words[1] {
        case "up": return act(.up, on: number, "up")
        case "refresh": return act(.refresh, on: number, "refresh")
        case "destroy": return act(.destroy, on: number, "destroy")
        case "clear": dialog = .clear(number)
        case "down":
            var down = Dialog.DownDialog(neighbor: number)
            down.reason.insert(reason, byteLimit: Dialog.DownDialog.byteLimit)
            down.isConfirming = true
            dialog = .down(down)
        default:
            throw WordError("\"\(words[1])\": expected up, down, clear, refresh or destroy")
        }
        return []
    }
}
