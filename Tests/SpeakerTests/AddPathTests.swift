import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Speaker
import Testing
import Timekeeping

/// Several paths of a prefix from one neighbor (RFC 7911), which the test plays.
struct AddPathTests {
    private let one = IPPrefix(ipv4: 0xCB00_7100, length: 24)
    private let two = IPPrefix(ipv4: 0xC633_6400, length: 24)

    private func text(_ statements: String = "", rules: String = "allow from any") -> String {
        """
        AS 65001
        router-id 10.0.0.1
        fib-update no
        neighbor 10.0.0.2 {
            remote-as 65002
            passive
            announce add-path recv yes
            \(statements)
        }
        \(rules)

        """
    }

    /// A speaker whose neighbor has sent its OPEN and a KEEPALIVE.
    private func established(_ text: String, restart: GracefulRestart? = nil) throws -> Speaker {
        let speaker = Speaker(
            configuration: try .tested(text),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.beginTurn(now: .zero, wall: WallTime(nanoseconds: 0))
        speaker.start()
        try connect(1, to: speaker, restart: restart)
        return speaker
    }

    private func connect(
        _ connection: UInt64,
        to speaker: Speaker,
        restart: GracefulRestart? = nil
    ) throws {
        speaker.connectionArrived(
            ConnectionID(connection),
            local: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 179),
            remote: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 40_000)
        )
        var bytes: [UInt8] = []
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.fourOctetAS = ASNumber(65002)
        capabilities.setAddPath(receive: [], send: .ipv4)
        capabilities.gracefulRestart = restart?.value
        OpenMessage(
            twoOctetAS: 65002,
            holdTime: 90,
            identifier: 0x0A00_0002,
            capabilities: capabilities
        ).encode(to: &bytes)
        KeepaliveMessage.encode(to: &bytes)
        _ = speaker.received(bytes.span, on: ConnectionID(connection))
    }

    /// Lets the neighbor announce paths, or withdraw them where there is no MED.
    private func send(
        _ paths: [(pathID: UInt32, prefix: IPPrefix)],
        med: UInt8?,
        to speaker: Speaker,
        on connection: UInt64 = 1
    ) {
        var builder = UpdateBuilder()
        var bytes: [UInt8] = []
        if let med {
            let attributes: [UInt8] =
                [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xEA, 0x40, 3, 4, 10, 0, 0, 2]
                + [0x80, 4, 4, 0, 0, 0, med]
            _ = builder.begin(
                attributes: attributes.span,
                family: .ipv4,
                fourOctetAS: true,
                markPartial: false,
                maximumLength: 4096,
                withPathIDs: true
            )
        } else {
            builder.beginWithdrawal(family: .ipv4, maximumLength: 4096)
        }
        for path in paths { builder.append(path.prefix, pathID: path.pathID, to: &bytes) }
        builder.finish(to: &bytes)
        _ = speaker.received(bytes.span, on: ConnectionID(connection))
    }

    /// Prefix, path identifier, MED and flags of all rows.
    private func rows(_ speaker: Speaker, _ filter: RIBFilter = RIBFilter()) throws -> [String] {
        while speaker.work(units: 100) {}
        let request = RIBPageRequest(
            table: .locRIB,
            filter: filter,
            limit: 4096,
            withAttributes: true
        )
        let reply = speaker.answer(request.question)
        let page = try #require(RIBPageRequest.answer(in: reply))
        return page.rows.map { row in
            "\(row.prefix) \(row.pathID.map { "\($0)" } ?? "-") \(row.med) \(row.flags.text)"
        }.sorted()
    }

    private func session(_ speaker: Speaker) throws -> NeighborDetail {
        let reply = speaker.answer(NeighborRequest(.all).question)
        return try #require(NeighborRequest.answer(in: reply)?.first)
    }

    @Test func `paths are told apart by their identifiers, replaced and withdrawn by them`() throws
    {
        let speaker = try established(text())
        send([(7, one), (0, one), (7, two)], med: 5, to: speaker)
        send([(9, one)], med: 4, to: speaker)
        let detail = try session(speaker)
        #expect(detail.row.state == .established)
        #expect(detail.row.prefixesReceived == 4)
        // No kernel has said that the next hop can be reached.
        #expect(
            try rows(speaker) == [
                "198.51.100.0/24 7 5 ", "203.0.113.0/24 0 5 ", "203.0.113.0/24 7 5 ",
                "203.0.113.0/24 9 4 ",
            ]
        )
        send([(7, one)], med: 1, to: speaker)
        send([(0, one), (8, two)], med: nil, to: speaker)
        let left = ["198.51.100.0/24 7 5 ", "203.0.113.0/24 7 1 ", "203.0.113.0/24 9 4 "]
        #expect(try rows(speaker) == left)
        #expect(try rows(speaker, RIBFilter([.pathID(9)])) == ["203.0.113.0/24 9 4 "])
        send([(7, two), (7, one), (9, one)], med: nil, to: speaker)
        #expect(try rows(speaker) == [])
        #expect(try session(speaker).row.prefixesReceived == 0)
    }

    @Test func `each path counts for max-prefix`() throws {
        let speaker = try established(text("max-prefix 3"))
        send([(1, one), (2, one), (3, one)], med: 5, to: speaker)
        #expect(try session(speaker).row.state == .established)
        send([(4, one)], med: 5, to: speaker)
        #expect(try session(speaker).row.state == .idle)
        #expect(try rows(speaker) == [])
    }

    @Test func `all paths go with the session, and those of the next one stay`() throws {
        let speaker = try established(text())
        send([(1, one), (2, one), (1, two)], med: 5, to: speaker)
        speaker.connectionClosed(ConnectionID(1), .clean)
        speaker.beginTurn(now: .zero + .seconds(60), wall: WallTime(nanoseconds: 0))
        speaker.timers()
        try connect(2, to: speaker)
        send([(2, one), (3, one)], med: 6, to: speaker, on: 2)
        #expect(try rows(speaker) == ["203.0.113.0/24 2 6 ", "203.0.113.0/24 3 6 "])
    }

    @Test func `a path keeps its identifier in sight while its neighbor restarts`() throws {
        var restart = GracefulRestart()
        restart.families = .ipv4
        restart.restartTime = 60
        let speaker = try established(text(), restart: restart)
        send([(0, one), (3, one)], med: 5, to: speaker)
        speaker.connectionClosed(ConnectionID(1), .failed(errno: 104))
        #expect(try rows(speaker) == ["203.0.113.0/24 0 5 S", "203.0.113.0/24 3 5 S"])
        #expect(try rows(speaker, RIBFilter([.pathID(0)])) == ["203.0.113.0/24 0 5 S"])
    }

    @Test func `another input rule judges every path again`() throws {
        let speaker = try established(text())
        send([(1, one), (2, one), (0, two)], med: 5, to: speaker)
        let rules = "allow from any\nmatch from any prefix \(one) set metric 77"
        #expect(speaker.reload(try Configuration.tested(text(rules: rules)), reason: "") == [])
        #expect(
            try rows(speaker) == [
                "198.51.100.0/24 0 5 ", "203.0.113.0/24 1 77 ", "203.0.113.0/24 2 77 ",
            ]
        )
        #expect(
            speaker.reload(try Configuration.tested(text(rules: "deny from any")), reason: "") == []
        )
        #expect(try rows(speaker).allSatisfy { $0.hasSuffix("F") })
        #expect(try rows(speaker).count == 3)
    }

    @Test func `paths beyond 255 of a prefix are ignored and told`() throws {
        let speaker = try established(text())
        send((1...300).map { (UInt32($0), one) }, med: 5, to: speaker)
        send([(1, two)], med: 5, to: speaker)
        #expect(try rows(speaker).count == 256)
        #expect(try session(speaker).row.state == .established)
    }

    @Test func `a message that cannot be taken withdraws the paths that it names`() throws {
        let speaker = try established(text())
        send([(1, one), (2, one)], med: 5, to: speaker)
        // ORIGIN 9 of path 2.
        let body: [UInt8] =
            [0, 0, 0, 20, 0x40, 1, 1, 9, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xEA, 0x40, 3, 4]
            + [10, 0, 0, 2, 0, 0, 0, 2, 24, 203, 0, 113]
        let message = [UInt8](repeating: 0xFF, count: 16) + [0, UInt8(19 + body.count), 2] + body
        _ = speaker.received(message.span, on: ConnectionID(1))
        #expect(try session(speaker).row.state == .established)
        #expect(try rows(speaker) == ["203.0.113.0/24 1 5 ", "203.0.113.0/24 2 0 E"])
    }
}
