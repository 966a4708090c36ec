import Addressing
import BGPWire
import Testing

struct OpenMessageTests {
    private func decode(_ hex: String) -> Decoded<OpenMessage> {
        let body = bytes(hex)
        return OpenMessage.decode(body.span)
    }

    private static var offer: Capabilities {
        var capabilities = Capabilities()
        capabilities.families = [.ipv4, .ipv6]
        capabilities.routeRefresh = true
        capabilities.fourOctetAS = ASNumber(4_200_000_001)
        return capabilities
    }

    @Test func `an OPEN goes out and comes back`() {
        let open = OpenMessage(
            twoOctetAS: 23456,
            holdTime: 90,
            identifier: 0xC000_0202,
            capabilities: Self.offer
        )
        var output: [UInt8] = []
        open.encode(to: &output)
        let expected = bytes(
            String(repeating: "ff", count: 16) + "0033 01 04 5ba0 005a c0000202 16"
                + "02 14 0104 00010001 0104 00020001 0200 4104 fa56ea01"
        )
        #expect(output == expected)
        let body = Array(output.dropFirst(19))
        let decoded = OpenMessage.decode(body.span)
        #expect(decoded == .message(open))
        #expect(
            line(output)
                == "AS 4200000001  hold 90  id 192.0.2.2  IPv4 unicast, IPv6 unicast, route refresh, 4-octet AS"
        )
    }

    @Test func `a role that is said twice is one, another one beside it is kept`() {
        func roles(_ capabilities: String) -> Capabilities? {
            let value = Array(bytes(capabilities))
            let length = UInt8(value.count)
            let body = bytes("04fde9005a0a000002") + [length + 2, 2, length] + value
            guard case .message(let open) = OpenMessage.decode(body.span) else { return nil }
            return open.capabilities
        }
        #expect(roles("090103 090103")?.roles == [3])
        #expect(roles("090103 090103")?.unknown == [])
        #expect(roles("090103 090100 090103")?.roles == [3, 0])
        #expect(roles("0900 090104")?.roles == [4])
        #expect(roles("0200")?.roles == [])
    }

    @Test func `many capabilities use the extended parameters of RFC 9072`() {
        var capabilities = Self.offer
        capabilities.unknown = [
            Capabilities.UnknownCapability(code: 73, value: [UInt8](repeating: 7, count: 200)),
            Capabilities.UnknownCapability(code: 75, value: [UInt8](repeating: 8, count: 200)),
        ]
        let open = OpenMessage(
            twoOctetAS: 65001,
            holdTime: 0,
            identifier: 1,
            capabilities: capabilities
        )
        var output: [UInt8] = []
        open.encode(to: &output)
        #expect(output[28] == 255 && output[29] == 255)
        let body = Array(output.dropFirst(19))
        let decoded = OpenMessage.decode(body.span)
        #expect(decoded == .message(open))
    }

    @Test(arguments: [
        ("03fde9005a0a00000200", 1, "0004"),
        ("04fde900010a00000200", 6, ""),
        ("04fde900020a00000200", 6, ""),
        ("04fde9005a0000000000", 3, ""),
        ("040000005a0a00000200", 2, ""),
        ("04fde9005a0a00000206 0206 4104 00000000", 0, ""),
        ("04fde9005a0a00000208 0206 4104 00000000", 2, ""),
        ("04fde9005a0a00000203 0201 41", 0, ""),
        ("04fde9005a0a00000204 0202 4104", 0, ""),
        ("04fde9005a0a00000204 0102 aabb", 4, ""),
        ("04fde9005a0a000002ff ff 0005 02 0003 410400", 0, ""),
        ("04fde9005a0a000002ff ff 00", 0, ""),
    ])
    func `what is wrong has its subcode`(hex: String, subcode: Int, data: String) {
        let fault = NotificationMessage(.open, UInt8(subcode), data: bytes(data))
        #expect(decode(hex) == .fault(fault))
    }

    @Test func `a capability that is cut within its own bounds is kept as unknown`() throws {
        guard case .message(let open) = decode("04fde9005a0a00000207 0205 4003000001") else {
            Issue.record("refused")
            return
        }
        #expect(open.capabilities.gracefulRestart == nil)
        #expect(open.capabilities.unknown.map(\.code) == [64])
    }

    @Test func `capabilities have the words of show neighbor`() {
        var capabilities = Self.offer
        capabilities.gracefulRestart = bytes("c078 0001 01 80 0002 01 00")
        capabilities.addPath = bytes("0001 01 03")
        capabilities.role = 0
        capabilities.otherFamilies = [Capabilities.FamilyCode(afi: 25, safi: 70)]
        #expect(
            capabilities.lines == [
                "Multiprotocol extensions: IPv4 unicast, IPv6 unicast, EVPN",
                "4-byte AS numbers",
                "Route Refresh",
                "Graceful Restart: timeout: 120, graceful notification, restarted, IPv4 unicast (preserved), IPv6 unicast",
                "Add-path: IPv4 unicast bidir",
                "Open Policy role provider",
            ]
        )
    }
}
