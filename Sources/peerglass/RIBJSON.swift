import Addressing
import BGPWire
import Control

/// `show rib --json`, streamed.
struct RIBJSON {
    private let book: NeighborBook
    private let isDetailed: Bool
    /// The decision process ran over these rows.
    private let isDecided: Bool
    private var isOpen = false
    private var fragments: [NeighborNumber: [UInt8]] = [:]
    private var lastPath: [UInt8] = []
    private var lastPathText = ""
    private var lastAge: UInt32 = 0
    private var lastAgeText = TimeText.span(0)
    private var lastPrefix: IPPrefix?
    private var lastWasEligible = false

    init(book: NeighborBook, form: RIBCommand.Form, table: RIBCommand.Table) {
        self.book = book
        isDetailed = form != .table
        isDecided = table == .locRIB
    }

    mutating func row(_ row: RIBRow, to json: inout JSONWriter) {
        if !isOpen {
            json.array("rib")
            isOpen = true
        }
        json.object()
        json.plain("prefix") { $0.append(row.prefix) }
        if row.asPath != lastPath {
            lastPath = row.asPath
            lastPathText = AttributeText.asPath(row.asPath.span)
        }
        json.plain("aspath") { $0.append(lastPathText) }
        json.plain("exit_nexthop") { $0.append(row.nextHop) }
        let trueNextHop = row.trueNextHop ?? .unspecified(row.nextHop.family)
        json.plain("true_nexthop") { $0.append(trueNextHop) }
        let fragment = neighborFragment(row.neighbor)
        json.raw("neighbor") { $0.append(fragment) }
        if let pathID = row.pathID { json.number("path_id", pathID) }
        flags(row, to: &json)
        json.plain("ovs") { $0.append(row.originValidation.word) }
        json.plain("avs") { $0.append(row.pathValidation.word) }
        json.plain("origin") { $0.append(row.originWord) }
        json.number("metric", row.med)
        json.number("localpref", row.localPreference)
        json.number("weight", row.weight)
        json.number("dmetric", decisionMetric(row))
        if row.ageSeconds != lastAge {
            lastAge = row.ageSeconds
            lastAgeText = TimeText.span(lastAge)
        }
        json.plain("last_update") { $0.append(lastAgeText) }
        json.number("last_update_sec", row.ageSeconds)
        if isDetailed { attributes(row.attributes, to: &json) }
        if let reason = row.reason { self.reason(reason, to: &json) }
        json.end()
    }

    private func reason(_ reason: PathReason, to json: inout JSONWriter) {
        json.string("why", reason.words { book.name($0) })
        if let step = reason.lostAt { json.string("lost_at", step) }
        guard let rule = reason.refusedBy else { return }
        json.compactObject("refused_by")
        json.string("file", rule.file)
        json.number("line", rule.line)
        json.string("text", rule.text)
        json.end()
    }

    private func flags(_ row: RIBRow, to json: inout JSONWriter) {
        json.bool("valid", row.flags.contains(.valid))
        if row.flags.contains(.filtered) { json.bool("filtered", true) }
        if row.flags.contains(.selected) { json.bool("best", true) }
        if row.flags.contains(.equalCost) { json.bool("ecmp", true) }
        if row.flags.contains(.asWide) { json.bool("as-wide", true) }
        json.plain("source") {
            $0.append(row.flags.contains(.viaIBGP) ? "internal" as StaticString : "external")
        }
        if row.flags.contains(.stale) { json.bool("stale", true) }
        if row.flags.contains(.announced) { json.bool("announced", true) }
    }

    /// How near the path is to the one above it: 5 best, 4 in the ECMP set, 3 in the as-wide set, 2 worse,
    /// 1 differs by eligibility, 0 or -1 not eligible.
    private mutating func decisionMetric(_ row: RIBRow) -> Int {
        guard isDecided else { return 0 }
        let isFirst = lastPrefix != row.prefix
        let isEligible = row.flags.contains(.valid)
        defer {
            lastPrefix = row.prefix
            lastWasEligible = isEligible
        }
        if row.flags.contains(.selected) { return 5 }
        if row.flags.contains(.equalCost) { return 4 }
        if row.flags.contains(.asWide) { return 3 }
        if isEligible { return 2 }
        if isFirst { return 0 }
        return lastWasEligible ? 1 : -1
    }

