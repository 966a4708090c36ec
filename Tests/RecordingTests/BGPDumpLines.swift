import Addressing
import BGPWire
import Recording

/// Writes MRT records as `bgpdump -m` does, by way of our own decoder.
struct BGPDumpLines: ~Copyable {
    private var decoder = UpdateDecoder()
    private var roundTrip = RoundTrip()

    /// What the round trips found different.
    var differences: [String] { roundTrip.differences }
    /// How many messages went round.
    var roundTripCount: Int { roundTrip.count }

    mutating func lines(_ record: MRTRecord, _ reader: borrowing MRTReader) -> [String] {
        switch record.content {
        case .routes(let prefix, let routes):
            return routes.compactMap { route(record, prefix, $0, reader) }
        case .message(let message):
            return messageLines(record, message)
        case .stateChange(let change):
            let name = record.type == 5 ? "BGP" : "BGP4MP"
            let peer = "\(change.peerAddress)|\(change.peerAS)"
            return ["\(name)|\(record.seconds)|STATE|\(peer)|\(change.oldState)|\(change.newState)"]
        case .peers, .unsupported, .malformed:
            return []
        }
    }

    /// A route of a table, through an UPDATE that holds it alone.
    private mutating func route(
        _ record: MRTRecord,
        _ prefix: IPPrefix,
        _ route: MRTRoute,
        _ reader: borrowing MRTReader
    ) -> String? {
        let octets = reader.octets(route.attributes)
        var attributes: [UInt8] = []
        var reach: [UInt8] = []
        var offset = 0
        while let found = PathAttribute.next(in: octets.span, at: &offset) {
            if found.type == .mpReach {
                let value = Array(octets[found.value])
                reach =
                    route.hasShortReach && value.first != 0
                    ? Array(value.dropFirst()) : Self.nextHop(value)
            } else {
                attributes += octets[found.whole]
            }
        }
        let nlri = [prefix.length] + prefix.address.bytes.prefix((Int(prefix.length) + 7) / 8)
        var body: [UInt8] = [0, 0]
        if let hop = route.nextHop, prefix.family == .ipv4 {
            attributes += [0x40, 3, UInt8(hop.count)] + reader.octets(hop)
        }
        if prefix.family == .ipv6 {
            if let hop = route.nextHop { reach = reader.octets(hop) }
            let value = [0, 2, 1, UInt8(reach.count)] + reach + [0] + nlri
            attributes += [0x80, 14, UInt8(value.count)] + value
        }
        body += [UInt8(attributes.count >> 8), UInt8(attributes.count & 255)] + attributes
        if prefix.family == .ipv4 { body += nlri }
        var kind = record.type == 12 ? "TABLE_DUMP" : "TABLE_DUMP2"
        if route.pathID != nil { kind += "_AP" }
        guard let peer = route.peer else { return nil }
        let time = record.type == 12 || record.type == 13 ? record.seconds : route.originated
        let subject = "\(prefix)" + (route.pathID.map { "|\($0)" } ?? "")
        let head = "\(kind)|\(time)|B|\(peer.address)|\(peer.autonomousSystem)|\(subject)"
        return announced(body, fourOctetAS: route.fourOctetAS, ["\(head)"]).first
    }

    private static func nextHop(_ value: [UInt8]) -> [UInt8] {
        guard value.count > 4 else { return [] }
        return Array(value[4...].prefix(Int(value[3])))
    }

    private mutating func messageLines(_ record: MRTRecord, _ message: MRTMessage) -> [String] {
        guard message.bytes.count >= 23, message.bytes[18] == 2 else { return [] }
        let body = Array(message.bytes[19...])
        let verdict = roundTrip.run(
            body,
            fourOctetAS: message.fourOctetAS,
            "record at \(record.seconds)"
        )
        guard verdict == .accept else { return [] }
        let name = record.type == 5 ? "BGP" : "BGP4MP"
        let start = "\(name)|\(record.seconds)"
        let peer = "\(message.peerAddress)|\(message.peerAS)"
        var lines: [String] = []
        let context = RoundTrip.context(body, fourOctetAS: message.fourOctetAS)
        _ = decoder.decode(body.span, context: context)
        let blocks = (
            decoder.withdrawn, decoder.reachable, decoder.mpReachable, decoder.mpWithdrawn
        )
        for prefix in Self.prefixes(body, blocks.0) + Self.prefixes(body, blocks.3) {
            lines.append("\(start)|W|\(peer)|\(prefix)")
        }
        let heads = (Self.prefixes(body, blocks.1) + Self.prefixes(body, blocks.2)).map {
            "\(start)|A|\(peer)|\($0)"
        }
        return lines + announced(body, fourOctetAS: message.fourOctetAS, heads)
    }

