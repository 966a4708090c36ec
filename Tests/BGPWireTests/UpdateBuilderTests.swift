import Addressing
import BGPWire
import Testing

struct UpdateBuilderTests {
    static let attributes = bytes(
        "40010100 40020e0203 0000fde9 00061a80 0000fdea 4003040a000002 c00708 00061a80 0a000001"
    )

    private func announce(
        _ attributes: [UInt8],
        _ prefixes: [IPPrefix],
        fourOctetAS: Bool = true,
        markPartial: Bool = true
    ) -> [UInt8] {
        var builder = UpdateBuilder()
        return announce(
            attributes,
            prefixes,
            with: &builder,
            fourOctetAS: fourOctetAS,
            markPartial: markPartial
        )
    }

    private func announce(
        _ attributes: [UInt8],
        _ prefixes: [IPPrefix],
        with builder: inout UpdateBuilder,
        fourOctetAS: Bool = true,
        markPartial: Bool = true
    ) -> [UInt8] {
        var output: [UInt8] = []
        let fits = builder.begin(
            attributes: attributes.span,
            family: prefixes[0].family,
            fourOctetAS: fourOctetAS,
            markPartial: markPartial,
            maximumLength: MessageFraming.standardMaximum
        )
        guard fits else { return [] }
        for prefix in prefixes { builder.append(prefix, to: &output) }
        builder.finish(to: &output)
        return output
    }

    /// Cuts into message bodies; fails on anything else.
    private func bodies(_ stream: [UInt8]) -> [[UInt8]] {
        var offset = 0
        var bodies: [[UInt8]] = []
        while offset < stream.count {
            let found = MessageFraming.next(in: stream.span, at: &offset)
            guard case .message(.update, let body) = found else {
                Issue.record("\(found) at \(offset)")
                return bodies
            }
            bodies.append(Array(stream[body]))
        }
        return bodies
    }

    @Test func `ten thousand prefixes are packed into full messages and read back`() {
        let prefixes = (0..<10_000).map { IPPrefix(ipv4: UInt32($0) << 8, length: 24) }
        let stream = announce(Self.attributes, prefixes)
        let all = bodies(stream)
        #expect(all.dropLast().allSatisfy { $0.count + 19 > 4096 - 4 })
        let decoded = all.map { Decoding($0, VectorTests.context) }
        #expect(decoded.allSatisfy { $0.verdict == .accept && $0.attributes == Self.attributes })
        #expect(decoded.flatMap(\.announced) == prefixes.map(\.description))
    }

    @Test(arguments: [16, 32]) func `IPv6 prefixes go into MP_REACH with their next hop`(
        length: Int
    ) {
        let hop = bytes("20010db8000000000000000000000002fe800000000000000000000000000002").prefix(
            length
        )
        let canonical = bytes("40010100 4002060201 0000fde9") + [0x40, 3, UInt8(length)] + hop
        let prefixes = (0..<2000).map {
            IPPrefix(IPAddress(ipv6High: 0x2001_0DB8_0000_0000 + $0, low: 0), length: 64)
        }
        let decoded = bodies(announce(canonical, prefixes)).map {
            Decoding($0, VectorTests.context)
        }
        #expect(decoded.count > 1)
        #expect(decoded.allSatisfy { $0.verdict == .accept && $0.mpAttributes == canonical })
        #expect(decoded.flatMap(\.mpAnnounced) == prefixes.map(\.description))
    }

