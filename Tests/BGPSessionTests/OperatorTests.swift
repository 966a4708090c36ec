import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// What the operator and the configuration do to a session.
@Suite struct OperatorTests {
    @Test func `clear ends with Cease/4 and starts again after a second, without idle hold`() {
        var bench = Bench()
        bench.establish()
        let actions = bench.on { $0.clear(text: "new policy", now: $1, into: &$2) }
        #expect(
            actions == [
                .send(.first, .notification(.cease(4, text: "new policy"))), .close(.first),
                .down(.administrativeReset(text: "new policy")),
                .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        let countdown = bench.session.retryCountdown
        #expect(countdown?.timer == .idleHold)
        #expect(countdown?.due == bench.now + .seconds(1))
        let again = bench.wait(.seconds(1))
        #expect(again.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test func `clear ends an idle hold and forgives it`() {
        var bench = Bench()
        bench.establish()
        _ = bench.closed(.first)
        let actions = bench.on { $0.clear(text: "", now: $1, into: &$2) }
        #expect(
            actions == [.connect(.second), .stateChanged(from: .idle, to: .connect, event: .start)]
        )
        _ = bench.opened(.second, .outgoing(.second))
        _ = bench.open(on: .second)
        _ = bench.closed(.second)
        let wait = bench.left(of: .idleHold)
        #expect(wait == .seconds(30))
    }

