import Addressing
import BGPWire
import Timekeeping

@testable import Control

/// Values in which every field differs from its default.
enum Sample {
    static let ipv4 = IPAddress(ipv4: 0x0A09_0C02)
    static let ipv6 = IPAddress(ipv6High: 0x2001_0DB8_0012_0000, low: 2)
    static let prefix4 = IPPrefix(ipv4: 0xCB00_7100, length: 24)
    static let prefix6 = IPPrefix(ipv6, length: 47)

    static var reasons: [DownReason] {
        let message = NotificationMessage.cease(2, text: "CHG-2")
        return [
            .sent(message), .received(message), .holdTimerExpired(silentSeconds: 90),
            .ownLoopBusy(milliseconds: 4000), .sendHoldTimerExpired(seconds: 480), .closedByPeer,
            .socketError(errno: 104), .connectFailed(errno: 111), .connectTimedOut(seconds: 30),
            .authenticationUnavailable(errno: 1), .socketOptionRefused(option: "TTL", errno: 22),
            .administrativeShutdown(text: "a"), .administrativeReset(text: "b"),
            .configuredDown(text: "c"), .deconfigured, .speakerStopped, .collision,
            .maximumPrefixes(limit: 1000, restartMinutes: 5),
            .wrongAS(expected: ASNumber(1), received: ASNumber(2)),
            .identifierUnacceptable(identifier: 7),
            .holdTimeUnacceptable(offered: 2, minimum: 3), .capabilityMissing(code: 65),
            .noCommonFamily, .unexpectedMessage(type: .update, state: .openSent),
            .configurationChanged, .maximumPrefixesSent(limit: 9, restartMinutes: 3),
            .interfaceDown(name: "eth0"), .connectionReplaced,
            .roleMismatch(own: .provider, theirs: [0, 9]),
        ]
    }

    static var capabilities: Capabilities {
        var capabilities = Capabilities()
        capabilities.families = [.ipv4, .ipv6]
        capabilities.otherFamilies = [Capabilities.FamilyCode(afi: 25, safi: 70)]
        capabilities.routeRefresh = true
        capabilities.fourOctetAS = ASNumber(4_200_000_000)
        capabilities.enhancedRouteRefresh = true
        capabilities.extendedMessage = true
        capabilities.gracefulRestart = [0x40, 120]
        capabilities.addPath = []
        capabilities.role = 3
        capabilities.unknown = [Capabilities.UnknownCapability(code: 73, value: [1, 2])]
        return capabilities
    }

    static var neighborRow: NeighborRow {
        var row = NeighborRow(
            number: NeighborNumber(3),
            address: ipv4,
            remoteAS: ASNumber(65002),
            state: .openConfirm
        )
        row.templateLength = 24
        row.isCloned = true
        row.descr = "r2"
        row.group = "upstreams"
        row.markedDown = true
        row.sinceSeconds = 83
        row.retry = TimerRow(name: "ConnectRetryTimer", dueMilliseconds: -5)
        row.remoteIdentifier = 0x0A09_0C02
        row.messagesReceived = 16
        row.messagesSent = .max
        row.prefixesReceived = 5
        row.prefixesAccepted = 4
        row.prefixesSent = 3
        row.maximumPrefixes = 1000
        row.outQueue = 2
        row.lastDown = reasons[1]
        row.flapsLastHour = 1
        row.flaps = 7
        return row
    }

