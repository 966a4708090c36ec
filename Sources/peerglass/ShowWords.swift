import Addressing
import Control

/// The words behind `show`.
enum ShowWords {
    static func parse(_ words: [String]) throws(WordFault) -> ShowCommand {
        var reader = WordReader(words)
        let choices: [WordChoice] = [
            .end, .keyword("fib"), .keyword("log"), .keyword("neighbor"), .keyword("rib"),
            .keyword("summary"), .keyword("what-if"),
        ]
        switch try reader.next(choices).word {
        case "fib": return .fib(try fib(&reader))
        case "log":
            _ = try reader.next([.end])
            return .log
        case "neighbor": return try neighbor(&reader)
        case "rib": return try RIBWords.parse(&reader)
        case "summary": return .summary(try summaryForm(&reader))
        case "what-if": return .whatIf(try whatIf(&reader))
        default: return .summary(.table)
        }
    }

    private static func summaryForm(
        _ reader: inout WordReader
    ) throws(WordFault) -> ShowCommand.SummaryForm {
        guard try reader.next([.end, .keyword("terse")]).word == "terse" else { return .table }
        _ = try reader.next([.end])
        return .terse
    }

    private static func whatIf(
        _ reader: inout WordReader
    ) throws(WordFault) -> WhatIfCommand {
        let name = try reader.next([NeighborWords.name]).word
        let change = try reader.next([.keyword("down"), .keyword("up")]).word
        var command = WhatIfCommand(
            neighbor: NeighborWords.selector(name),
            change: change == "down" ? .down : .up
        )
        if try reader.next([.end, .keyword("list")]).word == "list" {
            command.listsPrefixes = true
            _ = try reader.next([.end])
        }
        return command
    }

    private static func neighbor(_ reader: inout WordReader) throws(WordFault) -> ShowCommand {
        let forms = ["messages", "terse", "timers"]
        var selector = NeighborSelector.all
        var found = try reader.next(
            [.end, .keyword("group", hint: "<group>")] + forms.map(WordChoice.fullKeyword)
                + [NeighborWords.name]
        )
        if found.choice == .keyword("group", hint: "<group>") {
            selector = .group(try reader.next([NeighborWords.group]).word)
            found = try reader.next([.end] + forms.map { .keyword($0) })
        } else if found.choice == NeighborWords.name {
            selector = NeighborWords.selector(found.word)
            found = try reader.next([.end] + forms.map { .keyword($0) })
        }
        if found.choice != .end { _ = try reader.next([.end]) }
        switch found.word {
        case "terse": return .neighbor(selector, .terse)
        case "timers": return .neighbor(selector, .timers)
        default: return .neighbor(selector, .messages)
        }
    }

    private static func fib(
        _ reader: inout WordReader
    ) throws(WordFault) -> KernelPageRequest.Filter {
        var filter = KernelPageRequest.Filter()
        let choices: [WordChoice] = [
            .end, .keyword("bgp"), .keyword("connected"), .keyword("inet"), .keyword("inet6"),
            .keyword("nexthop"), .keyword("static"),
            .value("<address>", accepts: { IPAddress(text: $0) != nil }),
        ]
        while true {
            let found = try reader.next(choices)
            if case .value = found.choice {
                filter.prefix = IPAddress(text: found.word).map { .longest($0) }
                _ = try reader.next([.end])
                return filter
            }
            switch found.word {
            case "bgp": filter.classes.insert(.bgp)
            case "connected": filter.classes.insert(.connected)
            case "inet": filter.family = .ipv4
            case "inet6": filter.family = .ipv6
            case "nexthop": filter.classes.insert(.nextHop)
            case "static": filter.classes.insert(.staticRoute)
            default: return filter
            }
        }
    }
}
