import Addressing
import BGPWire
import Policy

extension Parser {
    /// The words that can begin a statement of a neighbor or group.
    static let neighborStatements = [
        "announce", "as-override", "connect-retry", "demote", "depend", "descr", "down", "dump",
        "enforce", "export", "holdtime", "ipsec", "local-address", "local-as", "log", "max-prefix",
        "multihop", "no", "passive", "port", "rde", "reject", "remote-as", "rib", "role",
        "route-reflector", "set", "staletime", "tcp", "transparent-as", "ttl-security",
    ]

    /// One statement of a neighbor or group.
    mutating func neighborStatement(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        let word = token
        guard word.kind == .word else {
            throw unexpected(
                ["a statement of a neighbor", "\"}\""],
                words: Self.neighborStatements
            )
        }
        switch word.text {
        case "remote-as":
            try advance()
            neighbor.remoteAS = try definedAS()
        case "local-as":
            try advance()
            neighbor.localAS = try localAS()
        case "descr":
            try advance()
            neighbor.description = try string("descr", max: 63)
        case "local-address": try localAddress(into: &neighbor)
        case "no":
            try advance()
            try expect(word: "local-address")
            neighbor.localIPv4 = nil
            neighbor.localIPv6 = nil
        case "port":
            try advance()
            neighbor.port = try port()
        case "passive":
            try advance()
            neighbor.isPassive = true
        case "down": try down(into: &neighbor)
        case "multihop":
            try advance()
            guard case .number(let hops) = token.kind else { throw unexpected(["a number"]) }
            guard (2...255).contains(hops) else { throw fault("invalid multihop distance \(hops)") }
            neighbor.multihop = UInt8(hops)
            try advance()
        case "ttl-security":
            try advance()
            neighbor.ttlSecurity = try yesOrNo()
        case "holdtime":
            try advance()
            if try accept(word: "min") {
                neighbor.minHoldTime = try holdTime()
            } else {
                neighbor.holdTime = try holdTime()
            }
        case "staletime":
            try advance()
            neighbor.staleTime = try staleTime()
        case "connect-retry":
            try advance()
            neighbor.connectRetry = UInt16(try number(1...65535, "connect-retry"))
        case "max-prefix": try maxPrefix(into: &neighbor)
        case "tcp": try md5(into: &neighbor)
        case "announce": try announce(into: &neighbor)
        case "enforce": try enforce(into: &neighbor)
        case "reject":
            try advance()
            try expect(word: "as-set")
            neighbor.rejectASSet = try yesOrNo()
        case "log":
            try advance()
            neighbor.logUpdates = try choice([("updates", true), ("no", false)])
        case "set": try neighborSet(into: &neighbor)
        case "rde":
            try advance()
            try expect(word: "evaluate")
            neighbor.evaluatesAll = try choice([("all", true), ("default", false)])
        case "transparent-as":
            try advance()
            neighbor.isTransparent = try yesOrNo()
        case "as-override": try overrideAS(into: &neighbor)
        case "role":
            try advance()
            let roles: [BGPRole] = [
                .provider, .customer, .routeServer, .routeServerClient, .peer,
            ]
            neighbor.role = try choice([("none", nil)] + roles.map { ($0.word, .some($0)) })
        case "rib":
            try advance()
            guard token.text == "Loc-RIB" else { throw notSupportedYet(word) }
            try advance()
        case "demote": throw fault("carp demote not supported")
        case "depend":
            try advance()
            try expect(word: "on")
            neighbor.dependsOn = try string("an interface", max: 15)
        case "route-reflector": try routeReflector(into: &neighbor)
        case "export":
            try advance()
            neighbor.exports = try choice([("none", .nothing), ("default-route", .defaultRoute)])
        case "dump", "ipsec",
            "interface", "bfd", "shutdown", "confirm":
            throw notSupportedYet(word)
        default:
            throw unexpected(["a statement of a neighbor"], words: Self.neighborStatements)
        }
    }

    /// `as-override`: a change of the input rule, so what the group says holds for all its neighbors.
    private mutating func overrideAS(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        let place = token.position
        try advance()
        let isOn = try yesOrNo()
        if !isOn, draft.group?.inputChanges.overridesAS == true {
            throw lexer.fault(place, "as-override of the group holds for all its neighbors")
        }
        neighbor.inputChanges.overridesAS = isOn
    }

