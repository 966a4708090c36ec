import Addressing
import Policy
import RPKI

extension Parser {
    static let conditions = [
        "AS", "avs", "community", "ext-community", "inet", "inet6", "large-community", "max-as-len",
        "max-as-seq", "max-communities", "max-ext-communities", "max-large-communities", "nexthop",
        "origin-set", "ovs", "peer-as", "prefix", "prefix-set", "set", "source-as", "transit-as",
    ]

    /// A filter rule; its verb is next.
    mutating func rule() throws(Diagnostic) {
        let start = token.position
        let verb: FilterVerb = try choice([("allow", .allow), ("deny", .deny), ("match", .match)])
        let isQuick = try accept(word: "quick")
        if token.isWord("rib") { throw notSupportedYet(token) }
        guard token.isWord("from") || token.isWord("to") else {
            throw unexpected(isQuick ? ["from", "to"] : ["quick", "from", "to"])
        }
        let direction: FilterDirection = try choice([("from", .from), ("to", .to)])
        var rule = FilterRule(
            place: lexer.place(start),
            verb: verb,
            isQuick: isQuick,
            direction: direction,
            peers: []
        )
        try oneOrList(of: "a neighbor") { (parser: inout Parser) throws(Diagnostic) in
            rule.peers.append(try parser.peer())
        }
        var seen: Set<String> = []
        while token.kind != .newline, token.kind != .end, !token.isWord("set") {
            try condition(into: &rule.conditions, &seen)
        }
        if token.isWord("set") { try setStatement(into: &rule.changes) }
        try expectEndOfStatement()
        draft.rules.append(rule)
        draft.rulePositions.append(start)
    }

    private mutating func peer() throws(Diagnostic) -> PeerSelector {
        let expected = ["any", "ibgp", "ebgp", "group", "AS", "an address"]
        if startsPrefix {
            let place = token.position
            let (address, scope, length) = try neighborAddress()
            let isKnown = draft.neighbors.contains {
                $0.address == address && (scope == nil || $0.scope == scope)
                    && (length == nil || $0.templateLength == length)
            }
            guard isKnown else {
                let identity = NeighborIdentity(
                    address: address,
                    scope: scope,
                    templateLength: length
                )
                throw lexer.fault(place, "no such peer: \(identity)")
            }
            return selector(address, scope, length)
        }
        guard token.kind == .word else { throw unexpected(expected) }
        switch token.text {
        case "any", "ibgp", "ebgp":
            return try choice([("any", .any), ("ibgp", .ibgp), ("ebgp", .ebgp)])
        case "group":
            try advance()
            let place = token.position
            let name = try string("a group's name", max: 63)
            guard draft.neighbors.contains(where: { $0.group == name }) else {
                let groups = draft.neighbors.compactMap(\.group)
                let close = closest(to: name, among: groups)
                throw lexer.fault(
                    place,
                    "no such group: \"\(name)\"" + (close.map { "; did you mean \"\($0)\"?" } ?? "")
                )
            }
            return .group(name)
        case "AS":
            try advance()
            return .autonomousSystem(try anyAS())
        default:
            throw unexpected(expected)
        }
    }

