import Addressing

extension Parser {
    /// A statement about the router itself; false where the word begins none.
    mutating func global() throws(Diagnostic) -> Bool {
        switch token.text {
        case "AS": try ownAS()
        case "router-id": try routerID()
        case "listen": try listen()
        case "socket": try socket()
        case "holdtime":
            try advance()
            if try accept(word: "min") {
                draft.configuration.minHoldTime = try holdTime()
            } else {
                draft.configuration.holdTime = try holdTime()
            }
        case "staletime":
            try advance()
            draft.configuration.staleTime = try staleTime()
        case "connect-retry":
            try advance()
            draft.configuration.connectRetry = UInt16(try number(1...65535, "connect-retry"))
        case "fib":
            try advance()
            try expect(word: "persist")
            draft.configuration.fibPersist = true
        case "fib-update":
            try advance()
            draft.configuration.fibUpdate = try yesOrNo()
        case "fib-metric":
            try advance()
            draft.configuration.fibMetric = UInt32(try number(1...0xFFFF_FFFF, "fib-metric"))
        case "fib-multipath":
            try advance()
            draft.configuration.fibMultipath = UInt8(try number(1...64, "fib-multipath"))
        case "fib-priority":
            try advance()
            draft.configuration.fibPriority = try routeProtocol()
        case "log":
            try advance()
            try expect(word: "updates")
            draft.configuration.logUpdates = true
        case "reject":
            try advance()
            try expect(word: "as-set")
            draft.configuration.rejectASSet = try yesOrNo()
        case "nexthop": try nextHopQualification()
        case "rde": try routeDecision()
        case "transparent-as":
            try advance()
            draft.configuration.isTransparent = try yesOrNo()
        default: return false
        }
        return true
    }

    /// A hold time in seconds.
    mutating func holdTime() throws(Diagnostic) -> UInt16 {
        guard case .number = token.kind else { throw unexpected(["min", "a number"]) }
        return UInt16(try number(3...65535, "holdtime"))
    }

    /// For how many seconds stale routes are kept at most.
    mutating func staleTime() throws(Diagnostic) -> UInt16 {
        UInt16(try number(3...4095, "staletime"))
    }

    /// A statement that only may say `no`, because what it would turn on is not there yet.
    mutating func declined(_ word: String) throws(Diagnostic) {
        let statement = token
        try advance()
        guard token.isWord("no") else { throw notSupportedYet(statement) }
        try advance()
    }

    private mutating func ownAS() throws(Diagnostic) {
        try advance()
        let own = try localAS()
        draft.configuration.localAS = own.number
        draft.configuration.shortAS = own.short
        draft.hasAS = true
    }

    /// Reads `N [N2]`.
    mutating func localAS() throws(Diagnostic) -> LocalAS {
        let number = try definedAS()
        var short = UInt16(exactly: number.value) ?? UInt16(ASNumber.transition.value)
        if isAS {
            let position = token.position
            let second = try anyAS()
            short = UInt16(truncatingIfNeeded: second.value)
            if second.value > 0xFFFF {
                warn(position, "AS \(second) does not fit two octets, \(short) is used")
            }
        }
        return LocalAS(number, short: short)
    }

    private mutating func routerID() throws(Diagnostic) {
        try advance()
        let place = token.position
        let address = try self.address()
        guard address.family == .ipv4 else {
            throw lexer.fault(place, "router-id must be an IPv4 address")
        }
        guard !address.isUnspecified else {
            throw lexer.fault(place, "router-id must not be 0.0.0.0")
        }
        draft.configuration.routerID = address
    }

    private mutating func listen() throws(Diagnostic) {
        try advance()
        try expect(word: "on")
        let (address, scope) = try scopedAddress()
        var listener = ListenAddress(address: address, scope: scope)
        if try accept(word: "port") { listener.port = try port() }
        draft.configuration.listeners.append(listener)
    }

    private mutating func socket() throws(Diagnostic) {
        try advance()
        let place = token.position
        var socket = ControlSocketPath(path: try string("a path", max: 1023))
        if socket.path.isEmpty { throw lexer.fault(place, "the path of a socket is empty") }
        socket.isRestricted = try accept(word: "restricted")
        draft.configuration.sockets.append(socket)
    }

    private mutating func nextHopQualification() throws(Diagnostic) {
        try advance()
        try expect(word: "qualify")
        try expect(word: "via")
        if try accept(word: "bgp") {
            draft.configuration.nextHopViaBGP = true
        } else if try accept(word: "default") {
            draft.configuration.nextHopViaDefault = true
        } else {
            throw unexpected(["bgp", "default"])
        }
    }

    private mutating func routeDecision() throws(Diagnostic) {
        try advance()
        switch token.text {
        case "med" where token.kind == .word:
            try advance()
            try expect(word: "compare")
            draft.configuration.medCompare = try choice([("always", .always), ("strict", .strict)])
        case "route-age" where token.kind == .word:
            try advance()
            draft.configuration.routeAge = try choice([
                ("evaluate", .evaluate), ("ignore", .ignore),
            ])
        case "evaluate" where token.kind == .word:
            try advance()
            draft.configuration.evaluatesAll = try choice([("all", true), ("default", false)])
        case "rib" where token.kind == .word:
            let word = token
            try advance()
            guard token.text == "Loc-RIB" else { throw notSupportedYet(word) }
            try advance()
            guard token.isWord("include") else { throw notSupportedYet(word) }
            try advance()
            // Refused routes are always kept: the statement says what is so.
            try expect(word: "filtered")
        default:
            throw unexpected(["med", "route-age", "evaluate", "rib"])
        }
    }

    /// One of these words, with the value that it stands for.
    mutating func choice<Value>(_ values: [(String, Value)]) throws(Diagnostic) -> Value {
        guard token.kind == .word, let found = values.first(where: { $0.0 == token.text }) else {
            throw unexpected(values.map(\.0))
        }
        try advance()
        return found.1
    }

    /// A protocol number of the kernel, or its name in `/etc/iproute2/rt_protos`.
    private mutating func routeProtocol() throws(Diagnostic) -> UInt8 {
        if token.kind == .word || token.kind == .quoted {
            // Up to 4 they are the kernel's own and the administrator's.
            return try choice(RouteProtocol.named.filter { $0.number > 4 })
        }
        return UInt8(try number(5...254, "fib-priority"))
    }
}
