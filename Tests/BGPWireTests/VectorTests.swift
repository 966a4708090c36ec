import Addressing
import BGPWire
import Testing

/// Bytes and judgements of other implementations.
@Suite(.enabled(if: SharedData.isThere))
struct VectorTests {
    static let context = UpdateContext(
        fourOctetAS: true,
        families: [.ipv4, .ipv6],
        isIBGP: false,
        localAS: ASNumber(65000),
        remoteAS: ASNumber(65001),
        enforceNeighborAS: false,
        rejectASSet: false
    )

    @Test func `what once crashed GoBGP is a verdict`() throws {
        var decoder = UpdateDecoder()
        for one in try SharedData.list("vectors/gobgp-crashers.json") {
            let message = bytes(one["message_hex"] as? String ?? "")
            var offset = 0
            let framed = MessageFraming.next(in: message.span, at: &offset)
            #expect(framed == .fault(NotificationMessage(.header, 1)))
            let body = Array(message.dropFirst(19))
            if case .accept = decoder.decode(body.span, context: Self.context),
                !decoder.reachable.isEmpty
            {
                Issue.record("\(one["name"] ?? "") announces something")
            }
            #expect(!fields(message).isEmpty)
        }
    }

    @Test func `multiprotocol attributes of our families parse where FRR's do`() throws {
        var decoder = UpdateDecoder()
        var judged = 0
        for one in try SharedData.list("vectors/frr-units.json", key: "cases") {
            guard let set = one["set"] as? String, set == "mp_reach" || set == "mp_unreach" else {
                continue
            }
            // A next hop and no prefix at all: FRR wants one, RFC 4760 does not.
            if one["name"] as? String == "IPv6-bug" { continue }
            let value = bytes(one["attribute_value_hex"] as? String ?? "")
            guard value.count > 2, value[0] == 0, value[1] == 1 || value[1] == 2, value[2] == 1
            else { continue }
            let type: UInt8 = set == "mp_reach" ? 14 : 15
            var attributes: [UInt8] =
                [0x40, 1, 1, 0, 0x40, 2, 0, 0x80, type, UInt8(value.count)] + value
            if type == 15 { attributes = [0x80, type, UInt8(value.count)] + value }
            let body = [0, 0, 0, UInt8(attributes.count)] + attributes
            let verdict = decoder.decode(body.span, context: Self.context)
            var isReset = false
            if case .reset = verdict { isReset = true }
            let isMalformed = one["expect"] as? String == "malformed"
            #expect(
                isReset == isMalformed,
                "\(one["name"] ?? ""): \(one["desc"] ?? "") gave \(verdict)"
            )
            judged += 1
        }
        #expect(judged >= 9)
    }

    @Test func `every message of the corpus is read as its capturer reads it`() throws {
        var decoder = UpdateDecoder()
        var sound = 0
        for one in try SharedData.list("vectors/message-corpus.json.xz") {
            let message = bytes(one["message_hex"] as? String ?? "")
            let id = one["id"] ?? ""
            var offset = 0
            let framed = MessageFraming.next(
                in: message.span,
                at: &offset,
                maximumLength: MessageFraming.extendedMaximum
            )
            #expect(!fields(message).isEmpty, "message \(id)")
            guard case .message(let type, let range) = framed, type == .update else { continue }
            let body = Array(message[range])
            let verdict = decoder.decode(body.span, context: Self.context)
            guard one["tshark_malformed"] as? Bool == false, verdict == .accept else { continue }
            sound += 1
            let line = MessageText.line(message.span, fourOctetAS: true)
            #expect(!line.contains("malformed"), "message \(id): \(line)")
        }
        #expect(sound > 20)
    }

    @Test func `ExaBGP's encodings announce what ExaBGP says`() throws {
        guard let folder = SharedData.folder else { return }
        var compared = 0
        for file in try fileNames(folder, "exabgp/encoding") {
            guard let whole = try SharedData.json("exabgp/encoding/\(file)") as? [String: Any]
            else { continue }
            let steps = whole["steps"] as? [[String: Any]] ?? []
            for step in steps {
                if let expected = ExaBGPRoutes(step) {
                    #expect(expected.read() == expected.expected, "\(file): \(step["raw"] ?? "")")
                    compared += 1
                }
            }
        }
        #expect(compared > 20)
    }
}
