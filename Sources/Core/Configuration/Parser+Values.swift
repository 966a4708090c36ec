import Addressing

extension Parser {
    /// A whole number in a range; `name` is what the message calls it.
    mutating func number(_ range: ClosedRange<Int64>, _ name: String) throws(Diagnostic) -> Int64 {
        guard case .number(let value) = token.kind else { throw unexpected(["a number"]) }
        guard range.contains(value) else {
            throw fault("\(name) must be between \(range.lowerBound) and \(range.upperBound)")
        }
        try advance()
        return value
    }

    /// `yes` or `no`.
    mutating func yesOrNo() throws(Diagnostic) -> Bool {
        guard token.isWord("yes") || token.isWord("no") else {
            var fault = unexpected(["yes", "no"])
            fault.message += ": either yes or no expected"
            throw fault
        }
        let isYes = token.text == "yes"
        try advance()
        return isYes
    }

    /// `yes`, `no` or `enforce`.
    mutating func capabilityUse() throws(Diagnostic) -> CapabilityUse {
        let use: CapabilityUse
        switch token.text {
        case "yes" where token.kind == .word: use = .yes
        case "no" where token.kind == .word: use = .no
        case "enforce" where token.kind == .word: use = .enforce
        default: throw unexpected(["yes", "no", "enforce"])
        }
        try advance()
        return use
    }

    /// A name or text: quoted, or a bare word that is not reserved.
    mutating func string(_ name: String, max: Int) throws(Diagnostic) -> String {
        switch token.kind {
        case .quoted, .number: break
        case .word:
            if Keywords.all.contains(token.text) {
                throw fault(
                    "unexpected keyword \"\(token.text)\", expected \(name); put it in quotes to use it as one"
                )
            }
        case .symbol, .newline, .end: throw unexpected([name])
        }
        let text = token.text
        guard text.utf8.count <= max else {
            throw fault("\(name) \"\(text)\" too long: max \(max)")
        }
        try advance()
        return text
    }

    /// An AS number in a definition: 0 and 23456 are refused.
    mutating func definedAS() throws(Diagnostic) -> ASNumber {
        let number = try parsedAS()
        guard number.value != 0, number != .transition else {
            throw fault("AS \(number) is reserved and may not be used")
        }
        try advance()
        return number
    }

    /// An AS number in a filter or set: any.
    mutating func anyAS() throws(Diagnostic) -> ASNumber {
        let number = try parsedAS()
        try advance()
        return number
    }

    /// True where the present token looks like an AS number.
    var isAS: Bool {
        switch token.kind {
        case .number: true
        case .word: token.text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
        case .quoted, .symbol, .newline, .end: false
        }
    }

    private func parsedAS() throws(Diagnostic) -> ASNumber {
        if case .number(let value) = token.kind {
            guard value >= 0 else { throw fault("AS \(value) is not an AS number: min 0") }
            guard let number = UInt32(exactly: value) else {
                throw fault("AS too big: max 4294967295")
            }
            return ASNumber(number)
        }
        guard isAS, token.text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 1 else {
            throw unexpected(["an AS number"])
        }
        if let number = ASNumber(text: token.text) { return number }
        for part in token.text.split(separator: ".") where UInt16(part) == nil {
            throw fault("number \(part) is too large: max 65535 in asdot form")
        }
        throw unexpected(["an AS number"])
    }

    /// An address with an optional scope.
    mutating func scopedAddress() throws(Diagnostic) -> (address: IPAddress, scope: String?) {
        let parts = token.text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard token.kind == .word || token.kind == .quoted, let text = parts.first,
            let address = IPAddress(text: text)
        else {
            guard token.kind == .word || token.kind == .quoted else {
                throw unexpected(["an address"])
            }
            throw fault("could not parse address spec \"\(token.text)\"")
        }
        var scope: String?
        if parts.count == 2 {
            guard address.isLinkLocal, !parts[1].isEmpty, parts[1].utf8.count <= 15 else {
                throw fault("only a link-local address has a scope of 1 to 15 bytes after \"%\"")
            }
            scope = String(parts[1])
        }
        try advance()
        return (address, scope)
    }

    /// An address without a scope.
    mutating func address() throws(Diagnostic) -> IPAddress {
        let start = token.position
        let (address, scope) = try scopedAddress()
        if scope != nil { throw lexer.fault(start, "an address without a scope is expected here") }
        return address
    }

    /// A prefix as written: the address with all its bits, and the length.
    struct WrittenPrefix {
        var position: Position
        var address: IPAddress
        var length: UInt8

        var prefix: IPPrefix { IPPrefix(address, length: length) }
        var hasHostBits: Bool { prefix.address != address }
    }

    /// A prefix; `10/8` means 10.0.0.0/8; host bits are dropped with a warning.
    mutating func prefix() throws(Diagnostic) -> IPPrefix {
        let written = try writtenPrefix()
        if written.hasHostBits {
            warn(
                written.position,
                "\(written.address)/\(written.length) has host bits set, \(written.prefix) is meant"
            )
        }
        return written.prefix
    }

    mutating func writtenPrefix() throws(Diagnostic) -> WrittenPrefix {
        var position = token.position
        guard startsPrefix else { throw unexpected(["a prefix"]) }
        guard let address = Self.leftAligned(token.text) else {
            throw fault("could not parse address spec \"\(token.text)\"")
        }
        let text = token.text
        try advance()
        guard token.isSymbol("/") else {
            throw lexer.fault(
                position,
                "\"\(text)\" is an address, expected a prefix: ADDRESS/LENGTH"
            )
        }
        try advance()
        let bits = Int64(address.family.bitCount)
        let end = token.position
        let length = try number(0...bits, "prefix length")
        if end.source == position.source, end.line == position.line, end.offset > position.offset {
            position.width = end.offset + end.width - position.offset
        }
        return WrittenPrefix(position: position, address: address, length: UInt8(length))
    }

    /// True where the present token can begin an address or prefix.
    var startsPrefix: Bool {
        switch token.kind {
        case .number: true
        case .word:
            token.text.utf8.first?.isDigit == true || token.text.utf8.contains(UInt8(ascii: ":"))
        case .quoted, .symbol, .newline, .end: false
        }
    }

    /// An address, of IPv4 also the first one to three parts.
    private static func leftAligned(_ text: String) -> IPAddress? {
        if let address = IPAddress(text: text) { return address }
        let dots = text.utf8.count { $0 == UInt8(ascii: ".") }
        guard dots < 3, !text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        return IPAddress(text: text + String(repeating: ".0", count: 3 - dots))
    }

    /// `IPv4`, `IPv6`, `inet` or `inet6`, or nil.
    var family: AddressFamily? {
        guard token.kind == .word else { return nil }
        switch token.text {
        case "IPv4", "inet": return .ipv4
        case "IPv6", "inet6": return .ipv6
        default: return nil
        }
    }

    /// A port: a number or `bgp`.
    mutating func port() throws(Diagnostic) -> UInt16 {
        if try accept(word: "bgp") { return 179 }
        return UInt16(try number(1...65535, "port"))
    }

    /// Splits a bare word `A-B`, as a number may stand there, into its two numbers; nil for anything else.
    func joinedRange() -> (first: Substring, last: Substring)? {
        guard token.kind == .word else { return nil }
        let parts = token.text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) })
        else { return nil }
        return (parts[0], parts[1])
    }
}
