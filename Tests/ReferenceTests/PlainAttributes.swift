import Addressing

/// A route's attributes as plain values, and what they are on the wire: written once more, without the codec under test.
struct PlainAttributes: Hashable {
    var origin: UInt8 = 0
    var path = PlainASPath()
    var nextHop: IPAddress?
    var med: UInt32?
    var localPreference: UInt32?
    var communities: Set<UInt32> = []
    /// Three numbers each (RFC 8092).
    var largeCommunities: Set<[UInt32]> = []
    /// Only-to-Customer (RFC 9234).
    var onlyToCustomer: UInt32?
    var originator: UInt32?
    var clusters: [UInt32] = []
    /// The value of the optional transitive attribute 99, which nobody knows.
    var unknown: [UInt8]?
    /// What came was malformed: nothing of it counts, and only the prefix stays in sight (RFC 7606 §2).
    var isMalformed = false
    /// Whether attribute 99 has come through somebody who does not know it.
    var isPartial = false

    static func octets(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func attribute(_ flags: UInt8, _ type: UInt8, _ value: [UInt8]) -> [UInt8] {
        [flags, type, UInt8(value.count)] + value
    }

    /// The attributes of an UPDATE that announces routes of IPv4; of IPv6 the next hop is left to MP_REACH_NLRI.
    func encoded(_ family: AddressFamily, fourOctetAS: Bool) -> [UInt8] {
        var bytes = Self.attribute(0x40, 1, [origin])
        bytes += Self.attribute(0x40, 2, path.encoded(fourOctetAS: fourOctetAS))
        if family == .ipv4, let nextHop { bytes += Self.attribute(0x40, 3, nextHop.bytes) }
        if let med { bytes += Self.attribute(0x80, 4, Self.octets(med)) }
        if let localPreference { bytes += Self.attribute(0x40, 5, Self.octets(localPreference)) }
        if !communities.isEmpty {
            bytes += Self.attribute(0xC0, 8, communities.sorted().flatMap(Self.octets))
        }
        if let originator { bytes += Self.attribute(0x80, 9, Self.octets(originator)) }
        if !clusters.isEmpty {
            bytes += Self.attribute(0x80, 10, clusters.flatMap(Self.octets))
        }
        if !fourOctetAS, path.numbers.contains(where: { $0 > 65535 }) {
            bytes += Self.attribute(0xC0, 17, path.encoded(fourOctetAS: true))
        }
        if !largeCommunities.isEmpty {
            let numbers = largeCommunities.sorted { $0.lexicographicallyPrecedes($1) }
            bytes += Self.attribute(0xC0, 32, numbers.flatMap { $0.flatMap(Self.octets) })
        }
        if let onlyToCustomer {
            bytes += Self.attribute(0xC0, 35, Self.octets(onlyToCustomer))
        }
        if let unknown { bytes += Self.attribute(isPartial ? 0xE0 : 0xC0, 99, unknown) }
        return bytes
    }
}

extension PlainAttributes {
    /// Reads the attributes of a row: with four-octet numbers, NEXT_HOP of either family.
    init(canonical bytes: [UInt8]) {
        var rest = bytes[...]
        while rest.count > 2 {
            let head = Array(rest.prefix(2))
            let width = head[0] & 0x10 == 0 ? 1 : 2
            let length = Int(PlainUpdate.number(rest.dropFirst(2).prefix(width)))
            read(head[0], head[1], rest.dropFirst(2 + width).prefix(length), fourOctetAS: true)
            rest = rest.dropFirst(2 + width + length)
        }
    }

    /// Takes one attribute in.
    mutating func read(_ flags: UInt8, _ type: UInt8, _ value: ArraySlice<UInt8>, fourOctetAS: Bool)
    {
        switch type {
        case 1: origin = value.first ?? 255
        case 2: path = PlainASPath(octets: value, fourOctetAS: fourOctetAS)
        case 3: nextHop = IPAddress(bytes: value.prefix(value.count == 32 ? 16 : value.count))
        case 4: med = PlainUpdate.number(value)
        case 5: localPreference = PlainUpdate.number(value)
        case 8: communities = Set(Self.numbers(value, width: 4))
        case 9: originator = PlainUpdate.number(value)
        case 10: clusters = Self.numbers(value, width: 4)
        case 32:
            let numbers = Self.numbers(value, width: 4)
            largeCommunities = Set(
                stride(from: 0, to: numbers.count, by: 3).map { Array(numbers[$0..<$0 + 3]) }
            )
        case 35: onlyToCustomer = PlainUpdate.number(value)
        case 99:
            unknown = Array(value)
            isPartial = flags & 0x20 != 0
        default: unknown = [type]
        }
    }

    static func numbers(_ value: ArraySlice<UInt8>, width: Int) -> [UInt32] {
        stride(from: 0, to: value.count, by: width).map {
            PlainUpdate.number(value.dropFirst($0).prefix(width))
        }
    }
}

extension PlainAttributes: CustomStringConvertible {
    var description: String {
        var words = ["origin \(origin)", "path \(path)", "via \(nextHop.map { "\($0)" } ?? "-")"]
        if let med { words.append("med \(med)") }
        if let localPreference { words.append("localpref \(localPreference)") }
        if !communities.isEmpty {
            words.append("communities \(communities.sorted().map(PlainRule.words))")
        }
        if !largeCommunities.isEmpty {
            words.append("large \(largeCommunities.map(PlainRule.words).sorted())")
        }
        if let onlyToCustomer { words.append("otc \(onlyToCustomer)") }
        if let originator { words.append("originator \(originator)") }
        if !clusters.isEmpty { words.append("clusters \(clusters)") }
        if let unknown { words.append("unknown \(unknown)\(isPartial ? " partial" : "")") }
        return words.joined(separator: ", ")
    }
}
