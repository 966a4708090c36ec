import Addressing
import BGPSession
import Configuration
import Control
import Testing
import Timekeeping

@testable import Speaker

/// What strangers and broken neighbors can say as often as they like.
struct RepeatedEventTests {
    private let strangers = RepeatedEvents.Subject(neighbor: nil, theme: .connections)

    private func seconds(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

    @Test func `the first of a kind is told, the rest is counted and told after ten seconds`() {
        var events = RepeatedEvents()
        #expect(events.tells("a", about: strangers, now: seconds(1)))
        for _ in 0..<1000 { #expect(!events.tells("a", about: strangers, now: seconds(2))) }
        #expect(events.takeDue(now: seconds(10)).isEmpty)
        #expect(
            events.takeDue(now: seconds(11)) == [
                RepeatedEvents.Line(subject: strangers, text: "a, and 999 more in the last 10 s")
            ]
        )
        #expect(!events.tells("a", about: strangers, now: seconds(12)))
        #expect(
            events.takeDue(now: seconds(21)) == [
                RepeatedEvents.Line(subject: strangers, text: "a")
            ]
        )
    }

    @Test func `ten seconds without any end the counting`() {
        var events = RepeatedEvents()
        #expect(events.tells("a", about: strangers, now: seconds(0)))
        #expect(events.takeDue(now: seconds(10)).isEmpty)
        #expect(events.tells("a", about: strangers, now: seconds(11)))
    }

    @Test func `eight different lines are told, and each neighbor and theme has its own count`() {
        var events = RepeatedEvents()
        let told = (0..<20).filter { events.tells("\($0)", about: strangers, now: seconds(0)) }
        #expect(told == Array(0..<8))
        for subject in [
            RepeatedEvents.Subject(neighbor: NeighborNumber(0), theme: .connections),
            RepeatedEvents.Subject(neighbor: NeighborNumber(0), theme: .updates),
            RepeatedEvents.Subject(neighbor: NeighborNumber(1), theme: .updates),
        ] {
            #expect(events.tells("a", about: subject, now: seconds(0)))
            #expect(!events.tells("a", about: subject, now: seconds(0)))
        }
        #expect(
            events.takeAll().map(\.text) == ["19, and 11 more in the last 10 s", "a", "a", "a"]
        )
    }

    @Test func `a stranger who comes a thousand times costs two lines, and none of the others`()
        throws
    {
        var speaker = try speaker()
        for number in 1...1000 { arrive(number, from: 0xC000_0209, at: &speaker) }
        #expect(events(of: &speaker) == ["connection from non-peer 192.0.2.9 refused"])
        speaker.beginTurn(now: seconds(11), wall: WallTime(nanoseconds: 0))
        speaker.timers()
        #expect(
            events(of: &speaker) == [
                "connection from non-peer 192.0.2.9 refused, and 998 more in the last 10 s"
            ]
        )
        arrive(1001, from: 0xC000_0209, at: &speaker)
        speaker.stop()
        #expect(
            events(of: &speaker).prefix(2) == [
                "the speaker stops", "connection from non-peer 192.0.2.9 refused",
            ]
        )
    }

    private func events(of speaker: inout Speaker) -> [String] {
        speaker.takeEffects().compactMap { effect in
            if case .event(let event) = effect { event.line(neighbor: nil) } else { nil }
        }
    }

    private func arrive(_ number: Int, from address: UInt32, at speaker: inout Speaker) {
        speaker.connectionArrived(
            ConnectionID(UInt64(number)),
            local: Endpoint(address: IPAddress(ipv4: 0xC000_0201), port: 179),
            remote: Endpoint(address: IPAddress(ipv4: address), port: 50_000)
        )
    }

    private func speaker() throws -> Speaker {
        let text = "AS 65001\nrouter-id 192.0.2.1\nneighbor 192.0.2.2 {\nremote-as 65002\n}\n"
        let reading = Configuration.read(file: "r1.conf") { _ throws(UnreadableFile) in
            Array(text.utf8)
        }
        return Speaker(
            configuration: try #require(reading.configuration),
            environment: SpeakerEnvironment(
                seed: 1,
                version: "tested",
                hostName: "r1",
                processID: 1,
                configurationPath: "r1.conf",
                socketPath: "",
                kernelOffReason: "fib-update no",
                routerID: IPAddress(ipv4: 0xC000_0201)
            ),
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
    }
}
