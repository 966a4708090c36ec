import Addressing
import KernelRoutes
import Testing

@testable import Netlink

/// Each capture stands below the command that made the kernel send it.
@Suite struct `netlink decoder` {
    @Test func `a route with one gateway`() {
        // ip route add 192.0.2.0/24 via 10.0.0.2 proto bgp metric 186
        let bytes = captured(
            """
            44000000 1800 0006 16b9066b 5f590000 02180000feba0001 00000000 0800 0f00 fe000000
            0800 0100 c0000200 0800 0600 ba000000 0800 0500 0a000002 0800 0400 03000000
            """
        )
        let route = KernelRoute(
            prefix: prefix("192.0.2.0/24"),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([hop("10.0.0.2", 3)])
        )
        #expect(messages(bytes) == [.route(route)])
        #expect(KernelOwnership().owns(route))
    }

    @Test func `a replacement carries the replace flag`() {
        // ip route replace 192.0.2.0/24 via 10.0.0.3 proto bgp metric 186
        let bytes = captured(
            """
            44000000 1800 0001 16b9066b 61590000 02180000feba0001 00000000 0800 0f00 fe000000
            0800 0100 c0000200 0800 0600 ba000000 0800 0500 0a000003 0800 0400 03000000
            """
        )
        var events: [KernelEvent?] = []
        NetlinkDecoder.forEachMessage(in: bytes.span) { header, message in
            events.append(KernelWorker.event(header, message))
        }
        let route = KernelRoute(
            prefix: prefix("192.0.2.0/24"),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([hop("10.0.0.3", 3)])
        )
        #expect(events == [.routeChanged(route, isReplacement: true)])
    }

    @Test func `several next hops with their weights`() {
        // ip route add 192.0.3.0/24 metric 20 proto 186
        //     nexthop via 10.0.0.2 dev v0 weight 3 nexthop via 10.0.0.4 dev v0 weight 1
        let bytes = captured(
            """
            58000000 1800 0006 17b9066b 63590000 02180000feba0001 00000000 0800 0f00 fe000000
            0800 0100 c0000300 0800 0600 14000000 2400 0900
            1000 00 02 03000000 0800 0500 0a000002 1000 00 00 03000000 0800 0500 0a000004
            """
        )
        let route = KernelRoute(
            prefix: prefix("192.0.3.0/24"),
            protocolNumber: 186,
            metric: 20,
            nextHopSet: NextHopSet([hop("10.0.0.2", 3, weight: 3), hop("10.0.0.4", 3)])
        )
        #expect(messages(bytes) == [.route(route)])
        #expect(!KernelOwnership().owns(route))
    }

    @Test func `an IPv4 route through an IPv6 gateway`() {
        // ip route add 192.0.4.0/24 via inet6 fe80::5 dev v0
        let bytes = captured(
            """
            4c000000 1800 0006 17b9066b 65590000 02180000fe030001 00000000 0800 0f00 fe000000
            0800 0100 c0000400 1600 1200 0a00 fe800000000000000000000000000005 0000
            0800 0400 03000000
            """
        )
        let route = KernelRoute(
            prefix: prefix("192.0.4.0/24"),
            protocolNumber: 3,
            metric: 0,
            nextHopSet: NextHopSet([hop("fe80::5", 3)])
        )
        #expect(messages(bytes) == [.route(route)])
    }

    @Test func `a table beyond 255 stands in its attribute`() {
        // ip route add blackhole 192.0.5.0/24 table 1000 metric 186 proto 186
        let bytes = captured(
            """
            34000000 1800 0006 18b9066b 67590000 02180000fcba0006 00000000 0800 0f00 e8030000
            0800 0100 c0000500 0800 0600 ba000000
            """
        )
        let route = KernelRoute(
            prefix: prefix("192.0.5.0/24"),
            table: 1000,
            protocolNumber: 186,
            metric: 186,
            nextHopSet: .blackhole
        )
        #expect(messages(bytes) == [.route(route)])
    }

