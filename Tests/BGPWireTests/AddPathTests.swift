import Addressing
import BGPWire
import Testing

/// ADD-PATH on the wire (RFC 7911): a path identifier before each prefix.
struct AddPathTests {
    private static var context: UpdateContext {
        var context = VectorTests.context
        context.pathIDs = [.ipv4, .ipv6]
        return context
    }
    private static let attributes = bytes("40010100 4002060201 0000fde9 4003040a000002")
    private static let attributes6 =
        bytes("40010100 4002060201 0000fde9 400310") + bytes("20010db8000000000000000000000002")

    /// The identifiers and prefixes of a block.
    private func paths(_ body: [UInt8], _ block: NLRIBlock) -> [String] {
        var offset = block.range.lowerBound
        var paths: [String] = []
        while offset < block.range.upperBound {
            let pathID = block.hasPathIDs ? NLRI.readPathID(from: body.span, at: &offset) : 0
            paths.append("\(pathID) \(NLRI.read(block.family, from: body.span, at: &offset))")
        }
        return paths
    }

    /// The bodies of the messages that announce and withdraw these paths.
    private func bodies(_ paths: [(UInt32, IPPrefix)], _ attributes: [UInt8]?) -> [[UInt8]] {
        var builder = UpdateBuilder()
        var output: [UInt8] = []
        let family = paths.first?.1.family ?? .ipv4
        if let attributes {
            let fits = builder.begin(
                attributes: attributes.span,
                family: family,
                fourOctetAS: true,
                markPartial: false,
                maximumLength: MessageFraming.standardMaximum,
                withPathIDs: true
            )
            #expect(fits)
        } else {
            builder.beginWithdrawal(family: family, maximumLength: MessageFraming.standardMaximum)
        }
        for (pathID, prefix) in paths { builder.append(prefix, pathID: pathID, to: &output) }
        builder.finish(to: &output)
        var offset = 0
        var bodies: [[UInt8]] = []
        while case .message(.update, let body) = MessageFraming.next(in: output.span, at: &offset) {
            bodies.append(Array(output[body]))
        }
        return bodies
    }

