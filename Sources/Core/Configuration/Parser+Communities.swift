import Addressing
import Policy

extension Parser {
    /// The value behind `community`, `large-community` or `ext-community`.
    mutating func communityPattern(_ keyword: String) throws(Diagnostic) -> CommunityPattern {
        switch keyword {
        case "large-community":
            let parts = try communityParts(3, "a large community N:N:N", max: 0xFFFF_FFFF)
            return .large(parts[0], parts[1], parts[2])
        case "ext-community":
            return .extended(try extendedCommunity())
        default:
            let upper = token.text.uppercased()
            if token.kind == .word || token.kind == .quoted,
                let known = CommunityPattern.wellKnown.first(where: { $0.name == upper })
            {
                try advance()
                return known.value
            }
            let parts = try communityParts(2, "a community N:N or a name", max: 65535)
            return .standard(parts[0], parts[1])
        }
    }

    private mutating func communityParts(
        _ count: Int,
        _ expected: String,
        max: UInt32
    ) throws(Diagnostic) -> [CommunityPart] {
        let texts = token.text.split(separator: ":", omittingEmptySubsequences: false)
        guard token.kind == .word || token.kind == .quoted, texts.count == count else {
            throw unexpected([expected], words: CommunityPattern.wellKnown.map(\.name))
        }
        var parts: [CommunityPart] = []
        for text in texts {
            guard let part = communityPart(text) else { throw unexpected([expected]) }
            if case .value(let number) = part, number > max {
                throw fault("community value \(number) too big: max \(max)")
            }
            parts.append(part)
        }
        try advance()
        return parts
    }

    private func communityPart(_ text: Substring) -> CommunityPart? {
        switch text {
        case "*": return .any
        case "neighbor-as": return .neighborAS
        case "local-as": return .localAS
        default:
            guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
            return UInt32(text).map { .value($0) }
        }
    }

    /// `SUBTYPE VALUE` of an extended community.
    private mutating func extendedCommunity() throws(Diagnostic) -> ExtendedCommunityPattern {
        let names = ExtendedSubtype.allCases.map(\.rawValue)
        guard token.kind == .word || token.kind == .quoted else { throw unexpected(["a subtype"]) }
        if token.text == "*" {
            try advance()
            guard token.text == "*" else { throw unexpected(["*"]) }
            try advance()
            return ExtendedCommunityPattern(nil, .any)
        }
        guard let subtype = ExtendedSubtype(rawValue: token.text) else {
            throw unexpected(["a subtype of extended communities"], words: names)
        }
        try advance()
        let value = try extendedValue(of: subtype)
        try advance()
        return ExtendedCommunityPattern(subtype, value)
    }

    /// The present token as a value; it is not gone past.
    private func extendedValue(of subtype: ExtendedSubtype) throws(Diagnostic) -> ExtendedValue {
        let text = token.text
        if subtype == .ovs {
            switch text {
            case "valid": return .opaque(0)
            case "not-found": return .opaque(1)
            case "invalid": return .opaque(2)
            case "*": return .any
            default: throw unexpected(["valid", "not-found", "invalid", "*"])
            }
        }
        if text == "*" { return .any }
        guard token.kind != .newline, token.kind != .end, token.kind != .symbol else {
            throw unexpected(["a value: AS:N, A.B.C.D:N, a number or *"])
        }
        let forms = Set(subtype.types.map { $0 & 0x0F })
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2 { return try pairValue(parts[0], parts[1], subtype, forms) }
        guard let number = Self.opaqueNumber(text) else {
            throw unexpected(["a value: AS:N, A.B.C.D:N, a number or *"])
        }
        guard
            forms.isDisjoint(with: [0, 1, 2])
                || subtype.types.allSatisfy({ $0 == 0x06 || $0 == 0x80 })
        else { throw fault("ext-community \(subtype.rawValue) takes no plain number") }
        guard number < 1 << 48 else {
            throw fault("ext-community value \(text) too big: max 281474976710655")
        }
        return .opaque(number)
    }

    private func pairValue(
        _ first: Substring,
        _ second: Substring,
        _ subtype: ExtendedSubtype,
        _ forms: Set<UInt8>
    ) throws(Diagnostic) -> ExtendedValue {
        guard let number = communityPart(second) else {
            throw fault("\"\(second)\" is not a number of at most 4294967295")
        }
        func limited(_ max: UInt32, _ form: UInt8, _ value: ExtendedValue) throws(Diagnostic)
            -> ExtendedValue
        {
            guard forms.contains(form), subtype.types.contains(where: { $0 & 0x3F == form }) else {
                throw fault(
                    "ext-community \(subtype.rawValue) does not exist with \"\(token.text)\""
                )
            }
            if case .value(let value) = number, value > max {
                throw fault("ext-community value \(value) too big: max \(max)")
            }
            return value
        }
        if let address = IPAddress(text: first) {
            guard address.family == .ipv4 else {
                throw fault("an IPv4 address is expected before the colon")
            }
            return try limited(0xFFFF, 1, .address(address, number))
        }
        if first.utf8.contains(UInt8(ascii: ".")), let system = ASNumber(text: first) {
            return try limited(0xFFFF, 2, .fourOctetAS(.value(system.value), number))
        }
        guard let part = communityPart(first) else {
            throw unexpected(["a value: AS:N, A.B.C.D:N, a number or *"])
        }
        if case .value(let system) = part, system > 0xFFFF {
            return try limited(0xFFFF, 2, .fourOctetAS(part, number))
        }
        return try limited(.max, 0, .twoOctetAS(part, number))
    }

    private static func opaqueNumber(_ text: String) -> UInt64? {
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            return UInt64(text.dropFirst(2), radix: 16)
        }
        return text.utf8.allSatisfy(\.isDigit) ? UInt64(text) : nil
    }
}
