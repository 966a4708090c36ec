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

    @Test func `AS paths have the members that FRR finds in them`() throws {
        var judged = 0
        for one in try SharedData.list("vectors/frr-units.json", key: "cases") {
            guard one["set"] as? String == "aspath", let printed = one["printed"] as? String,
                let hex = one["as_path_value_hex"] as? String
            else { continue }
            let name = one["name"] as? String ?? ""
            let isWide = one["encoding"] as? String != "2-octet AS"
            let path = bytes(hex)
            func octets(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
            let attributes: [UInt8] =
                [0x40, 1, 1, 0, 0x50, 2] + octets(path.count) + path + [0x40, 3, 4, 10, 0, 0, 2]
            let body: [UInt8] = [0, 0] + octets(attributes.count) + attributes + [8, 11]
            let header = [UInt8](repeating: 0xFF, count: 16) + octets(19 + body.count) + [2]
            let lines = Self.lines(fields(header + body, fourOctetAS: isWide))
            let line = lines.first { $0.hasPrefix("AS-Path") } ?? "\(lines)"
            let text = String(line.dropFirst("AS-Path".count))
            // FRR's asdot+ writes every number in two parts.
            let plain = name.contains("asdot+") ? printed.replacing("0.", with: "") : printed
            #expect(
                Self.members(text) == Self.members(plain),
                "\(name): \(text), FRR: \(printed)"
            )
            judged += 1
        }
        #expect(judged > 10)
    }

    /// All fields in order, each as its label and value.
    private static func lines(_ fields: [DecodedField]) -> [String] {
        fields.flatMap { ["\($0.label) \($0.value)"] + lines($0.children) }
    }

    /// The numbers and brackets of a path, however it is written; of a set each member once, in order.
    private static func members(_ path: String) -> [String] {
        var words: [String] = []
        var set: Set<Int>?
        var number = ""
        func endNumber() {
            defer { number = "" }
            guard let value = Int(number) else { return }
            if set == nil { words.append(number) } else { set?.insert(value) }
        }
        for character in path {
            if character.isNumber {
                number.append(character)
                continue
            }
            endNumber()
            if "}]".contains(character) {
                words += (set ?? []).sorted().map(String.init)
                set = nil
            }
            if "{[".contains(character) { set = [] }
            if "{}()[]".contains(character) { words.append(String(character)) }
        }
        endNumber()
        return words
    }

    @Test func `what ExaBGP decodes of our families we read as it does, and the rest is no reset`()
        throws
    {
        var context = Self.context
        context.isIBGP = true
        for one in try SharedData.list("exabgp/decoding.json") {
            let name = one["name"] as? String ?? ""
            guard one["full_message"] as? Bool == true else { continue }
            let message = bytes(one["raw"] as? String ?? "")
            let body = Array(message.dropFirst(19))
            if name == "bgp-open-sofware-version" {
                guard case .message(let open) = OpenMessage.decode(body.span) else {
                    Issue.record("\(name) is refused")
                    continue
                }
                #expect(open.version == 4 && open.autonomousSystem == ASNumber(65533))
                #expect(open.holdTime == 180 && open.identifier == 0x0A00_0002)
                #expect(open.capabilities.families.contains(.ipv4))
                let found = Self.lines(fields(message))
                // We do not know the software's version (75): it is said to be there.
                #expect(found.contains("Capability 65 4-byte AS numbers: 65533"))
                #expect(found.contains("Capability 75 Unknown capability 75, length 32"))
                continue
            }
            let decoding = Decoding(body, context)
            if case .reset = decoding.verdict { Issue.record("\(name) is \(decoding.verdict)") }
            #expect(decoding.announced.isEmpty && decoding.mpAnnounced.isEmpty, "\(name)")
            guard name == "ipv4-unicast-2" else { continue }
            let found = Self.lines(fields(message))
            for words in [
                "Origin IGP", "AS-Path 43690 43690 43690", "Med 0", "Localpref 100",
                "Atomic Aggregate", "Aggregator 11141290 [10.10.10.10]", "Nexthop 10.10.10.10",
            ] {
                #expect(found.contains { $0.hasPrefix(words) }, "\(words) of \(found)")
            }
        }
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