    static var neighbor: NeighborDetail {
        var detail = NeighborDetail(row: neighborRow, localAS: ASNumber(65001))
        detail.isPassive = true
        detail.multihop = 2
        detail.ttlSecurity = true
        detail.usesMD5 = true
        detail.configuredHoldTime = 30
        detail.minimumHoldTime = 9
        detail.maximumPrefixRestartMinutes = 5
        detail.configuredAt = "bgpd.conf:12"
        detail.policyRulesIn = 7
        detail.policyRulesOut = 3
        detail.shutdownText = "maintenance"
        detail.localAddress = ipv6
        detail.localPort = 179
        detail.remotePort = 41216
        detail.localCapabilities = capabilities
        detail.remoteCapabilities = capabilities
        detail.negotiatedCapabilities = Capabilities()
        detail.holdTime = 30
        detail.keepaliveInterval = 10
        detail.lastReadSeconds = 3
        detail.lastWriteSeconds = 7
        detail.timers = [TimerRow(name: "HoldTimer", dueMilliseconds: 27_000)]
        detail.notes = ["IPv6 unicast is not sent"]
        detail.opens = SentReceived(sent: 1, received: 2)
        detail.notifications = SentReceived(sent: 3, received: 4)
        detail.updates = SentReceived(sent: 5, received: 6)
        detail.keepalives = SentReceived(sent: 7, received: 8)
        detail.routeRefreshes = SentReceived(sent: 9, received: 10)
        detail.prefixUpdates = SentReceived(sent: 11, received: 12)
        detail.prefixWithdraws = SentReceived(sent: 13, received: 14)
        detail.endOfRIB = SentReceived(sent: 15, received: 16)
        detail.refreshBegins = SentReceived(sent: 23, received: 24)
        detail.refreshEnds = SentReceived(sent: 25, received: 26)
        detail.hasLocalAS = true
        detail.pendingUpdates = 17
        detail.pendingWithdraws = 18
        detail.treatedAsWithdraw = 19
        detail.attributesDiscarded = 20
        detail.inputBytes = 21
        detail.outputBytes = 22
        detail.lastErrorSent = NotificationMessage(code: 6, subcode: 2, data: [0])
        detail.lastErrorReceived = NotificationMessage(code: 4, subcode: 0)
        detail.lastReceivedShutdownText = "bye"
        detail.lastLoss = reasons[2]
        detail.lastDownAt = WallTime(nanoseconds: 1_763_877_055_000_000_000)
        detail.lastUpSeconds = 117
        detail.history = reasons.map {
            NeighborDetail.Transition(
                time: WallTime(nanoseconds: -1),
                from: .established,
                to: .idle,
                event: "Stop",
                reason: $0
            )
        }
        return detail
    }

    static var events: [EventRow] {
        let kinds: [EventRow.Kind] = [
            .stateChange(from: .openConfirm, to: .established, event: "KEEPALIVE message received"),
            .up, .down(.closedByPeer, upSeconds: 117), .connectFailed(.connectFailed(errno: 113)),
            .malformedUpdate("ORIGIN"), .kernelRefusal("10.0.0.0/8: no"), .kernelOverrun,
            .kernelChange("link v0 went down", isBad: true),
            .operation("down r2"), .notice("started"),
        ]
        return kinds.enumerated().map { index, kind in
            EventRow(
                sequence: UInt64(index + 1),
                time: WallTime(nanoseconds: 5),
                neighbor: index < 5 ? NeighborNumber(3) : nil,
                neighborName: "r2",
                kind: kind
            )
        }
    }

    static var overview: Overview {
        var overview = Overview(now: WallTime(nanoseconds: 42))
        overview.sessionsUp = 1
        overview.sessionsTotal = 2
        overview.prefixCount = 1_000_000
        overview.pathCount = 2_000_000
        overview.bestCount = 3
        overview.kernel = kernelCounts
        overview.lag.recentMicroseconds = 4
        overview.lag.largestMicroseconds = 5
        overview.lag.largestWork = "policy"
        overview.lag.largestAt = WallTime(nanoseconds: 6)
        overview.updatesIn = [1, 2]
        overview.updatesOut = [3]
        overview.updatesKernel = [4, 5, 6]
        overview.ribGeneration = 7
        overview.kernelGeneration = 8
        overview.lastMessage = 9
        overview.lastEvent = events[2]
        overview.neighbors = [neighborRow, neighborRow]
        return overview
    }

    static var kernelCounts: KernelCounts {
        var counts = KernelCounts()
        counts.wanted = 1
        counts.installed = 2
        counts.pending = 3
        counts.refused = 4
        counts.drift = 5
        counts.total = 6
        counts.foreign = 7
        counts.overruns = 8
        counts.hidden = 9
        return counts
    }

    static var ribRows: [RIBRow] {
        var first = RIBRow(
            prefix: prefix4,
            neighbor: NeighborNumber(3),
            flags: [.valid, .selected]
        )
        first.originValidation = .invalid
        first.origin = 2
        first.localPreference = 120
        first.med = .max
        first.weight = 10
        first.nextHop = ipv4
        first.trueNextHop = ipv4
        first.asPath = [2, 1, 0, 0, 0xFD, 0xEA]
        first.ageSeconds = 83
        first.attributes = [0x40, 1, 1, 0]
        first.pathID = 0xFFFF_FFFE
        var second = RIBRow(prefix: prefix6, neighbor: .local, flags: .nextHopUnreachable)
        second.trueNextHop = ipv6
        return [first, second, RIBRow(prefix: prefix6, neighbor: .local, flags: [])]
    }

