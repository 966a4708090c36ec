import Addressing

extension Parser {
    /// `announce …`: families and capabilities.
    mutating func announce(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        if let family {
            try advance()
            return try announce(family, into: &neighbor)
        }
        let word = token
        guard word.kind == .word else { throw unexpected(Self.capabilities) }
        switch word.text {
        case "as-4byte":
            try advance()
            neighbor.announceAS4 = try capabilityUse()
        case "refresh":
            try advance()
            neighbor.announceRefresh = try capabilityUse()
        case "enhanced":
            try advance()
            try expect(word: "refresh")
            neighbor.announceEnhancedRefresh = try capabilityUse()
        case "policy":
            try advance()
            neighbor.announcePolicy = try capabilityUse()
        case "graceful":
            try advance()
            try expect(word: "notification")
            neighbor.announceGracefulNotification = try yesOrNo()
        case "restart":
            try advance()
            neighbor.announceRestart = try capabilityUse()
        case "extended": try extended(into: &neighbor)
        case "add-path": try addPath(into: &neighbor)
        case "EVPN": throw notSupportedYet(word)
        default: throw unexpected(Self.capabilities)
        }
    }

    private static let capabilities = [
        "IPv4", "IPv6", "EVPN", "as-4byte", "refresh", "enhanced refresh", "restart",
        "graceful notification", "extended message", "extended nexthop", "add-path", "policy",
    ]

    /// `announce add-path recv …` and `send …` (RFC 7911).
    private mutating func addPath(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        if try accept(word: "recv") {
            neighbor.announceAddPathReceive = try capabilityUse()
            return
        }
        guard try accept(word: "send") else { throw unexpected(["recv", "send"]) }
        neighbor.addPathSend = try addPathSend()
    }

    /// `no`, `all`, `best [plus N]`, `ecmp` or `as-wide-best [plus N] [max N]`; `enforce` behind all but `no`.
    private mutating func addPathSend() throws(Diagnostic) -> AddPathSend {
        var send = AddPathSend()
        send.paths = try choice(AddPathSend.Paths.allCases.map { ($0.rawValue, $0) })
        let kind = "add-path send \(send.paths.rawValue)"
        if token.isWord("plus") {
            guard send.paths != .none, send.paths != .all else {
                throw fault("\"plus\" does not go with \(kind)")
            }
            try advance()
            send.backups = UInt8(try number(1...100, "plus"))
        }
        if token.isWord("max") {
            guard send.paths == .ecmp || send.paths == .asWideBest else {
                throw fault("\"max\" does not go with \(kind)")
            }
            try advance()
            send.most = UInt8(try number(1...100, "max"))
        }
        if token.isWord("enforce") {
            guard send.paths != .none else { throw fault("\"enforce\" does not go with \(kind)") }
            try advance()
            send.isEnforced = true
        }
        return send
    }

    /// `extended message …` or `extended nexthop …`.
    private mutating func extended(into neighbor: inout NeighborDraft) throws(Diagnostic) {
        try advance()
        if try accept(word: "nexthop") {
            neighbor.announceExtendedNextHop = try capabilityUse()
        } else if try accept(word: "message") {
            neighbor.announceExtendedMessage = try capabilityUse()
        } else {
            throw unexpected(["message", "nexthop"])
        }
    }

    private mutating func announce(
        _ family: AddressFamily,
        into neighbor: inout NeighborDraft
    ) throws(Diagnostic) {
        if try accept(word: "none") {
            neighbor.families[family] = .no
            return
        }
        if token.isWord("vpn") || token.isWord("flowspec") { throw notSupportedYet(token) }
        guard try accept(word: "unicast") else {
            throw unexpected(["none", "unicast", "vpn", "flowspec"])
        }
        neighbor.families[family] = try accept(word: "enforce") ? .enforce : .yes
    }
}
