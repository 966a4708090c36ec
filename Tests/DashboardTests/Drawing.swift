import Addressing
import BGPWire
import Control
import Timekeeping

/// The speaker that the two drawings of the specification show.
enum Drawing {
    /// 2026-11-25 12:04:31 UTC.
    static let now = WallTime(nanoseconds: 1_795_608_271 * 1_000_000_000)

    static let r2 = NeighborNumber(1)
    static let routeServer = NeighborNumber(2)
    static let r3 = NeighborNumber(3)

    static func time(_ seconds: Int64, _ milliseconds: Int64 = 0) -> WallTime {
        WallTime(nanoseconds: now.nanoseconds + seconds * 1_000_000_000 + milliseconds * 1_000_000)
    }

    static var instance: Instance {
        Instance(
            version: "0.1.0",
            hostName: "r1",
            processID: 4711,
            localAS: ASNumber(65001),
            routerID: ip("192.0.2.1"),
            startedAt: time(-300_000),
            configurationPath: "/etc/peerglass/bgpd.conf",
            socketPath: "/run/peerglass/peerglass.sock",
            kernelUpdates: .on(table: 254, protocolNumber: 186, metric: 186)
        )
    }

    static var overview: Overview {
        var overview = Overview(now: now)
        overview.sessionsUp = 2
        overview.sessionsTotal = 3
        overview.prefixCount = 1_024_518
        overview.pathCount = 2_011_004
        overview.bestCount = 1_024_518
        overview.kernel.wanted = 1_024_518
        overview.kernel.installed = 1_024_510
        overview.kernel.drift = 8
        overview.kernel.total = 1_024_514
        overview.kernel.foreign = 4
        overview.lag.recentMicroseconds = 4_200
        overview.lag.largestMicroseconds = 310_000
        overview.lag.largestWork = "updates from neighbors"
        overview.updatesIn = [500, 3_000, 3_100, 11_000, 20_000, 6_000, 1_204]
        overview.updatesOut = [0, 0, 9, 2_900, 40, 0, 12]
        overview.updatesKernel = [480, 2_900, 3_000, 9_000, 19_800, 6_100, 1_198]
        overview.ribGeneration = 10
        overview.kernelGeneration = 20
        overview.lastMessage = 3
        overview.lastEvent = EventRow(
            sequence: 7,
            time: time(-131),
            neighbor: r3,
            neighborName: "r3",
            kind: .down(.received(cease), upSeconds: 3 * 86_400 + 3_600 + 120)
        )
        overview.neighbors = [established(r2), established(routeServer), active]
        return overview
    }

    static let cease = NotificationMessage.cease(
        NotificationMessage.CeaseSubcode.administrativeShutdown,
        text: "CHG-2 linecard swap"
    )

    private static func established(_ number: NeighborNumber) -> NeighborRow {
        let isR2 = number == r2
        var row = NeighborRow(
            number: number,
            address: ip(isR2 ? "192.0.2.2" : "192.0.2.9"),
            remoteAS: ASNumber(isR2 ? 65002 : 64999),
            state: .established
        )
        row.descr = isR2 ? "r2" : "ix-rs1"
        row.sinceSeconds = isR2 ? 3 * 86_400 + 4 * 3_600 + 12 * 60 : 12 * 3_600 + 69
        row.messagesReceived = isR2 ? 18_223 : 9_001
        row.messagesSent = isR2 ? 17_904 : 8_800
        row.prefixesReceived = isR2 ? 903_112 : 121_406
        row.prefixesAccepted = isR2 ? 903_000 : 121_400
        row.prefixesSent = 4
        row.remoteIdentifier = row.address.ipv4Bits
        return row
    }

    static var active: NeighborRow {
        var row = NeighborRow(
            number: r3,
            address: ip("192.0.2.30"),
            remoteAS: ASNumber(65003),
            state: .active
        )
        row.descr = "r3"
        row.sinceSeconds = 131
        row.retry = TimerRow(name: "ConnectRetryTimer", dueMilliseconds: 17_000)
        row.messagesReceived = 1_023
        row.messagesSent = 998
        row.lastDown = .received(cease)
        row.flapsLastHour = 1
        row.flaps = 2
        return row
    }

