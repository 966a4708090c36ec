import Addressing

/// A route's attributes as plain values, and what they are on the wire: written once more, without the codec under test.
struct PlainAttributes: Hashable {
    var origin: UInt8 = 0
    /// One AS_SEQUENCE.
    var path: [UInt32] = []
    var nextHop: IPAddress?
    var med: UInt32?
    var localPreference: UInt32?
    var communities: Set<UInt32> = []
    var originator: UInt32?
    var clusters: [UInt32] = []
    /// The value of the optional transitive attribute 99, which nobody knows.
    var unknown: [UInt8]?
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
        let needsFour = !fourOctetAS && path.contains { $0 > 65535 }
        let numbers = path.flatMap { number in
            fourOctetAS
                ? Self.octets(number) : Array(Self.octets(number > 65535 ? 23456 : number)[2...])
        }
        let segment: [UInt8] = path.isEmpty ? [] : [2, UInt8(path.count)]
        bytes += Self.attribute(0x40, 2, path.isEmpty ? [] : segment + numbers)
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
        if needsFour { bytes += Self.attribute(0xC0, 17, segment + path.flatMap(Self.octets)) }
        if let unknown { bytes += Self.attribute(isPartial ? 0xE0 : 0xC0, 99, unknown) }
        return bytes
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
        if let originator { words.append("originator \(originator)") }
        if !clusters.isEmpty { words.append("clusters \(clusters)") }
        if let unknown { words.append("unknown \(unknown)\(isPartial ? " partial" : "")") }
        return words.joined(separator: ", ")
    }
}

/// What an UPDATE says.
struct PlainUpdate {
    var withdrawn: [IPPrefix] = []
    var announced: [IPPrefix] = []
    var attributes = PlainAttributes()
    /// The family whose End-of-RIB marker this is.
    var endOfRIB: AddressFamily?

    // MARK: Writing

    /// The whole message; all its prefixes are of one family.
    func encoded(fourOctetAS: Bool) -> [UInt8] {
        let isIPv6 = (withdrawn + announced).contains { $0.family == .ipv6 }
        var attributes: [UInt8] = []
        if !announced.isEmpty {
            let family: AddressFamily = isIPv6 ? .ipv6 : .ipv4
            attributes = self.attributes.encoded(family, fourOctetAS: fourOctetAS)
        }
        let gone = Self.octets(withdrawn)
        let come = Self.octets(announced)
        if isIPv6, !announced.isEmpty {
            let value = [0, 2, 1, 16] + (self.attributes.nextHop?.bytes ?? []) + [0] + come
            attributes += [0x80, 14, UInt8(value.count)] + value
        }
        if isIPv6, !withdrawn.isEmpty {
            attributes += [0x80, 15, UInt8(gone.count + 3), 0, 2, 1] + gone
        }
        let first = isIPv6 ? [] : gone
        return Self.message(
            2,
            [UInt8(first.count >> 8), UInt8(first.count & 255)] + first
                + [UInt8(attributes.count >> 8), UInt8(attributes.count & 255)] + attributes
                + (isIPv6 ? [] : come)
        )
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = 19 + body.count
        return [UInt8](repeating: 0xFF, count: 16)
            + [UInt8(length >> 8), UInt8(length & 255), type] + body
    }

    private static func octets(_ prefixes: [IPPrefix]) -> [UInt8] {
        prefixes.flatMap { [$0.length] + $0.address.bytes.prefix((Int($0.length) + 7) / 8) }
    }

    // MARK: Reading

    /// Reads the body of a well-formed UPDATE.
    init(body: ArraySlice<UInt8>, fourOctetAS: Bool) {
        var rest = body
        let gone = Self.take(Int(Self.number(Self.take(2, &rest))), &rest)
        let list = Self.take(Int(Self.number(Self.take(2, &rest))), &rest)
        withdrawn = Self.prefixes(gone, .ipv4)
        announced = Self.prefixes(rest, .ipv4)
        readAttributes(list, fourOctetAS: fourOctetAS)
        if withdrawn.isEmpty, announced.isEmpty, endOfRIB == nil, list.isEmpty { endOfRIB = .ipv4 }
    }

    init() {}

    private mutating func readAttributes(_ list: ArraySlice<UInt8>, fourOctetAS: Bool) {
        var rest = list
        var fourOctetPath: [UInt32]?
        while !rest.isEmpty {
            let head = Array(Self.take(2, &rest))
            let length = Self.take(head[0] & 0x10 == 0 ? 1 : 2, &rest)
            let value = Self.take(Int(Self.number(length)), &rest)
            switch head[1] {
            case 14:
                var reach = value
                _ = Self.take(3, &reach)
                let nextHop = Self.take(Int(Self.number(Self.take(1, &reach))), &reach)
                attributes.nextHop = IPAddress(bytes: nextHop.prefix(16))
                _ = Self.take(1, &reach)
                announced += Self.prefixes(reach, .ipv6)
            case 15:
                let gone = Self.prefixes(value.dropFirst(3), .ipv6)
                if gone.isEmpty { endOfRIB = .ipv6 }
                withdrawn += gone
            case 17: fourOctetPath = PlainAttributes.path(value, width: 4)
            default: attributes.read(head[0], head[1], value, fourOctetAS: fourOctetAS)
            }
        }
        // RFC 6793 §4.2.3: what AS4_PATH lacks in front stands in AS_PATH alone.
        if let path = fourOctetPath {
            attributes.path = attributes.path.dropLast(path.count) + path
        }
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    static func number(_ octets: some Sequence<UInt8>) -> UInt32 {
        octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func prefixes(_ octets: ArraySlice<UInt8>, _ family: AddressFamily)
        -> [IPPrefix]
    {
        var rest = octets
        var found: [IPPrefix] = []
        while let length = rest.popFirst() {
            let bits = take((Int(length) + 7) / 8, &rest)
            let full = bits + [UInt8](repeating: 0, count: family == .ipv4 ? 4 : 16)
            guard let address = IPAddress(bytes: full.prefix(family == .ipv4 ? 4 : 16)) else {
                return found
            }
            found.append(IPPrefix(address, length: length))
        }
        return found
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
        case 2: path = Self.path(value, width: fourOctetAS ? 4 : 2)
        case 3: nextHop = IPAddress(bytes: value.prefix(value.count == 32 ? 16 : value.count))
        case 4: med = PlainUpdate.number(value)
        case 5: localPreference = PlainUpdate.number(value)
        case 8: communities = Set(Self.numbers(value, width: 4))
        case 9: originator = PlainUpdate.number(value)
        case 10: clusters = Self.numbers(value, width: 4)
        case 99:
            unknown = Array(value)
            isPartial = flags & 0x20 != 0
        default: unknown = [type]
        }
    }

    private static func numbers(_ value: ArraySlice<UInt8>, width: Int) -> [UInt32] {
        stride(from: 0, to: value.count, by: width).map {
            PlainUpdate.number(value.dropFirst($0).prefix(width))
        }
    }

    /// The numbers of all segments of an AS_PATH.
    static func path(_ value: ArraySlice<UInt8>, width: Int) -> [UInt32] {
        var rest = value
        var found: [UInt32] = []
        while rest.count >= 2 {
            let count = Int(rest.dropFirst().first ?? 0)
            found += numbers(rest.dropFirst(2).prefix(count * width), width: width)
            rest = rest.dropFirst(2 + count * width)
        }
        return found
    }
}
