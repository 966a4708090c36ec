import Canvas
import Control

extension DashboardModel {
    /// Completes the word before the cursor of a command (Tab): as far as it is certain, then the
    /// choices are shown below.
    mutating func complete(_ prompt: Prompt) -> [DashboardEffect] {
        let typed = prompt.line.textBeforeCursor
        var words = typed.split(separator: " ").map { String($0) }
        let start = typed.hasSuffix(" ") ? "" : words.popLast() ?? ""
        let choices = commandWords(after: words).filter { $0.hasPrefix(start) }
        guard prompt.line.cursor == prompt.line.characters.count, var common = choices.first else {
            return [.bell]
        }
        for choice in choices {
            common = String(zip(common, choice).prefix { $0 == $1 }.map(\.0))
        }
        var completed = prompt
        completed.fault = ""
        completed.choices = choices.count > 1 ? choices : []
        completed.line.insert(String(common.dropFirst(start.count)))
        if choices.count == 1 { completed.line.insert(" ") }
        self.prompt = completed
        return []
    }

    /// What may stand behind these words of a command.
    private func commandWords(after words: [String]) -> [String] {
        let hasUpdates = arrangement.updates != .hidden
        switch words.first {
        case nil: return Self.commandWords
        case "hide" where words.count == 1:
            return arrangement.panes.map(\.word) + (hasUpdates ? [Self.updatesWord] : [])
        case "show" where words.count == 1:
            let hidden = Pane.allCases.filter { !arrangement.panes.contains($0) }
            return hidden.map(\.word) + (hasUpdates ? [] : [Self.updatesWord])
        case "neighbor" where words.count == 1, "what-if" where words.count == 1:
            // A name with blanks in it cannot be typed as one word.
            return (overview?.neighbors ?? []).map(\.name).filter { !$0.contains(" ") }
        case "neighbor" where words.count == 2 && !options.isReadOnly:
            return ["up", "down", "clear", "refresh", "destroy"]
        case "what-if" where words.count == 2: return ["down", "up"]
        case .some: return []
        }
    }

    /// The words that begin a command.
    static let commandWords = [
        "rib", "kernel", "messages", "neighbors", "neighbor", "what-if", "events", "hide", "show",
        "reload", "help", "quit",
    ]
}