    @Test func `a nexthop object is named and spelled out`() {
        // ip nexthop add id 7 via 10.0.0.9 dev v0; ip route add 192.0.6.0/24 nhid 7 metric 10
        let bytes = captured(
            """
            4c000000 1800 0006 18b9066b 6b590000 02180000fe030001 00000000 0800 0f00 fe000000
            0800 0100 c0000600 0800 0600 0a000000 0800 1e00 07000000 0800 0500 0a000009
            0800 0400 03000000
            """
        )
        let route = KernelRoute(
            prefix: prefix("192.0.6.0/24"),
            protocolNumber: 3,
            metric: 10,
            nextHopSet: NextHopSet([hop("10.0.0.9", 3)], nextHopObject: 7)
        )
        #expect(messages(bytes) == [.route(route)])
    }

    @Test func `metrics and other unknown attributes are passed over`() {
        // ip route add 10.9.0.0/16 via 10.0.0.77 onlink dev v0 mtu 1400 advmss 1300
        let bytes = captured(
            """
            50000000 1800 0006 1ab9066b 75590000 02100000fe030001 04000000 0800 0f00 fe000000
            0800 0100 0a090000 1400 0800 0800 0200 78050000 0800 0800 14050000
            0800 0500 0a00004d 0800 0400 03000000
            """
        )
        let onLink = KernelNextHop(gateway: address("10.0.0.77"), interface: 3, isOnLink: true)
        let route = KernelRoute(
            prefix: prefix("10.9.0.0/16"),
            protocolNumber: 3,
            metric: 0,
            nextHopSet: NextHopSet([onLink])
        )
        #expect(messages(bytes) == [.route(route)])
    }

    @Test func `IPv6 with two gateways, and unreachable by way of the loopback`() {
        // ip -6 route add 2001:db8:2::/48 metric 186 proto bgp nexthop via 2001:db8::2 nexthop via 2001:db8::3
        let two = captured(
            """
            a8000000 1800 0004 1ab9066b 71590000 0a300000feba0001 00000000 0800 0f00 fe000000
            1400 0100 20010db8000200000000000000000000 0800 0600 ba000000 3c00 0900
            1c00 0000 03000000 1400 0500 20010db8000000000000000000000002
            1c00 0000 03000000 1400 0500 20010db8000000000000000000000003
            2400 0c00 0000000000000000000000000000000000000000000000000000000000000000
            0500 1400 00000000
            """
        )
        // ip -6 route add unreachable 2001:db8:3::/48 metric 186 proto bgp
        let unreachable = captured(
            """
            74000000 1800 0006 1ab9066b 73590000 0a300000feba0007 00000000 0800 0f00 fe000000
            1400 0100 20010db8000300000000000000000000 0800 0600 ba000000 0800 0400 01000000
            2400 0c00 0000000000000000000000000000000000000000000000000000000000000000
            0500 1400 00000000
            """
        )
        let first = KernelRoute(
            prefix: prefix("2001:db8:2::/48"),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([hop("2001:db8::2", 3), hop("2001:db8::3", 3)])
        )
        let second = KernelRoute(
            prefix: prefix("2001:db8:3::/48"),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet(
                [KernelNextHop(gateway: nil, interface: 1)],
                type: .unreachable
            )
        )
        #expect(messages(two + unreachable) == [.route(first), .route(second)])
    }

