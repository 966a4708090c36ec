import Addressing
import BGPWire
import Control
import Timekeeping

/// What the speaker of the drawings says in detail.
enum Details {
    static func neighbor(_ row: NeighborRow) -> NeighborDetail {
        var detail = NeighborDetail(row: row, localAS: ASNumber(65001))
        detail.configuredAt = "bgpd.conf:12"
        detail.localCapabilities = capabilities(AS: 65001)
        detail.opens = SentReceived(sent: 3, received: 2)
        detail.keepalives = SentReceived(sent: 990, received: 1_000)
        detail.updates = SentReceived(sent: 4, received: 20)
        detail.notifications = SentReceived(sent: 0, received: 1)
        detail.prefixUpdates = SentReceived(sent: 8, received: 1_000_112)
        detail.prefixWithdraws = SentReceived(sent: 0, received: 97_000)
        detail.endOfRIB = SentReceived(sent: 1, received: 1)
        if row.state == .established {
            detail.policyRulesIn = 7
            detail.policyRulesOut = 3
            detail.row.maximumPrefixes = 1_000_000
            detail.maximumPrefixRestartMinutes = 30
            detail.remoteCapabilities = capabilities(AS: row.remoteAS.value)
            detail.negotiatedCapabilities = capabilities(AS: row.remoteAS.value)
            detail.negotiatedCapabilities?.families = .ipv4
            detail.holdTime = 90
            detail.keepaliveInterval = 30
            detail.localAddress = Drawing.ip("192.0.2.1")
            detail.localPort = 179
            detail.remotePort = 41_216
            detail.lastReadSeconds = 3
            detail.lastWriteSeconds = 12
            detail.notes = ["IPv6 unicast is not sent: no next hop of that family"]
        }
        detail.timers =
            row.state == .established
            ? [
                TimerRow(name: "KeepaliveTimer", dueMilliseconds: 18_000),
                TimerRow(name: "HoldTimer", dueMilliseconds: 87_000),
            ] : [TimerRow(name: "ConnectRetryTimer", dueMilliseconds: 17_000)]
        if row.state != .established {
            detail.lastErrorReceived = Drawing.cease
            detail.lastReceivedShutdownText = "CHG-2 linecard swap"
            detail.lastLoss = row.lastDown
            detail.lastDownAt = Drawing.time(-131)
            detail.lastUpSeconds = 3 * 86_400 + 3_600 + 120
            detail.history = history
        }
        return detail
    }

    private static func capabilities(AS number: UInt32) -> Capabilities {
        var capabilities = Capabilities()
        capabilities.families = [.ipv4, .ipv6]
        capabilities.routeRefresh = true
        capabilities.fourOctetAS = ASNumber(number)
        return capabilities
    }

    private static var history: [NeighborDetail.Transition] {
        [
            NeighborDetail.Transition(
                time: Drawing.time(-266_400),
                from: .openConfirm,
                to: .established,
                event: "KEEPALIVE message received",
                reason: nil
            ),
            NeighborDetail.Transition(
                time: Drawing.time(-131),
                from: .established,
                to: .idle,
                event: "NOTIFICATION received",
                reason: .received(Drawing.cease)
            ),
            NeighborDetail.Transition(
                time: Drawing.time(-17),
                from: .connect,
                to: .active,
                event: "Connection open failed",
                reason: .connectFailed(errno: 111)
            ),
        ]
    }

    static func route(_ prefix: IPPrefix) -> RouteDetail {
        var detail = RouteDetail(prefix: prefix)
        detail.paths = Drawing.ribPage.rows.filter { $0.prefix == prefix }
        for index in detail.paths.indices {
            detail.paths[index].attributes =
                [0x40, 1, 1, detail.paths[index].origin]
                + [0xC0, 8, 8, 0xFD, 0xEA, 0, 100, 0xFF, 0xFF, 0xFF, 0x01]
                + [0xE0, 32, 12, 0, 0, 0xFD, 0xEA, 0, 0, 0, 1, 0, 0, 0, 1]
        }
        for (index, path) in detail.paths.enumerated() {
            let verdict: PathReason.Verdict =
                if path.flags.contains(.selected) {
                    .best
                } else if path.flags.contains(.filtered) {
                    .refused(by: 0)
                } else {
                    .lost(.med(10, 0, .sameAS(.init(65002))), to: Drawing.r2)
                }
            let rule = RuleStep(
                file: "bgpd.conf",
                line: 31,
                text: path.flags.contains(.filtered) ? "deny quick from any" : "match from any",
                changes: path.flags.contains(.filtered) ? [] : ["localpref 90 -> 100"]
            )
            detail.paths[index].reason = PathReason(
                rank: UInt32(index + 1),
                verdict: verdict,
                rules: [rule]
            )
        }
        detail.kernel = Drawing.kernelPage.rows.filter { $0.prefix == prefix }
        if prefix == Drawing.net("203.0.113.0/24") {
            var refused = KernelRow(
                prefix: prefix,
                table: 254,
                protocolNumber: 186,
                metric: 186
            )
            refused.nextHops = [
                KernelRow.NextHop(
                    gateway: Drawing.ip("192.0.2.2"),
                    interfaceName: "eth0",
                    interfaceIndex: 2
                )
            ]
            refused.standing = .refused(errno: 101, text: "Nexthop has invalid gateway")
            detail.kernel.append(refused)
        }
        detail.announcedTo = [Drawing.routeServer]
        return detail
    }

    /// What would become of the routes of r2, in two slices; nothing is known of any other.
    static func whatIf(_ request: WhatIfRequest) -> WhatIfSlice? {
        guard request.neighbor == .number(Drawing.r2) else { return nil }
        var slice = WhatIfSlice(neighbor: Drawing.r2)
        slice.prefixCount = 903_112
        guard request.change == .down else { return slice }
        if request.after == nil {
            slice.looked = 400_000
            slice.moves = [WhatIfSlice.Destination(neighbor: Drawing.routeServer, count: 121_000)]
            slice.rows = [
                WhatIfRow(
                    prefix: Drawing.net("198.51.100.0/24"),
                    from: Drawing.r2,
                    to: Drawing.routeServer
                )
            ]
            slice.next = Drawing.net("198.51.100.0/24")
        } else {
            slice.looked = 503_112
            slice.unreachable = 1
            slice.rows = [
                WhatIfRow(prefix: Drawing.net("203.0.113.0/24"), from: Drawing.r2, to: nil)
            ]
        }
        slice.rows = Array(slice.rows.prefix(Int(request.limit)))
        return slice
    }

    static func events(after sequence: UInt64) -> EventsPage {
        var page = EventsPage()
        let kinds: [EventRow.Kind] = [
            .notice("malformed text \u{1B}[31mred"), .up,
            .operation("down \"CHG-2\""),
            .kernelRefusal("203.0.113.0/24: Nexthop has invalid gateway"),
            .stateChange(from: .connect, to: .active, event: "Connection open failed"),
            .connectFailed(.connectFailed(errno: 111)),
            .down(.received(Drawing.cease), upSeconds: 3 * 86_400 + 3_600 + 120),
        ]
        for (index, kind) in kinds.enumerated() where UInt64(index + 1) > sequence {
            page.rows.append(
                EventRow(
                    sequence: UInt64(index + 1),
                    time: Drawing.time(Int64(index * 20) - 251),
                    neighbor: Drawing.r3,
                    neighborName: "r3",
                    kind: kind
                )
            )
        }
        return page
    }
}