    private mutating func localAddress(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        let address = try self.address()
        switch address.family {
        case .ipv4: neighbor.localIPv4 = address
        case .ipv6: neighbor.localIPv6 = address
        }
    }

    private mutating func down(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        var reason = ""
        if token.kind != .newline, token.kind != .end, !token.isSymbol("}") {
            reason = try string("the reason", max: 255)
        }
        neighbor.down = AdministrativeDown(reason: reason)
    }

    private mutating func maxPrefix(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        var limit = MaximumPrefixes(limit: UInt32(try number(0...0xFFFF_FFFF, "max-prefix")))
        if token.isWord("warn") || token.isWord("action") { throw notSupportedYet(token) }
        let isOut = try accept(word: "out")
        if try accept(word: "restart") {
            limit.restartMinutes = UInt16(try number(1...65535, "restart"))
        }
        if isOut { neighbor.maxPrefixOut = limit } else { neighbor.maxPrefix = limit }
    }

    /// `route-reflector [CLUSTER-ID]`: one cluster for all clients.
    private mutating func routeReflector(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        let place = token.position
        try advance()
        var identifier: IPAddress?
        if startsPrefix {
            let start = token.position
            let address = try self.address()
            guard address.family == .ipv4, address != .unspecified(.ipv4) else {
                throw lexer.fault(start, "a cluster ID is an IPv4 address other than 0.0.0.0")
            }
            identifier = address
        }
        if let other = draft.cluster, other != identifier {
            throw lexer.fault(place, "only one route reflector cluster ID allowed")
        }
        draft.cluster = .some(identifier)
        draft.configuration.clusterID = identifier
        neighbor.isReflectorClient = true
    }

    private mutating func md5(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        if token.isWord("ao") { throw notSupportedYet(token) }
        try expect(word: "md5sig")
        if try accept(word: "password") {
            let place = token.position
            let key = Array(try string("the password", max: 79).utf8)
            guard !key.isEmpty else { throw lexer.fault(place, "the password is empty") }
            neighbor.md5Key = key
            return
        }
        guard try accept(word: "key") else { throw unexpected(["password", "key"]) }
        let digits = Array(token.text.utf8)
        guard token.kind != .newline, token.kind != .symbol, token.kind != .end else {
            throw unexpected(["a key of hexadecimal digits"])
        }
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else {
            throw fault("key must have an even number of hexadecimal digits")
        }
        guard digits.count <= 158 else { throw fault("key too long: max 79 bytes") }
        var key: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard digits[index].isHexDigit, digits[index + 1].isHexDigit,
                let byte = UInt8(
                    String(decoding: digits[index...index + 1], as: UTF8.self),
                    radix: 16
                )
            else { throw fault("key must be hexadecimal digits") }
            key.append(byte)
        }
        neighbor.md5Key = key
        try advance()
    }

    private mutating func enforce(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        if try accept(word: "neighbor-as") {
            neighbor.enforceNeighborAS = try yesOrNo()
        } else if try accept(word: "local-as") {
            neighbor.enforceLocalAS = try yesOrNo()
        } else {
            throw unexpected(["neighbor-as", "local-as"])
        }
    }

    /// `set …`: for the input, except what only makes sense on the way out.
    private mutating func neighborSet(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        var all = neighbor.inputChanges
        // `as-override yes` and the action say the same.
        all.overridesAS = false
        all.prependSelf = neighbor.outputChanges.prependSelf
        all.nextHopTreatment = neighbor.outputChanges.nextHopTreatment ?? all.nextHopTreatment
        try setStatement(into: &all)
        neighbor.outputChanges.prependSelf = all.prependSelf
        all.prependSelf = nil
        if all.nextHopTreatment == .own || all.nextHopTreatment == .unmodified {
            neighbor.outputChanges.nextHopTreatment = all.nextHopTreatment
            all.nextHopTreatment = nil
        }
        all.overridesAS = all.overridesAS || neighbor.inputChanges.overridesAS
        neighbor.inputChanges = all
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { isDigit || ((self | 0x20) >= 97 && (self | 0x20) <= 102) }
}
