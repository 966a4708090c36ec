import Addressing
import Control

/// The words behind `show rib`: filters that all must hold, in any order.
enum RIBWords {
    private static let place: WordChoice = .value(
        "<address>[/<len>]",
        accepts: { IPAddress(text: $0) != nil || IPPrefix(text: $0) != nil }
    )

    private static let families: WordChoice = .value(
        "[ inet | inet6 | IPv4 | IPv6 ]",
        accepts: { ["inet", "inet6", "ipv4", "ipv6"].contains($0.lowercased()) }
    )

    /// Words by which rows are filtered, which `not` may stand before.
    private static let tests: [WordChoice] =
        RIBFilterWord.all.filter { !$0.names.contains("inet") && !$0.names.contains("inet6") }
        .flatMap { word in word.names.map { .keyword($0, hint: word.hint) } }
        + [.keyword("neighbor")]

    private static let filters: [WordChoice] =
        [.end]
        + (tests
        + [
            .keyword("after", hint: "<prefix>"), .keyword("detail"), .keyword("in"),
            .keyword("limit", hint: "<number>"), .keyword("memory"), .keyword("not"),
            .keyword("out"), .keyword("ssv"), .keyword("why"),
        ])
        .sorted { $0.label < $1.label } + [families, place]

    private static let extents: [WordChoice] = [
        .keyword("all"), .keyword("longer-prefixes"), .keyword("or-longer"),
        .keyword("or-shorter"),
    ]

    static func parse(_ reader: inout WordReader) throws(WordFault) -> ShowCommand {
        var command = RIBCommand()
        var isSemicolon = false
        var isFirst = true
        var choices = filters
        while true {
            let found = try reader.next(choices)
            choices = filters
            if found.choice == .end {
                // What was malformed is in Adj-RIB-In alone.
                if command.filter.conditions.contains(where: {
                    $0.test == .malformed && !$0.isNegated
                }),
                    command.table == .locRIB
                {
                    command.table = .adjRIBIn
                }
                if isSemicolon, command.form == .detail { command.form = .semicolons }
                // Nothing is decided in the other tables.
                if command.form == .why, command.table != .locRIB { throw .superfluous("why") }
                return .rib(command)
            }
            if found.choice == place {
                try take(place: found.word, into: &command.filter)
                if IPPrefix(text: found.word) != nil { choices += extents }
            } else if extents.contains(found.choice) {
                extend(&command.filter, found.word)
            } else if found.word == "memory" {
                guard isFirst else { throw .superfluous(found.word) }
                _ = try reader.next([.end])
                return .ribMemory
            } else if found.word == "ssv" {
                isSemicolon = true
            } else if found.word == "not" {
                try takeNegated(from: &reader, into: &command.filter)
            } else if try !take(part: found.word, from: &reader, into: &command) {
                let test = try test(found.word, from: &reader, command.filter)
                command.filter.conditions.append(
                    RIBFilter.Condition(test: test, isNegated: false)
                )
            }
            isFirst = false
        }
    }

    private static func take(
        place word: String,
        into filter: inout RIBFilter
    ) throws(WordFault) {
        guard filter.prefix == nil else { throw .superfluous(word) }
        filter.conditions +=
            prefixMatch(word).map {
                [RIBFilter.Condition(test: .prefix($0), isNegated: false)]
            } ?? []
    }

    private static func prefixMatch(_ word: String) -> RIBFilter.PrefixMatch? {
        IPPrefix(text: word).map { .exact($0) } ?? IPAddress(text: word).map { .longest($0) }
    }

    /// `or-longer` and its kind stand behind the prefix that they are about.
    private static func extend(_ filter: inout RIBFilter, _ word: String) {
        guard let last = filter.conditions.last, case .prefix(.exact(let prefix)) = last.test else {
            return
        }
        let match: RIBFilter.PrefixMatch =
            word == "or-shorter" ? .orShorter(prefix) : .orLonger(prefix)
        filter.conditions[filter.conditions.count - 1].test = .prefix(match)
    }

    private static func takeNegated(
        from reader: inout WordReader,
        into filter: inout RIBFilter
    ) throws(WordFault) {
        let found = try reader.next(
            tests.sorted { $0.label < $1.label } + [families, place]
        )
        if found.choice != place {
            let test = try test(found.word, from: &reader, nil)
            filter.conditions.append(RIBFilter.Condition(test: test, isNegated: true))
        } else if let prefix = IPPrefix(text: found.word) {
            // What is not inside it: of one prefix alone nobody wants to see all the others.
            filter.conditions.append(
                RIBFilter.Condition(test: .prefix(.orLonger(prefix)), isNegated: true)
            )
        } else if let match = prefixMatch(found.word) {
            filter.conditions.append(RIBFilter.Condition(test: .prefix(match), isNegated: true))
        }
    }

    /// True where the word says which table, which form or which part of it.
    private static func take(
        part word: String,
        from reader: inout WordReader,
        into command: inout RIBCommand
    ) throws(WordFault) -> Bool {
        switch word {
        case "in", "out":
            guard command.table == .locRIB else { throw .superfluous(word) }
            command.table = word == "in" ? .adjRIBIn : .adjRIBOut
        case "detail":
            command.form = .detail
        case "why":
            command.form = .why
        case "limit":
            let number = try reader.next([
                .value("<number>", accepts: { UInt32($0).map { $0 > 0 } ?? false })
            ])
            command.limit = UInt32(number.word)
        case "after":
            let prefix = try reader.next([
                .value("<prefix>", accepts: { IPPrefix(text: $0) != nil })
            ])
            command.after = IPPrefix(text: prefix.word)
        default:
            return false
        }
        return true
    }

    /// The test that a word stands for, with what follows it; `filter` is what stands before, for what may not be said
    /// twice.
    private static func test(
        _ name: String,
        from reader: inout WordReader,
        _ filter: RIBFilter?
    ) throws(WordFault) -> RIBFilter.Test {
        if families.accepts(name) { return .family(name.hasSuffix("6") ? .ipv6 : .ipv4) }
        guard let word = RIBFilterWord.named(name) else {
            guard filter?.neighbor == nil else { throw .superfluous(name) }
            return .neighbor(try NeighborWords.required(&reader))
        }
        var value: [String] = []
        for _ in 0..<word.valueCount {
            let choices: [WordChoice] =
                word.choices.isEmpty
                ? [.value(word.hint, accepts: { _ in true })]
                : word.choices.map { .keyword($0) }
            value.append(try reader.next(choices).word)
        }
        do throws(RIBFilterFault) {
            return try word.test(value.joined(separator: " "))
        } catch {
            throw .wrong(error.text)
        }
    }
}
