import Addressing
import BGPWire
import Recording
import Testing

/// Real MRT files against what bgpdump makes of them, through our decoder and encoder.
@Suite(.enabled(if: SharedData.isThere))
struct MRTReaderTests {
    @Test(arguments: [
        ("ripe-bgpdump/bview.20020722.2337.gz", "ripe-bgpdump/bview.20020722.2337.expect.xz"),
        ("ripe-bgpdump/updates.20020722.2238.gz", "ripe-bgpdump/updates.20020722.2238.expect.xz"),
        ("ripe-bgpdump/updates.20100722.2015.gz", "ripe-bgpdump/updates.20100722.2015.expect.xz"),
        ("ripe-bgpdump/updates.20160811.1600.gz", "ripe-bgpdump/updates.20160811.1600.expect.xz"),
        (
            "ripe-bgpdump/updates.long_withdrawal.gz",
            "ripe-bgpdump/updates.long_withdrawal.expect.xz"
        ),
        (
            "ripe-bgpdump/bview.ipv4_unicast_add_path.gz",
            "ripe-bgpdump/bview.ipv4_unicast_add_path.expect.xz"
        ),
        ("ris-old/rrc00.updates.20000102.2014.gz", "ris-old/rrc00.updates.20000102.2014.expect.xz"),
        ("ris-old/rrc15.updates.20100227.1610.gz", "ris-old/rrc15.updates.20100227.1610.expect.xz"),
        (
            "routeviews/jinx.updates.20150401.0000.bz2",
            "routeviews/jinx.updates.20150401.0000.expect.xz"
        ),
        ("routeviews/rib.20161101.0000_pick.bz2", "routeviews/rib.20161101.0000_pick.expect.xz"),
        ("daemon-samples/openbgpd_bgp", "daemon-samples/openbgpd_bgp.expect"),
        ("daemon-samples/openbgpd_rib_table", "daemon-samples/openbgpd_rib_table.expect"),
        ("daemon-samples/openbgpd_rib_table-v2", "daemon-samples/openbgpd_rib_table-v2.expect"),
        ("daemon-samples/quagga_bgp", "daemon-samples/quagga_bgp.expect"),
        ("daemon-samples/quagga_rib", "daemon-samples/quagga_rib.expect"),
    ])
    func `a file says what bgpdump says, and every update goes round`(
        file: String,
        expected: String
    ) throws {
        var reader = MRTReader(try SharedData.bytes("mrt/\(file)"))
        let text = String(decoding: try SharedData.bytes("mrt/\(expected)"), as: UTF8.self)
        let wanted = text.split(separator: "\n").compactMap(Self.normal)
        var writer = BGPDumpLines()
        var got: [String] = []
        while let record = reader.next() {
            #expect(record.content != .malformed)
            got += writer.lines(record, reader)
        }
        #expect(reader.missingByteCount == 0)
        let differences = writer.differences
        #expect(differences.isEmpty, "\(differences.prefix(3))")
        let (missing, extra) = Self.difference(wanted, got.compactMap { Self.normal($0[...]) })
        #expect(missing.isEmpty, "\(missing.count) lines missing, such as \(missing.prefix(3))")
        #expect(extra.isEmpty, "\(extra.count) lines too many, such as \(extra.prefix(3))")
    }

    /// A line in one spelling; nil where it says what we refuse.
    ///
    /// bgpdump gives records of the BGP type no field for communities, and may write `::` for a single group.
    static func normal(_ line: Substring) -> String? {
        var fields = line.split(separator: "|", omittingEmptySubsequences: false).map { field in
            field.contains("::")
                ? IPAddress(text: field)?.description ?? String(field) : String(field)
        }
        // AS 0 and a next hop that no host can have: treat-as-withdraw.
        if fields.contains("0"), fields.contains("255.255.255.255") { return nil }
        // An AGGREGATOR with AS 0 is left out (RFC 7607).
        fields.removeAll { $0.hasPrefix("0 ") && $0.split(separator: ".").count == 4 }
        // bgpdump writes the peer's address in place of the prefix here.
        if fields[0] == "BGP", fields[2] == "W" {
            fields[5] = String(fields[5].drop { $0 != "/" })
        }
        if fields[0] == "BGP", fields.count > 12, fields[11].isEmpty { fields.remove(at: 11) }
        while fields.last == "" { fields.removeLast() }
        return fields.joined(separator: "|")
    }

    static func difference(_ wanted: [String], _ got: [String]) -> (
        missing: [String], extra: [String]
    ) {
        var counts: [String: Int] = [:]
        for line in wanted { counts[line, default: 0] += 1 }
        var extra: [String] = []
        for line in got {
            if let count = counts[line], count > 0 {
                counts[line] = count - 1
            } else {
                extra.append(line)
            }
        }
        return (counts.flatMap { Array(repeating: $0.key, count: $0.value) }.sorted(), extra)
    }

    @Test func `a file that is cut off gives everything before the cut`() throws {
        var reader = MRTReader(try SharedData.bytes("mrt/routeviews/rib.20140523.0600_firstMB.bz2"))
        var prefixes = 0
        var routes = 0
        var peers: Set<MRTPeer> = []
        while let record = reader.next() {
            switch record.content {
            case .peers: break
            case .routes(_, let list):
                prefixes += 1
                routes += list.count
                peers.formUnion(list.compactMap(\.peer))
            case .message, .stateChange, .unsupported, .malformed: Issue.record("\(record)")
            }
        }
        // bgpdump counts 9,072 prefixes and 270,005 routes; bzip2 itself gives up a little earlier.
        #expect(peers.count == 35)
        #expect((9060...9072).contains(prefixes))
        #expect((269_500...270_005).contains(routes))
        #expect(reader.missingByteCount > 0)
    }

    @Test func `OpenBGPD's table-mp is read`() throws {
        var reader = MRTReader(try SharedData.bytes("mrt/daemon-samples/openbgpd_rib_table-mp"))
        var writer = BGPDumpLines()
        var count = 0
        while let record = reader.next() { count += writer.lines(record, reader).count }
        #expect(count == 31)
    }

    @Test func `a file cut anywhere is never a trap`() throws {
        let whole = try SharedData.bytes("mrt/daemon-samples/openbgpd_rib_table-v2")
        for end in stride(from: 0, to: whole.count, by: 7) {
            var reader = MRTReader(Array(whole[..<end]))
            var used = 0
            while reader.next() != nil { used += 1 }
            #expect(reader.missingByteCount > 0 || used > 0 || end == 0)
        }
        for bit in stride(from: 0, to: whole.count * 8, by: 13) {
            var flipped = whole
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            var reader = MRTReader(flipped)
            var writer = BGPDumpLines()
            var lines = 0
            while let record = reader.next() { lines += writer.lines(record, reader).count }
            #expect(lines <= whole.count)
        }
    }
}