    @Test(arguments: [AddressFamily.ipv4, .ipv6], [AddressFamily.ipv4, .ipv6])
    func `what is built is what is read, in full messages, IPv4 with either next hop too`(
        family: AddressFamily,
        nextHop: AddressFamily
    ) {
        if family == .ipv6, nextHop == .ipv4 { return }
        let paths = (0..<3000).map { number -> (UInt32, IPPrefix) in
            let prefix =
                family == .ipv4
                ? IPPrefix(ipv4: UInt32(number / 3) << 12, length: 20)
                : IPPrefix(
                    IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | UInt64(number / 3), low: 0),
                    length: 64
                )
            return (UInt32(number % 3) &* 0x7654_3210, prefix)
        }
        let words = paths.map { "\($0.0) \($0.1)" }
        let attributes = nextHop == .ipv4 ? Self.attributes : Self.attributes6
        var context = Self.context
        context.extendedNextHop = true
        var decoder = UpdateDecoder()
        for isAnnounced in [true, false] {
            var found: [String] = []
            let all = bodies(paths, isAnnounced ? attributes : nil)
            for body in all {
                #expect(decoder.decode(body.span, context: context) == .accept)
                found += self.paths(body, decoder.withdrawn) + self.paths(body, decoder.mpWithdrawn)
                found += self.paths(body, decoder.reachable) + self.paths(body, decoder.mpReachable)
            }
            #expect(found == words)
            #expect(all.count > 3)
            #expect(all.dropLast().allSatisfy { $0.count + 19 > 4096 - 13 })
        }
    }

    @Test func `a message without identifiers on such a session is malformed, or other prefixes`() {
        // 203.0.113.0/24 and 10.0.0.0/8 read as identifier 0x18cb0071 and length 8.
        let body = bytes("0000 0014") + Self.attributes + bytes("18cb0071 080a")
        var decoder = UpdateDecoder()
        #expect(decoder.decode(body.span, context: Self.context) == .accept)
        #expect(paths(body, decoder.reachable) == ["\(0x18CB_0071) 10.0.0.0/8"])
        let short = bytes("0000 0014") + Self.attributes + bytes("18cb0071")
        #expect(
            decoder.decode(short.span, context: Self.context)
                == .reset(NotificationMessage(.update, 10))
        )
        #expect(decoder.decode(short.span, context: VectorTests.context) == .accept)
    }

    @Test func `one family has identifiers and the other none`() {
        var context = Self.context
        context.pathIDs = .ipv6
        let reach =
            "800e 1e 0002 01 10 20010db8000000000000000000000002 00 00000007 20 20010db8"
        let body =
            bytes("0000 0035") + bytes(reach) + Self.attributes + bytes("18cb0071")
        var decoder = UpdateDecoder()
        #expect(decoder.decode(body.span, context: context) == .accept)
        #expect(paths(body, decoder.reachable) == ["0 203.0.113.0/24"])
        #expect(paths(body, decoder.mpReachable) == ["7 2001:db8::/32"])
    }

    @Test func `cut anywhere or with any bit flipped it is a verdict and reads no further`() {
        let prefix = IPPrefix(ipv4: 0xCB00_7100, length: 24)
        let whole = bodies([(1, prefix), (0xFFFF_FFFF, prefix)], Self.attributes)[0]
        var decoder = UpdateDecoder()
        for length in whole.indices {
            let cut = Array(whole[..<length])
            if decoder.decode(cut.span, context: Self.context) == .accept {
                _ = paths(cut, decoder.reachable)
            }
        }
        for bit in 0..<whole.count * 8 {
            var flipped = whole
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = decoder.decode(flipped.span, context: Self.context)
            for block in [decoder.withdrawn, decoder.reachable, decoder.mpReachable] {
                _ = paths(flipped, block)
            }
        }
    }

    @Test func `the End-of-RIB markers are the same with identifiers`() {
        var decoder = UpdateDecoder()
        var output: [UInt8] = []
        UpdateBuilder.appendEndOfRIB(.ipv6, to: &output)
        let body = Array(output.dropFirst(19))
        #expect(decoder.decode(body.span, context: Self.context) == .endOfRIB(.ipv6))
    }

    @Test func `the capability names families and modes, the first of a family counts`() {
        var capabilities = Capabilities()
        capabilities.setAddPath(receive: [.ipv4, .ipv6], send: .ipv6)
        #expect(capabilities.addPath == bytes("00010101 00020103"))
        #expect(capabilities.addPathFamilies.receive == [.ipv4, .ipv6])
        #expect(capabilities.addPathFamilies.send == .ipv6)
        capabilities.addPath = bytes("00010107 00018003 00010102 00010101 00020100 0002")
        #expect(capabilities.addPathFamilies.receive == [])
        #expect(capabilities.addPathFamilies.send == .ipv4)
        capabilities.setAddPath(receive: [], send: [])
        #expect(capabilities.addPath == nil)
    }

    @Test func `the words of a message have its identifiers`() {
        let prefix = IPPrefix(ipv4: 0xCB00_7100, length: 24)
        let body = bodies([(7, prefix), (8, prefix)], Self.attributes)[0]
        var message: [UInt8] = Array(repeating: 0xFF, count: 16)
        message += [0, UInt8(body.count + 19), 2] + body
        #expect(
            MessageText.line(message.span, fourOctetAS: true, pathIDs: .ipv4)
                == "203.0.113.0/24 (+1)  path 65001"
        )
        let routes = MessageText.fields(message.span, fourOctetAS: true, pathIDs: .ipv4)
            .first { $0.label == "Reachable routes" }
        #expect(
            routes?.children.map(\.value) == [
                "203.0.113.0/24 path-id 7", "203.0.113.0/24 path-id 8",
            ]
        )
        #expect(routes?.children.map(\.range) == [43..<51, 51..<59])
    }
}