    @Test func `a deletion, a connected route and the address that made it`() {
        // ip route del 192.0.2.0/24
        let deletion = captured(
            """
            44000000 1900 0000 19b9066b 6d590000 02180000feba0001 00000000 0800 0f00 fe000000
            0800 0100 c0000200 0800 0600 ba000000 0800 0500 0a000003 0800 0400 03000000
            """
        )
        // ip addr add 10.0.0.1/24 dev v0
        let address = captured(
            """
            4c000000 1400 0000 1db9066b 81590000 02188000 03000000 0800 0100 0a000001
            0800 0200 0a000001 0700 0300 763000 00 0800 0800 80000000
            1400 0600 ffffffffffffffff48dc020048dc0200
            """
        )
        let connected = captured(
            """
            3c000000 1800 0006 00000000 00000000 02180000fe02fd01 00000000 0800 0f00 fe000000
            0800 0100 0a000000 0800 0700 0a000001 0800 0400 03000000
            """
        )
        let deleted = KernelRoute(
            prefix: prefix("192.0.2.0/24"),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([hop("10.0.0.3", 3)])
        )
        let direct = KernelRoute(
            prefix: prefix("10.0.0.0/24"),
            protocolNumber: 2,
            metric: 0,
            scope: 253,
            nextHopSet: NextHopSet(
                [KernelNextHop(gateway: nil, interface: 3)],
                preferredSource: NetlinkTests.address("10.0.0.1")
            )
        )
        let own = InterfaceAddress(
            interface: 3,
            address: NetlinkTests.address("10.0.0.1"),
            prefixLength: 24
        )
        #expect(
            messages(deletion + address + connected) == [
                .routeDeleted(deleted), .address(own), .route(direct),
            ]
        )
    }

    @Test func `the far end of a point-to-point address is its peer`() {
        // ip addr add 10.5.0.1 peer 10.5.0.2/32 dev v0
        let bytes = captured(
            """
            4c000000 1400 0000 1bb9066b 79590000 02208000 03000000 0800 0100 0a050002
            0800 0200 0a050001 0700 0300 763000 00 0800 0800 80000000
            1400 0600 ffffffffffffffffa7db0200a7db0200
            """
        )
        let own = InterfaceAddress(
            interface: 3,
            address: address("10.5.0.1"),
            prefixLength: 32,
            peer: address("10.5.0.2")
        )
        #expect(messages(bytes) == [.address(own)])
    }

    @Test func `a link without carrier is up and not running`() {
        // ip link set v1 down, told of v0: the start of 1492 bytes, cut after the carrier
        let bytes = captured(
            """
            38000000 1000 0000 00000000 00000000 0000 0100 03000000 03100000 00000000
            0700 0300 763000 00 0800 0400 78050000 0500 1000 03000000
            """
        )
        let link = Interface(
            index: 3,
            name: "v0",
            flags: 0x1003,
            operationalState: .lowerLayerDown,
            mtu: 1400
        )
        #expect(messages(bytes) == [.link(link)])
        #expect(link.isUp)
        #expect(!link.isUsable)
    }

    @Test(arguments: [
        // RTM_NEWROUTE via 203.0.113.9, capped answer
        "44000000 0200 0003 05000000 6bfd98b9 9bffffff 2c000000 1800 0506 05000000 00000000 2000 0100"
            + "4e657874686f702068617320696e76616c6964206761746577617900",
        // the same with the whole request in the answer
        "60000000 0200 0002 08000000 6bfd98b9 9bffffff 2c000000 1800 0506 08000000 00000000"
            + "02180000feba0001 00000000 0800 0100 c6336400 0800 0500 cb007109 2000 0100"
            + "4e657874686f702068617320696e76616c6964206761746577617900",
    ])
    func `a refusal speaks in the kernel's own words`(text: String) {
        #expect(
            messages(captured(text)) == [.answer(errno: 101, text: "Nexthop has invalid gateway")]
        )
    }

    @Test func `an acknowledgement is an answer without error`() {
        let bytes = captured(
            "24000000 0200 0001 06000000 6bfd98b9 00000000 34000000 1800 0506 06000000 00000000"
        )
        #expect(messages(bytes) == [.answer(errno: 0, text: nil)])
    }

    @Test func `the end of a dump of a table that does not exist says so`() {
        let bytes = captured(
            """
            38000000 0300 2202 09000000 6bfd98b9 feffffff
            2300 0100 697076343a20464942207461626c6520646f6573206e6f742065786973740000
            """
        )
        #expect(messages(bytes) == [.done(errno: 2, text: "ipv4: FIB table does not exist")])
    }

    @Test func `any cut and any flipped bit gives messages, never a trap`() {
        let bytes = captured(
            """
            58000000 1800 0006 17b9066b 63590000 02180000feba0001 00000000 0800 0f00 fe000000
            0800 0100 c0000300 0800 0600 14000000 2400 0900
            1000 00 02 03000000 0800 0500 0a000002 1000 00 00 03000000 0800 0500 0a000004
            44000000 0200 0003 05000000 6bfd98b9 9bffffff 2c000000 1800 0506 05000000 00000000
            2000 0100 4e657874686f702068617320696e76616c6964206761746577617900
            """
        )
        for end in 1..<bytes.count where end != 88 {
            #expect(messages(Array(bytes[..<end])).last == .malformed)
        }
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!messages(flipped).isEmpty)
        }
    }
}
