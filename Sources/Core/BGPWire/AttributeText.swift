import Addressing

/// Words for the values of attributes, made from canonical bytes when somebody looks; never traps.
package enum AttributeText {
    /// AS_PATH with four-octet numbers: `65001 { 1 2 } ( 3 4 ) [ 5 ]`; empty for an empty path.
    package static func asPath(_ value: Span<UInt8>) -> String {
        asPath(value, width: 4)
    }

    /// AS_PATH with numbers of `width` octets.
    static func asPath(_ value: Span<UInt8>, width: Int) -> String {
        var words: [String] = []
        var offset = 0
        while offset + 2 <= value.count {
            let type = value[offset]
            let count = min(Int(value[offset + 1]), (value.count - offset - 2) / width)
            let brackets = brackets(type)
            if !brackets.open.isEmpty { words.append(brackets.open) }
            for index in 0..<count {
                let place = offset + 2 + index * width
                words.append(
                    String(width == 4 ? value.uint32(at: place) : UInt32(value.uint16(at: place)))
                )
            }
            if !brackets.close.isEmpty { words.append(brackets.close) }
            offset += 2 + Int(value[offset + 1]) * width
        }
        return words.joined(separator: " ")
    }

    private static func brackets(_ segment: UInt8) -> (open: String, close: String) {
        switch segment {
        case ASPathScan.set: ("{", "}")
        case ASPathScan.sequence: ("", "")
        case ASPathScan.confederationSequence: ("(", ")")
        case ASPathScan.confederationSet: ("[", "]")
        default: ("<\(segment):", ">")
        }
    }

    /// `IGP`, `EGP`, `incomplete`.
    package static func origin(_ value: Span<UInt8>) -> String {
        guard value.count == 1 else { return malformed(value) }
        return switch value[0] {
        case 0: "IGP"
        case 1: "EGP"
        case 2: "incomplete"
        default: "invalid \(value[0])"
        }
    }

    /// Standard communities: `65002:100`, `NO_EXPORT`.
    package static func communities(_ value: Span<UInt8>) -> [String] {
        steps(value, 4).map { community(value.uint32(at: $0)) }
    }

    /// One standard community: `65002:100`, `NO_EXPORT`.
    package static func community(_ number: UInt32) -> String {
        switch number {
        case 0xFFFF_0000: "GRACEFUL_SHUTDOWN"
        case 0xFFFF_029A: "BLACKHOLE"
        case 0xFFFF_FF01: "NO_EXPORT"
        case 0xFFFF_FF02: "NO_ADVERTISE"
        case 0xFFFF_FF03: "NO_EXPORT_SUBCONFED"
        case 0xFFFF_FF04: "NO_PEER"
        default: "\(number >> 16):\(number & 0xFFFF)"
        }
    }

    /// Extended communities: `rt 65002:7`.
    package static func extendedCommunities(_ value: Span<UInt8>) -> [String] {
        steps(value, 8).map {
            ExtendedCommunityText.words(
                UInt64(value.uint32(at: $0)) << 32 | UInt64(value.uint32(at: $0 + 4))
            )
        }
    }

    /// True for a word that names a subtype of extended communities: `rt`.
    package static func isExtendedSubtype(_ word: String) -> Bool {
        ExtendedCommunityText.isName(word)
    }

    /// Large communities: `65002:1:1`.
    package static func largeCommunities(_ value: Span<UInt8>) -> [String] {
        steps(value, 12).map {
            "\(value.uint32(at: $0)):\(value.uint32(at: $0 + 4)):\(value.uint32(at: $0 + 8))"
        }
    }

    /// AGGREGATOR with a four-octet number: `65002 [192.0.2.2]`; also with two octets, by its length.
    package static func aggregator(_ value: Span<UInt8>) -> String {
        switch value.count {
        case 8: "\(value.uint32(at: 0)) [\(IPAddress(ipv4: value.uint32(at: 4)))]"
        case 6: "\(value.uint16(at: 0)) [\(IPAddress(ipv4: value.uint32(at: 2)))]"
        default: malformed(value)
        }
    }

    /// NEXT_HOP of 4, 16 or 32 octets: `10.9.12.2`, `2001:db8::1 fe80::1`.
    package static func nextHop(_ value: Span<UInt8>) -> String {
        switch value.count {
        case 4: "\(IPAddress(ipv4: value.uint32(at: 0)))"
        case 16: ipv6(value, 0)
        case 32: "\(ipv6(value, 0)) \(ipv6(value, 16))"
        default: malformed(value)
        }
    }

    /// Router ids: ORIGINATOR_ID, CLUSTER_LIST.
    package static func identifiers(_ value: Span<UInt8>) -> [String] {
        steps(value, 4).map { "\(IPAddress(ipv4: value.uint32(at: $0)))" }
    }

    /// Any attribute's value by its type; unknown ones as `len N: xx xx`.
    package static func value(of type: AttributeType, _ value: Span<UInt8>) -> String {
        switch type {
        case .origin: origin(value)
        case .asPath, .as4Path: asPath(value)
        case .nextHop: nextHop(value)
        case .multiExitDiscriminator, .localPreference, .onlyToCustomer:
            value.count == 4 ? String(value.uint32(at: 0)) : malformed(value)
        case .atomicAggregate: value.isEmpty ? "" : malformed(value)
        case .aggregator, .as4Aggregator: aggregator(value)
        case .communities: list(communities(value), value, 4)
        case .originatorID, .clusterList: list(identifiers(value), value, 4)
        case .extendedCommunities: list(extendedCommunities(value), value, 8)
        case .largeCommunities: list(largeCommunities(value), value, 12)
        default: raw(value)
        }
    }

    /// `len N: xx xx`.
    static func raw(_ value: Span<UInt8>) -> String {
        "len \(value.count)" + (value.isEmpty ? "" : ":" + hex(value))
    }

    private static func malformed(_ value: Span<UInt8>) -> String {
        "malformed, " + raw(value)
    }

    private static func list(_ words: [String], _ value: Span<UInt8>, _ step: Int) -> String {
        value.count % step == 0 && value.count > 0 ? words.joined(separator: " ") : malformed(value)
    }

    private static func ipv6(_ value: Span<UInt8>, _ offset: Int) -> String {
        let high = UInt64(value.uint32(at: offset)) << 32 | UInt64(value.uint32(at: offset + 4))
        let low = UInt64(value.uint32(at: offset + 8)) << 32 | UInt64(value.uint32(at: offset + 12))
        return "\(IPAddress(ipv6High: high, low: low))"
    }

    private static func steps(_ value: Span<UInt8>, _ step: Int) -> [Int] {
        Array(stride(from: 0, to: value.count - step + 1, by: step))
    }

    /// Every octet as ` xx`.
    static func hex(_ value: Span<UInt8>) -> String {
        var text = ""
        for index in value.indices {
            let byte = value[index]
            text += byte < 16 ? " 0" : " "
            text += String(byte, radix: 16)
        }
        return text
    }
}
