import Addressing
import Policy

extension Parser {
    /// `neighbor ADDRESS|PREFIX [{ … }]`, at the top or in a group, whose values it inherits as they are now.
    mutating func neighbor() throws(Diagnostic) {
        let start = token.position
        try advance()
        let addressPlace = token.position
        guard startsPrefix else { throw unexpected(["an address"]) }
        let (address, scope, length) = try neighborAddress()
        if address.isLinkLocal, scope == nil, length == nil {
            throw lexer.fault(
                addressPlace,
                "a link-local address needs its interface, as in \(address)%eth0"
            )
        }
        var neighbor = draft.group ?? NeighborDraft(place: lexer.place(start))
        neighbor.place = lexer.place(start)
        neighbor.address = address
        neighbor.scope = scope
        neighbor.templateLength = length
        neighbor.inputChanges = RouteChanges()
        neighbor.outputChanges = RouteChanges()
        let errorCount = diagnostics.count { $0.severity == .error }
        var end = addressPlace
        if token.isSymbol("{") {
            end = try block { (parser: inout Parser) throws(Diagnostic) in
                try parser.neighborStatement(into: &neighbor)
            }
        }
        let ownAS = neighbor.localAS?.number ?? draft.configuration.localAS
        if neighbor.role != nil, neighbor.remoteAS == ownAS, draft.hasAS {
            warn(end, "role is for EBGP neighbors: that of \(neighbor.address) is ignored")
            neighbor.role = nil
        } else if neighbor.role == nil, neighbor.announcePolicy == .enforce {
            warn(end, "announce policy enforce does nothing without a role")
        }
        // Known from here on whatever is wrong with it, so that rules about it are not told as well.
        defer { draft.neighbors.append(neighbor) }
        guard diagnostics.count(where: { $0.severity == .error }) == errorCount else { return }
        try check(neighbor, end)
        draft.neighborRules += setRules(of: neighbor, selector(address, scope, length))
    }

    /// Reads `group NAME { … }`.
    mutating func group() throws(Diagnostic) {
        let start = token.position
        try advance()
        var words: [String] = []
        let place = token.position
        while !token.isSymbol("{") { words.append(try string("a group's name", max: 63)) }
        let name = words.joined(separator: " ")
        guard !words.isEmpty else { throw unexpected(["a group's name"]) }
        guard name.utf8.count <= 63 else {
            throw lexer.fault(place, "group name \"\(name)\" too long: max 63")
        }
        var group = NeighborDraft(place: lexer.place(start))
        group.group = name
        draft.group = group
        defer { draft.group = nil }
        _ = try block { (parser: inout Parser) throws(Diagnostic) in
            if parser.token.isWord("neighbor") { return try parser.neighbor() }
            guard var group = parser.draft.group else { return }
            try parser.neighborStatement(into: &group)
            parser.draft.group = group
        }
        if let group = draft.group, draft.neighbors.contains(where: { $0.group == name }) {
            draft.groupRules += setRules(of: group, .group(name))
        }
    }

    /// Reads `{ statement }` or a block with a statement a line; gives the place of the closing brace.
    private mutating func block(
        _ statement: (inout Parser) throws(Diagnostic) -> Void
    ) throws(Diagnostic) -> Position {
        let open = token.position
        try expect(symbol: "{")
        let level = braces
        while true {
            while token.kind == .newline { try advance() }
            if token.isSymbol("}") { break }
            if token.kind == .end {
                if isLost || lexer.isCutShort { return open }
                isLost = true
                throw unclosed(open)
            }
            attempt(braces: level) { (parser: inout Parser) throws(Diagnostic) in
                try statement(&parser)
                try parser.expectEndOfStatement()
            }
            // A statement's word at the margin ended the skipping of a bad line: the block is left.
            if braces < level { return open }
        }
        let close = token.position
        try advance()
        return close
    }

    /// What can only be said of a neighbor when all its statements are read.
    private mutating func check(_ neighbor: NeighborDraft, _ end: Position) throws(Diagnostic) {
        guard draft.hasAS else {
            throw lexer.fault(end, "AS needs to be given before neighbor definitions")
        }
        guard neighbor.remoteAS != nil || neighbor.templateLength != nil else {
            throw lexer.fault(
                end,
                "neighbor \(neighbor.address) has no remote-as: peer AS may not be zero"
            )
        }
        let ownAS = neighbor.localAS?.number ?? draft.configuration.localAS
        if neighbor.isReflectorClient, neighbor.remoteAS != ownAS {
            throw lexer.fault(end, "EBGP neighbors are not allowed in route reflector clusters")
        }
        let twin = draft.neighbors.first {
            $0.address == neighbor.address && $0.scope == neighbor.scope
                && $0.templateLength == neighbor.templateLength
        }
        if let twin {
            let length = neighbor.templateLength
            let what = length.map { "template \(neighbor.address)/\($0)" }
            throw lexer.fault(
                end,
                "duplicate \(what ?? "neighbor \(neighbor.address)"), the first is at \(twin.place)"
            )
        }
        if let text = neighbor.description,
            let other = draft.neighbors.first(where: { $0.description == text })
        {
            warn(end, "descr \"\(text)\" is also that of neighbor \(other.address)")
        }
    }

    /// An address, or the prefix of a template, whose host bits are dropped with a warning.
    mutating func neighborAddress() throws(Diagnostic) -> (IPAddress, String?, UInt8?) {
        let start = token.position
        let (address, scope) = try scopedAddress()
        guard token.isSymbol("/") else { return (address, scope, nil) }
        try advance()
        let length = UInt8(try number(0...Int64(address.family.bitCount), "the prefix length"))
        let prefix = IPPrefix(address, length: length)
        if prefix.address != address {
            warn(start, "\(address)/\(length) has host bits set, \(prefix) is meant")
        }
        return (prefix.address, scope, length)
    }

    /// How rules name a neighbor: by its address alone where that is enough.
    func selector(_ address: IPAddress, _ scope: String?, _ length: UInt8?) -> PeerSelector {
        guard scope != nil || length != nil else { return .address(address) }
        return .neighbor(
            NeighborIdentity(address: address, scope: scope, templateLength: length)
        )
    }

    /// The rules that the `set` statements of a neighbor or group stand for.
    private func setRules(of draft: NeighborDraft, _ peer: PeerSelector) -> [FilterRule] {
        var rules: [FilterRule] = []
        for (direction, changes) in [
            (FilterDirection.from, draft.inputChanges), (.to, draft.outputChanges),
        ] where !changes.isEmpty {
            rules.append(
                FilterRule(
                    place: draft.place,
                    verb: .match,
                    direction: direction,
                    peers: [peer],
                    changes: changes
                )
            )
        }
        return rules
    }
}
