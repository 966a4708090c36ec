import Addressing
import BGPWire
import Control
import Timekeeping

@testable import peerglass

/// The network that the recorded outputs of OpenBGPD 8.8 come from, as Control values.
enum Recorded {
    static func address(_ text: String) -> IPAddress {
        IPAddress(text: text) ?? .unspecified(.ipv4)
    }

    static func prefix(_ text: String) -> IPPrefix {
        IPPrefix(text: text) ?? .all(.ipv4)
    }

    static var lag: LoopLag {
        var lag = LoopLag()
        lag.recentMicroseconds = 4200
        lag.largestMicroseconds = 1_310_000
        lag.largestWork = "updates from neighbors"
        lag.largestAt = WallTime(nanoseconds: 1_795_413_055_000_000_000)
        return lag
    }

    static var r2: NeighborRow {
        var row = NeighborRow(
            number: NeighborNumber(1),
            address: address("10.9.12.2"),
            remoteAS: ASNumber(65002),
            state: .established
        )
        row.descr = "r2"
        row.group = "upstreams"
        row.sinceSeconds = 83
        row.remoteIdentifier = address("10.9.12.2").ipv4Bits
        row.messagesReceived = 16
        row.messagesSent = 15
        row.prefixesReceived = 5
        row.prefixesSent = 5
        row.maximumPrefixes = 1000
        return row
    }

    static var r3: NeighborRow {
        var row = NeighborRow(
            number: NeighborNumber(2),
            address: address("10.9.13.3"),
            remoteAS: ASNumber(65003),
            state: .established
        )
        row.descr = "r3-bird"
        row.group = "upstreams"
        row.sinceSeconds = 17
        row.remoteIdentifier = address("10.9.13.3").ipv4Bits
        row.messagesReceived = 6
        row.messagesSent = 9
        row.prefixesReceived = 2
        return row
    }

    static var template: NeighborRow {
        var row = NeighborRow(
            number: NeighborNumber(3),
            address: address("10.9.99.0"),
            remoteAS: ASNumber(0),
            state: .active
        )
        row.templateLength = 24
        row.descr = "dyn"
        row.sinceSeconds = 88
        return row
    }

    static var never: NeighborRow {
        var row = NeighborRow(
            number: NeighborNumber(4),
            address: address("10.9.12.77"),
            remoteAS: ASNumber(65077),
            state: .active
        )
        row.descr = "never"
        row.sinceSeconds = 88
        return row
    }

    static var rows: [NeighborRow] { [r2, r3, template, never] }

    static var book: NeighborBook {
        NeighborBook(rows, instance: instance, isNumeric: false)
    }

    static var instance: Instance {
        Instance(
            version: "0.1.0",
            hostName: "r1",
            processID: 1,
            localAS: ASNumber(65001),
            routerID: address("10.9.12.1"),
            startedAt: WallTime(nanoseconds: 0),
            configurationPath: "r1.bgpd.conf",
            socketPath: "r1.sock",
            kernelUpdates: .off(reason: "")
        )
    }

    private static var capabilities: Capabilities {
        var capabilities = Capabilities()
        capabilities.families = [.ipv4, .ipv6]
        capabilities.fourOctetAS = ASNumber(65002)
        capabilities.routeRefresh = true
        return capabilities
    }

    static var r2Detail: NeighborDetail {
        var detail = NeighborDetail(row: r2, localAS: ASNumber(65001))
        detail.maximumPrefixRestartMinutes = 5
        detail.configuredHoldTime = 30
        detail.localAddress = address("10.9.12.1")
        detail.localPort = 179
        detail.remotePort = 41216
        detail.localCapabilities = capabilities
        detail.remoteCapabilities = capabilities
        detail.negotiatedCapabilities = capabilities
        detail.holdTime = 30
        detail.keepaliveInterval = 10
        detail.lastReadSeconds = 3
        detail.lastWriteSeconds = 7
        detail.timers = [
            TimerRow(name: "KeepaliveTimer", dueMilliseconds: 3_400),
            TimerRow(name: "HoldTimer", dueMilliseconds: 27_000),
            TimerRow(name: "SendHoldTimer", dueMilliseconds: 83_999),
            TimerRow(name: "IdleHoldResetTimer", dueMilliseconds: -1_500),
        ]
        detail.opens = SentReceived(sent: 1, received: 1)
        detail.updates = SentReceived(sent: 6, received: 6)
        detail.keepalives = SentReceived(sent: 8, received: 9)
        detail.prefixUpdates = SentReceived(sent: 5, received: 5)
        detail.endOfRIB = SentReceived(sent: 2, received: 2)
        detail.policyRulesIn = 7
        detail.policyRulesOut = 3
        return detail
    }

    /// One path; AS_PATH as a sequence of those numbers.
    static func route(
        _ prefix: String,
        _ flags: RIBFlags,
        via nextHop: String,
        from neighbor: UInt32?,
        path: [UInt32] = [],
        validation: OriginValidation = .notFound,
        localPreference: UInt32 = 100,
        med: UInt32 = 0,
        age: UInt32 = 17
    ) -> RIBRow {
        var row = RIBRow(
            prefix: self.prefix(prefix),
            neighbor: neighbor.map { NeighborNumber($0) } ?? .local,
            flags: flags
        )
        row.originValidation = validation
        row.localPreference = localPreference
        row.med = med
        row.nextHop = address(nextHop)
        row.trueNextHop = row.nextHop
        row.ageSeconds = age
        if !path.isEmpty {
            row.asPath = [2, UInt8(path.count)]
            for number in path {
                for shift in [24, 16, 8, 0] as [UInt32] {
                    row.asPath.append(UInt8(truncatingIfNeeded: number >> shift))
                }
            }
        }
        return row
    }

    static var routes: [RIBRow] {
        let own: RIBFlags = [.announced, .viaIBGP, .valid, .selected]
        let best: RIBFlags = [.valid, .selected]
        return [
            route(
                "100.64.0.0/24",
                best,
                via: "10.9.13.3",
                from: 2,
                path: [65003],
                localPreference: 120
            ),
            route("172.16.1.0/24", .filtered, via: "10.9.12.2", from: 1, path: [65002]),
            route("192.0.2.0/24", own, via: "0.0.0.0", from: nil),
            route(
                "198.51.100.0/24",
                best,
                via: "10.9.12.2",
                from: 1,
                path: [65002],
                validation: .invalid,
                med: 50
            ),
            route(
                "203.0.113.0/24",
                best,
                via: "10.9.13.3",
                from: 2,
                path: [65003],
                validation: .valid,
                localPreference: 120
            ),
            route(
                "203.0.113.0/24",
                .valid,
                via: "10.9.12.2",
                from: 1,
                path: [65002, 65002, 65002],
                validation: .invalid,
                age: 83
            ),
            route("2001:db8:1::/48", own, via: "::", from: nil),
            route("2001:db8:2::/48", best, via: "2001:db8:12::2", from: 1, path: [65002]),
        ]
    }

    static func text(_ write: (inout Output) -> Void) -> String {
        var output = Output { _ in true }
        write(&output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    static func json(_ write: (inout JSONWriter) -> Void) -> String {
        text { output in output.json { write(&$0) } }
    }
}
