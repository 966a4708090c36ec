import BGPSession
import BGPWire
import Testing
import Timekeeping

/// What a session remembers, and that it is the same each time.
@Suite struct MemoryTests {
    @Test func `messages are counted by type, with the times of the last ones`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(3)
        bench.on { _ = $0.updateReceived(on: .first, now: $1, into: &$2) }
        let memory = bench.session.statistics
        #expect(memory.received.open == 1)
        #expect(memory.received.keepalive == 1)
        #expect(memory.received.update == 1)
        #expect(memory.sent.open == 1)
        #expect(memory.sent.keepalive == 1)
        #expect(memory.lastRead == bench.now)
        #expect(memory.lastWrite == .zero + .seconds(1000))
        #expect(memory.establishedCount == 1)
    }

    @Test func `the last loss is kept with its reason and how long the session was up`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(50)
        _ = bench.notification(.shutdown, on: .first)
        let memory = bench.session.statistics
        #expect(
            memory.lastLoss?.reason == .received(.shutdown)
                && memory.lastLoss?.uptime == .seconds(50)
        )
        #expect(memory.lastErrorReceived == .shutdown)
        #expect(memory.lastErrorSent == nil)
        #expect(memory.flapCount == 1)
        #expect(memory.lastUpDown == bench.now)
    }

    @Test func `the last 32 changes of state are kept with their reasons`() {
        var bench = Bench()
        _ = bench.start()
        for attempt in 1...40 {
            bench.on {
                $0.connectFailed(ConnectAttempt(UInt32(attempt)), errno: 111, now: $1, into: &$2)
            }
            _ = bench.expire(.connectRetry)
        }
        let history = bench.session.statistics.transitions
        #expect(history.count == 32)
        #expect(history.last?.to == .connect && history.last?.event == .connectRetryTimerExpired)
        #expect(history.dropLast().last?.reason == .connectFailed(errno: 111))
        #expect(history.last?.reason == nil)
        #expect(history.last?.time == bench.now)
    }

    @Test func `a collision that was lost is not the last error of a healthy session`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.opened(.second, .incoming)
        _ = bench.open(on: .first)
        _ = bench.open(on: .second)
        let reason = bench.session.statistics.lastReason
        #expect(reason == nil)
        #expect(bench.session.statistics.lastErrorSent == nil)
    }

    @Test func `a collision that the neighbor decides is not the last error either`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.opened(.second, .incoming)
        _ = bench.notification(.collision, on: .first)
        _ = bench.open(on: .second)
        _ = bench.keepalive(on: .second)
        #expect(bench.state == .established)
        let statistics = bench.session.statistics
        #expect(statistics.lastReason == nil && statistics.lastErrorReceived == nil)
    }

    @Test func `a collision told on an established session is its end and its last error`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.open(on: .first)
        _ = bench.keepalive(on: .first)
        _ = bench.notification(.collision, on: .first)
        let statistics = bench.session.statistics
        #expect(statistics.lastReason == .received(.collision))
        #expect(statistics.lastErrorReceived == .collision)
    }

    /// A life with many draws of jitter.
    private func life(seed: UInt64) -> [SessionAction] {
        var bench = Bench(seed: seed)
        var actions = bench.start()
        for _ in 0..<200 {
            bench.now = bench.session.nextDue
            if bench.now == .never { break }
            actions += bench.wait(.zero)
            if case .connect(let attempt) = actions.last(where: {
                if case .connect = $0 { true } else { false }
            }),
                bench.state == .connect
            {
                let connection = ConnectionID(UInt64(attempt.rawValue))
                actions += bench.opened(connection, .outgoing(attempt))
                actions += bench.open(on: connection)
                actions += bench.keepalive(on: connection)
            }
        }
        return actions
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the same events and seed give the same actions`(seed: UInt64) {
        let first = life(seed: seed)
        #expect(first.count > 100)
        #expect(first == life(seed: seed))
    }
}
