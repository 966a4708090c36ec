import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// The timers of RFC 4271 §8 and §10, RFC 9687, and the idle hold.
@Suite struct TimerTests {
    @Test(arguments: 0..<50)
    func `connect-retry and keepalive are drawn between 0.75 and 1.0 of their time`(seed: UInt64)
        throws
    {
        var bench = Bench(seed: seed)
        _ = bench.start()
        let retry = bench.left(of: .connectRetry)
        #expect((Duration.seconds(90)...Duration.seconds(120)).contains(try #require(retry)))
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.open(on: .first)
        for _ in 0..<5 {
            let left = bench.left(of: .keepalive)
            #expect(
                (Duration.milliseconds(22_500)...Duration.seconds(30)).contains(try #require(left))
            )
            _ = bench.expire(.keepalive)
            _ = bench.keepalive(on: .first)
        }
    }

    @Test func `the whole range of jitter is used`() throws {
        let lefts = try (0..<200).map { seed in
            var bench = Bench(seed: UInt64(seed))
            _ = bench.start()
            let left = bench.left(of: .connectRetry)
            return try #require(left)
        }
        #expect(try #require(lefts.min()) < .seconds(92))
        #expect(try #require(lefts.max()) > .seconds(118))
    }

    @Test func `a hold time of 0 has no keepalive, no hold and no send hold`() {
        var bench = Bench()
        bench.establish(.make(65002, identifier: 0x0A00_0002, holdTime: 0))
        bench.session.outputStalled(.first, now: bench.now)
        let (state, due) = (bench.state, bench.session.nextDue)
        #expect(state == .established)
        #expect(due == .never)
        let actions = bench.wait(.seconds(100_000))
        #expect(actions == [])
    }

