import Addressing
import BGPSession
import BGPWire
import Configuration
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
        let reading = Configuration.read(file: "bgpd.conf") { _ throws(UnreadableFile) in
            Array(Self.text.utf8)
        }
        let environment = SpeakerEnvironment(
            seed: 1,
            version: "test",
            hostName: "r1",
            processID: 1,
            configurationPath: "bgpd.conf",
            socketPath: "",
            kernelOffReason: "test",
            routerID: IPAddress(ipv4: 0x0A00_0001)
        )
        var speaker = Speaker(
            configuration: try #require(reading.configuration),
            environment: environment,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        turn(&speaker, 0)
        speaker.start()
        return speaker
    }

    /// Begins a turn that many seconds after the start.
    private func turn(_ speaker: inout Speaker, _ seconds: Int) {
        speaker.endTurn(took: .zero, work: "")
        speaker.beginTurn(now: .zero + .seconds(seconds), wall: WallTime(nanoseconds: 0))
    }

    private func arrive(
        _ connection: UInt64,
        at speaker: inout Speaker,
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
    private func sent(_ speaker: inout Speaker, on connection: UInt64) -> [[UInt8]] {
        speaker.takeEffects().compactMap { effect in
            guard case .send(ConnectionID(connection), let bytes) = effect else { return nil }
            return Array(bytes[18..<min(21, bytes.count)])
        }
    }

    @Test func `octets left unread with an ended connection put off no timer of the next`() throws {
        var speaker = try started()
        try arrive(1, at: &speaker)
        var greeting: [UInt8] = []
        var capabilities = Capabilities()
        capabilities.fourOctetAS = ASNumber(65002)
        OpenMessage(
            twoOctetAS: 65002,
            holdTime: 90,
            identifier: 0x0A00_0002,
            capabilities: capabilities
        ).encode(to: &greeting)
        _ = speaker.received(greeting.span, on: ConnectionID(1))
        speaker.inputRead(ConnectionID(1), drained: .unread, left: 0)
        turn(&speaker, 1)
        var farewell: [UInt8] = []
        NotificationMessage(.cease, NotificationMessage.CeaseSubcode.administrativeReset)
            .encode(to: &farewell)
        _ = speaker.received(farewell.span, on: ConnectionID(1))
        speaker.inputRead(ConnectionID(1), drained: .unread, left: 0)

        turn(&speaker, 60)
        speaker.timers()
        try arrive(2, at: &speaker)
        #expect(sent(&speaker, on: 2).map(\.first) == [1])
        // Not a word comes: RFC 4271 §8.2.2 gives it four minutes.
        turn(&speaker, 299)
        speaker.timers()
        #expect(sent(&speaker, on: 2) == [])
        turn(&speaker, 301)
        speaker.timers()
        #expect(sent(&speaker, on: 2) == [[3, 4, 0]])
    }

    @Test(arguments: [
        (LinkName(index: 2, name: "v0"), true), (LinkName(index: 3, name: "v1"), false),
    ])
    func `a link-local neighbor is met on its own link alone`(link: LinkName, isMet: Bool) throws {
        var speaker = try started()
        try arrive(1, at: &speaker, from: "fe80::2", on: link)
        let isRefused = speaker.takeEffects().contains { effect in
            if case .abort = effect { true } else { false }
        }
        #expect(isRefused == !isMet)
    }
}
