import Addressing

/// Where the three parts of an UPDATE stand, for reading one that may be malformed.
struct UpdateLayout {
    var withdrawn: Range<Int>
    var attributes: Range<Int>
    var reachable: Range<Int>

    /// Looks into `range`, the body; nil where a length points past the end.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count >= 4 else { return nil }
        let withdrawnEnd = range.lowerBound + 2 + Int(bytes.uint16(at: range.lowerBound))
        guard withdrawnEnd + 2 <= range.upperBound else { return nil }
        let attributesEnd = withdrawnEnd + 2 + Int(bytes.uint16(at: withdrawnEnd))
        guard attributesEnd <= range.upperBound else { return nil }
        withdrawn = range.lowerBound + 2..<withdrawnEnd
        attributes = withdrawnEnd + 2..<attributesEnd
        reachable = attributesEnd..<range.upperBound
    }

    /// The attributes whole; `rest` is what could not be read, empty where all was.
    func list(_ bytes: Span<UInt8>) -> (whole: [PathAttribute], rest: Range<Int>) {
        var whole: [PathAttribute] = []
        var offset = 0
        let slice = bytes.extracting(attributes)
        let base = attributes.lowerBound
        while let found = PathAttribute.next(in: slice, at: &offset) {
            whole.append(
                PathAttribute(
                    flags: found.flags,
                    type: found.type,
                    value: found.value.lowerBound + base..<found.value.upperBound + base,
                    whole: found.whole.lowerBound + base..<found.whole.upperBound + base
                )
            )
        }
        return (whole, base + offset..<attributes.upperBound)
    }
}

/// Prefixes read one by one from octets that may be malformed.
struct PrefixRun {
    var prefixes: [(prefix: IPPrefix, pathID: UInt32?, range: Range<Int>)] = []
    /// What could not be read; empty where all was.
    var rest: Range<Int>

    init(
        _ family: AddressFamily,
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        withPathIDs: Bool
    ) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let start = offset
            let lengthPlace = withPathIDs ? offset + 4 : offset
            guard lengthPlace < range.upperBound else { break }
            let length = bytes[lengthPlace]
            let end = lengthPlace + 1 + (Int(length) + 7) / 8
            guard length <= family.bitCount, end <= range.upperBound else { break }
            let pathID = withPathIDs ? NLRI.readPathID(from: bytes, at: &offset) : nil
            prefixes.append((NLRI.read(family, from: bytes, at: &offset), pathID, start..<end))
        }
        rest = offset..<range.upperBound
    }

    /// `203.0.113.0/24 (+3)`.
    var brief: String {
        guard let first = prefixes.first else {
            return rest.isEmpty ? "none" : "malformed prefixes"
        }
        let more = prefixes.count > 1 ? " (+\(prefixes.count - 1))" : ""
        return "\(first.prefix)\(more)\(rest.isEmpty ? "" : ", then malformed")"
    }
}

/// The parts of MP_REACH_NLRI or MP_UNREACH_NLRI, where they can be found.
struct MultiprotocolLayout {
    var afi: UInt16
    var safi: UInt8
    /// The next hop; empty in MP_UNREACH_NLRI.
    var nextHop: Range<Int>
    var routes: Range<Int>

    init?(_ bytes: Span<UInt8>, _ attribute: PathAttribute) {
        let value = attribute.value
        guard value.count >= 3 else { return nil }
        afi = bytes.uint16(at: value.lowerBound)
        safi = bytes[value.lowerBound + 2]
        if attribute.type == .mpUnreach {
            nextHop = value.lowerBound + 3..<value.lowerBound + 3
            routes = value.lowerBound + 3..<value.upperBound
            return
        }
        guard value.count >= 5 else { return nil }
        let start = value.lowerBound + 4
        let end = start + Int(bytes[start - 1])
        guard end < value.upperBound else { return nil }
        nextHop = start..<end
        routes = end + 1..<value.upperBound
    }

    /// The family where its prefixes can be read here.
    var family: AddressFamily? {
        safi <= 2 && safi > 0 && afi <= 2 ? AddressFamily(rawValue: UInt8(afi)) : nil
    }

    var familyName: String { FamilyName.words(afi: afi, safi: safi) }
}