    @Test func `down stays until up, whoever knocks`() {
        var bench = Bench()
        bench.establish()
        let down = bench.on { $0.manualStop(text: "maintenance", now: $1, into: &$2) }
        let reason = DownReason.administrativeShutdown(text: "maintenance")
        #expect(
            down == [
                .send(.first, .notification(.cease(2, text: "maintenance"))), .close(.first),
                .down(reason), .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        let knock = bench.opened(.second, .incoming)
        #expect(knock.last == .refused(.second, in: .idle))
        let cleared = bench.on { $0.clear(text: "", now: $1, into: &$2) }
        #expect(cleared == [])
        let held = bench.session.heldDown
        #expect(held == reason)
        let up = bench.on { $0.manualStart(now: $1, into: &$2) }
        #expect(up.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test func `the file's down keeps a session Idle from the start, and up overrides it`() {
        var bench = Bench(.ours.with { $0.down = "not yet" })
        let started = bench.start()
        let held = bench.session.heldDown
        #expect(started == [])
        #expect(held == .configuredDown(text: "not yet"))
        let up = bench.on { $0.manualStart(now: $1, into: &$2) }
        #expect(up == [.connect(.first), .stateChanged(from: .idle, to: .connect, event: .start)])
    }

    @Test func `down that comes into the file ends the session, and starts it when it goes`() {
        var bench = Bench()
        bench.establish()
        let down = bench.on {
            $0.configure(.ours.with { $0.down = "moved" }, now: $1, into: &$2)
        }
        #expect(
            down == [
                .send(.first, .notification(.cease(2, text: "moved"))), .close(.first),
                .down(.configuredDown(text: "moved")),
                .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        let up = bench.on { $0.configure(.ours, now: $1, into: &$2) }
        #expect(up.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test func `an equal configuration does nothing in any state`() {
        for start in StateMatrixTests.Start.allCases {
            var bench = start.bench()
            let actions = bench.on { $0.configure(.ours, now: $1, into: &$2) }
            #expect(actions == [], "\(start)")
        }
    }

    @Test func `a change that the session can take on keeps it up`() {
        var bench = Bench()
        bench.establish()
        let changed = SessionConfiguration.ours.with {
            $0.isPassive = true
            $0.connectRetryTime = 5
        }
        let actions = bench.on { $0.configure(changed, now: $1, into: &$2) }
        let state = bench.state
        #expect(actions == [])
        #expect(state == .established)
    }

    static let resets: [@Sendable (inout SessionConfiguration) -> Void] = [
        { $0.remoteAS = ASNumber(65009) }, { $0.localAS = ASNumber(65009) }, { $0.identifier = 9 },
        { $0.holdTime = 30 }, { $0.minimumHoldTime = 10 }, { $0.families = .ipv6 },
        { $0.enforcedFamilies = .ipv4 }, { $0.routeRefresh = .no }, { $0.fourOctetAS = .yes },
        { $0.transportFingerprint = 1 },
    ]

    @Test(arguments: resets.indices)
    func `any other change resets the session by Cease/6, without idle hold`(index: Int) {
        var bench = Bench()
        bench.establish()
        let changed = SessionConfiguration.ours.with(Self.resets[index])
        let actions = bench.on { $0.configure(changed, now: $1, into: &$2) }
        #expect(
            actions == [
                .send(.first, .notification(.cease(6))), .close(.first),
                .down(.configurationChanged),
                .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        let wait = bench.left(of: .idleHold)
        #expect(wait == .seconds(1))
    }

    @Test func `a changed configuration ends an idle hold`() {
        var bench = Bench()
        bench.establish()
        _ = bench.closed(.first)
        let actions = bench.on {
            $0.configure(.ours.with { $0.connectRetryTime = 5 }, now: $1, into: &$2)
        }
        #expect(actions.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test func `a passive neighbor is waited for and never connected to`() {
        let passive = SessionConfiguration.ours.with { $0.isPassive = true }
        var bench = Bench(passive)
        let started = bench.start()
        let due = bench.session.nextDue
        #expect(started == [.stateChanged(from: .idle, to: .active, event: .start)])
        #expect(due == .never)
        _ = bench.opened(.first, .incoming)
        let lost = bench.closed(.first)
        let later = bench.session.nextDue
        #expect(lost.last == .stateChanged(from: .openSent, to: .active, event: .connectionClosed))
        #expect(later == .never)
        let connecting = bench.on { $0.configure(.ours, now: $1, into: &$2) }
        #expect(
            connecting == [
                .connect(.first), .stateChanged(from: .active, to: .connect, event: .start),
            ]
        )
        _ = bench.on { $0.configure(passive, now: $1, into: &$2) }
        _ = bench.on { $0.connectFailed(.first, errno: 111, now: $1, into: &$2) }
        let end = bench.session.nextDue
        #expect(end == .never)
    }

    @Test func `max-prefix keeps a session down for its minutes and counts them down`() {
        var bench = Bench()
        bench.establish()
        bench.on { $0.maximumPrefixesExceeded(limit: 10, restartMinutes: 5, now: $1, into: &$2) }
        let (countdown, held) = (bench.session.retryCountdown, bench.session.heldDown)
        #expect(countdown?.timer == .restart)
        #expect(countdown?.due == bench.now + .seconds(300))
        #expect(held == nil)
        let knock = bench.opened(.second, .incoming)
        #expect(knock.last == .refused(.second, in: .idle))
        let again = bench.expire(.restart)
        #expect(again.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test(arguments: [0, 1, 2])
    func `max-prefix without restart ends by up, clear or a raised limit`(way: Int) {
        var bench = Bench()
        bench.establish()
        bench.on { $0.maximumPrefixesExceeded(limit: 10, restartMinutes: 0, now: $1, into: &$2) }
        let (due, held) = (bench.session.nextDue, bench.session.heldDown)
        #expect(due == .never)
        #expect(held == .maximumPrefixes(limit: 10, restartMinutes: 0))
        let actions = bench.on {
            switch way {
            case 0: $0.manualStart(now: $1, into: &$2)
            case 1: $0.clear(text: "", now: $1, into: &$2)
            default: $0.maximumPrefixesRaised(now: $1, into: &$2)
            }
        }
        #expect(actions.last == .stateChanged(from: .idle, to: .connect, event: .start))
    }

    @Test func `a removed neighbor gets Cease/3 and never starts again`() {
        var bench = Bench()
        bench.establish()
        let actions = bench.on { $0.deconfigure(now: $1, into: &$2) }
        #expect(
            actions == [
                .send(.first, .notification(.cease(3))), .close(.first), .down(.deconfigured),
                .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        let up = bench.on { $0.manualStart(now: $1, into: &$2) }
        #expect(up == [])
    }

    @Test func `a speaker that stops sends Cease/2 with its text`() {
        var bench = Bench()
        bench.establish()
        let actions = bench.on { $0.speakerStops(text: "upgrade", now: $1, into: &$2) }
        #expect(actions.first == .send(.first, .notification(.cease(2, text: "upgrade"))))
        #expect(actions.contains(.down(.speakerStopped)))
    }

    @Test func `a refresh is asked for where both sides know it and the family is in use`() {
        var bench = Bench()
        bench.establish()
        var isAsked = false
        let actions = bench.on { isAsked = $0.requestRefresh(.ipv4, now: $1, into: &$2) }
        #expect(isAsked)
        #expect(actions == [.send(.first, .routeRefresh(RouteRefreshMessage(.ipv4)))])
        let other = bench.on { isAsked = $0.requestRefresh(.ipv6, now: $1, into: &$2) }
        #expect(!isAsked)
        #expect(other == [])
    }

    @Test func `messages of a connection that is gone mean nothing`() {
        var bench = Bench()
        bench.establish()
        let actions =
            bench.keepalive(on: .third) + bench.open(on: .third) + bench.closed(.third)
            + bench.notification(.shutdown, on: .third)
        let (state, total) = (bench.state, bench.session.statistics.received.total)
        #expect(actions == [])
        #expect(state == .established)
        #expect(total == 2)
    }

    @Test func `another key or port ends an attempt and a wait, and no session`() {
        var waiting = StateMatrixTests.Start.connect.bench()
        let tried = waiting.on { $0.reconnect(now: $1, into: &$2) }
        #expect(tried == [.cancelConnect(.first), .connect(.second)])
        var held = StateMatrixTests.Start.idleHeld.bench()
        let again = held.on { $0.reconnect(now: $1, into: &$2) }
        #expect(again.last == .stateChanged(from: .idle, to: .connect, event: .start))
        var up = StateMatrixTests.Start.established.bench()
        let nothing = up.on { $0.reconnect(now: $1, into: &$2) }
        #expect(nothing == [])
        var down = Bench()
        down.establish()
        down.on { $0.maximumPrefixesExceeded(limit: 10, restartMinutes: 0, now: $1, into: &$2) }
        let still = down.on { $0.reconnect(now: $1, into: &$2) }
        #expect(still == [])
    }
}
