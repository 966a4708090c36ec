import Addressing
import Control

/// What is wrong with a typed line, in words for the one who typed it.
struct WordError: Error, Hashable {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

extension WindowAsk<IPPrefix> {
    /// `37%`, a prefix or an address.
    init(jump text: String) throws(WordError) {
        if text.hasSuffix("%") {
            let digits = text.dropLast().split(separator: " ").joined()
            guard let percent = UInt32(digits), percent <= 100 else {
                throw WordError("\"\(text)\": expected 0% to 100%")
            }
            self = .share(percent * 10_000)
        } else if let prefix = IPPrefix(text: text) {
            self = .at(prefix)
        } else if let address = IPAddress(text: text) {
            self = .at(IPPrefix(address, length: address.family.bitCount))
        } else {
            throw WordError("\"\(text)\": expected a prefix, an address or 37%")
        }
    }
}

extension Array<NeighborRow> {
    /// The neighbor of that name or address; the start of a name will do where only one has it.
    func number(named text: String) throws(WordError) -> NeighborNumber {
        if let address = IPAddress(text: text), let row = first(where: { $0.address == address }) {
            return row.number
        }
        if let row = first(where: { $0.name == text }) { return row.number }
        let lower = text.lowercased()
        let similar = filter { $0.name.lowercased().hasPrefix(lower) }
        if similar.count == 1 { return similar[0].number }
        throw WordError(
            similar.isEmpty
                ? "no neighbor is called \"\(text)\": expected a name or an address"
                : "\"\(text)\" is the start of \(similar.count) names"
        )
    }
}

extension ArraySlice<String> {
    /// Takes out the word that must follow another.
    fileprivate mutating func next(after key: String, _ expected: String) throws(WordError)
        -> String
    {
        guard let word = popFirst() else {
            throw WordError("\"\(key)\" is followed by \(expected)")
        }
        return word
    }
}

extension ArraySlice<String> {
    /// What a word that says which prefixes means, with what follows it; nil for any other word.
    fileprivate mutating func prefixMatch(
        _ word: String
    ) throws(WordError) -> RIBFilter.PrefixMatch? {
        switch word {
        case "in": return .orLonger(try nextPrefix(after: word))
        case "covers": return .orShorter(try nextPrefix(after: word))
        default:
            if let prefix = IPPrefix(text: word) { return .exact(prefix) }
            return IPAddress(text: word).map { .longest($0) }
        }
    }

    private mutating func nextPrefix(after key: String) throws(WordError) -> IPPrefix {
        let word = try next(after: key, "a prefix or an address")
        if let prefix = IPPrefix(text: word) { return prefix }
        guard let address = IPAddress(text: word) else {
            throw WordError("\(key) \"\(word)\": expected a prefix or an address")
        }
        return IPPrefix(address, length: address.family.bitCount)
    }
}

extension WordError {
    fileprivate static let onePrefix = WordError(
        "only one prefix can be looked for at a time"
    )
}

extension RIBFilter {
    /// Reads a filter of words joined by blanks; all must hold, and not those behind `not` or `!`.
    init(words text: String, neighbors: [NeighborRow]) throws(WordError) {
        self.init()
        var words = try text.quotedWords()[...]
        while let word = words.popFirst() {
            if word == "not" {
                let negated = try words.next(after: word, "what must not hold")
                try take(negated, &words, neighbors, isNegated: true)
            } else if word.hasPrefix("!"), word.count > 1 {
                try take(String(word.dropFirst()), &words, neighbors, isNegated: true)
            } else {
                try take(word, &words, neighbors, isNegated: false)
            }
        }
    }

    private mutating func take(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        _ neighbors: [NeighborRow],
        isNegated: Bool
    ) throws(WordError) {
        let test: Test
        if let match = try rest.prefixMatch(word) {
            if !isNegated, prefix != nil { throw .onePrefix }
            test = .prefix(match)
        } else if word == "from" || word == "neighbor" {
            let name = try rest.next(after: word, "a neighbor's name or address")
            test = .neighbor(.number(try neighbors.number(named: name)))
        } else {
            test = try Self.test(word, &rest)
        }
        conditions.append(Condition(test: test, isNegated: isNegated))
    }

    private static func test(
        _ name: String,
        _ rest: inout ArraySlice<String>
    ) throws(WordError) -> Test {
        guard let word = RIBFilterWord.named(name) else {
            throw WordError(
                "\"\(name)\": expected a prefix, in, covers, as, origin-as, path, from, ovs, "
                    + "community, nexthop, best or refused, or not before one of them"
            )
        }
        var value: [String] = []
        for _ in 0..<word.valueCount {
            let expected = word.choices.isEmpty ? word.hint : word.choices.joined(separator: ", ")
            value.append(try rest.next(after: name, expected))
        }
        do throws(RIBFilterFault) {
            return try word.test(value.joined(separator: " "))
        } catch {
            throw WordError(error.text)
        }
    }
}

extension String {
    /// Words between blanks; what stands in quotation marks is one word.
    fileprivate func quotedWords() throws(WordError) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var isThere = false
        for character in self {
            if character == "\"" {
                isQuoted.toggle()
                isThere = true
            } else if character == " ", !isQuoted {
                if isThere { words.append(word) }
                word = ""
                isThere = false
            } else {
                word.append(character)
                isThere = true
            }
        }
        guard !isQuoted else { throw WordError("a quotation mark has no other") }
        return isThere ? words + [word] : words
    }
}

extension KernelPageRequest.Filter {
    /// Reads a filter of the kernel pane.
    init(words text: String) throws(WordError) {
        self.init()
        var words = text.split(separator: " ").map { String($0) }[...]
        while let word = words.popFirst() {
            if let match = try words.prefixMatch(word) {
                guard prefix == nil else { throw .onePrefix }
                prefix = match
                continue
            }
            switch word {
            case "inet": family = .ipv4
            case "inet6": family = .ipv6
            case "bgp": classes.insert(.bgp)
            case "connected": classes.insert(.connected)
            case "static": classes.insert(.staticRoute)
            case "foreign": classes.insert(.foreign)
            case "nexthop": classes.insert(.nextHop)
            case "drift": driftOnly = true
            default:
                throw WordError(
                    "\"\(word)\": expected a prefix, an address, in, covers, inet, inet6, bgp, "
                        + "connected, static, foreign, nexthop or drift"
                )
            }
        }
    }
}

extension MessagesRequest.Filter {
    /// Reads a filter of the message pane: a neighbor, kinds of lines and a direction.
    init(words text: String, neighbors: [NeighborRow]) throws(WordError) {
        self.init()
        for word in text.split(separator: " ") {
            switch word.lowercased() {
            case "open": kinds.insert(.open)
            case "update": kinds.insert(.update)
            case "notification": kinds.insert(.notification)
            case "keepalive": kinds.insert(.keepalive)
            case "refresh", "route-refresh": kinds.insert(.routeRefresh)
            case "connect", "connection": kinds.insert(.connection)
            case "received", "<": direction = .received
            case "sent", ">": direction = .sent
            default:
                guard neighbor == nil else {
                    throw WordError(
                        "\"\(word)\": expected open, update, notification, keepalive, refresh, "
                            + "connect, received or sent, and one neighbor"
                    )
                }
                neighbor = try neighbors.number(named: String(word))
            }
        }
    }
}
