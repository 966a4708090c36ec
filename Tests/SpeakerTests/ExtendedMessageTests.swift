import BGPWire
import Control
import Speaker
import Testing

/// Messages of more than 4096 octets (RFC 8654).
struct ExtendedMessageTests {
    /// COMMUNITIES of that many values.
    private static func communities(_ count: Int) -> [UInt8] {
        [0xD0, 8, UInt8((4 * count) >> 8), UInt8((4 * count) & 0xFF)]
            + (0..<count).flatMap { [0, 100, UInt8($0 >> 8), UInt8($0 & 0xFF)] as [UInt8] }
    }

    /// A network with two thousand communities.
    private static let network =
        "network 10.1.0.0/16 set { "
        + (0..<2000).map { "community 200:\($0)" }.joined(separator: " ") + " }"

    @Test func `a long UPDATE is taken where both sides offer it`() throws {
        let puppet = try Puppet { $0.extendedMessage = true }
        try puppet.announce(["10.2.0.0/16"], Puppet.attributes + Self.communities(3000))
        #expect(try puppet.received() == ["10.2.0.0/16"])
    }

    @Test(arguments: [("announce extended message no", true), ("", false)])
    func `a long UPDATE is a bad message length where a side does not offer it`(
        statement: String,
        theirs: Bool
    ) throws {
        let puppet = try Puppet(neighbor: statement) { $0.extendedMessage = theirs }
        _ = puppet.words()
        try puppet.announce(["10.2.0.0/16"], Puppet.attributes + Self.communities(3000))
        var expected: [UInt8] = []
        let length = 19 + 4 + Puppet.attributes.count + 4 + 12_000 + 3
        NotificationMessage(.header, 2, data: [UInt8(length >> 8), UInt8(length & 0xFF)])
            .encode(to: &expected)
        #expect(puppet.heard() == [expected])
        #expect(try puppet.received() == [])
    }

    @Test func `a long set of attributes is sent where both sides offer it`() throws {
        let puppet = try Puppet(global: Self.network) { $0.extendedMessage = true }
        let messages = puppet.heard()
        #expect(messages.map(\.count).max() ?? 0 > 8000)
        #expect(try puppet.detail().row.prefixesSent == 1)
    }

    @Test func `a long set of attributes is not sent to others`() throws {
        let puppet = try Puppet(global: Self.network)
        #expect(puppet.words() == ["End-of-RIB IPv4 unicast"])
        #expect(try puppet.detail().row.prefixesSent == 0)
    }

    @Test func `a set that policy makes too long for any message is refused`() throws {
        let large = (0..<4).map { "large-community 1:1:\($0)" }.joined(separator: " ")
        let puppet = try Puppet(neighbor: "set { \(large) }") { $0.extendedMessage = true }
        let rest = 65_535 - 19 - 4 - 5 - Puppet.attributes.count - 4
        try puppet.announce(["10.2.0.0/16"], Puppet.attributes + Self.communities(rest / 4))
        #expect(try puppet.received() == ["F 10.2.0.0/16"])
        try puppet.announce(["10.2.0.0/16"], Puppet.attributes + Self.communities(rest / 4 - 20))
        #expect(try puppet.received() == ["10.2.0.0/16"])
    }

    @Test func `many long sets do not fill the memory of a neighbor that reads slowly`() throws {
        let networks = (0..<600).map { number in
            "network 10.\(number / 256).\(number % 256).0/24"
                + " set { prepend-self 128 med \(number) }"
        }
        let puppet = try Puppet(global: networks.joined(separator: "\n")) {
            $0.extendedMessage = true
        }
        while puppet.speaker.work(units: 1000) {}
        var output: [UInt8] = []
        _ = puppet.speaker.produceOutput(for: puppet.connection, into: &output, limit: 4096)
        #expect(output.count > 4096)
        #expect(output.count < 200_000)
    }
}
