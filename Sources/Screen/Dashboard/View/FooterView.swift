import Canvas
import Control

/// A key and what it does, as the last line shows it.
struct KeyHint: Hashable {
    var key: String
    var word: String
    /// Hints of one group stand closer together.
    var group: Int
    /// What goes first where there is little room; 0 stays.
    var rank = 0

    init(_ key: String, _ word: String, group: Int = 0, rank: Int = 0) {
        self.key = key
        self.word = word
        self.group = group
        self.rank = rank
    }
}

extension DashboardModel {
    /// The line above the keys: what is typed, what just happened, else the last important event.
    func drawEventLine(in rect: Rect, on canvas: inout Canvas) {
        if let prompt {
            draw(prompt, in: rect, on: &canvas)
            return
        }
        let room = rect.width - 3
        if let notice {
            canvas.write(notice.text.cut(to: room), x: 1, y: rect.y, style: Style(notice.role))
        } else if case .lost(let reason, _) = connection {
            let text = "connection lost: \(PeerName.shown(reason)); trying again"
            canvas.write(text.cut(to: room), x: 1, y: rect.y, style: Style(.error))
        } else if let event = overview?.lastEvent {
            let isWide = rect.width >= 100
            let time = Clock.time(event.time, offset: options.utcOffsetSeconds)
            let text = (isWide ? "\(time) " : "") + EventText.line(event)
            let role: Role = event.isBad ? .warning : .text
            canvas.write(text.quoteCut(to: room), x: 1, y: rect.y, style: Style(role))
        }
    }

    private func draw(_ prompt: Prompt, in rect: Rect, on canvas: inout Canvas) {
        let sign = prompt.kind.sign
        let start = canvas.write("\(sign) ", x: 1, y: rect.y, style: Style(.key), in: rect)
        let room = rect.endX - start - 1
        // A long line shows the end that is typed at.
        var before = prompt.line.textBeforeCursor
        while TextWidth.of(before) > room - 1, !before.isEmpty { before.removeFirst() }
        let shown = String(prompt.line.text.dropFirst(prompt.line.cursor - before.count))
        canvas.write(shown, x: start, y: rect.y, in: rect)
        canvas.cursor = Point(x: min(start + TextWidth.of(before), rect.endX - 1), y: rect.y)
    }

    /// The last line: the keys that work here.
    func drawKeys(in rect: Rect, on canvas: inout Canvas) {
        guard !rect.isEmpty else { return }
        if let prompt {
            let text = prompt.fault.isEmpty ? promptHelp(prompt) : prompt.fault
            let role: Role = prompt.fault.isEmpty ? .dim : .error
            canvas.write(text.cut(to: rect.width - 2), x: 1, y: rect.y, style: Style(role))
            return
        }
        var hints = keyHints
        var gaps = true
        func width(_ hints: [KeyHint]) -> Int {
            var width = 2
            for (index, hint) in hints.enumerated() {
                if index > 0 { width += gaps && hints[index - 1].group != hint.group ? 3 : 2 }
                width += hint.key.count + (hint.word.isEmpty ? 0 : hint.word.count + 1)
            }
            return width
        }
        while width(hints) > rect.width, let most = hints.map(\.rank).max(), most > 0 {
            gaps = false
            // The way out loses its word before the others go.
            if let index = hints.lastIndex(where: { $0.rank == most }) {
                if hints[index].key == "q" {
                    hints[index].word = ""
                    hints[index].rank = 0
                } else {
                    hints.remove(at: index)
                }
            }
        }
        var x = 1
        for (index, hint) in hints.enumerated() {
            if index > 0 { x += gaps && hints[index - 1].group != hint.group ? 3 : 2 }
            x = canvas.write(hint.key, x: x, y: rect.y, style: Style(.key))
            if !hint.word.isEmpty {
                x = canvas.write(" \(hint.word)", x: x, y: rect.y, style: Style(.dim))
            }
        }
    }

    private func promptHelp(_ prompt: Prompt) -> String {
        switch prompt.kind {
        case .jump: return "a prefix, an address or 37%; Enter goes there, Esc leaves"
        case .command:
            guard prompt.choices.isEmpty else {
                return PeerName.shown(prompt.choices.joined(separator: "  "))
            }
            return
                "rib FILTER  kernel  messages  neighbors  neighbor NAME [down]  what-if NAME down  "
                + "hide PANE  show PANE  events  help  quit"
        case .filter:
            if !screens.isEmpty { return Self.ribFilterHelp }
            switch focus {
            case .neighbors: return "words that the row contains: name, address, AS, state, group"
            case .rib: return Self.ribFilterHelp
            case .kernel: return "ADDRESS  inet  inet6  bgp  connected  static  nexthop  drift  37%"
            case .messages: return "a neighbor's name or address"
            }
        }
    }

    private static let ribFilterHelp =
        "PREFIX  in P  covers A  as N  origin-as N  path \"^N_\"  from NAME  ovs S  community C  "
        + "best  refused  not …  37%"

    /// What the last line shows on this screen.
    private var keyHints: [KeyHint] {
        let acting = options.isReadOnly ? [] : Self.actingHints
        guard let top = screens.last else { return overviewHints(acting) }
        let close = KeyHint("Esc", "back")
        let help = KeyHint("?", "help", group: 2, rank: 1)
        let command = KeyHint(":", "command", group: 2, rank: 7)
        switch top.content {
        case .neighbor(let screen):
            let tabs = KeyHint("Tab", "next page")
            guard screen.table != nil else { return [close, tabs] + acting + [command, help] }
            return [
                close, tabs, KeyHint("Enter", "open", rank: 2), KeyHint("/", "filter", rank: 3),
            ] + acting + [command, help]
        case .message:
            return [
                close, KeyHint("↑↓", "field"), KeyHint("←→", "fold", rank: 2), command, help,
            ]
        case .route, .events, .whatIf, .help:
            return [
                close, KeyHint("↑↓", "scroll"), KeyHint("PgDn", "page", rank: 2), command, help,
            ]
        }
    }

    private func overviewHints(_ acting: [KeyHint]) -> [KeyHint] {
        var hints = [
            KeyHint("Tab", "pane"), KeyHint("Enter", "open"), KeyHint("z", "zoom", rank: 9),
            KeyHint("/", "filter", rank: 2),
        ]
        if focus == .neighbors { hints.append(KeyHint("s", "sort", rank: 8)) }
        hints += acting
        hints += [
            KeyHint(":", "command", group: 2, rank: 7), KeyHint("?", "help", group: 2, rank: 1),
            KeyHint("q", "leave", group: 2, rank: 6),
        ]
        return hints
    }

    private static let actingHints = [
        KeyHint("d", "down", group: 1, rank: 3), KeyHint("u", "up", group: 1, rank: 3),
        KeyHint("c", "clear", group: 1, rank: 4), KeyHint("r", "refresh", group: 1, rank: 5),
    ]
}

extension String {
    /// Cut at the end; a closing quotation mark stays.
    func quoteCut(to width: Int) -> String {
        guard hasSuffix("\""), TextWidth.of(self) > width, width > 3 else { return cut(to: width) }
        return String(dropLast()).cut(to: width - 1) + "\""
    }
}
