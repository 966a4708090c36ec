extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical form of RFC 5952.
    @usableFromInline package var description: String {
        switch family {
        case .ipv4: return Self.dotted(ipv4Bits)
        case .ipv6: return ipv6Text
        }
    }

    private static func dotted(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }

    private var ipv6Text: String {
        if high == 0, low >> 32 == 0xFFFF {
            return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
        }
        let groups = (0..<8).map { index -> UInt16 in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
        }
        var best = 0..<0
        var index = 0
        while index < 8 {
            var end = index
            while end < 8, groups[end] == 0 { end += 1 }
            if end - index > max(best.count, 1) { best = index..<end }
            index = max(end, index + 1)
        }
        func hex(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return hex(0..<8) }
        return hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
    }

    /// Reads dotted decimal of four parts or any RFC 4291 form of IPv6; nil for anything else.
    package init?(text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            guard let groups = Self.ipv6Groups(bytes) else { return nil }
            let high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
            let low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
            self.init(ipv6High: high, low: low)
        } else {
            guard let bits = Self.ipv4Bits(bytes[...]) else { return nil }
            self.init(ipv4: bits)
        }
    }

    private static func ipv4Bits(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            var number: UInt32 = 0
            for digit in part {
                guard (48...57).contains(digit) else { return nil }
                number = number * 10 + UInt32(digit - 48)
            }
            guard number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return bits
    }

    private static func ipv6Groups(_ text: [UInt8]) -> [UInt16]? {
        var left: [UInt16] = []
        var right: [UInt16] = []
        var seenGap = false
        var index = 0
        if text.starts(with: Array("::".utf8)) {
            seenGap = true
            index = 2
        }
        while index < text.count {
            let end = text[index...].firstIndex(of: UInt8(ascii: ":")) ?? text.count
            let part = text[index..<end]
            var groups: [UInt16]
            if part.contains(UInt8(ascii: ".")) {
                guard end == text.count, let bits = ipv4Bits(part) else { return nil }
                groups = [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
            } else {
                guard let group = hexGroup(part) else { return nil }
                groups = [group]
            }
            if seenGap { right += groups } else { left += groups }
            index = end
            if index == text.count { break }
            index += 1
            if index < text.count, text[index] == UInt8(ascii: ":") {
                guard !seenGap else { return nil }
                seenGap = true
                index += 1
            } else if index == text.count {
                return nil
            }
        }
        let count = left.count + right.count
        guard seenGap ? count < 8 : count == 8 else { return nil }
        return left + Array(repeating: 0, count: 8 - count) + right
    }

    private static func hexGroup(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var number: UInt16 = 0
        for byte in text {
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: return nil
            }
            number = number << 4 | UInt16(digit)
        }
        return number
    }
}