    private mutating func neighborFragment(_ number: NeighborNumber) -> [UInt8] {
        if let fragment = fragments[number] { return fragment }
        let entry = book.entry(number)
        var json = JSONWriter(Output { _ in true })
        let start = json.output.bytes.count
        json.compactObject("neighbor")
        if !entry.descr.isEmpty { json.string("description", entry.descr) }
        json.string("remote_addr", entry.addressText)
        json.string("bgp_id", entry.identifier)
        json.end()
        let whole = json.output.bytes[start...]
        let fragment = Array(whole.drop { $0 != UInt8(ascii: "{") })
        fragments[number] = fragment
        return fragment
    }

    private func attributes(_ bytes: [UInt8], to json: inout JSONWriter) {
        let span = bytes.span
        strings("communities", .communities, span, to: &json) { AttributeText.communities($0) }
        strings("extended_communities", .extendedCommunities, span, to: &json) {
            AttributeText.extendedCommunities($0)
        }
        strings("large_communities", .largeCommunities, span, to: &json) {
            AttributeText.largeCommunities($0)
        }
        var hasOther = false
        var offset = 0
        while let attribute = PathAttribute.next(in: span, at: &offset) {
            switch attribute.type {
            case .communities, .extendedCommunities, .largeCommunities: continue
            default: break
            }
            if AttributeLines.shown.contains(attribute.type) { continue }
            if !hasOther {
                json.array("attributes")
                hasOther = true
            }
            other(attribute, span.extracting(attribute.value), to: &json)
        }
        if hasOther { json.end() }
    }

    private func strings(
        _ name: StaticString,
        _ type: AttributeType,
        _ bytes: Span<UInt8>,
        to json: inout JSONWriter,
        _ words: (Span<UInt8>) -> [String]
    ) {
        guard let attribute = PathAttribute.first(type, in: bytes) else { return }
        let words = words(bytes.extracting(attribute.value))
        guard !words.isEmpty else { return }
        json.array(name)
        for word in words { json.string(nil, word) }
        json.end()
    }

    private func other(
        _ attribute: PathAttribute,
        _ value: Span<UInt8>,
        to json: inout JSONWriter
    ) {
        json.object()
        json.string("type", attribute.type.name ?? "Unknown Attribute #\(attribute.type.rawValue)")
        json.compactObject("flags")
        json.bool("partial", attribute.flags & AttributeFlags.partial != 0)
        json.bool("transitive", attribute.flags & AttributeFlags.transitive != 0)
        json.bool("optional", attribute.flags & AttributeFlags.optional != 0)
        json.end()
        json.number("length", value.count)
        contents(of: attribute.type, value, to: &json)
        json.end()
    }

    private func contents(
        of type: AttributeType,
        _ value: Span<UInt8>,
        to json: inout JSONWriter
    ) {
        switch type {
        case .atomicAggregate where value.isEmpty:
            break
        case .aggregator where value.count == 8:
            json.number("AS", number(value, at: 0))
            json.string("router_id", IPAddress(ipv4: number(value, at: 4)).description)
        case .originatorID where value.count == 4:
            json.string("originator", IPAddress(ipv4: number(value, at: 0)).description)
        case .clusterList where value.count % 4 == 0 && !value.isEmpty:
            json.array("cluster_list")
            for offset in stride(from: 0, to: value.count, by: 4) {
                json.string(nil, IPAddress(ipv4: number(value, at: offset)).description)
            }
            json.end()
        case .onlyToCustomer where value.count == 4:
            json.number("as", number(value, at: 0))
        default:
            let digits = Array("0123456789abcdef".utf8)
            json.plain("data") {
                for index in 0..<value.count {
                    $0.append(digits[Int(value[index] >> 4)])
                    $0.append(digits[Int(value[index] & 15)])
                }
            }
        }
    }

    private func number(_ value: Span<UInt8>, at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(value[offset + $1]) }
    }
}