    /// A row for every reason that a path can have.
    static var explainedRows: [RIBRow] {
        let steps: [LostStep] = [
            .localPreference(50, 100), .pathLength(3, 1), .origin(2, 0),
            .med(20, 10, .sameAS(ASNumber(65010))), .med(20, 10, .always), .external,
            .weight(0, 10), .nextHopCost(20, 10), .age(60, 93_780), .identifier(3, 2),
            .clusterList(2, 1), .neighborAddress(ipv6, ipv4), .pathID(2, 1),
        ]
        let faults: [PathReason.Fault] = [
            .malformed, .loop, .leaked, .nextHopUnreachable(ipv6), .noNextHop,
        ]
        let verdicts: [PathReason.Verdict] =
            [.best, .refused(by: 0), .refused(by: nil)]
            + steps.map { .lost($0, to: NeighborNumber(2)) } + faults.map { .notEligible($0) }
        let rule = RuleStep(
            file: "bgpd.conf",
            line: 31,
            text: "deny quick from any",
            changes: ["localpref 100 -> 120"]
        )
        return verdicts.enumerated().map { place, verdict in
            var row = RIBRow(prefix: prefix4, neighbor: NeighborNumber(1), flags: .valid)
            row.reason = PathReason(rank: UInt32(place), verdict: verdict, rules: [rule])
            return row
        }
    }

    static var whatIf: WhatIfSlice {
        var slice = WhatIfSlice(neighbor: NeighborNumber(2))
        slice.prefixCount = 903_112
        slice.looked = 4096
        slice.moves = [WhatIfSlice.Destination(neighbor: NeighborNumber(1), count: 3)]
        slice.unreachable = 1
        slice.rows = [
            WhatIfRow(prefix: prefix4, from: NeighborNumber(2), to: NeighborNumber(1)),
            WhatIfRow(prefix: prefix6, from: NeighborNumber(2), to: nil),
        ]
        slice.next = prefix6
        slice.isPreparing = true
        slice.generation = 77
        return slice
    }

    static var ribPage: RIBPage {
        var page = RIBPage()
        page.rows = ribRows + explainedRows
        page.prefixCount = 2
        page.pathCount = 3
        page.share = 500_000
        page.next = prefix6
        page.reached = 370_000
        page.isPreparing = true
        return page
    }

    static var kernelRows: [KernelRow] {
        let standings: [KernelRow.Standing] = [
            .installed, .pending, .refused(errno: 22, text: "Nexthop has invalid gateway"),
            .different, .missing, .foreign, .hidesOurs,
        ]
        return standings.map { standing in
            var row = KernelRow(prefix: prefix4, table: 254, protocolNumber: 186, metric: 186)
            row.kind = .blackhole
            row.scope = 253
            row.source = ipv4
            row.nextHops = [
                KernelRow.NextHop(
                    gateway: ipv6,
                    interfaceName: "eth0",
                    interfaceIndex: 2,
                    weight: 3,
                    isOnLink: true
                ),
                KernelRow.NextHop(gateway: nil, interfaceName: "", interfaceIndex: -1),
            ]
            row.standing = standing
            row.carriesNextHop = true
            return row
        }
    }

    static var messages: MessagesPage {
        let contents: [MessageRow.Content] = [
            .message(bytes: [255, 0, 19, 4], fourOctetAS: true),
            .message(bytes: [255, 0, 19, 2], fourOctetAS: false, pathIDs: .ipv6),
            .connect(address: ipv4, port: 179, failure: nil),
            .connect(address: ipv6, port: 179, failure: .connectFailed(errno: 111)),
            .connected(address: ipv4, port: 41216), .closed(.collision),
        ]
        var page = MessagesPage()
        page.oldest = 1
        page.newest = 5
        page.rows = contents.map {
            MessageRow(
                sequence: 4,
                time: WallTime(nanoseconds: 6),
                neighbor: NeighborNumber(1),
                direction: .sent,
                content: $0
            )
        }
        page.rows[0].isTreatedAsWithdraw = true
        return page
    }

