import Addressing

extension Parser {
    /// `announce …`: families and capabilities; those that are not there yet may be declined.
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
        case "add-path": try declined(word, followedBy: ["recv", "send"])
        case "EVPN": throw notSupportedYet(word)
        default: throw unexpected(Self.capabilities)
        }
    }

    private static let capabilities = [
        "IPv4", "IPv6", "EVPN", "as-4byte", "refresh", "enhanced refresh", "restart",
        "graceful notification", "extended message", "extended nexthop", "add-path", "policy",
    ]

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

    /// A capability that is not there yet: `no` is what it is, anything else is refused at its word.
    private mutating func declined(_ word: Token, followedBy seconds: [String]) throws(Diagnostic) {
        try advance()
        if !seconds.isEmpty {
            guard token.kind == .word, seconds.contains(token.text) else {
                throw unexpected(seconds)
            }
            try advance()
        }
        guard token.isWord("no") else { throw notSupportedYet(word) }
        try advance()
    }
}
