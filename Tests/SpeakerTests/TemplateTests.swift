import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Simulation
import Testing
import Timekeeping

@testable import Speaker

/// `neighbor ADDRESS/LENGTH`: whoever connects from there becomes a neighbor.
struct TemplateTests {
    /// r1 has a template for both links, to r2 (172.16.0.2) and r3 (172.16.0.6).
    private func star(
        _ template: String = "descr dyn\nannounce IPv4 unicast",
        before: String = "",
        rules: String = "allow from any\nallow to any",
        secondAS: UInt32 = 65002
    ) throws -> Simulation {
        let simulation = Simulation(seed: 5, dials: SimulationDials())
        let hub = try simulation.addMachine(
            "r1",
            configuration: """
                AS 65001
                router-id 10.0.0.1
                \(before)
                neighbor 172.16.0.0/24 {
                \(template)
                }
                \(rules)

                """
        )
        for (place, number) in [UInt32(2), 3].enumerated() {
            let spoke = try simulation.addMachine(
                "r\(number)",
                configuration: """
                    AS \(number == 2 ? secondAS : 65003)
                    router-id 10.0.0.\(number)
                    network 10.\(number).0.0/16
                    neighbor 172.16.0.\(4 * place + 1) {
                    remote-as 65001
                    connect-retry 5
                    }
                    allow from any
                    allow to any

                    """
            )
            _ = simulation.addLink(
                hub,
                ["172.16.0.\(4 * place + 1)/30"],
                spoke,
                ["172.16.0.\(4 * place + 2)/30"]
            )
        }
        simulation.start()
        simulation.run(for: .seconds(20))
        return simulation
    }

    private func names(_ simulation: Simulation) throws -> [String] {
        try simulation.overview(r1).neighbors.map { "\($0.name) \($0.remoteAS) \($0.state.name)" }
    }

