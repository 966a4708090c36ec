import Addressing
import BGPWire
import Control
import Testing

/// Routes that are sent once more (RFC 2918), between a beginning and an end (RFC 7313).
struct RefreshTests {
    private static let begin = RouteRefreshMessage(.ipv4, subtype: 1)
    private static let end = RouteRefreshMessage(.ipv4, subtype: 2)
    private static let request = RouteRefreshMessage(.ipv4)

    private static let first = "10.1.0.0/16  path 65001"

    private func puppet(_ change: (inout Capabilities) -> Void = { _ in }) throws -> Puppet {
        try Puppet(global: "network 10.1.0.0/16") {
            $0.enhancedRouteRefresh = true
            change(&$0)
        }
    }

    @Test func `what does not come again before the end of a refresh goes`() throws {
        let puppet = try puppet()
        try puppet.announce(["10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16"])
        puppet.say(Self.begin)
        #expect(
            try puppet.received() == ["S 10.2.0.0/16", "S 10.3.0.0/16", "S 10.4.0.0/16"]
        )
        try puppet.announce(["10.2.0.0/16", "10.5.0.0/16"])
        try puppet.announce(["10.4.0.0/16"], Puppet.attributes + [0x80, 4, 4, 0, 0, 0, 9])
        #expect(
            try puppet.received()
                == ["10.2.0.0/16", "S 10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16"]
        )
        puppet.say(Self.end)
        #expect(try puppet.received() == ["10.2.0.0/16", "10.4.0.0/16", "10.5.0.0/16"])
        let detail = try puppet.detail()
        #expect(detail.refreshBegins.received == 1)
        #expect(detail.refreshEnds.received == 1)
        #expect(detail.refreshRequests.received == 0)
        #expect(detail.routeRefreshes.received == 2)
    }

    @Test func `a session that ends within a refresh leaves nothing stale`() throws {
        var puppet = try puppet()
        try puppet.announce(["10.2.0.0/16", "10.3.0.0/16"])
        puppet.say(Self.begin)
        puppet.connect()
        try puppet.announce(["10.3.0.0/16"])
        #expect(try puppet.received() == ["10.3.0.0/16"])
        puppet.say(Self.end)
        #expect(try puppet.received() == ["10.3.0.0/16"])
    }

    @Test func `a request is answered between a beginning and an end, after what is due first`()
        throws
    {
        let puppet = try puppet()
        // Nothing has been said yet: the routes and the marker come first.
        puppet.say(Self.request)
        puppet.say(Self.request)
        #expect(
            puppet.words() == [
                Self.first, "End-of-RIB IPv4 unicast",
                "beginning of refresh IPv4 unicast", Self.first,
                "end of refresh IPv4 unicast",
            ]
        )
        puppet.say(Self.request)
        #expect(puppet.words().count == 3)
        #expect(puppet.words().isEmpty)
        let detail = try puppet.detail()
        #expect(detail.refreshRequests.received == 3)
        #expect(detail.refreshBegins.sent == 2)
        #expect(detail.refreshEnds.sent == 2)
        #expect(detail.refreshRequests.sent == 0)
        #expect(detail.routeRefreshes.sent == 4)
    }

    @Test func `without RFC 7313 on both sides the subtype has no meaning`() throws {
        let puppet = try puppet { $0.enhancedRouteRefresh = false }
        _ = puppet.words()
        try puppet.announce(["10.2.0.0/16"])
        puppet.say(Self.begin)
        puppet.say(Self.end)
        #expect(puppet.words() == [Self.first])
        #expect(try puppet.received() == ["10.2.0.0/16"])
    }

    @Test func `an unknown subtype and a family that was not agreed on are passed over`() throws {
        let puppet = try puppet()
        _ = puppet.words()
        try puppet.announce(["10.2.0.0/16"])
        puppet.say(RouteRefreshMessage(.ipv4, subtype: 3))
        puppet.say(RouteRefreshMessage(.ipv6, subtype: 1))
        puppet.say(RouteRefreshMessage(.ipv6))
        #expect(puppet.words() == [])
        #expect(try puppet.received() == ["10.2.0.0/16"])
        #expect(try puppet.detail().row.state == .established)
    }

    @Test(arguments: [1, 2] as [UInt8])
    func `a beginning or an end of a wrong length is a ROUTE-REFRESH Message Error`(
        subtype: UInt8
    ) throws {
        let puppet = try puppet()
        _ = puppet.words()
        let message =
            [UInt8](repeating: 0xFF, count: 16) + [0, 24, 5] + [0, 1, subtype, 1, 0]
        puppet.say(message)
        let notification = NotificationMessage(.routeRefresh, 1, data: message)
        var expected: [UInt8] = []
        notification.encode(to: &expected)
        #expect(puppet.heard() == [expected])
        #expect(try puppet.detail().row.state == .idle)
    }
}