    @Test func `to two octets the true numbers travel in AS4_PATH and AS4_AGGREGATOR`() throws {
        let prefix = try #require(IPPrefix(text: "203.0.113.0/24"))
        let stream = announce(Self.attributes, [prefix], fourOctetAS: false)
        let body = try #require(bodies(stream).first)
        #expect(
            body
                == bytes(
                    "0000 003b 40010100 4002080203 fde9 5ba0 fdea 4003040a000002 c00706 5ba0 0a000001"
                        + "e0110e 0203 0000fde9 00061a80 0000fdea e01208 00061a80 0a000001 18cb0071"
                )
        )
        #expect(Decoding(body, UpdateDecoderTests.twoOctet).attributes == Self.attributes)
        let own = announce(Self.attributes, [prefix], fourOctetAS: false, markPartial: false)
        #expect(own.contains(0xC0) && !own.dropFirst(19).contains(0xE0))
    }

    @Test func `to two octets a path that fits gets no AS4_PATH`() throws {
        let canonical = bytes("40010100 4002060201 0000fde9 4003040a000002")
        let prefix = try #require(IPPrefix(text: "203.0.113.0/24"))
        let body = try #require(bodies(announce(canonical, [prefix], fourOctetAS: false)).first)
        #expect(body == bytes("0000 0012 40010100 4002040201 fde9 4003040a000002 18cb0071"))
    }

    @Test func `withdrawals are packed`() {
        let prefixes = (0..<3000).map { IPPrefix(ipv4: UInt32($0) << 8, length: 24) }
        let prefixes6 = (0..<1000).map {
            IPPrefix(IPAddress(ipv6High: 0x2001_0DB8_0000_0000 + $0, low: 0), length: 64)
        }
        var builder = UpdateBuilder()
        var output: [UInt8] = []
        builder.beginWithdrawal(family: .ipv4, maximumLength: 4096)
        for prefix in prefixes { builder.append(prefix, to: &output) }
        let count = builder.finish(to: &output)
        builder.beginWithdrawal(family: .ipv6, maximumLength: 4096)
        for prefix in prefixes6 { builder.append(prefix, to: &output) }
        let count6 = builder.finish(to: &output)
        let decoded = bodies(output).map { Decoding($0, VectorTests.context) }
        #expect(decoded.count == count + count6)
        #expect(count == 3)
        #expect(decoded.flatMap(\.withdrawn) == prefixes.map(\.description))
        #expect(decoded.flatMap(\.mpWithdrawn) == prefixes6.map(\.description))
    }

    @Test func `attributes that leave no room for a prefix are refused`() throws {
        let large: [UInt8] =
            Self.attributes + [0xD0, 8, 0x0F, 0xD0] + [UInt8](repeating: 1, count: 4048)
        let prefix = try #require(IPPrefix(text: "203.0.113.0/24"))
        #expect(announce(large, [prefix]).isEmpty)
    }

    @Test func `a builder begins anew after whatever it was used for`() throws {
        let large: [UInt8] =
            Self.attributes + [0xD0, 8, 0x0F, 0xD0] + [UInt8](repeating: 1, count: 4048)
        let ipv4 = try #require(IPPrefix(text: "203.0.113.0/24"))
        let ipv6 = try #require(IPPrefix(text: "2001:db8:1::/48"))
        let hop = bytes("20010db8000000000000000000000002")
        let wide = bytes("40010100 4002060201 0000fde9") + [0x40, 3, 16] + hop
        var builder = UpdateBuilder()
        for (attributes, prefix) in [
            (large, ipv4), (wide, ipv6), (Self.attributes, ipv4), (wide, ipv6), (large, ipv4),
            (Self.attributes, ipv4),
        ] {
            let fresh = announce(attributes, [prefix])
            #expect(announce(attributes, [prefix], with: &builder) == fresh)
            var withdrawal: [UInt8] = []
            builder.beginWithdrawal(family: prefix.family, maximumLength: 4096)
            builder.append(prefix, to: &withdrawal)
            builder.finish(to: &withdrawal)
            let body = try #require(bodies(withdrawal).first)
            let decoding = Decoding(body, VectorTests.context)
            #expect(decoding.withdrawn + decoding.mpWithdrawn == [prefix.description])
        }
    }

    @Test func `nothing appended is nothing sent`() {
        var builder = UpdateBuilder()
        var output: [UInt8] = []
        builder.beginWithdrawal(family: .ipv6, maximumLength: 4096)
        let count = builder.finish(to: &output)
        #expect(count == 0 && output.isEmpty)
    }

    @Test(arguments: AddressFamily.allCases) func `End-of-RIB is read as such`(
        family: AddressFamily
    ) {
        var output: [UInt8] = []
        UpdateBuilder.appendEndOfRIB(family, to: &output)
        #expect(
            bodies(output).map { Decoding($0, VectorTests.context).verdict } == [.endOfRIB(family)]
        )
        #expect(line(output) == "End-of-RIB \(family.unicastName)")
    }
}