    @Test func `each who connects from the prefix becomes a neighbor with the AS that it tells`()
        throws
    {
        let simulation = try star()
        #expect(
            try names(simulation).sorted() == [
                "dyn 0 Idle", "dyn@172.16.0.2 65002 Established",
                "dyn@172.16.0.6 65003 Established",
            ]
        )
        #expect(
            try simulation.table(r1) == ["10.2.0.0/16 *> 65002", "10.3.0.0/16 *> 65003"]
        )
        let overview = try simulation.overview(r1)
        #expect(overview.sessionsTotal == 2)
        #expect(overview.sessionsUp == 2)
        #expect(overview.neighbors.map(\.isCloned) == [false, true, true])
        #expect(overview.neighbors.map(\.templateLength) == [24, nil, nil])
        #expect(simulation.lines("becomes a neighbor").count == 2)
    }

    @Test func `a template with remote-as refuses any other with 2/2`() throws {
        let simulation = try star("remote-as 65003")
        #expect(
            try names(simulation).sorted() == [
                "172.16.0.0/24 65003 Idle", "172.16.0.2 65003 Idle",
                "172.16.0.6 65003 Established",
            ]
        )
        #expect(try simulation.detail(r2, 0).row.lastDown == .received(.openWrongAS))
    }

    @Test func `rules about the AS and about the template hold for its neighbors`() throws {
        let simulation = try star(
            rules: "allow from ebgp AS 65002\nallow from AS 65003\nallow to any"
        )
        #expect(
            try simulation.table(r1) == ["10.2.0.0/16 *> 65002", "10.3.0.0/16 *> 65003"]
        )
        let byTemplate = try star(rules: "allow from 172.16.0.0 source-as 65002")
        #expect(try byTemplate.table(r1).filter { $0.contains("*>") } == ["10.2.0.0/16 *> 65002"])
    }

    @Test func `set of one template is not for the neighbors of another that begins alike`() throws
    {
        let simulation = try star(
            "set localpref 50",
            before: "neighbor 172.16.0.0/30 {\nset localpref 200\n}"
        )
        #expect(try simulation.rows(r1).map(\.localPreference) == [200, 50])
        let named = try star(rules: "allow from 172.16.0.0/24 source-as 65003\nallow to any")
        #expect(try named.table(r1).filter { $0.contains("*>") } == ["10.3.0.0/16 *> 65003"])
    }

    @Test func `one of our own AS is an iBGP neighbor`() throws {
        let simulation = try star(rules: "allow from ibgp\nallow to any", secondAS: 65001)
        #expect(try simulation.table(r1).filter { $0.contains("*>") } == ["10.2.0.0/16 I*>"])
    }

    @Test func `a neighbor of its own goes before a template, a long template before a short one`()
        throws
    {
        let simulation = try star(
            before: """
                neighbor 172.16.0.4/30 {
                descr long
                }
                neighbor 172.16.0.2 {
                remote-as 65002
                descr own
                }
                """
        )
        let up = try simulation.overview(r1).neighbors.filter { $0.state == .established }
        #expect(up.map(\.name) == ["own", "long@172.16.0.6"])
    }

    @Test func `one that is down is forgotten after an hour, and has its number when it is back`()
        throws
    {
        let simulation = try star()
        let before = try #require(
            try simulation.overview(r1).neighbors.first { $0.name == "dyn@172.16.0.2" }
        )
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(3590))
        #expect(try names(simulation).contains("dyn@172.16.0.2 65002 Active"))
        simulation.run(for: .seconds(30))
        #expect(try simulation.overview(r1).neighbors.map(\.name) == ["dyn", "dyn@172.16.0.6"])
        #expect(simulation.lines("172.16.0.2 (dyn): session up").count == 1)
        simulation.apply(.restart(r2))
        simulation.run(for: .seconds(20))
        let after = try #require(
            try simulation.overview(r1).neighbors.first { $0.name == "dyn@172.16.0.2" }
        )
        #expect(after.number == before.number)
        #expect(after.state == .established)
        #expect(simulation.faults() == [])
    }

    @Test func `destroy takes what a template made, once it is down`() throws {
        let simulation = try star()
        func destroy(_ selector: NeighborSelector) -> ActionResult? {
            simulation.ask(r1, NeighborActionRequest(selector, .destroy))
        }
        let address = try #require(IPAddress(text: "172.16.0.2"))
        #expect(destroy(.descr("dyn")) == .notCloned)
        #expect(destroy(.descr("nobody")) == .noSuchNeighbor)
        #expect(destroy(.address(address)) == .stillActive)
        _ = simulation.ask(r1, NeighborActionRequest(.address(address), .down(reason: "")))
        simulation.run(for: .seconds(5))
        #expect(destroy(.descr("dyn@172.16.0.2")) == .processed)
        #expect(try simulation.overview(r1).neighbors.map(\.name) == ["dyn", "dyn@172.16.0.6"])
    }

    @Test func `a template that is taken down takes its neighbors down and makes none`() throws {
        let simulation = try star()
        let template = NeighborSelector.descr("dyn")
        _ = simulation.ask(r1, NeighborActionRequest(template, .down(reason: "CHG-9")))
        simulation.run(for: .seconds(60))
        #expect(try simulation.overview(r1).sessionsUp == 0)
        #expect(try simulation.overview(r1).neighbors.map(\.markedDown) == [true, true, true])
        simulation.run(for: .seconds(4000))
        #expect(try simulation.overview(r1).neighbors.count == 3)
        _ = simulation.ask(r1, NeighborActionRequest(template, .up))
        // They have been refused for an hour, and wait as long before they try again.
        for spoke in [r2, r3] { simulation.act(spoke, .clear(reason: "")) }
        simulation.run(for: .seconds(60))
        #expect(try simulation.overview(r1).sessionsUp == 2)
    }

    @Test func `who comes while the template is down is told of as what he is`() throws {
        let simulation = try star("down")
        #expect(try simulation.overview(r1).neighbors.count == 1)
        #expect(simulation.lines("172.16.0.2 refused: its template is down").count >= 1)
        #expect(simulation.lines("non-peer").isEmpty)
    }

    // MARK: Strangers

    @Test func `five thousand strangers within the prefix make no more than 4,096 neighbors`()
        throws
    {
        let text = "AS 65001\nrouter-id 192.0.2.1\nneighbor 10.0.0.0/8 {\n}\n"
        let speaker = Speaker(
            configuration: try .tested(text),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
        speaker.start()
        var lineCount = 0
        for number in 1...5000 {
            let connection = ConnectionID(UInt64(number))
            speaker.beginTurn(
                now: .zero + .milliseconds(number),
                wall: WallTime(nanoseconds: 0)
            )
            speaker.connectionArrived(
                connection,
                local: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 179),
                remote: Endpoint(address: IPAddress(ipv4: 0x0A10_0000 + UInt32(number)), port: 999)
            )
            speaker.connectionClosed(connection, .clean)
            for effect in speaker.takeEffects() {
                if case .event = effect { lineCount += 1 }
            }
            if number % 1000 == 0 { speaker.timers() }
        }
        #expect(lineCount < 40)
        let count = speaker.neighbors.all.count
        #expect(count == 4097)
        let newest = speaker.neighbors[IPAddress(ipv4: 0x0A10_0000 + 5000)].count
        #expect(newest == 1)
    }
}

extension NotificationMessage {
    /// OPEN Message Error, Bad Peer AS.
    fileprivate static let openWrongAS = NotificationMessage(.open, 2)
}
