import Interop
import Testing

/// Beside BIRD over one IPv6 session: long messages, IPv4 via IPv6, refreshes with a beginning and an end.
@Suite(.serialized, .enabled(if: Scenario.isPossible(BIRD.self), Scenario.reason(BIRD.self)))
struct WireTests {
    /// More communities than a message of 4096 octets holds.
    private static let count = 1500

    private static var theirs: String {
        let communities = (0..<count).map { "bgp_community.add((65002, \($0)));" }
        return """
            log stderr all;
            router id \(Plan.them.ipv4);
            protocol device {}
            protocol static s4 { ipv4; route \(Plan.them.ipv4Route) blackhole; }
            protocol static s6 { ipv6; route \(Plan.them.ipv6Route) blackhole; }
            filter ours {
                if source != RTS_STATIC then reject;
                \(communities.joined(separator: "\n"))
                accept;
            }
            protocol bgp us6 {
                local \(Plan.them.ipv6) as \(Plan.them.autonomousSystem);
                neighbor \(Plan.us.ipv6) as 65100;
                connect retry time 1; connect delay time 1; error wait time 1, 2;
                enable extended messages on;
                ipv4 { extended next hop on; import all; export filter ours; };
                ipv6 { import all; export filter ours; };
            }

            """
    }

    private static var ours: String {
        let communities = (0..<count).map { "community \(Plan.us.autonomousSystem):\($0)" }
        return """
            AS \(Plan.us.autonomousSystem)
            router-id \(Plan.us.ipv4)
            network \(Plan.us.ipv4Route) set { \(communities.joined(separator: " ")) }
            network \(Plan.us.ipv6Route)
            neighbor \(Plan.them.ipv6) {
            \tremote-as \(Plan.them.autonomousSystem)
            \tlocal-as 65100
            \tdescr "them6"
            \tconnect-retry 1
            \tannounce IPv4 unicast
            \tannounce IPv6 unicast
            \tannounce extended nexthop enforce
            \tannounce extended message enforce
            \tannounce enhanced refresh enforce
            }
            allow from any
            allow to any

            """
    }

    @Test func `BIRD and we agree on long messages, IPv4 via IPv6, refreshes and local-as`()
        async throws
    {
        let meeting = try Meeting(.us) { try BIRD($0, configuration: Self.theirs) }
        let (us, them) = (meeting.us, meeting.them)
        try us.rewrite(Self.ours)
        try await them.start()
        try await us.start()
        try await meeting.wait("the session is up") {
            if try us.state(Plan.them.ipv6) == "Idle" { try us.ask("neighbor", "them6", "up") }
            return try us.state(Plan.them.ipv6) == "Established"
                && them.isEstablished(Plan.us.ipv6)
        }

        try await meeting.wait("we have their routes with all communities") {
            let routes = try us.routes(from: Plan.them.ipv6)
            return routes.map(\.prefix) == [Plan.them.ipv4Route, Plan.them.ipv6Route]
                && routes.allSatisfy { $0.communities.count == Self.count }
                && routes.allSatisfy { $0.nextHop == Plan.them.ipv6 }
        }
        try await meeting.wait("our kernel sends IPv4 via IPv6") {
            try meeting.ourNamespace.ip("-4 route show proto bgp")
                .contains("\(Plan.them.ipv4Route) via inet6 \(Plan.them.ipv6)")
        }
        try await meeting.wait("they have ours, with all communities and the local AS") {
            let routes = try them.routes().filter { $0.prefix == Plan.us.ipv4Route }
            // What it prints of communities ends with a full line.
            let last = "(\(Plan.us.autonomousSystem), \(Self.count - 1)) ~ bgp_community"
            return try routes.first?.nextHop == Plan.us.ipv6 && routes.first?.asPath == "65100"
                && them.ask("show route where \(last)").contains(Plan.us.ipv4Route)
        }

        try them.ask("reload in us6")
        try await meeting.wait("their refresh is answered with beginnings and ends") {
            let counts = try Self.refreshes(us)
            return counts.received["request"] == 2 && counts.sent["borr"] == 2
                && counts.sent["eorr"] == 2
        }
        try us.ask("neighbor", "them6", "refresh")
        try await meeting.wait("our refresh is answered with beginnings and ends") {
            let counts = try Self.refreshes(us)
            return counts.sent["request"] == 2 && counts.received["borr"] == 2
                && counts.received["eorr"] == 2
        }
        #expect(
            try us.routes(from: Plan.them.ipv6).map(\.prefix)
                == [Plan.them.ipv4Route, Plan.them.ipv6Route]
        )
        #expect(try them.routes().count == 2)
        #expect(try us.state(Plan.them.ipv6) == "Established")
    }

    private static func refreshes(
        _ us: Peerglass
    ) throws -> (sent: [String: Int], received: [String: Int]) {
        let statistics = try us.neighbor(Plan.them.ipv6)["stats"] as? [String: Any]
        let counts = statistics?["route-refresh"] as? [String: [String: Int]]
        return (counts?["sent"] ?? [:], counts?["received"] ?? [:])
    }
}