    private mutating func condition(
        into conditions: inout FilterConditions,
        _ seen: inout Set<String>
    ) throws(Diagnostic) {
        let word = token
        if word.isSymbol("{") {
            try once("AS filter", &seen)
            return try list(of: "an AS condition") { (parser: inout Parser) throws(Diagnostic) in
                conditions.paths += try parser.pathConditions()
            }
        }
        guard word.kind == .word else {
            throw unexpected(["a condition", "set"], words: Self.conditions)
        }
        switch word.text {
        case "inet", "inet6", "IPv4", "IPv6":
            try once("prefix", &seen)
            let all = IPPrefix.all(family ?? .ipv4)
            try advance()
            conditions.prefixes = [try lengthOperation(all) ?? .orLonger(all)]
        case "prefix":
            try once("prefix", &seen)
            try advance()
            try prefixes(into: &conditions.prefixes)
        case "prefix-set":
            try once("prefix-set", &seen)
            try prefixSetCondition(into: &conditions)
        case "origin-set":
            try once("origin-set", &seen)
            conditions.originSet = try usedSet("origin-set")
        case "ovs":
            try once("ovs", &seen)
            try advance()
            conditions.originValidity = try choice(OriginValidity.allCases.map { ($0.word, $0) })
        case "avs":
            try once("avs", &seen)
            try advance()
            conditions.pathValidity = try choice(PathValidity.allCases.map { ($0.word, $0) })
        case "AS", "peer-as", "source-as", "transit-as":
            try once("AS filter", &seen)
            conditions.paths = try pathConditions()
        case "max-as-len", "max-as-seq":
            try once("max-as-len or max-as-seq", &seen)
            try advance()
            let limit = UInt32(try number(0...0xFFFF_FFFF, word.text))
            if word.text == "max-as-len" {
                conditions.pathLongerThan = limit
            } else {
                conditions.pathRepeatsMoreThan = limit
            }
        case "max-communities", "max-ext-communities", "max-large-communities":
            try once(word.text, &seen)
            try advance()
            let limit = UInt32(try number(0...32767, word.text))
            switch word.text {
            case "max-communities": conditions.moreCommunitiesThan = limit
            case "max-ext-communities": conditions.moreExtendedCommunitiesThan = limit
            default: conditions.moreLargeCommunitiesThan = limit
            }
        case "community", "large-community", "ext-community":
            try advance()
            var patterns: [CommunityPattern] = []
            try oneOrList(of: "a community") { (parser: inout Parser) throws(Diagnostic) in
                patterns.append(try parser.communityPattern(word.text))
            }
            conditions.communities.append(patterns)
        case "nexthop":
            try once("nexthop", &seen)
            try advance()
            conditions.nextHop =
                try accept(word: "neighbor") ? .neighbor : .address(try address())
        default:
            throw unexpected(["a condition", "set"], words: Self.conditions)
        }
        if seen.isSuperset(of: ["prefix", "prefix-set"]) {
            throw lexer.fault(word.position, "prefix and prefix-set cannot stand in one rule")
        }
    }

    private func once(_ kind: String, _ seen: inout Set<String>) throws(Diagnostic) {
        guard seen.insert(kind).inserted else { throw fault("\(kind) already specified") }
    }

    private mutating func usedSet(_ kind: String) throws(Diagnostic) -> String {
        try advance()
        let place = token.position
        let name = try string("a set's name", max: 127)
        guard draft.setPositions.contains(where: { $0.kind == kind && $0.name == name }) else {
            throw lexer.fault(place, undefined(kind, name))
        }
        draft.usedSets.insert("\(kind) \(name)")
        return name
    }

    private mutating func prefixSetCondition(into conditions: inout FilterConditions)
        throws(Diagnostic)
    {
        let name = try usedSet("prefix-set")
        var use = PrefixSetUse(name)
        if token.isWord("or-longer") {
            if draft.configuration.filter.sets.prefixSet(named: name)?.hasOperators == true {
                throw fault(
                    "prefix-set \"\(name)\" has prefixlen operators, or-longer cannot be used with it"
                )
            }
            use.orLonger = true
            try advance()
        }
        conditions.prefixSet = use
    }

    /// A prefix, or a list of prefixes and of lists of them.
    private mutating func prefixes(into ranges: inout [PrefixRange]) throws(Diagnostic) {
        var result = ranges
        try oneOrList(of: "a prefix") { (parser: inout Parser) throws(Diagnostic) in
            try parser.prefixElement(into: &result)
        }
        ranges = result
    }

    private mutating func prefixElement(into ranges: inout [PrefixRange]) throws(Diagnostic) {
        if token.isSymbol("{") { return try prefixes(into: &ranges) }
        let prefix = try self.prefix()
        ranges.append(try lengthOperation(prefix) ?? PrefixRange(prefix))
    }
}
