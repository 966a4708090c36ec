import Addressing
import KernelRoutes
import Testing

@testable import Netlink

/// What we send is, byte for byte, what iproute2 sends for the command above it.
@Suite struct `netlink encoder` {
    private func request(_ operation: KernelChange.Operation, _ route: KernelRoute) -> [UInt8] {
        var encoder = NetlinkEncoder()
        encoder.append(KernelChange(sequence: 0x6b06_b930, operation: operation, route: route))
        encoder.acknowledgeLast()
        return encoder.bytes
    }

    private func ours(_ text: String, _ set: NextHopSet) -> KernelRoute {
        KernelRoute(prefix: prefix(text), protocolNumber: 186, metric: 186, nextHopSet: set)
    }

    @Test func `adding a route refuses to touch one that is there`() {
        // ip route add 192.0.22.0/24 metric 186 via 10.0.0.2 dev v0 proto bgp
        let expected = captured(
            """
            3c000000 1800 0506 30b9066b 00000000 02180000feba0001 00000000 0800 0100 c0001600
            0800 0600 ba000000 0800 0500 0a000002 0800 0400 03000000
            """
        )
        #expect(request(.add, ours("192.0.22.0/24", NextHopSet([hop("10.0.0.2", 3)]))) == expected)
    }

    @Test func `replacing by a blackhole`() {
        // ip route replace blackhole 192.0.23.0/24 metric 186 proto bgp
        let expected = captured(
            """
            2c000000 1800 0505 30b9066b 00000000 02180000feba0006 00000000 0800 0100 c0001700
            0800 0600 ba000000
            """
        )
        #expect(request(.replace, ours("192.0.23.0/24", .blackhole)) == expected)
    }

    @Test func `deleting names prefix, table, protocol and metric`() {
        // ip route del 192.0.22.0/24 metric 186 proto bgp
        let expected = captured(
            """
            2c000000 1900 0500 30b9066b 00000000 02180000febaff00 00000000 0800 0100 c0001600
            0800 0600 ba000000
            """
        )
        #expect(
            request(.delete, ours("192.0.22.0/24", NextHopSet([hop("10.0.0.2", 3)]))) == expected
        )
    }

    @Test func `several IPv6 gateways`() {
        // ip -6 route add 2001:db8:2::/48 metric 186 proto bgp
        //     nexthop via 2001:db8::2 dev v0 nexthop via 2001:db8::3 dev v0 weight 4
        let expected = captured(
            """
            74000000 1800 0506 30b9066b 00000000 0a300000feba0001 00000000
            1400 0100 20010db8000200000000000000000000 0800 0600 ba000000 3c00 0900
            1c00 00 00 03000000 1400 0500 20010db8000000000000000000000002
            1c00 00 03 03000000 1400 0500 20010db8000000000000000000000003
            """
        )
        let set = NextHopSet([hop("2001:db8::2", 3), hop("2001:db8::3", 3, weight: 4)])
        #expect(request(.add, ours("2001:db8:2::/48", set)) == expected)
    }

    @Test(arguments: [
        KernelRoute(
            prefix: prefix("192.0.24.0/24"),
            table: 1000,
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([hop("fe80::5", 3)])
        ),
        KernelRoute(
            prefix: prefix("::/0"),
            protocolNumber: 12,
            metric: 5,
            nextHopSet: NextHopSet(
                [KernelNextHop(gateway: address("fe80::1"), interface: 7, isOnLink: true)]
            )
        ),
        KernelRoute(
            prefix: prefix("10.0.0.0/8"),
            protocolNumber: 186,
            metric: 1,
            scope: 253,
            nextHopSet: NextHopSet([KernelNextHop(gateway: nil, interface: 2)])
        ),
        KernelRoute(
            prefix: prefix("10.1.0.0/16"),
            protocolNumber: 186,
            metric: 1,
            nextHopSet: NextHopSet([hop("10.0.0.2", 2, weight: 256), hop("fe80::9", 3)])
        ),
        KernelRoute(
            prefix: prefix("10.2.0.0/16"),
            protocolNumber: 186,
            metric: 1,
            nextHopSet: NextHopSet([], nextHopObject: 9)
        ),
    ])
    func `what is encoded is read back as it was`(route: KernelRoute) {
        #expect(messages(request(.add, route)) == [.route(route)])
    }

    @Test func `only the last message of a batch asks for an acknowledgement`() {
        var encoder = NetlinkEncoder()
        for sequence in 1...3 as ClosedRange<UInt32> {
            let route = ours("192.0.\(sequence).0/24", .blackhole)
            encoder.append(KernelChange(sequence: sequence, operation: .add, route: route))
        }
        encoder.acknowledgeLast()
        var asked: [UInt32] = []
        NetlinkDecoder.forEachMessage(in: encoder.bytes.span) { header, _ in
            if header.flags & NLMFlag.ack != 0 { asked.append(header.sequence) }
        }
        #expect(asked == [3])
    }
}