    static var replies: [Reply] {
        var kernelPage = KernelPage()
        kernelPage.rows = kernelRows
        kernelPage.counts = kernelCounts
        kernelPage.share = 3
        kernelPage.next = prefix4
        var route = RouteDetail(prefix: prefix4)
        route.paths = ribRows
        route.kernel = kernelRows
        route.announcedTo = [NeighborNumber(1), .local]
        var eventsPage = EventsPage()
        eventsPage.rows = events
        eventsPage.lost = 3
        let kernelUpdates: [Instance.KernelUpdates] = [
            .on(table: 254, protocolNumber: 186, metric: 186), .off(reason: "fib-update no"),
        ]
        let instances = kernelUpdates.map {
            Instance(
                version: "0.1.0",
                hostName: "h",
                processID: 77,
                localAS: ASNumber(65001),
                routerID: ipv4,
                startedAt: WallTime(nanoseconds: 1),
                configurationPath: "/etc/bgpd.conf",
                socketPath: "/run/x",
                kernelUpdates: $0
            )
        }
        let memory = MemoryItem(
            name: "prefixes",
            label: "prefixes",
            count: 1,
            byteCount: 2,
            references: 3
        )
        return instances.map { .instance($0) } + [
            .overview(overview), .neighbors([neighbor]), .ribPage(ribPage), .route(route),
            .whatIf(whatIf), .kernelPage(kernelPage), .messages(messages), .events(eventsPage),
            .memory([memory]),
            .action(.lacksCapability), .action(.stillActive), .refused(.permissionDenied),
            .reload(ReloadReport(.processed)),
            .reload(ReloadReport(.reloadFailed, lines: ["a", "b"])),
        ]
    }

    static var questions: [Question] {
        let tests: [RIBFilter.Test] = [
            .family(.ipv6), .neighbor(.group("upstreams")), .originValidation(.invalid),
            .nextHop(ipv6), .best, .refused, .disqualified, .community(.standard(65002, nil)),
            .community(.large(nil, 1, nil)), .community(.extended(subtype: "rt", value: nil)),
            .community(.extended(subtype: nil, value: "65002:*")), .pathID(7),
        ]
        let matches: [RIBFilter.PrefixMatch] = [
            .exact(prefix4), .orLonger(prefix4), .orShorter(prefix6), .longest(ipv4),
        ]
        let paths: [RIBFilter.ASMatch] = [
            .anywhere(ASNumber(1)), .peer(ASNumber(2)), .source(ASNumber(3)),
            .transit(ASNumber(4)), .emptyPath,
        ]
        let positions: [RIBPageRequest.Position] = [
            .start, .at(prefix4), .after(prefix6), .before(prefix4), .share(3), .end,
        ]
        let tables: [RIBPageRequest.Table] = [
            .locRIB, .adjRIBIn, .adjRIBOut(NeighborNumber(1)),
        ]
        var questions: [Question] = positions.indices.map { index in
            let filter = RIBFilter(
                tests + [.prefix(matches[index % matches.count])],
                not: [.asPath(paths[index % paths.count])]
            )
            return .ribPage(
                RIBPageRequest(
                    table: tables[index % tables.count],
                    filter: filter,
                    position: positions[index],
                    limit: 100,
                    withAttributes: true,
                    withReasons: index % 2 == 0
                )
            )
        }
        var kernelFilter = KernelPageRequest.Filter()
        kernelFilter.family = .ipv4
        kernelFilter.prefix = .longest(ipv4)
        kernelFilter.classes = [.bgp, .connected, .staticRoute, .nextHop]
        kernelFilter.driftOnly = true
        let selectors: [NeighborSelector] = [
            .all, .number(NeighborNumber(2)), .address(ipv6), .descr("r2"), .group("g"),
        ]
        questions += selectors.map { .neighbor(NeighborRequest($0)) }
        let actions: [NeighborActionRequest.Action] = [
            .up, .down(reason: "x"), .clear(reason: ""), .refresh, .destroy,
        ]
        questions += actions.map { .neighborAction(NeighborActionRequest(.all, $0)) }
        var messageFilter = MessagesRequest.Filter()
        messageFilter.neighbor = NeighborNumber(1)
        messageFilter.kinds = [.open, .connection]
        messageFilter.direction = .sent
        let places: [MessagesRequest.Position] = [.newest, .before(9), .from(.max)]
        questions += places.map {
            .messages(MessagesRequest(position: $0, limit: 5, filter: messageFilter))
        }
        return questions + [
            .instance(InstanceRequest()), .overview(OverviewRequest()),
            .route(RouteRequest(prefix: prefix6)),
            .whatIf(WhatIfRequest(.descr("r2"), .down, limit: 0)),
            .whatIf(WhatIfRequest(.number(NeighborNumber(2)), .up, after: prefix4, limit: 7)),
            .kernelPage(KernelPageRequest(position: .end, filter: kernelFilter, limit: 7)),
            .events(EventsRequest(after: 3, limit: 4)), .memory(MemoryRequest()),
            .stop(StopRequest()), .reload(ReloadRequest(reason: "CHG-5")),
        ]
    }
}
