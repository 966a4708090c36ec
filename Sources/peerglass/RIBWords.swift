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

    private static let filters: [WordChoice] = [
        .end, .keyword("as"), .keyword("avs"), .keyword("best"),
        .keyword("community", hint: "<community>"), .keyword("detail"), .keyword("disqualified"),
        .keyword("empty-as"), .keyword("error"), .keyword("filtered"), .keyword("in"),
        .keyword("large-community", hint: "<large-community>"), .keyword("leaked"),
        .keyword("memory"),
        .keyword("neighbor"), .keyword("nexthop", hint: "<address>"), .keyword("out"),
        .keyword("ovs"), .keyword("peer-as"), .keyword("selected"), .keyword("source-as"),
        .keyword("ssv"), .keyword("transit-as"), families, place,
    ]

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
                if command.filter.malformedOnly, command.table == .locRIB {
                    command.table = .adjRIBIn
                }
                if isSemicolon, command.form == .detail { command.form = .semicolons }
                return .rib(command)
            }
            if found.choice == place {
                try take(place: found.word, into: &command.filter)
                if IPPrefix(text: found.word) != nil { choices += extents }
            } else if found.choice == families {
                command.filter.family = found.word.hasSuffix("6") ? .ipv6 : .ipv4
            } else if found.word == "memory" {
                guard isFirst else { throw .superfluous(found.word) }
                _ = try reader.next([.end])
                return .ribMemory
            } else if found.word == "ssv" {
                isSemicolon = true
            } else if !(try takeTable(found.word, into: &command)) {
                try takeFilter(found.word, from: &reader, into: &command.filter)
            }
            isFirst = false
        }
    }

    private static func take(
        place word: String,
        into filter: inout RIBFilter
    ) throws(WordFault) {
        guard filter.prefix == nil else { throw .superfluous(word) }
        if let prefix = IPPrefix(text: word) {
            filter.prefix = .exact(prefix)
        } else if let address = IPAddress(text: word) {
            filter.prefix = .longest(address)
        }
    }

    /// True where the word says which table or which form.
    private static func takeTable(
        _ word: String,
        into command: inout RIBCommand
    ) throws(WordFault) -> Bool {
        switch word {
        case "in", "out":
            guard command.table == .locRIB else { throw .superfluous(word) }
            command.table = word == "in" ? .adjRIBIn : .adjRIBOut
        case "detail":
            command.form = .detail
        default:
            return false
        }
        return true
    }

    private static func takeFilter(
        _ word: String,
        from reader: inout WordReader,
        into filter: inout RIBFilter
    ) throws(WordFault) {
        switch word {
        case "all", "longer-prefixes", "or-longer":
            if case .exact(let prefix) = filter.prefix { filter.prefix = .orLonger(prefix) }
        case "or-shorter":
            if case .exact(let prefix) = filter.prefix { filter.prefix = .orShorter(prefix) }
        case "best", "selected":
            filter.bestOnly = true
        case "disqualified":
            filter.disqualifiedOnly = true
        case "filtered":
            filter.filteredOnly = true
        case "error":
            filter.malformedOnly = true
        case "leaked":
            filter.leakedOnly = true
        case "avs":
            filter.pathValidation = try pathValidation(&reader)
        case "community", "large-community":
            filter.communities.append(try community(word, &reader))
        case "neighbor":
            guard filter.neighbor == nil else { throw .superfluous(word) }
            filter.neighbor = try NeighborWords.required(&reader)
        case "nexthop":
            let address = try reader.next([
                .value("<address>", accepts: { IPAddress(text: $0) != nil })
            ])
            filter.nextHop = IPAddress(text: address.word)
        case "ovs":
            filter.originValidation = try originValidation(&reader)
        default:
            guard filter.asPath == nil else { throw .superfluous(word) }
            filter.asPath = try asMatch(word, &reader)
        }
    }

    private static func asMatch(
        _ word: String,
        _ reader: inout WordReader
    ) throws(WordFault) -> RIBFilter.ASMatch {
        if word == "empty-as" { return .emptyPath }
        let text = try reader.next([
            .value("<as-number>", accepts: { ASNumber(text: $0) != nil })
        ]).word
        let number = ASNumber(text: text) ?? ASNumber(0)
        switch word {
        case "peer-as": return .peer(number)
        case "source-as": return .source(number)
        case "transit-as": return .transit(number)
        default: return .anywhere(number)
        }
    }

    private static func originValidation(
        _ reader: inout WordReader
    ) throws(WordFault) -> OriginValidation {
        let choices: [WordChoice] = [
            .keyword("invalid"), .keyword("not-found"), .keyword("valid"),
        ]
        switch try reader.next(choices).word {
        case "invalid": return .invalid
        case "valid": return .valid
        default: return .notFound
        }
    }

    private static func pathValidation(
        _ reader: inout WordReader
    ) throws(WordFault) -> PathValidation {
        let choices: [WordChoice] = [
            .keyword("invalid"), .keyword("unknown"), .keyword("valid"),
        ]
        switch try reader.next(choices).word {
        case "invalid": return .invalid
        case "valid": return .valid
        default: return .unknown
        }
    }

    private static func community(
        _ word: String,
        _ reader: inout WordReader
    ) throws(WordFault) -> RIBFilter.CommunityPattern {
        let isLarge = word == "large-community"
        let choice: WordChoice =
            isLarge
            ? .value("<large-community>", accepts: { CommunityWords.large($0) != nil })
            : .value("<community>", accepts: { CommunityWords.standard($0) != nil })
        let text = try reader.next([choice]).word
        let pattern = isLarge ? CommunityWords.large(text) : CommunityWords.standard(text)
        return pattern ?? .standard(nil, nil)
    }
}

/// Community patterns as they are typed: numbers, `*` and the names of the well-known ones.
enum CommunityWords {
    private static let wellKnown: [(name: String, value: UInt16)] = [
        ("GRACEFUL_SHUTDOWN", 0x0000), ("BLACKHOLE", 0x029A), ("NO_EXPORT", 0xFF01),
        ("NO_ADVERTISE", 0xFF02), ("NO_EXPORT_SUBCONFED", 0xFF03), ("NO_PEER", 0xFF04),
    ]

    /// `65002:100`, `65002:*`, `NO_EXPORT`.
    static func standard(_ text: String) -> RIBFilter.CommunityPattern? {
        if let known = wellKnown.first(where: { $0.name == text }) {
            return .standard(0xFFFF, known.value)
        }
        guard let parts = numbers(text, count: 2, UInt16.self) else { return nil }
        return .standard(parts[0], parts[1])
    }

    /// `65002:1:*`.
    static func large(_ text: String) -> RIBFilter.CommunityPattern? {
        guard let parts = numbers(text, count: 3, UInt32.self) else { return nil }
        return .large(parts[0], parts[1], parts[2])
    }

    /// Numbers between colons, nil for `*`.
    private static func numbers<Number: FixedWidthInteger>(
        _ text: String,
        count: Int,
        _ type: Number.Type
    ) -> [Number?]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == count else { return nil }
        var numbers: [Number?] = []
        for part in parts {
            if part == "*" {
                numbers.append(nil)
            } else if let number = Number(part), part.first != "+" {
                numbers.append(number)
            } else {
                return nil
            }
        }
        return numbers
    }
}
