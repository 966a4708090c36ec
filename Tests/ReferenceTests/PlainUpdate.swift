import Addressing

/// A prefix and, in sessions with ADD-PATH, what tells its paths apart (RFC 7911 §3).
struct PlainNLRI: Hashable {
    var prefix: IPPrefix
    var pathID: UInt32?

    init(_ prefix: IPPrefix, pathID: UInt32? = nil) {
        self.prefix = prefix
        self.pathID = pathID
    }
}

extension PlainNLRI: CustomStringConvertible {
    var description: String { "\(prefix)\(pathID.map { " path \($0)" } ?? "")" }
}

/// What an UPDATE says.
struct PlainUpdate {
    /// What both sides have agreed on that makes its octets mean what they mean.
    struct Form: Hashable {
        var fourOctetAS = true
        /// The families whose prefixes have path identifiers.
        var pathIDs: Set<AddressFamily> = []
    }

    var withdrawn: [PlainNLRI] = []
    var announced: [PlainNLRI] = []
    var attributes = PlainAttributes()
    /// An attribute that is broken.
    var brokenOctets: [UInt8] = []
    /// The family whose End-of-RIB marker this is.
    var endOfRIB: AddressFamily?

    // MARK: Writing

    /// The whole message; all its prefixes are of one family.
    func encoded(fourOctetAS: Bool) -> [UInt8] {
        if endOfRIB == .ipv6 { return Self.message(2, [0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1]) }
        let isIPv6 = (withdrawn + announced).contains { $0.prefix.family == .ipv6 }
        var attributes: [UInt8] = []
        if !announced.isEmpty {
            let family: AddressFamily = isIPv6 ? .ipv6 : .ipv4
            attributes = self.attributes.encoded(family, fourOctetAS: fourOctetAS) + brokenOctets
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

    /// A ROUTE-REFRESH: a request, or with 1 and 2 the beginning and the end of what comes again (RFC 7313 §3.2).
    static func refresh(_ family: AddressFamily, subtype: UInt8) -> [UInt8] {
        message(5, [0, family == .ipv4 ? 1 : 2, subtype, 1])
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = 19 + body.count
        return [UInt8](repeating: 0xFF, count: 16)
            + [UInt8(length >> 8), UInt8(length & 255), type] + body
    }

    private static func octets(_ list: [PlainNLRI]) -> [UInt8] {
        list.flatMap { nlri in
            (nlri.pathID.map(PlainAttributes.octets) ?? []) + [nlri.prefix.length]
                + nlri.prefix.address.bytes.prefix((Int(nlri.prefix.length) + 7) / 8)
        }
    }

    // MARK: Reading

    /// Reads the body of a well-formed UPDATE.
    init(body: ArraySlice<UInt8>, _ form: Form) {
        var rest = body
        let gone = Self.take(Int(Self.number(Self.take(2, &rest))), &rest)
        let list = Self.take(Int(Self.number(Self.take(2, &rest))), &rest)
        withdrawn = Self.list(gone, .ipv4, form)
        announced = Self.list(rest, .ipv4, form)
        readAttributes(list, form)
        if withdrawn.isEmpty, announced.isEmpty, endOfRIB == nil, list.isEmpty { endOfRIB = .ipv4 }
    }

    init() {}

    private mutating func readAttributes(_ list: ArraySlice<UInt8>, _ form: Form) {
        var rest = list
        var fourOctetPath: PlainASPath?
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
                announced += Self.list(reach, .ipv6, form)
            case 15:
                let gone = Self.list(value.dropFirst(3), .ipv6, form)
                if gone.isEmpty { endOfRIB = .ipv6 }
                withdrawn += gone
            case 17: fourOctetPath = PlainASPath(octets: value, fourOctetAS: true)
            default: attributes.read(head[0], head[1], value, fourOctetAS: form.fourOctetAS)
            }
        }
        // RFC 6793 §4.2.3: what AS4_PATH lacks in front stands in AS_PATH alone.
        if let path = fourOctetPath {
            let front = attributes.path.elements.dropLast(path.length)
            attributes.path.elements = Array(front) + path.elements
        }
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    static func number(_ octets: some Sequence<UInt8>) -> UInt32 {
        octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func list(
        _ octets: ArraySlice<UInt8>,
        _ family: AddressFamily,
        _ form: Form
    ) -> [PlainNLRI] {
        var rest = octets
        var found: [PlainNLRI] = []
        while !rest.isEmpty {
            let pathID = form.pathIDs.contains(family) ? number(take(4, &rest)) : nil
            let length = UInt8(number(take(1, &rest)))
            let bits = take((Int(length) + 7) / 8, &rest)
            let full = bits + [UInt8](repeating: 0, count: family == .ipv4 ? 4 : 16)
            guard let address = IPAddress(bytes: full.prefix(family == .ipv4 ? 4 : 16)) else {
                return found
            }
            found.append(PlainNLRI(IPPrefix(address, length: length), pathID: pathID))
        }
        return found
    }
}

extension PlainUpdate: CustomStringConvertible {
    var description: String {
        var words: [String] = []
        if let endOfRIB { words.append("has told all of \(endOfRIB)") }
        if !withdrawn.isEmpty { words.append("withdraws \(withdrawn)") }
        if !announced.isEmpty { words.append("announces \(announced) \(attributes)") }
        if !brokenOctets.isEmpty { words.append("with \(brokenOctets)") }
        return words.joined(separator: " ")
    }
}
