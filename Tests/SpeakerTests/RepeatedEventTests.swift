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

    /// Lines that come, and whether each is told.
    private final class Course {
        private var events = RepeatedEvents()

        func tells(_ text: String, about subject: RepeatedEvents.Subject, at moment: Instant)
            -> Bool
        {
            events.tells(text, about: subject, now: moment)
        }

        func due(at moment: Instant) -> [String] { events.takeDue(now: moment).map(\.text) }

        func rest() -> [String] { events.takeAll().map(\.text) }
    }

    @Test func `the first of a kind is told, the rest is counted and told after ten seconds`() {
        let course = Course()
        #expect(course.tells("a", about: strangers, at: seconds(1)))
        for _ in 0..<1000 { #expect(!course.tells("a", about: strangers, at: seconds(2))) }
        #expect(course.due(at: seconds(10)).isEmpty)
        #expect(course.due(at: seconds(11)) == ["a, and 999 more in the last 10 s"])
        #expect(!course.tells("a", about: strangers, at: seconds(12)))
        #expect(course.due(at: seconds(21)) == ["a"])
    }

    @Test func `ten seconds without any end the counting`() {
        let course = Course()
        #expect(course.tells("a", about: strangers, at: seconds(0)))
        #expect(course.due(at: seconds(10)).isEmpty)
        #expect(course.tells("a", about: strangers, at: seconds(11)))
    }

    @Test func `eight different lines are told, and each neighbor and theme has its own count`() {
        let course = Course()
        let told = (0..<20).filter { course.tells("\($0)", about: strangers, at: seconds(0)) }
        #expect(told == Array(0..<8))
        for subject in [
            RepeatedEvents.Subject(neighbor: NeighborNumber(0), theme: .connections),
            RepeatedEvents.Subject(neighbor: NeighborNumber(0), theme: .updates),
            RepeatedEvents.Subject(neighbor: NeighborNumber(1), theme: .updates),
        ] {
            #expect(course.tells("a", about: subject, at: seconds(0)))
            #expect(!course.tells("a", about: subject, at: seconds(0)))
        }
        #expect(course.rest() == ["19, and 11 more in the last 10 s", "a", "a", "a"])
    }

    @Test(arguments: [0, 1, 2, 3, 4, .max / 2, .max - 1, .max] as [UInt64])
    func `events are asked for behind any number`(after: UInt64) throws {
        let speaker = try speaker()
        for number in 1...3 { arrive(number, from: 0xC000_0209 + UInt32(number), at: speaker) }
        let request = EventsRequest(after: after, limit: 9)
        let page = EventsRequest.answer(in: speaker.answer(request.question))
        #expect(page?.rows.map(\.sequence) == (1...3).filter { $0 > after })
        #expect(page?.lost == 0)
    }

    @Test func `a stranger who comes a thousand times costs two lines, and none of the others`()
        throws
    {
        let speaker = try speaker()
        for number in 1...1000 { arrive(number, from: 0xC000_0209, at: speaker) }
        let first = events(of: speaker)
        #expect(first == ["connection from non-peer 192.0.2.9 refused"])
        speaker.beginTurn(now: seconds(11), wall: WallTime(nanoseconds: 0))
        speaker.timers()
        let second = events(of: speaker)
        #expect(
            second == ["connection from non-peer 192.0.2.9 refused, and 998 more in the last 10 s"]
        )
        arrive(1001, from: 0xC000_0209, at: speaker)
        speaker.stop()
        let last = events(of: speaker)
        #expect(
            last.prefix(2) == [
                "connection from non-peer 192.0.2.9 refused", "the speaker stops",
            ]
        )
    }

    private func events(of speaker: Speaker) -> [String] {
        speaker.takeEffects().compactMap { effect in
            if case .event(let event) = effect { event.line(neighbor: nil) } else { nil }
        }
    }

    private func arrive(_ number: Int, from address: UInt32, at speaker: Speaker) {
        speaker.connectionArrived(
            ConnectionID(UInt64(number)),
            local: Endpoint(address: IPAddress(ipv4: 0xC000_0201), port: 179),
            remote: Endpoint(address: IPAddress(ipv4: address), port: 50_000)
        )
    }

    private func speaker() throws -> Speaker {
        let text = "AS 65001\nrouter-id 192.0.2.1\nneighbor 192.0.2.2 {\nremote-as 65002\n}\n"
        return Speaker(
            configuration: try .tested(text),
            environment: .tested,
            now: .zero,
            wall: WallTime(nanoseconds: 0)
        )
    }
}
