import Addressing
import BGPWire
import Control
import Testing
import Timekeeping

@testable import peerglass

/// Expected texts are the recorded outputs of bgpctl 8.8, without what its releases since then and
/// the specification changed: "ago" is gone, a queue block and our own lines are added.
@Suite struct `Text as bgpctl prints it` {
    @Test func `show summary`() {
        #expect(
            Recorded.text { SummaryPrinter.table(Recorded.rows, isNumeric: false, to: &$0) } == """
                Neighbor                   AS    MsgRcvd    MsgSent  OutQ Up/Down  State/PrfRcvd
                r2                      65002         16         15     0 00:01:23      5/1000
                r3-bird                 65003          6          9     0 00:00:17      2
                dyn                         0          0          0     0 00:01:28 Template
                never                   65077          0          0     0 00:01:28 Active

                """
        )
    }

    @Test func `-n puts addresses in place of descriptions`() {
        #expect(
            Recorded.text { SummaryPrinter.table(Recorded.rows, isNumeric: true, to: &$0) } == """
                Neighbor                   AS    MsgRcvd    MsgSent  OutQ Up/Down  State/PrfRcvd
                10.9.12.2               65002         16         15     0 00:01:23      5/1000
                10.9.13.3               65003          6          9     0 00:00:17      2
                10.9.99.0/24                0          0          0     0 00:01:28 Template
                10.9.12.77              65077          0          0     0 00:01:28 Active

                """
        )
    }

    @Test func `show summary terse`() {
        #expect(
            Recorded.text { SummaryPrinter.terse(Recorded.rows, isNumeric: false, to: &$0) } == """
                r2 65002 Established
                r3-bird 65003 Established
                dyn 0 Template
                never 65077 Active

                """
        )
    }

    @Test func `a long name is cut and a clone shows its address`() {
        var row = Recorded.r2
        row.descr = "a-very-long-description-of-a-neighbor"
        #expect(
            Recorded.text { SummaryPrinter.terse([row], isNumeric: false, to: &$0) }
                == "a-very-long-description-of-a-neighbor 65002 Established\n"
        )
        #expect(
            Recorded.text { SummaryPrinter.table([row], isNumeric: false, to: &$0) }
                .contains("\na-very-long-description 65002         16")
        )
        row.descr = "dyn"
        row.isCloned = true
        #expect(
            Recorded.text {
                SummaryPrinter.terse([Recorded.template, row], isNumeric: false, to: &$0)
            } == "dyn 0 Template\ndyn@10.9.12.2 65002 Established\n"
        )
    }

    private let printer = NeighborPrinter(localOffset: { _ in 0 })

    private static let head = """
        BGP neighbor is 10.9.12.2, remote AS 65002
         Description: r2
         Max-prefix: 1000 (restart 5)
          BGP version 4, remote router-id 10.9.12.2
          BGP state = Established, up for 00:01:23
          Last read 00:00:03, holdtime 30s, keepalive interval 10s
          Last write 00:00:07
          Neighbor capabilities:
            Multiprotocol extensions: IPv4 unicast, IPv6 unicast
            4-byte AS numbers
            Route Refresh
          Negotiated capabilities:
            Multiprotocol extensions: IPv4 unicast, IPv6 unicast
            4-byte AS numbers
            Route Refresh


        """

    @Test func `show neighbor of a session that is up`() {
        let expected =
            Self.head
                + """
                  Message statistics:
                                  Sent       Received\("  ")
                  Opens                    1          1
                  Notifications            0          0
                  Updates                  6          6
                  Keepalives               8          9
                  Route Refresh            0          0
                  Total                   15         16

                  Update statistics:
                                  Sent       Received   Pending\("   ")
                  Prefixes                 5          5
                  Updates                  5          5          0
                  Withdraws                0          0          0
                  End-of-Rib               2          2
                  Route Refresh statistics:
                  Request                  0          0
                  Begin-of-RR              0          0
                  End-of-RR                0          0

                  Queue statistics:
                                  Count      Size\("      ")
                  ibuf queue               -          0
                  rib queue                0          -

                  Local host:             10.9.12.1, Local port:    179
                  Remote host:            10.9.12.2, Remote port: 41216

                  Flaps: 0 in the last hour, 0 in all
                  Policy: in 7 rules, out 3 rules


                """
        #expect(Recorded.text { printer.full(Recorded.r2Detail, to: &$0) } == expected)
    }

    @Test func `show neighbor says last how late the loop is, and what ran in its largest gap`() {
        #expect(
            Recorded.text { printer.loop(Recorded.lag, to: &$0) } == """
                Loop of the speaker: largest gap between two turns 4 ms in the last second
                  Since start: 1.3 s at 2026-11-23 05:50:55, updates from neighbors

                """
        )
        #expect(
            Recorded.text { printer.loop(LoopLag(), to: &$0) } == """
                Loop of the speaker: largest gap between two turns 0 ms in the last second

                """
        )
    }

    @Test func `show neighbor of a session that was taken down`() {
        var detail = Recorded.r2Detail
        detail.row.state = .idle
        detail.row.markedDown = true
        detail.row.sinceSeconds = 2
        detail.lastLoss = .received(.cease(2, text: "CHG-2 linecard swap"))
        detail.row.lastDown = detail.lastLoss
        detail.row.flapsLastHour = 1
        detail.row.flaps = 3
        detail.shutdownText = "maintenance CHG1"
        detail.remoteCapabilities = nil
        detail.negotiatedCapabilities = nil
        detail.lastErrorSent = NotificationMessage.cease(2)
        detail.lastDownAt = WallTime(nanoseconds: 1_795_413_055_000_000_000)
        detail.lastUpSeconds = 117
        detail.policyRulesIn = 0
        detail.policyRulesOut = 0
        let text = Recorded.text { printer.full(detail, to: &$0) }
        #expect(
            text.hasPrefix(
                """
                BGP neighbor is 10.9.12.2, remote AS 65002
                 Description: r2
                 Max-prefix: 1000 (restart 5)
                  BGP state = Idle, marked down with shutdown reason "maintenance CHG1", down for 00:00:02
                  Last read 00:00:03, holdtime 240s, keepalive interval 80s
                  Last write 00:00:07

                  Message statistics:

                """
            )
        )
        let end = [
            "  rib queue                0          -", "",
            "  Last error sent: Cease, administratively down", "",
            "  Last down: 2026-11-23 05:50:55 after 00:01:57: received Cease/administratively down"
                + " \"CHG-2 linecard swap\"",
            "  Flaps: 1 in the last hour, 3 in all",
            "  Policy: none, everything is refused (RFC 8212)", "", "",
        ]
        #expect(text.hasSuffix(end.joined(separator: "\n")))
    }

    @Test func `show neighbor tells a lost session and the attempts since then apart`() {
        var detail = Recorded.r2Detail
        detail.row.state = .active
        detail.lastLoss = .holdTimerExpired(silentSeconds: 90)
        detail.row.lastDown = .connectFailed(errno: 111)
        detail.lastDownAt = WallTime(nanoseconds: 1_795_413_055_000_000_000)
        detail.lastUpSeconds = 117
        let attempt = "  Last attempt: refused: the host answered, nobody listens\n"
        let loss = "  Last down: 2026-11-23 05:50:55 after 00:01:57: nothing from r2 for 90 s\n"
        #expect(Recorded.text { printer.full(detail, to: &$0) }.contains(loss + attempt))

        detail.row.state = .established
        let text = Recorded.text { printer.full(detail, to: &$0) }
        #expect(text.contains(loss) && !text.contains("Last attempt"))
    }

    @Test func `show neighbor timers`() {
        let expected =
            Self.head + "  KeepaliveTimer       due in 00:00:03     \n"
            + "  HoldTimer            due in 00:00:27     \n"
            + "  SendHoldTimer        due in 00:01:23     \n"
            + "  IdleHoldResetTimer   due                 \n"
        #expect(Recorded.text { printer.timers(Recorded.r2Detail, to: &$0) } == expected)
    }

    @Test func `show neighbor terse`() {
        #expect(
            Recorded.text { printer.terse(Recorded.r2Detail, to: &$0) }
                == "1 1 0 0 6 6 8 9 0 0 5 1000 5 5 0 0 10.9.12.2 65002 \"r2\"\n"
        )
    }

    @Test func `show rib`() {
        let text = Recorded.text { output in
            var printer = RIBPrinter(book: Recorded.book, form: .table)
            printer.header(to: &output)
            for row in Recorded.routes { printer.row(row, to: &output) }
        }
        #expect(
            text == """
                flags: * = Valid, > = Selected, I = via IBGP, A = Announced,
                       S = Stale, E = Error, F = Filtered, L = Leaked
                origin validation state: N = not-found, V = valid, ! = invalid
                aspa validation state: ? = unknown, V = valid, ! = invalid
                origin: i = IGP, e = EGP, ? = Incomplete

                flags  vs destination          gateway          lpref   med aspath origin
                *>    N-? 100.64.0.0/24        10.9.13.3         120     0 65003 i
                F     N-? 172.16.1.0/24        10.9.12.2         100     0 65002 i
                AI*>  N-? 192.0.2.0/24         0.0.0.0           100     0 i
                *>    !-? 198.51.100.0/24      10.9.12.2         100    50 65002 i
                *>    V-? 203.0.113.0/24       10.9.13.3         120     0 65003 i
                *     !-? 203.0.113.0/24       10.9.12.2         100     0 65002 65002 65002 i
                AI*>  N-? 2001:db8:1::/48      ::                100     0 i
                *>    N-? 2001:db8:2::/48      2001:db8:12::2    100     0 65002 i

                """
        )
    }

    @Test func `show rib tells leaks and the ASPA state`() {
        var row = Recorded.routes[0]
        row.flags = [.leaked]
        row.pathValidation = .invalid
        var other = row
        other.flags = [.valid]
        other.pathValidation = .valid
        let text = Recorded.text { output in
            var printer = RIBPrinter(book: Recorded.book, form: .table)
            for row in [row, other] { printer.row(row, to: &output) }
            var detail = RIBPrinter(book: Recorded.book, form: .detail)
            detail.row(row, to: &output)
        }
        #expect(
            text.hasPrefix(
                """
                L     N-! 100.64.0.0/24        10.9.13.3         120     0 65003 i
                *     N-V 100.64.0.0/24        10.9.13.3         120     0 65003 i

                """
            )
        )
        #expect(text.contains("ovs not-found, avs invalid, external, otc leak\n"))
        let json = Recorded.json { json in
            var rows = RIBJSON(book: Recorded.book, form: .table, table: .locRIB)
            rows.row(other, to: &json)
        }
        #expect(json.contains("\"avs\": \"valid\""))
    }

    @Test func `show neighbor tells the roles of both sides`() {
        var neighbor = Recorded.r2Detail
        neighbor.role = .customer
        neighbor.enforcesRole = true
        neighbor.localCapabilities.role = BGPRole.customer.rawValue
        neighbor.remoteCapabilities?.role = BGPRole.provider.rawValue
        neighbor.negotiatedCapabilities?.role = BGPRole.provider.rawValue
        let text = Recorded.text { printer.full(neighbor, to: &$0) }
        #expect(text.contains("\n Role: customer\n"))
        let line = "    Open Policy role provider (local customer)\n"
        #expect(text.split(separator: "Open Policy role").count == 3)
        #expect(text.contains(line))
        let json = Recorded.json {
            NeighborJSON.write([neighbor], Recorded.lag, form: .messages, to: &$0)
        }
        for words in [
            "\"role\": \"customer\",", "\"open_policy\": \"enforce\"",
            "\"open_policy\": \"present\"",
            "\"remote_role\": \"provider\",", "\"local_role\": \"customer\"",
        ] {
            #expect(json.contains(words))
        }
    }

    private var detailed: [RIBRow] {
        var rows = Array(Recorded.routes[4...5])
        rows[1].attributes = [
            0x40, 1, 1, 0,
            0xC0, 8, 4, 0xFD, 0xEA, 0, 100,
            0xC0, 16, 8, 0, 2, 0xFD, 0xEA, 0, 0, 0, 7,
            0xC0, 32, 12, 0, 0, 0xFD, 0xEA, 0, 0, 0, 1, 0, 0, 0, 1,
            0xC0, 35, 4, 0, 0, 0xFD, 0xEA,
        ]
        return rows
    }

    @Test func `show rib detail`() {
        let text = Recorded.text { output in
            var printer = RIBPrinter(book: Recorded.book, form: .detail)
            printer.header(to: &output)
            for row in [Recorded.routes[2]] + detailed { printer.row(row, to: &output) }
        }
        #expect(
            text == """

                BGP routing table entry for 192.0.2.0/24
                    Nexthop 0.0.0.0 (via 0.0.0.0) Neighbor LOCAL (10.9.12.1)
                    Origin IGP, metric 0, localpref 100, weight 0, ovs not-found, avs unknown, internal, valid, best, announced
                    Last update: 00:00:17

                BGP routing table entry for 203.0.113.0/24
                    65003
                    Nexthop 10.9.13.3 (via 10.9.13.3) Neighbor r3-bird (10.9.13.3)
                    Origin IGP, metric 0, localpref 120, weight 0, ovs valid, avs unknown, external, valid, best
                    Last update: 00:00:17

                BGP routing table entry for 203.0.113.0/24
                    65002 65002 65002
                    Nexthop 10.9.12.2 (via 10.9.12.2) Neighbor r2 (10.9.12.2)
                    Origin IGP, metric 0, localpref 100, weight 0, ovs invalid, avs unknown, external, valid
                    Last update: 00:01:23
                    Communities: 65002:100
                    Ext. Communities: rt 65002:7
                    Large Communities: 65002:1:1
                    OTC: 65002

                """
        )
    }

    @Test func `show rib detail ssv`() {
        let text = Recorded.text { output in
            var printer = RIBPrinter(book: Recorded.book, form: .semicolons)
            printer.row(Recorded.routes[4], to: &output)
        }
        #expect(
            text
                == "\nBGP routing table entry for 203.0.113.0/24;    65003;    Nexthop 10.9.13.3"
                + " (via 10.9.13.3) Neighbor r3-bird (10.9.13.3);    Origin IGP, metric 0,"
                + " localpref 120, weight 0, ovs valid, avs unknown, external, valid, best;"
                + "    Last update: 00:00:17;"
        )
    }

    private func kernelRow(
        _ prefix: String,
        _ protocolNumber: UInt8,
        _ gateway: String?,
        _ index: Int32
    ) -> KernelRow {
        var row = KernelRow(
            prefix: Recorded.prefix(prefix),
            table: 254,
            protocolNumber: protocolNumber,
            metric: 0
        )
        row.nextHops = [
            KernelRow.NextHop(
                gateway: gateway.map(Recorded.address),
                interfaceName: "",
                interfaceIndex: index
            )
        ]
        return row
    }

    @Test func `show fib`() {
        var connected = kernelRow("10.9.12.0/24", 2, nil, 2)
        connected.carriesNextHop = true
        let rows = [
            connected, kernelRow("100.64.0.0/24", 186, "10.9.13.3", 3),
            kernelRow("192.0.2.128/25", 4, "10.9.12.2", 2),
            kernelRow("2001:db8:2::/48", 186, "2001:db8:12::2", 2),
        ]
        let text = Recorded.text { output in
            let printer = FIBPrinter(ownProtocol: 186)
            printer.header(to: &output)
            for row in rows { printer.row(row, to: &output) }
        }
        #expect(
            text == """
                flags: B = BGP, C = Connected, S = Static
                       N = BGP Nexthop reachable via this route
                       r = reject route, b = blackhole route

                flags prio destination                      gateway\("                         ")
                CN       2 10.9.12.0/24                     link#2
                B      186 100.64.0.0/24                    10.9.13.3
                S        4 192.0.2.128/25                   10.9.12.2
                B      186 2001:db8:2::/48                  2001:db8:12::2

                """
        )
    }

    @Test func `show fib says what Linux knows more, and what differs`() {
        var row = kernelRow("100.64.0.0/24", 186, "10.9.13.3", 3)
        row.metric = 186
        row.table = 100
        row.standing = .missing
        row.nextHops[0].interfaceName = "eth1"
        row.nextHops.append(
            KernelRow.NextHop(
                gateway: Recorded.address("10.9.12.2"),
                interfaceName: "eth0",
                interfaceIndex: 2,
                isOnLink: true
            )
        )
        var hole = KernelRow(
            prefix: Recorded.prefix("10.0.0.0/8"),
            table: 254,
            protocolNumber: 9,
            metric: 0
        )
        hole.kind = .blackhole
        let text = Recorded.text { output in
            FIBPrinter(ownProtocol: 186).row(row, to: &output)
            FIBPrinter(ownProtocol: 186).row(hole, to: &output)
        }
        #expect(
            text == """
                !B     186 100.64.0.0/24                    10.9.13.3 dev eth1 metric 186 table 100
                                                            10.9.12.2 dev eth0 metric 186 table 100 onlink
                  b      9 10.0.0.0/8                       blackhole

                """
        )
    }

    @Test func `show rib memory`() {
        let items = [
            MemoryItem(
                name: "prefixes",
                label: "prefixes",
                count: 7,
                byteCount: 336,
                references: 0
            ),
            MemoryItem(
                name: "attributes",
                label: "BGP path attribute entries",
                count: 11,
                byteCount: 1331,
                references: 31
            ),
        ]
        #expect(
            Recorded.text { MemoryPrinter.text(items, to: &$0) } == """
                RDE memory statistics
                         7 prefixes using 336B of memory
                        11 BGP path attribute entries using 1.3K of memory
                \t   and holding 31 references
                RIB using 1.6K of memory

                """
        )
        #expect(MemoryPrinter.size(30_093_000) == "28.7M")
        #expect(MemoryPrinter.size(114_688) == "112K")
    }

    @Test func `show log`() {
        let printer = LogPrinter(book: Recorded.book, localOffset: { _ in 3600 })
        let row = EventRow(
            sequence: 9,
            time: WallTime(nanoseconds: 1_795_413_055_000_000_000),
            neighbor: NeighborNumber(1),
            neighborName: "r2",
            kind: .stateChange(from: .idle, to: .active, event: "Start")
        )
        #expect(
            Recorded.text { printer.text(row, to: &$0) }
                == "2026-11-23 06:50:55 neighbor 10.9.12.2 (r2): state change Idle -> Active,"
                + " reason: Start\n"
        )
    }
}