    @Test func `a hold time of 0 does not wait for the first KEEPALIVE without end`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.open(.make(65002, identifier: 0x0A00_0002, holdTime: 0), on: .first)
        let left = bench.left(of: .hold)
        #expect(left == .seconds(240))
        let actions = bench.expire(.hold)
        #expect(actions.contains(.failed(.holdTimerExpired(silentSeconds: 240))))
    }

    @Test func `the Hold Timer is not acted on while octets wait unread`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(180)
        let early = bench.on {
            $0.timerDue(now: $1, input: .unread, loopBusy: .seconds(180), into: &$2)
        }
        #expect(early == [.send(.first, .keepalive)])
        let left = bench.left(of: .hold)
        #expect(left == .milliseconds(100))
        let read = bench.keepalive(on: .first)
        #expect(read == [])
        let (state, again) = (bench.state, bench.left(of: .hold))
        #expect(state == .established)
        #expect(again == .seconds(90))
    }

    @Test func `a drained Hold Timer says how long the neighbor was silent`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(95)
        let actions = bench.on {
            $0.timerDue(now: $1, input: .drained, loopBusy: .seconds(2), into: &$2)
        }
        #expect(actions.contains(.down(.holdTimerExpired(silentSeconds: 95))))
    }

    @Test func `a Hold Timer that ran out for our own loop says so`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(92)
        let actions = bench.on {
            $0.timerDue(now: $1, input: .drained, loopBusy: .seconds(4), into: &$2)
        }
        #expect(actions.contains(.down(.ownLoopBusy(milliseconds: 4000))))
    }

    @Test func `the neighbor's hold timer is our fault where we had sent nothing`() {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(91)
        let late = bench.notification(NotificationMessage(code: 4, subcode: 0), on: .first)
        #expect(late.contains(.down(.ownLoopBusy(milliseconds: 91_000))))

        var punctual = Bench()
        punctual.establish()
        _ = punctual.expire(.keepalive)
        let blameless = punctual.notification(NotificationMessage(code: 4, subcode: 0), on: .first)
        #expect(blameless.contains(.down(.received(NotificationMessage(code: 4, subcode: 0)))))
    }

    @Test func `KEEPALIVE, UPDATE and ROUTE-REFRESH restart the Hold Timer`() {
        var bench = Bench()
        bench.establish()
        for kind in 0..<3 {
            bench.now = bench.now + .seconds(40)
            bench.on {
                switch kind {
                case 0: $0.keepaliveReceived(on: .first, now: $1, into: &$2)
                case 1: _ = $0.updateReceived(on: .first, now: $1, into: &$2)
                default:
                    let refresh = RouteRefreshMessage(.ipv4)
                    _ = $0.routeRefreshReceived(refresh, on: .first, now: $1, into: &$2)
                }
            }
            let left = bench.left(of: .hold)
            #expect(left == .seconds(90))
        }
    }

    @Test func `an UPDATE that is sent puts the next KEEPALIVE off`() throws {
        var bench = Bench()
        bench.establish()
        bench.now = bench.now + .seconds(20)
        bench.session.updatesSent(3, now: bench.now)
        let (left, sent) = (bench.left(of: .keepalive), bench.session.statistics.sent.update)
        #expect(try #require(left) >= .milliseconds(22_500))
        #expect(sent == 3)
    }

    @Test(arguments: [(90, 480), (300, 600)])
    func `send hold is the larger of 480 s and twice the hold time`(holdTime: UInt16, seconds: Int)
    {
        var bench = Bench(.ours.with { $0.holdTime = holdTime })
        bench.establish(.make(65002, identifier: 2, holdTime: holdTime))
        bench.session.outputStalled(.first, now: bench.now)
        let started = bench.left(of: .sendHold)
        #expect(started == .seconds(seconds))
        bench.now = bench.now + .seconds(10)
        bench.session.outputStalled(.first, now: bench.now)
        let running = bench.left(of: .sendHold)
        #expect(running == .seconds(seconds - 10))
        bench.session.outputProgressed(.first, pending: 7, now: bench.now)
        let restarted = bench.left(of: .sendHold)
        #expect(restarted == .seconds(seconds))
        bench.session.outputProgressed(.first, pending: 0, now: bench.now)
        let stopped = bench.left(of: .sendHold)
        #expect(stopped == nil)
    }

    // MARK: Idle hold

    @Test
    func `idle hold doubles from 30 s to an hour over errors, also when each session came up`() {
        var bench = Bench()
        _ = bench.start()
        var waits: [Int64] = []
        for _ in 0..<9 {
            _ = bench.opened(.first, .incoming)
            _ = bench.open(on: .first)
            _ = bench.keepalive(on: .first)
            _ = bench.closed(.first, .failed(errno: 104))
            waits.append(bench.left(of: .idleHold)?.wholeSeconds ?? -1)
        }
        #expect(waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600])
        let flaps = bench.session.recentFlapCount(now: bench.now)
        #expect(flaps == 9)
        let later = bench.session.recentFlapCount(now: bench.now + .seconds(3600))
        #expect(later == 0)
    }

    @Test func `idle hold is forgiven when the session stayed up for as long`() {
        var bench = Bench()
        _ = bench.start()
        bench.establish()
        _ = bench.closed(.first)
        bench.establish()
        let reset = bench.left(of: .idleHoldReset)
        #expect(reset == nil, "manual start has forgiven it")
        _ = bench.closed(.first)
        _ = bench.opened(.second, .incoming)
        _ = bench.open(on: .second)
        _ = bench.keepalive(on: .second)
        let due = bench.left(of: .idleHoldReset)
        #expect(due == .seconds(60))
        for _ in 0..<3 {
            _ = bench.wait(.seconds(20))
            _ = bench.keepalive(on: .second)
        }
        _ = bench.closed(.second)
        let wait = bench.left(of: .idleHold)
        #expect(wait == .seconds(30))
    }

    @Test
    func `a connect that is refused, times out or cannot be made is never followed by idle hold`()
        throws
    {
        var bench = Bench()
        _ = bench.start()
        for attempt in 1...6 {
            let number = ConnectAttempt(UInt32(attempt))
            let actions = bench.on {
                switch attempt % 4 {
                case 0: $0.connectFailed(number, errno: 111, now: $1, into: &$2)
                case 1: $0.connectTimedOut(number, now: $1, into: &$2)
                case 2:
                    $0.connectRefusedLocally(number, .authentication(errno: 92), now: $1, into: &$2)
                default:
                    $0.connectRefusedLocally(
                        number,
                        .option(name: "TTL", errno: 22),
                        now: $1,
                        into: &$2
                    )
                }
            }
            let reason: DownReason =
                switch attempt % 4 {
                case 0: .connectFailed(errno: 111)
                case 1: .connectTimedOut(seconds: 0)
                case 2: .authenticationUnavailable(errno: 92)
                default: .socketOptionRefused(option: "TTL", errno: 22)
                }
            #expect(
                actions == [
                    .failed(reason),
                    .stateChanged(from: .connect, to: .active, event: .connectionOpenFailed),
                ]
            )
            let (hold, countdown) = (bench.left(of: .idleHold), bench.session.retryCountdown)
            #expect(hold == nil)
            #expect(try #require(countdown).timer == .connectRetry)
            _ = bench.expire(.connectRetry)
        }
    }

    @Test func `a neighbor that comes ends our wait unless the last error was its own`() {
        var lost = Bench()
        lost.establish()
        _ = lost.closed(.first)
        let welcome = lost.opened(.second, .incoming)
        #expect(
            welcome.last == .stateChanged(from: .active, to: .openSent, event: .connectionOpened)
        )

        var wrong = Bench()
        _ = wrong.start()
        _ = wrong.opened(.first, .outgoing(.first))
        _ = wrong.open(.make(65003, identifier: 2), on: .first)
        let refused = wrong.opened(.second, .incoming)
        #expect(refused.last == .refused(.second, in: .idle))
    }

    @Test func `nothing runs and nothing is due before the start`() {
        let bench = Bench()
        let due = bench.session.nextDue
        #expect(due == .never)
    }
}
