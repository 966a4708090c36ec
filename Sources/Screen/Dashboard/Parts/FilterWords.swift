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

/// A filter that can look for prefixes.
private protocol PrefixFilter {
    var prefix: RIBFilter.PrefixMatch? { get set }
}

extension PrefixFilter {
    /// Takes a word that says which prefixes, with what follows it; false for any other word.
    mutating func takePrefix(
        _ word: String,
        _ rest: inout ArraySlice<String>
    ) throws(WordError) -> Bool {
        let match: RIBFilter.PrefixMatch
        switch word {
        case "in": match = .orLonger(try Self.prefix(after: word, &rest))
        case "covers": match = .orShorter(try Self.prefix(after: word, &rest))
        default:
            if let prefix = IPPrefix(text: word) {
                match = .exact(prefix)
            } else if let address = IPAddress(text: word) {
                match = .longest(address)
            } else {
                return false
            }
        }
        guard prefix == nil else { throw WordError("only one prefix can be looked for at a time") }
        prefix = match
        return true
    }

    private static func prefix(
        after key: String,
        _ rest: inout ArraySlice<String>
    ) throws(WordError) -> IPPrefix {
        let word = try rest.next(after: key, "a prefix or an address")
        if let prefix = IPPrefix(text: word) { return prefix }
        guard let address = IPAddress(text: word) else {
            throw WordError("\(key) \"\(word)\": expected a prefix or an address")
        }
        return IPPrefix(address, length: address.family.bitCount)
    }
}

extension RIBFilter: PrefixFilter {}

extension KernelPageRequest.Filter: PrefixFilter {}

extension RIBFilter {
    /// Reads a filter of words joined by blanks; all must hold.
    init(words text: String, neighbors: [NeighborRow]) throws(WordError) {
        self.init()
        var words = text.split(separator: " ").map { String($0) }[...]
        while let word = words.popFirst() { try take(word, &words, neighbors) }
    }

    private mutating func take(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        _ neighbors: [NeighborRow]
    ) throws(WordError) {
        if try takePrefix(word, &rest) { return }
        switch word {
        case "as": try set(.anywhere(try Self.number(after: word, &rest)))
        case "peer-as": try set(.peer(try Self.number(after: word, &rest)))
        case "origin-as", "source-as": try set(.source(try Self.number(after: word, &rest)))
        case "transit-as": try set(.transit(try Self.number(after: word, &rest)))
        case "empty-as": try set(.emptyPath)
        case "from", "neighbor":
            let name = try rest.next(after: word, "a neighbor's name or address")
            neighbor = .number(try neighbors.number(named: name))
        case "ovs":
            let state = try rest.next(after: word, "valid, invalid or not-found")
            originValidation = try Self.validation(state)
        case "avs":
            let state = try rest.next(after: word, "valid, invalid or unknown")
            pathValidation = try Self.pathValidation(state)
        case "nexthop":
            let address = try rest.next(after: word, "an address")
            guard let parsed = IPAddress(text: address) else {
                throw WordError("nexthop \"\(address)\": expected an address")
            }
            nextHop = parsed
        case "community", "large-community":
            let pattern = try rest.next(after: word, "a community as 65002:100 or 65002:*")
            communities.append(try Self.community(pattern, isLarge: word == "large-community"))
        case "best", "selected": bestOnly = true
        case "refused", "filtered": filteredOnly = true
        case "error", "malformed": malformedOnly = true
        case "leaked": leakedOnly = true
        case "disqualified": disqualifiedOnly = true
        case "inet": family = .ipv4
        case "inet6": family = .ipv6
        default:
            throw WordError(
                "\"\(word)\": expected a prefix, in, covers, as, origin-as, from, ovs, "
                    + "community, nexthop, best or refused"
            )
        }
    }

    private mutating func set(_ match: ASMatch) throws(WordError) {
        guard asPath == nil else { throw WordError("only one AS can be looked for at a time") }
        asPath = match
    }

    private static func number(
        after key: String,
        _ rest: inout ArraySlice<String>
    ) throws(WordError) -> ASNumber {
        let word = try rest.next(after: key, "an AS number")
        guard let number = ASNumber(text: word) else {
            throw WordError("\(key) \"\(word)\": expected an AS number")
        }
        return number
    }

    private static func validation(_ word: String) throws(WordError) -> OriginValidation {
        switch word {
        case "valid", "V": return .valid
        case "invalid", "!": return .invalid
        case "not-found", "N": return .notFound
        default: throw WordError("ovs \"\(word)\": expected valid, invalid or not-found")
        }
    }

    private static func pathValidation(_ word: String) throws(WordError) -> PathValidation {
        switch word {
        case "valid", "V": return .valid
        case "invalid", "!": return .invalid
        case "unknown", "?": return .unknown
        default: throw WordError("avs \"\(word)\": expected valid, invalid or unknown")
        }
    }

    private static func community(
        _ text: String,
        isLarge: Bool
    ) throws(WordError) -> CommunityPattern {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        func isNumber(_ part: Substring) -> Bool {
            part == "*" || (isLarge ? UInt32(part) != nil : UInt16(part) != nil)
        }
        guard parts.count == (isLarge ? 3 : 2), parts.allSatisfy({ isNumber($0) }) else {
            throw WordError(
                "\"\(text)\": expected \(isLarge ? "65002:1:1" : "65002:100"), * for any number"
            )
        }
        if isLarge { return .large(UInt32(parts[0]), UInt32(parts[1]), UInt32(parts[2])) }
        return .standard(UInt16(parts[0]), UInt16(parts[1]))
    }
}

extension KernelPageRequest.Filter {
    /// Reads a filter of the kernel pane.
    init(words text: String) throws(WordError) {
        self.init()
        var words = text.split(separator: " ").map { String($0) }[...]
        while let word = words.popFirst() {
            if try takePrefix(word, &words) { continue }
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
