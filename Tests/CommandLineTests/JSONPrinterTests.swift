import Addressing
import BGPWire
import Control
import Foundation
import Testing

@testable import peerglass

/// Expected texts are the recorded outputs of bgpctl 8.8 with `-j`.
@Suite struct `JSON as bgpctl prints it` {
    @Test func `nothing to show is an object with an empty line`() {
        #expect(Recorded.json { _ in } == "{\n\n}\n")
        #expect(Recorded.json { SummaryPrinter.json([], to: &$0) } == "{\n\n}\n")
    }

    @Test func `show summary`() {
        #expect(
            Recorded.json {
                SummaryPrinter.json([Recorded.r2, Recorded.template], to: &$0)
            } == """
                {
                \t"neighbors": [
                \t\t{
                \t\t\t"remote_as": "65002",
                \t\t\t"description": "r2",
                \t\t\t"group": "upstreams",
                \t\t\t"remote_addr": "10.9.12.2",
                \t\t\t"bgpid": "10.9.12.2",
                \t\t\t"state": "Established",
                \t\t\t"last_updown": "00:01:23",
                \t\t\t"last_updown_sec": 83
                \t\t},
                \t\t{
                \t\t\t"remote_as": "0",
                \t\t\t"description": "dyn",
                \t\t\t"remote_addr": "10.9.99.0/24",
                \t\t\t"state": "Active",
                \t\t\t"last_updown": "00:01:28",
                \t\t\t"last_updown_sec": 88
                \t\t}
                \t]
                }

                """
        )
    }

    private func rib(_ rows: [RIBRow], _ form: RIBCommand.Form) -> String {
        Recorded.json { json in
            var printer = RIBJSON(book: Recorded.book, form: form, table: .locRIB)
            for row in rows { printer.row(row, to: &json) }
        }
    }

    @Test func `show rib`() {
        #expect(
            rib(Array(Recorded.routes[4...5]), .table) == """
                {
                \t"rib": [
                \t\t{
                \t\t\t"prefix": "203.0.113.0/24",
                \t\t\t"aspath": "65003",
                \t\t\t"exit_nexthop": "10.9.13.3",
                \t\t\t"true_nexthop": "10.9.13.3",
                \t\t\t"neighbor": { "description": "r3-bird", "remote_addr": "10.9.13.3", "bgp_id": "10.9.13.3" },
                \t\t\t"valid": true,
                \t\t\t"best": true,
                \t\t\t"source": "external",
                \t\t\t"ovs": "valid",
                \t\t\t"avs": "unknown",
                \t\t\t"origin": "IGP",
                \t\t\t"metric": 0,
                \t\t\t"localpref": 120,
                \t\t\t"weight": 0,
                \t\t\t"dmetric": 5,
                \t\t\t"last_update": "00:00:17",
                \t\t\t"last_update_sec": 17
                \t\t},
                \t\t{
                \t\t\t"prefix": "203.0.113.0/24",
                \t\t\t"aspath": "65002 65002 65002",
                \t\t\t"exit_nexthop": "10.9.12.2",
                \t\t\t"true_nexthop": "10.9.12.2",
                \t\t\t"neighbor": { "description": "r2", "remote_addr": "10.9.12.2", "bgp_id": "10.9.12.2" },
                \t\t\t"valid": true,
                \t\t\t"source": "external",
                \t\t\t"ovs": "invalid",
                \t\t\t"avs": "unknown",
                \t\t\t"origin": "IGP",
                \t\t\t"metric": 0,
                \t\t\t"localpref": 100,
                \t\t\t"weight": 0,
                \t\t\t"dmetric": 2,
                \t\t\t"last_update": "00:01:23",
                \t\t\t"last_update_sec": 83
                \t\t}
                \t]
                }

                """
        )
    }

    @Test func `show rib detail has the attributes behind the rest`() {
        var row = Recorded.routes[3]
        row.attributes = [
            0x40, 1, 1, 0,
            0xC0, 8, 4, 0xFD, 0xEA, 0, 100,
            0xC0, 16, 8, 0, 2, 0xFD, 0xEA, 0, 0, 0, 7,
            0xC0, 32, 12, 0, 0, 0xFD, 0xEA, 0, 0, 0, 1, 0, 0, 0, 1,
            0xC0, 35, 4, 0, 0, 0xFD, 0xEA,
        ]
        #expect(
            rib([row], .detail).hasSuffix(
                """
                \t\t\t"last_update_sec": 17,
                \t\t\t"communities": [
                \t\t\t\t"65002:100"
                \t\t\t],
                \t\t\t"extended_communities": [
                \t\t\t\t"rt 65002:7"
                \t\t\t],
                \t\t\t"large_communities": [
                \t\t\t\t"65002:1:1"
                \t\t\t],
                \t\t\t"attributes": [
                \t\t\t\t{
                \t\t\t\t\t"type": "OTC",
                \t\t\t\t\t"flags": { "partial": false, "transitive": true, "optional": true },
                \t\t\t\t\t"length": 4,
                \t\t\t\t\t"as": 65002
                \t\t\t\t}
                \t\t\t]
                \t\t}
                \t]
                }

                """
            )
        )
    }

    @Test func `show fib`() {
        var row = KernelRow(
            prefix: Recorded.prefix("203.0.113.0/24"),
            table: 254,
            protocolNumber: 186,
            metric: 186
        )
        row.nextHops = [
            KernelRow.NextHop(
                gateway: Recorded.address("10.9.13.3"),
                interfaceName: "fl13a",
                interfaceIndex: 3
            )
        ]
        #expect(
            Recorded.json {
                $0.array("fib")
                FIBPrinter(ownProtocol: 186).json(row, to: &$0)
            } == """
                {
                \t"fib": [
                \t\t{
                \t\t\t"prefix": "203.0.113.0/24",
                \t\t\t"priority": 186,
                \t\t\t"origin": "bgp",
                \t\t\t"used_by_nexthop": false,
                \t\t\t"blackhole": false,
                \t\t\t"reject": false,
                \t\t\t"nexthop": "10.9.13.3"
                \t\t}
                \t]
                }

                """
        )
    }

    @Test func `actions`() {
        #expect(
            Recorded.json { ActionPrinter.json(.noSuchNeighbor, to: &$0) } == """
                {
                \t"status": "FAILED",
                \t"error": "no such neighbor"
                }

                """
        )
        #expect(
            Recorded.json { ActionPrinter.json(.processed, to: &$0) }
                == "{\n\t\"status\": \"OK\"\n}\n"
        )
    }

    @Test func `show rib memory has a count of prefixes`() throws {
        let items = [
            MemoryItem(
                name: "prefixes",
                label: "prefixes",
                count: 7,
                byteCount: 336,
                references: 2
            )
        ]
        #expect(
            Recorded.json { MemoryPrinter.json(items, to: &$0) } == """
                {
                \t"memory": {
                \t\t"prefixes": { "count": 7, "size": 336, "references": 2 }
                \t}
                }

                """
        )
    }

    /// The recorded object without `enhanced_refresh` and so on cannot be had: this neighbor has no
    /// role, no add-path and no graceful restart.
    @Test func `show neighbor timers`() {
        let text = Recorded.json {
            NeighborJSON.write([Recorded.r2Detail], Recorded.lag, form: .timers, to: &$0)
        }
        #expect(
            text.contains(
                """
                \t\t\t"last_updown_sec": 83,
                \t\t\t"config": {
                \t\t\t\t"template": false,
                \t\t\t\t"cloned": false,
                \t\t\t\t"passive": false,
                \t\t\t\t"down": false,
                \t\t\t\t"multihop": false,
                \t\t\t\t"max_prefix": 1000,
                \t\t\t\t"max_prefix_restart": 5,
                \t\t\t\t"ttl_security": false,
                \t\t\t\t"holdtime": 30,
                \t\t\t\t"min_holdtime": 3,
                \t\t\t\t"capabilities": {
                \t\t\t\t\t"as4byte": true,
                \t\t\t\t\t"refresh": true,
                \t\t\t\t\t"enhanced_refresh": false,
                \t\t\t\t\t"extended_message": false,
                \t\t\t\t\t"multiprotocol": [
                \t\t\t\t\t\t"IPv4 unicast",
                \t\t\t\t\t\t"IPv6 unicast"
                \t\t\t\t\t]
                \t\t\t\t}
                \t\t\t},
                \t\t\t"stats": {
                \t\t\t\t"last_read": "00:00:03",
                \t\t\t\t"last_read_sec": 3,
                \t\t\t\t"last_write": "00:00:07",
                \t\t\t\t"last_write_sec": 7,
                \t\t\t\t"prefixes": { "sent": 5, "received": 5 },
                \t\t\t\t"message": {
                \t\t\t\t\t"sent": {
                \t\t\t\t\t\t"open": 1,
                \t\t\t\t\t\t"notifications": 0,
                \t\t\t\t\t\t"updates": 6,
                \t\t\t\t\t\t"keepalives": 8,
                \t\t\t\t\t\t"route_refresh": 0,
                \t\t\t\t\t\t"total": 15
                \t\t\t\t\t},

                """
            )
        )
        #expect(
            text.contains(
                """
                \t\t\t\t"update": {
                \t\t\t\t\t"sent": { "updates": 5, "withdraws": 0, "eor": 2 },
                \t\t\t\t\t"received": { "updates": 5, "withdraws": 0, "eor": 2 },
                \t\t\t\t\t"pending": { "updates": 0, "withdraws": 0 }
                \t\t\t\t},
                \t\t\t\t"route-refresh": {
                \t\t\t\t\t"sent": { "request": 0, "borr": 0, "eorr": 0 },
                \t\t\t\t\t"received": { "request": 0, "borr": 0, "eorr": 0 }
                \t\t\t\t}
                """
            )
        )
        #expect(
            text.hasSuffix(
                """
                \t\t\t"timers": [
                \t\t\t\t{ "name": "KeepaliveTimer", "due": 3 },
                \t\t\t\t{ "name": "HoldTimer", "due": 27 },
                \t\t\t\t{ "name": "SendHoldTimer", "due": 83 },
                \t\t\t\t{ "name": "IdleHoldResetTimer", "due": -1 }
                \t\t\t]
                \t\t}
                \t],
                \t"loop": { "lag_usec": 4200, "largest_usec": 1310000, "largest_work": "updates from neighbors", "largest_time": 1795413055 }
                }

                """
            )
        )
    }

    @Test func `every document is JSON, whatever a peer wrote`() throws {
        var detail = Recorded.r2Detail
        detail.row.descr = "a\"b\\c\n\u{1}\u{7F}/é"
        let texts = [
            Recorded.json { NeighborJSON.write([detail], Recorded.lag, form: .messages, to: &$0) },
            Recorded.json { SummaryPrinter.json(Recorded.rows, to: &$0) },
            rib(Recorded.routes, .detail),
        ]
        for text in texts {
            #expect(throws: Never.self) {
                try JSONSerialization.jsonObject(with: Data(text.utf8))
            }
        }
        #expect(texts[0].contains(#""a\"b\\c\n\u0001\u007f/é""#))
    }
}
