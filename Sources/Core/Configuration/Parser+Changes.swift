import Addressing
import Policy

extension Parser {
    static let actions = [
        "as-override", "community", "ext-community", "large-community", "localpref", "med",
        "metric",
        "nexthop", "origin", "pftable", "prepend-neighbor", "prepend-self", "rtlabel", "weight",
    ]

    /// `set ACTION` or `set { ACTION … }`; the word `set` is next.
    mutating func setStatement(into changes: inout RouteChanges) throws(Diagnostic) {
        try expect(word: "set")
        var result = changes
        try oneOrList(of: "an action") { (parser: inout Parser) throws(Diagnostic) in
            try parser.action(into: &result)
        }
        changes = result
    }

    private mutating func action(into changes: inout RouteChanges) throws(Diagnostic) {
        let word = token
        guard word.kind == .word else { throw unexpected(["an action"], words: Self.actions) }
        switch word.text {
        case "localpref":
            try once(changes.localPref == nil, word)
            changes.localPref = try change("localpref")
        case "med", "metric":
            try once(changes.med == nil, word)
            changes.med = try change(word.text)
        case "weight":
            try once(changes.weight == nil, word)
            changes.weight = try change("weight")
        case "prepend-self":
            try once(changes.prependSelf == nil, word)
            changes.prependSelf = try prepends()
        case "prepend-neighbor":
            try once(changes.prependNeighbor == nil, word)
            changes.prependNeighbor = try prepends()
        case "origin":
            try once(changes.origin == nil, word)
            changes.origin = try choice(OriginCode.allCases.map { ($0.word, $0) })
        case "nexthop": try nextHop(into: &changes, word)
        case "community", "large-community", "ext-community": try community(into: &changes, word)
        case "pftable": throw fault("pftable not supported")
        case "as-override":
            try once(!changes.overridesAS, word)
            changes.overridesAS = true
        case "rtlabel": throw notSupportedYet(token)
        default: throw unexpected(["an action"], words: Self.actions)
        }
    }

    /// Goes past the action's word; an error where it stood before.
    private mutating func once(_ isFirst: Bool, _ word: Token) throws(Diagnostic) {
        guard isFirst else {
            throw lexer.fault(word.position, "redefining set parameter \(word.text)")
        }
        try advance()
    }

    /// `N`, `+N` or `-N`.
    private mutating func change(_ name: String) throws(Diagnostic) -> NumberChange {
        let isPlus = try accept(symbol: "+")
        let isMinus = isPlus ? false : try accept(symbol: "-")
        guard case .number(let value) = token.kind else {
            throw unexpected(isPlus || isMinus ? ["a number"] : ["a number", "+", "-"])
        }
        if isPlus || isMinus || token.text.hasPrefix("-") {
            guard value.magnitude <= Int32.max else {
                throw fault("\(name) must be between 0 and \(Int32.max) after a sign")
            }
            try advance()
            return .add(Int32(isMinus ? -value : value))
        }
        return .set(UInt32(try number(0...0xFFFF_FFFF, name)))
    }

    private mutating func prepends() throws(Diagnostic) -> UInt8 {
        guard case .number(let value) = token.kind else { throw unexpected(["a number"]) }
        guard (0...128).contains(value) else { throw fault("bad number of prepends") }
        try advance()
        return UInt8(value)
    }

    private mutating func nextHop(into changes: inout RouteChanges, _ word: Token)
        throws(Diagnostic)
    {
        try advance()
        if let treatment = NextHopTreatment.allCases.first(where: { token.isWord($0.word) }) {
            guard changes.nextHopTreatment == nil else {
                throw lexer.fault(word.position, "redefining set parameter nexthop")
            }
            changes.nextHopTreatment = treatment
            return try advance()
        }
        guard startsPrefix else {
            throw unexpected(["an address"] + NextHopTreatment.allCases.map(\.word))
        }
        let address = try self.address()
        guard !changes.nextHops.contains(where: { $0.family == address.family }) else {
            throw lexer.fault(word.position, "redefining set parameter nexthop")
        }
        changes.nextHops.append(address)
    }

    private mutating func community(into changes: inout RouteChanges, _ word: Token)
        throws(Diagnostic)
    {
        try advance()
        let isDeletion = try accept(word: "delete")
        let place = token.position
        let pattern = try communityPattern(word.text)
        if isDeletion {
            guard !changes.deletedCommunities.contains(pattern) else {
                throw lexer.fault(place, "\(word.text) is already set")
            }
            changes.deletedCommunities.append(pattern)
        } else {
            guard pattern.isComplete else {
                throw lexer.fault(place, "a community that is set may not hold \"*\"")
            }
            guard !changes.addedCommunities.contains(pattern) else {
                throw lexer.fault(place, "\(word.text) is already set")
            }
            changes.addedCommunities.append(pattern)
        }
    }
}
