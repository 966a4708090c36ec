import Addressing
import BGPWire
import Testing

/// IPv4 routes with IPv6 next hops (RFC 8950).
struct ExtendedNextHopTests {
    private static let hop = bytes(
        "20010db8000000000000000000000002fe800000000000000000000000000002"
    )
    private static let prefixes = (0..<2000).map { IPPrefix(ipv4: UInt32($0) << 8, length: 24) }

    private static var agreed: UpdateContext {
        var context = VectorTests.context
        context.extendedNextHop = true
        return context
    }

    /// Canonical attributes with a next hop of that length.
    private static func attributes(_ length: Int) -> [UInt8] {
        bytes("40010100 4002060201 0000fde9") + [0x40, 3, UInt8(length)] + hop.prefix(length)
    }

    private func bodies(_ attributes: [UInt8]) -> [[UInt8]] {
        var builder = UpdateBuilder()
        var output: [UInt8] = []
        let fits = builder.begin(
            attributes: attributes.span,
            family: .ipv4,
            fourOctetAS: true,
            markPartial: false,
            maximumLength: MessageFraming.standardMaximum
        )
        #expect(fits)
        for prefix in Self.prefixes { builder.append(prefix, to: &output) }
        builder.finish(to: &output)
        var offset = 0
        var bodies: [[UInt8]] = []
        while case .message(.update, let body) = MessageFraming.next(
            in: output.span,
            at: &offset
        ) {
            bodies.append(Array(output[body]))
        }
        #expect(offset == output.count)
        return bodies
    }

    @Test(arguments: [16, 32])
    func `IPv4 prefixes go into MP_REACH with their next hop, and come back`(length: Int) {
        let canonical = Self.attributes(length)
        let decoded = bodies(canonical).map { Decoding($0, Self.agreed) }
        #expect(decoded.count > 1)
        #expect(decoded.allSatisfy { $0.verdict == .accept && $0.mpAttributes == canonical })
        #expect(decoded.flatMap(\.mpAnnounced) == Self.prefixes.map(\.description))
    }

    @Test func `where it was not agreed on the next hop's length ends the session`() {
        for body in bodies(Self.attributes(16)).prefix(1) {
            guard case .reset(let notification) = Decoding(body, VectorTests.context).verdict
            else {
                Issue.record("taken")
                continue
            }
            #expect(notification.code == 3 && notification.subcode == 9)
        }
    }

    @Test(arguments: [
        ("multicast", "ff02000000000000 0000000000000001"),
        ("none", "0000000000000000 0000000000000000"),
    ])
    func `a next hop that no host can have is treated as withdraw`(name: String, hop: String) {
        let attributes = bytes("40010100 4002060201 0000fde9 400310" + hop)
        for body in bodies(attributes).prefix(1) {
            guard case .treatAsWithdraw(let fault) = Decoding(body, Self.agreed).verdict else {
                Issue.record("taken: \(name)")
                continue
            }
            #expect(fault.type == .mpReach && fault.kind == .value)
        }
    }

    @Test func `a next hop of four octets is taken in MP_REACH as ever`() {
        let list = bytes("40010100 4002060201 0000fde9 800e0d 0001 01 04 0a000002 00 18cb0071")
        let decoding = Decoding([0, 0, 0, UInt8(list.count)] + list, Self.agreed)
        #expect(decoding.mpAnnounced == ["203.0.113.0/24"])
        #expect(text(.nextHop, in: decoding.mpAttributes) == "10.0.0.2")
    }

    @Test func `the capability names IPv4 unicast with IPv6 next hops among others`() {
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.extendedNextHop = true
        #expect(capabilities.lines.contains("Extended nexthop: IPv4 unicast"))
        let open = OpenMessage(
            twoOctetAS: 65001,
            holdTime: 90,
            identifier: 1,
            capabilities: capabilities
        )
        var output: [UInt8] = []
        open.encode(to: &output)
        #expect(output.suffix(8) == [5, 6, 0, 1, 0, 1, 0, 2])
        let body = Array(output.dropFirst(19))
        #expect(OpenMessage.decode(body.span) == .message(open))
        func offers(_ hex: String) -> Bool? {
            let value = bytes(hex)
            let length = UInt8(value.count)
            let open = [4, 0xFD, 0xE9, 0, 90, 10, 0, 0, 2, length + 4, 2, length + 2, 5, length]
            guard case .message(let open) = OpenMessage.decode((open + value).span) else {
                return nil
            }
            return open.capabilities.extendedNextHop
        }
        #expect(offers("0001 0080 0002 0001 0001 0002") == true)
        #expect(offers("0001 0080 0002") == false)
        #expect(offers("0002 0001 0001") == false)
        #expect(offers("0001 0001 00") == false)
        #expect(offers("") == false)
    }
}
