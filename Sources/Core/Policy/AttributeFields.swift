import Addressing
import BGPWire

/// Where the fields that rules look at stand in canonical attribute bytes.
struct AttributeFields {
    var path = 0..<0
    var nextHop = 0..<0
    var communities = 0..<0
    var extended = 0..<0
    var large = 0..<0

    init() {}

    init(_ bytes: Span<UInt8>) {
        var offset = 0
        while let attribute = PathAttribute.next(in: bytes, at: &offset) {
            switch attribute.type {
            case .asPath: path = attribute.value
            case .nextHop: nextHop = attribute.value
            case .communities: communities = attribute.value
            case .extendedCommunities: extended = attribute.value
            case .largeCommunities: large = attribute.value
            default: break
            }
        }
    }
}

extension Span<UInt8> {
    /// Four octets in network order.
    @inline(__always)
    func number(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16
            | UInt32(self[offset + 2]) << 8 | UInt32(self[offset + 3])
    }

    /// The address of four or sixteen octets there; of two IPv6 addresses the first.
    func address(at range: Range<Int>) -> IPAddress? {
        switch range.count {
        case 4: return IPAddress(ipv4: number(at: range.lowerBound))
        case 16, 32:
            func wide(_ offset: Int) -> UInt64 {
                UInt64(number(at: offset)) << 32 | UInt64(number(at: offset + 4))
            }
            return IPAddress(ipv6High: wide(range.lowerBound), low: wide(range.lowerBound + 8))
        default: return nil
        }
    }
}
