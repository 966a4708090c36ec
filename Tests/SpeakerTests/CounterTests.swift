import Addressing
import BGPWire
import Control
import Simulation
import Speaker
import Testing
import Timekeeping

/// The numbers that a speaker shows of itself.
struct CounterTests {
    @Test func `what one side has sent the other has received, message for message`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48",
            "network 10.2.0.0/16",
            firstNeighbor: "passive"
        ).settled()
        simulation.act(r1, .refresh)
        simulation.run(for: .seconds(300))
        simulation.act(r2, .clear(reason: ""))
        simulation.run(for: .seconds(30))
        let mine = try simulation.detail(r1)
        let other = try simulation.detail(r2)
        for counter in [
            \NeighborDetail.opens, \.notifications, \.updates, \.keepalives, \.routeRefreshes,
            \.prefixUpdates, \.prefixWithdraws, \.endOfRIB, \.refreshBegins, \.refreshEnds,
        ] {
            #expect(mine[keyPath: counter].sent == other[keyPath: counter].received)
            #expect(mine[keyPath: counter].received == other[keyPath: counter].sent)
        }
        #expect(mine.opens == SentReceived(sent: 2, received: 2))
        #expect(mine.notifications == SentReceived(sent: 0, received: 1))
        #expect(mine.routeRefreshes == SentReceived(sent: 2, received: 4))
        #expect(mine.refreshRequests == SentReceived(sent: 2, received: 0))
        #expect(mine.prefixUpdates == SentReceived(sent: 4, received: 3))
        #expect(mine.endOfRIB == SentReceived(sent: 4, received: 4))
        #expect(mine.row.messagesSent == other.row.messagesReceived)
        #expect(mine.keepalives.sent > 8)
    }

    @Test func `KEEPALIVEs keep the pace of a third of the hold time`() throws {
        var plan = NetworkPlan.pair()
        plan.neighborStatements = "holdtime 30"
        let simulation = try plan.settled()
        let before = try simulation.detail(r1).keepalives.sent
        simulation.run(for: .seconds(300))
        let count = try simulation.detail(r1).keepalives.sent - before
        // Every 7.5 s to 10 s.
        #expect((30...40).contains(count))
        #expect(simulation.faults() == [])
        let detail = try simulation.detail(r1)
        #expect(detail.holdTime == 30)
        #expect(detail.keepaliveInterval == 10)
        #expect(try #require(detail.lastReadSeconds) <= 10)
        #expect(detail.timers.contains { $0.name == "HoldTimer" && $0.dueMilliseconds <= 30_000 })
    }

    @Test func `the longest turn is measured and said what ran then`() throws {
        var dials = SimulationDials()
        dials.turn = .milliseconds(7)
        let simulation = try NetworkPlan.pair().settled(dials: dials)
        simulation.run(for: .seconds(5))
        let overview = try simulation.overview(r1)
        #expect(overview.lag.recentMicroseconds == 7000)
        #expect(overview.lag.largestMicroseconds == 7000)
        #expect(overview.lag.largestWork == "simulation")
    }

    @Test func `the largest gap counts from when the turn was due, and stays`() {
        var meter = TurnMeter()
        func take(_ took: Int, late: Int, at second: Int64) {
            meter.record(
                .milliseconds(took),
                late: .milliseconds(late),
                work: ("timers", .milliseconds(took)),
                now: Instant(nanoseconds: second * 1_000_000_000),
                wall: WallTime(nanoseconds: 100 + second)
            )
        }
        take(30, late: 10, at: 1)
        take(5, late: 20, at: 2)
        #expect(meter.lag.recentMicroseconds == 40_000)
        #expect(meter.lag.largestMicroseconds == 40_000)
        #expect(meter.lag.largestWork == "timers")
        #expect(meter.lag.largestAt == WallTime(nanoseconds: 101))
        take(5, late: 50, at: 3)
        #expect(meter.lag.largestWork == TurnMeter.waitingForProcessor)
        take(5, late: 0, at: 9)
        #expect(meter.lag.recentMicroseconds == 5000)
        #expect(meter.lag.largestMicroseconds == 55_000)
        #expect(meter.lag.largestAt == WallTime(nanoseconds: 103))
    }

    @Test func `rates count what came in a second`() throws {
        let networks = (0..<50).map { "network 10.\($0).0.0/16" }.joined(separator: "\n")
        let simulation = try NetworkPlan.pair(networks).settled()
        simulation.run(for: .seconds(3))
        #expect(try simulation.overview(r1).updatesOut.reduce(0, +) == 50)
        #expect(try simulation.overview(r2).updatesIn.reduce(0, +) == 50)
        #expect(try simulation.overview(r2).updatesKernel.reduce(0, +) == 50)
        #expect(try simulation.overview(r2).updatesIn.last == 0)
        simulation.run(for: .seconds(100))
        #expect(try simulation.overview(r2).updatesIn.count == 60)
        #expect(try simulation.overview(r2).updatesIn.allSatisfy { $0 == 0 })
    }

    @Test func `what a neighbor brought is forgotten with it, attributes too`() throws {
        let networks = (0..<60).map {
            "network 10.\($0).0.0/16 set community 65001:\($0)"
        }.joined(separator: "\n")
        let plan = NetworkPlan.line(["network 10.200.0.0/16", "", networks])
        let simulation = try plan.settled()
        func counts(_ machine: MachineNumber) throws -> [String: UInt64] {
            let items = try #require(simulation.ask(machine, MemoryRequest()))
            return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.count) })
        }
        simulation.act(r3, .down(reason: ""))
        simulation.run(for: .seconds(5))
        let start = try counts(r2)
        simulation.act(r3, .up)
        simulation.settle()
        #expect(try #require(try counts(r2)["attributes"]) > 60)
        simulation.act(r3, .down(reason: ""))
        simulation.run(for: .seconds(5))
        let end = try counts(r2)
        for name in ["prefixes", "paths", "attributes", "kernel"] {
            #expect(start[name] == end[name], "\(name)")
        }
    }

    @Test func `events have a number each, and a reader who comes late is told what is lost`()
        throws
    {
        let simulation = try NetworkPlan.pair().settled()
        let all = try #require(simulation.ask(r1, EventsRequest(after: 0, limit: 4096)))
        #expect(all.lost == 0)
        #expect(all.rows.map(\.sequence) == (1...UInt64(all.rows.count)).map { $0 })
        let last = try #require(all.rows.last?.sequence)
        let some = try #require(simulation.ask(r1, EventsRequest(after: last - 2, limit: 4096)))
        #expect(some.rows == Array(all.rows.suffix(2)))
        for _ in 0..<1500 {
            simulation.act(r1, .down(reason: ""))
            simulation.act(r1, .up)
        }
        let late = try #require(simulation.ask(r1, EventsRequest(after: 0, limit: 4096)))
        let first = try #require(late.rows.first?.sequence)
        #expect(late.lost == first - 1)
        #expect(late.lost > 0)
    }

    @Test func `the log of messages holds each message as it stood on the wire`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16",
            firstNeighbor: "passive"
        ).settled()
        func messages(_ machine: MachineNumber, _ direction: MessageRow.Direction) throws
            -> [[UInt8]]
        {
            let request = MessagesRequest(position: .from(1), limit: 1000)
            return try #require(simulation.ask(machine, request)).rows.compactMap { row in
                guard row.direction == direction, case .message(let bytes, _, _) = row.content
                else { return nil }
                return bytes
            }
        }
        #expect(try messages(r1, .sent) == messages(r2, .received))
        #expect(try messages(r2, .sent) == messages(r1, .received))
        #expect(try messages(r1, .sent).first?[18] == 1)
    }
}
