import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Speaker
import Testing
import Timekeeping

/// A speaker without a network around it: what is said and when is the test's.
struct SilenceTests {
    private static let text = """
        AS 65001
        router-id 10.0.0.1
        fib-update no
        neighbor 10.0.0.2 {
            remote-as 65002
            passive
        }
        neighbor fe80::2%v0 {
            remote-as 65003
            passive
        }

        """

    private func started() throws -> Speaker {
        let speaker = Speaker(
            configuration: try .tested(Self.text),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        turn(speaker, 0)
        speaker.start()
        return speaker
    }

    /// The neighbor's OPEN.
    private static var greeting: [UInt8] {
        var bytes: [UInt8] = []
        var capabilities = Capabilities()
        capabilities.fourOctetAS = ASNumber(65002)
        OpenMessage(
            twoOctetAS: 65002,
            holdTime: 90,
            identifier: 0x0A00_0002,
            capabilities: capabilities
        ).encode(to: &bytes)
        return bytes
    }

    /// An UPDATE of 203.0.113.0/24 with that ORIGIN.
    private static func update(origin: UInt8) -> [UInt8] {
        let attributes: [UInt8] =
            [0x40, 1, 1, origin, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xEA, 0x40, 3, 4, 10, 0, 0, 2]
        let body = [0, 0, 0, UInt8(attributes.count)] + attributes + [24, 203, 0, 113]
        return [UInt8](repeating: 0xFF, count: 16) + [0, UInt8(19 + body.count), 2] + body
    }

    /// Begins a turn that many seconds after the start.
    private func turn(_ speaker: Speaker, _ seconds: Int) {
        speaker.endTurn(took: .zero, late: .zero, work: ("", .zero))
        speaker.beginTurn(now: .zero + .seconds(seconds), wall: WallTime(nanoseconds: 0))
    }

    private func arrive(
        _ connection: UInt64,
        at speaker: Speaker,
        from address: String = "10.0.0.2",
        on interface: LinkName? = nil
    ) throws {
        speaker.connectionArrived(
            ConnectionID(connection),
            local: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 179),
            remote: Endpoint(address: try #require(IPAddress(text: address)), port: 40_000),
            interface: interface
        )
    }

    /// The types of the messages that go out on a connection.
    private func sent(_ speaker: Speaker, on connection: UInt64) -> [[UInt8]] {
        speaker.takeEffects().compactMap { effect in
            guard case .send(ConnectionID(connection), let bytes) = effect else { return nil }
            return Array(bytes[18..<min(21, bytes.count)])
        }
    }

    @Test func `octets left unread with an ended connection put off no timer of the next`() throws {
        let speaker = try started()
        try arrive(1, at: speaker)
        _ = speaker.received(Self.greeting.span, on: ConnectionID(1))
        speaker.inputRead(ConnectionID(1), drained: .unread, left: 0)
        turn(speaker, 1)
        var farewell: [UInt8] = []
        NotificationMessage(.cease, NotificationMessage.CeaseSubcode.administrativeReset)
            .encode(to: &farewell)
        _ = speaker.received(farewell.span, on: ConnectionID(1))
        speaker.inputRead(ConnectionID(1), drained: .unread, left: 0)

        turn(speaker, 60)
        speaker.timers()
        try arrive(2, at: speaker)
        #expect(sent(speaker, on: 2).map(\.first) == [1])
        // Not a word comes: RFC 4271 §8.2.2 gives it four minutes.
        turn(speaker, 299)
        speaker.timers()
        #expect(sent(speaker, on: 2) == [])
        turn(speaker, 301)
        speaker.timers()
        #expect(sent(speaker, on: 2) == [[3, 4, 0]])
    }

    @Test func `the log tells which UPDATEs are treated as withdraw`() throws {
        let speaker = try started()
        try arrive(1, at: speaker)
        var bytes = Self.greeting
        KeepaliveMessage.encode(to: &bytes)
        bytes += Self.update(origin: 0) + Self.update(origin: 7) + Self.update(origin: 2)
        let taken = speaker.received(bytes.span, on: ConnectionID(1))
        #expect(taken == bytes.count)
        var filter = MessagesRequest.Filter()
        filter.kinds = .update
        filter.direction = .received
        let request = MessagesRequest(position: .newest, limit: 10, filter: filter)
        guard case .messages(let page) = speaker.answer(request.question) else {
            Issue.record("no messages")
            return
        }
        #expect(page.rows.map(\.isTreatedAsWithdraw) == [false, true, false])

        // What is malformed stays in sight, and is nothing to decide about.
        let malformed = Self.update(origin: 7)
        _ = speaker.received(malformed.span, on: ConnectionID(1))
        let asked = RIBPageRequest(
            table: .locRIB,
            filter: RIBFilter([.malformed]),
            limit: 10,
            withAttributes: false
        )
        guard case .ribPage(let found) = speaker.answer(asked.question) else {
            Issue.record("no page")
            return
        }
        #expect(found.rows.map(\.flags.text) == ["E"])
    }

    @Test(arguments: [
        (LinkName(index: 2, name: "v0"), true), (LinkName(index: 3, name: "v1"), false),
    ])
    func `a link-local neighbor is met on its own link alone`(link: LinkName, isMet: Bool) throws {
        let speaker = try started()
        try arrive(1, at: speaker, from: "fe80::2", on: link)
        let isRefused = speaker.takeEffects().contains { effect in
            if case .abort = effect { true } else { false }
        }
        #expect(isRefused == !isMet)
    }
}
