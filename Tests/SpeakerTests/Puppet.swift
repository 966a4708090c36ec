import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Speaker
import Testing
import Timekeeping

/// A speaker, AS 65001 at 10.0.0.1, and a neighbor of it whose every octet is the test's: AS 65002 at 10.0.0.2.
struct Puppet {
    let speaker: Speaker
    private(set) var connection = ConnectionID(0)
    private let capabilities: Capabilities

    /// A session that is up, with nothing said on it yet.
    ///
    /// - Parameters:
    ///   - global: statements before the neighbor.
    ///   - statements: of the neighbor.
    ///   - change: makes the capabilities of the neighbor's OPEN other ones.
    /// - Throws: where a statement has errors.
    init(
        global: String = "",
        neighbor statements: String = "",
        _ change: (inout Capabilities) -> Void = { _ in }
    ) throws {
        let text = """
            AS 65001
            router-id 10.0.0.1
            fib-update no
            \(global)
            neighbor 10.0.0.2 {
                remote-as 65002
                passive
                \(statements)
            }
            allow from any
            allow to any

            """
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.routeRefresh = true
        capabilities.fourOctetAS = ASNumber(65002)
        change(&capabilities)
        self.capabilities = capabilities
        speaker = Speaker(
            configuration: try .tested(text),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.start()
        connect()
    }

    /// Connects, after the last connection if there was one, and greets.
    mutating func connect() {
        if connection.rawValue > 0 { speaker.connectionClosed(connection, .clean) }
        connection = ConnectionID(connection.rawValue + 1)
        speaker.connectionArrived(
            connection,
            local: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 179),
            remote: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 40_000)
        )
        var bytes: [UInt8] = []
        OpenMessage(
            twoOctetAS: 65002,
            holdTime: 90,
            identifier: 0x0A00_0002,
            capabilities: capabilities
        ).encode(to: &bytes)
        KeepaliveMessage.encode(to: &bytes)
        say(bytes)
        _ = speaker.takeEffects()
    }

    /// Says those octets; how many were taken.
    @discardableResult
    func say(_ bytes: [UInt8]) -> Int { speaker.received(bytes.span, on: connection) }

    func say(_ refresh: RouteRefreshMessage) {
        var bytes: [UInt8] = []
        refresh.encode(to: &bytes)
        say(bytes)
    }

    /// Announces IPv4 prefixes with those attributes.
    func announce(_ prefixes: [String], _ attributes: [UInt8] = Puppet.attributes) throws {
        var bytes: [UInt8] = []
        var builder = UpdateBuilder()
        let fits = builder.begin(
            attributes: attributes.span,
            family: .ipv4,
            fourOctetAS: true,
            markPartial: false,
            maximumLength: MessageFraming.extendedMaximum
        )
        try #require(fits)
        for prefix in prefixes { builder.append(try .of(prefix), to: &bytes) }
        builder.finish(to: &bytes)
        say(bytes)
    }

    /// ORIGIN IGP, AS_PATH 65002, NEXT_HOP 10.0.0.2.
    static let attributes: [UInt8] = [
        0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xEA, 0x40, 3, 4, 10, 0, 0, 2,
    ]

    /// The messages that the speaker has to send, those of its session first; works off everything on the way.
    func heard() -> [[UInt8]] {
        while speaker.work(units: 1000) {}
        var output: [UInt8] = []
        for effect in speaker.takeEffects() {
            if case .send(connection, let bytes) = effect { output += bytes }
        }
        while speaker.produceOutput(for: connection, into: &output, limit: output.count + 4096) {}
        var messages: [[UInt8]] = []
        var offset = 0
        while offset + 19 <= output.count {
            let length = Int(output[offset + 16]) << 8 | Int(output[offset + 17])
            messages.append(Array(output[offset..<offset + length]))
            offset += length
        }
        return messages
    }

    /// The messages in words, KEEPALIVEs left out.
    func words() -> [String] {
        heard().filter { $0[18] != MessageType.keepalive.rawValue }.map { message in
            MessageText.line(message.span, fourOctetAS: true)
        }
    }

    /// What the neighbor has announced.
    func rows() throws -> [RIBRow] {
        while speaker.work(units: 1000) {}
        let request = RIBPageRequest(
            table: .adjRIBIn,
            filter: RIBFilter(),
            limit: 4096,
            withAttributes: false
        )
        guard case .ribPage(let page) = speaker.answer(request.question) else {
            return try #require(nil)
        }
        return page.rows
    }

    /// Flags and prefix of what the neighbor has announced: `S 10.1.0.0/16`.
    func received() throws -> [String] {
        try rows().map { row in
            [row.flags.text, "\(row.prefix)"].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    /// All that the speaker tells of the neighbor.
    func detail() throws -> NeighborDetail {
        guard case .neighbors(let details) = speaker.answer(NeighborRequest(.all).question) else {
            return try #require(nil)
        }
        return try #require(details.first)
    }
}