    static var ribPage: RIBPage {
        var page = RIBPage()
        page.prefixCount = 1_024_518
        page.pathCount = 2_011_004
        page.share = 370_000
        page.rows = [
            path("198.51.100.0/24", r2, [.valid, .selected], .valid, [65002, 3356, 13335]),
            path("198.51.100.0/24", routeServer, .valid, .valid, [64999, 6939, 13335], med: 10),
            path("203.0.113.0/24", r2, [.valid, .selected], .notFound, [65002, 64500], origin: 2),
            path("203.0.113.0/24", routeServer, .filtered, .invalid, [64999, 64511]),
            path(
                "192.0.2.128/25",
                .local,
                [.announced, .viaIBGP, .valid, .selected],
                .notFound,
                []
            ),
        ]
        return page
    }

    static func path(
        _ prefix: String,
        _ neighbor: NeighborNumber,
        _ flags: RIBFlags,
        _ validation: OriginValidation,
        _ numbers: [UInt32],
        med: UInt32 = 0,
        origin: UInt8 = 0
    ) -> RIBRow {
        var row = RIBRow(prefix: net(prefix), neighbor: neighbor, flags: flags)
        row.originValidation = validation
        row.origin = origin
        row.med = med
        row.nextHop =
            neighbor == .local
            ? .unspecified(.ipv4) : ip(neighbor == r2 ? "192.0.2.2" : "192.0.2.9")
        row.trueNextHop = row.nextHop
        row.asPath = asPath(numbers)
        row.ageSeconds = 83
        return row
    }

    static func asPath(_ numbers: [UInt32]) -> [UInt8] {
        if numbers.isEmpty { return [] }
        return [2, UInt8(numbers.count)]
            + numbers.flatMap { number in [24, 16, 8, 0].map { UInt8(number >> $0 & 255) } }
    }

    static var kernelPage: KernelPage {
        var page = KernelPage()
        page.counts = overview.kernel
        var ours = KernelRow(
            prefix: net("198.51.100.0/24"),
            table: 254,
            protocolNumber: 186,
            metric: 186
        )
        ours.nextHops = [hop("192.0.2.2")]
        ours.standing = .installed
        var foreign = KernelRow(
            prefix: net("203.0.113.0/24"),
            table: 254,
            protocolNumber: 4,
            metric: 0
        )
        foreign.nextHops = [hop("192.0.2.77")]
        foreign.standing = .hidesOurs
        var connected = KernelRow(
            prefix: net("192.0.2.0/24"),
            table: 254,
            protocolNumber: 2,
            metric: 0
        )
        connected.nextHops = [hop(nil)]
        connected.scope = 253
        connected.source = ip("192.0.2.1")
        page.rows = [ours, foreign, connected]
        return page
    }

    private static func hop(_ gateway: String?) -> KernelRow.NextHop {
        KernelRow.NextHop(gateway: gateway.map { ip($0) }, interfaceName: "eth0", interfaceIndex: 2)
    }

    static var messagesPage: MessagesPage {
        var page = MessagesPage()
        page.oldest = 1
        page.newest = 3
        page.rows = [
            MessageRow(
                sequence: 1,
                time: time(-1, 118),
                neighbor: r2,
                direction: .received,
                content: .message(bytes: update, fourOctetAS: true)
            ),
            MessageRow(
                sequence: 2,
                time: time(-1, 902),
                neighbor: r3,
                direction: .sent,
                content: .connect(
                    address: ip("192.0.2.30"),
                    port: 179,
                    failure: .connectFailed(errno: 111)
                )
            ),
            MessageRow(
                sequence: 3,
                time: time(0, 2),
                neighbor: routeServer,
                direction: .received,
                content: .message(bytes: keepalive, fourOctetAS: true)
            ),
        ]
        return page
    }

    static let marker = [UInt8](repeating: 255, count: 16)
    static let keepalive = marker + [0, 19, 4]

    /// Four prefixes with path 65002 64500 and community 65002:100.
    static let update: [UInt8] = {
        let attributes: [UInt8] =
            [0x40, 1, 1, 2]
            + [0x40, 2, 10, 2, 2, 0, 0, 0xFD, 0xEA, 0, 0, 0xFB, 0xF4]
            + [0x40, 3, 4, 192, 0, 2, 2]
            + [0xC0, 8, 4, 0xFD, 0xEA, 0, 100]
        let prefixes: [UInt8] = [
            24, 203, 0, 113, 24, 198, 18, 0, 24, 198, 18, 1, 24, 198, 18, 2,
        ]
        let length = UInt8(19 + 4 + attributes.count + prefixes.count)
        return marker + [0, length, 2, 0, 0, 0, UInt8(attributes.count)] + attributes + prefixes
    }()

    static func ip(_ text: String) -> IPAddress {
        IPAddress(text: text) ?? .unspecified(.ipv4)
    }

    static func net(_ text: String) -> IPPrefix {
        IPPrefix(text: text) ?? .all(.ipv4)
    }
}