    /// The lines of all announced prefixes: `heads` and the attributes behind each.
    private mutating func announced(_ body: [UInt8], fourOctetAS: Bool, _ heads: [String])
        -> [String]
    {
        let span = body.span
        let context = RoundTrip.context(body, fourOctetAS: fourOctetAS)
        guard decoder.decode(span, context: context) == .accept else { return [] }
        let own = decoder.withAttributes(in: span) { span in span.indices.map { span[$0] } }
        let other = decoder.withMPAttributes(in: span) { span in span.indices.map { span[$0] } }
        let ownCount = decoder.reachable.prefixCount
        return heads.enumerated().map {
            "\($0.element)|\(Self.tail($0.offset < ownCount ? own : other))"
        }
    }

    /// `path|origin|next hop|local preference|MED|communities|AG or NAG|aggregator|`.
    private static func tail(_ canonical: [UInt8]) -> String {
        func value(_ type: AttributeType) -> [UInt8]? {
            PathAttribute.first(type, in: canonical.span).map { Array(canonical[$0.value]) }
        }
        func text(_ type: AttributeType) -> String? {
            value(type).map { AttributeText.value(of: type, $0.span) }
        }
        let origins = ["IGP": "IGP", "EGP": "EGP", "incomplete": "INCOMPLETE"]
        let path = Self.path(text(.asPath) ?? "")
        let hop = text(.nextHop)?.split(separator: " ").first.map(String.init) ?? ""
        let numbers = "\(text(.localPreference) ?? "0")|\(text(.multiExitDiscriminator) ?? "0")"
        let communities = value(.communities).map(Self.communities) ?? ""
        let mark = value(.atomicAggregate) == nil ? "NAG" : "AG"
        let aggregator = (text(.aggregator) ?? "").filter { $0 != "[" && $0 != "]" }
        let origin = text(.origin).flatMap { origins[$0] } ?? ""
        return "\(path)|\(origin)|\(hop)|\(numbers)|\(communities)|\(mark)|\(aggregator)|"
    }

    /// A path with its sets as bgpdump writes them: `1853 {13659,701}`.
    private static func path(_ text: String) -> String {
        var result = ""
        var isInSet = false
        for word in text.split(separator: " ") {
            switch word {
            case "{":
                result += result.isEmpty ? "{" : " {"
                isInSet = true
            case "}":
                result += "}"
                isInSet = false
            default:
                let isFirst = result.isEmpty || result.hasSuffix("{")
                result += (isFirst ? "" : isInSet ? "," : " ") + word
            }
        }
        return result
    }

    private static func communities(_ value: [UInt8]) -> String {
        let names = [
            "NO_EXPORT": "no-export", "NO_ADVERTISE": "no-advertise",
            "NO_EXPORT_SUBCONFED": "local-AS",
        ]
        let numbers = [
            "GRACEFUL_SHUTDOWN": "65535:0", "BLACKHOLE": "65535:666", "NO_PEER": "65535:65284",
        ]
        return AttributeText.communities(value.span).map { names[$0] ?? numbers[$0] ?? $0 }
            .joined(separator: " ")
    }

    private static func prefixes(_ body: [UInt8], _ block: NLRIBlock) -> [IPPrefix] {
        var offset = block.range.lowerBound
        var prefixes: [IPPrefix] = []
        while offset < block.range.upperBound {
            prefixes.append(NLRI.read(block.family, from: body.span, at: &offset))
        }
        return prefixes
    }
}
