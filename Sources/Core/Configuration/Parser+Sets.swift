import Addressing
import Policy
import RPKI

extension Parser {
    private mutating func setName() throws(Diagnostic) -> (name: String, place: Position) {
        try advance()
        let place = token.position
        return (try string("a set's name", max: 127), place)
    }

    /// Reads `prefix-set NAME { PREFIX [op] … }`.
    mutating func prefixSet() throws(Diagnostic) {
        let (name, place) = try setName()
        if draft.configuration.filter.sets.prefixSet(named: name) != nil {
            throw lexer.fault(place, "prefix-set \"\(name)\" already exists")
        }
        var members: [PrefixRange] = []
        var hasOperators = false
        try list(of: "a prefix") { (parser: inout Parser) throws(Diagnostic) in
            let prefix = try parser.prefix()
            let operation = parser.token
            let range = try parser.lengthOperation(prefix)
            if let range {
                hasOperators = true
                if range.isOutside {
                    throw parser.lexer.fault(
                        operation.position,
                        "unsupported prefixlen operation in prefix-set"
                    )
                }
            }
            members.append(range ?? PrefixRange(prefix))
        }
        members.sort { ($0.prefix, $0.shortest, $0.longest) < ($1.prefix, $1.shortest, $1.longest) }
        var unique: [PrefixRange] = []
        for member in members {
            if unique.last == member {
                warn(place, "\(member) stands twice in prefix-set \"\(name)\"")
            } else {
                unique.append(member)
            }
        }
        draft.configuration.filter.sets.prefixSets.append(
            PrefixSet(
                place: lexer.place(place),
                name: name,
                members: unique,
                hasOperators: hasOperators
            )
        )
        draft.setPositions.append(("prefix-set", name, place))
    }

    /// Reads `as-set NAME { ASN … }`.
    mutating func asSet() throws(Diagnostic) {
        let (name, place) = try setName()
        if draft.configuration.filter.sets.asSet(named: name) != nil {
            throw lexer.fault(place, "as-set \"\(name)\" already exists")
        }
        var members: [ASNumber] = []
        var known: Set<ASNumber> = []
        try list(of: "an AS number") { (parser: inout Parser) throws(Diagnostic) in
            let position = parser.token.position
            let number = try parser.anyAS()
            if known.insert(number).inserted {
                members.append(number)
            } else {
                parser.warn(position, "AS \(number) stands twice in as-set \"\(name)\"")
            }
        }
        draft.configuration.filter.sets.asSets.append(
            ASSet(place: lexer.place(place), name: name, members: members)
        )
        draft.setPositions.append(("as-set", name, place))
    }

    /// Reads `origin-set NAME { PREFIX [maxlen N] source-as ASN … }`.
    mutating func originSet() throws(Diagnostic) {
        let (name, place) = try setName()
        if draft.configuration.filter.sets.originSet(named: name) != nil {
            throw lexer.fault(place, "origin-set \"\(name)\" already exists")
        }
        var members: [VRP] = []
        try list(of: "a prefix") { (parser: inout Parser) throws(Diagnostic) in
            members.append(try parser.roa())
        }
        draft.configuration.filter.sets.originSets.append(
            OriginSet(place: lexer.place(place), name: name, members: VRPTable(members))
        )
        draft.setPositions.append(("origin-set", name, place))
    }

    /// `roa-set { PREFIX [maxlen N] source-as ASN [expires EPOCH] … }`; several add up.
    mutating func roaSet() throws(Diagnostic) {
        try advance()
        let open = token.position
        try expect(symbol: "{")
        while true {
            while token.kind == .newline || token.isSymbol(",") {
                if token.kind == .newline { lexer.takePlainROAs(into: &draft.roas) }
                try advance()
            }
            if token.isSymbol("}") { return try advance() }
            if token.kind == .end { throw unclosed(open) }
            var payload = try roa()
            if try accept(word: "expires") {
                payload.expires = UInt64(try number(0...Int64.max, "expires"))
            }
            draft.roas.append(payload)
        }
    }

    /// `aspa-set { customer-as ASN [expires EPOCH] provider-as { ASN … } … }`; several add up.
    mutating func aspaSet() throws(Diagnostic) {
        try advance()
        try list(of: "customer-as") { (parser: inout Parser) throws(Diagnostic) in
            try parser.expect(word: "customer-as")
            let customer = try parser.definedAS()
            var expires: UInt64?
            if try parser.accept(word: "expires") {
                expires = UInt64(try parser.number(0...Int64.max, "expires"))
            }
            guard parser.token.isWord("provider-as") else {
                throw parser.unexpected(
                    expires == nil ? ["expires", "provider-as"] : ["provider-as"]
                )
            }
            try parser.advance()
            let place = parser.token.position
            var providers: [ASNumber] = []
            try parser.list(of: "an AS number") { (parser: inout Parser) throws(Diagnostic) in
                providers.append(try parser.anyAS())
                // Of old, a provider could be one for a single family.
                if try parser.accept(word: "inet") { return }
                _ = try parser.accept(word: "inet6")
            }
            guard !providers.isEmpty else {
                throw parser.lexer.fault(
                    place,
                    "provider-as needs at least one AS number, 0 for none"
                )
            }
            parser.draft.aspas.append(
                ASPA(customer: customer, providers: providers, expires: expires ?? 0)
            )
        }
    }

    private mutating func roa() throws(Diagnostic) -> VRP {
        let prefix = try self.prefix()
        var maxLength: UInt8?
        let operation = token
        if let range = try lengthOperation(prefix) {
            guard !range.isOutside, range.shortest == prefix.length else {
                throw lexer.fault(
                    operation.position,
                    "only lengths from that of the prefix on can be allowed: maxlen N"
                )
            }
            maxLength = range.longest
        }
        guard token.isWord("source-as") else {
            throw unexpected(maxLength == nil ? ["maxlen", "source-as"] : ["source-as"])
        }
        try advance()
        return VRP(prefix: prefix, maxLength: maxLength, origin: try anyAS())
    }
}
