import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// What a session knows of restarts: RFC 4724 and RFC 8538.
@Suite struct RestartTests {
    /// The neighbor's OPEN with that value of the capability.
    private static func theirs(_ value: [UInt8]?) -> OpenMessage {
        .make(65002, identifier: 0x0A00_0002) { $0.gracefulRestart = value }
    }

    private static let restarting: [UInt8] = [0, 120, 0, 1, 1, 0x80, 0, 2, 1, 0x80]
    private static let withNotification: [UInt8] = [0x40, 120, 0, 1, 1, 0x80]
    private static let graceful = SessionConfiguration.ours.with { $0.gracefulNotification = true }

    private func terms(
        _ configuration: SessionConfiguration,
        _ value: [UInt8]?
    ) -> RestartTerms? {
        var bench = Bench(configuration)
        bench.establish(Self.theirs(value))
        return bench.session.negotiated?.restart
    }

    @Test func `the terms are the neighbor's, of the families in common`() throws {
        let found = try #require(terms(.ours, Self.restarting))
        #expect(found.families == .ipv4)
        #expect(found.preserved == .ipv4)
        #expect(found.restartTime == 120)
        #expect(!found.survivesNotification && !found.neighborHasRestarted)
        #expect(terms(.ours.with { $0.gracefulRestart = .no }, Self.restarting) == nil)
        #expect(terms(.ours, nil) == nil)
    }

    @Test func `a NOTIFICATION is a restart only where both have said so`() {
        #expect(terms(Self.graceful, Self.withNotification)?.survivesNotification == true)
        #expect(terms(Self.graceful, Self.restarting)?.survivesNotification == false)
        #expect(terms(.ours, Self.withNotification)?.survivesNotification == false)
    }

    /// How a session ends, and whether the routes stay: without the N bit, and with it.
    static let ends: [(reason: DownReason, plainly: Bool, withN: Bool)] = [
        (.closedByPeer, true, true), (.socketError(errno: 104), true, true),
        (.connectionReplaced, true, true),
        (.received(NotificationMessage(code: 6, subcode: 4)), false, true),
        (.received(NotificationMessage(code: 6, subcode: 2)), false, true),
        (.received(NotificationMessage(code: 6, subcode: 2).hardReset), false, false),
        (.received(NotificationMessage(code: 6, subcode: 9)), false, false),
        (.received(NotificationMessage(code: 4, subcode: 0)), false, true),
        (.sent(NotificationMessage(code: 3, subcode: 1)), false, true),
        (.holdTimerExpired(silentSeconds: 90), false, true),
        (.ownLoopBusy(milliseconds: 90_000), false, true),
        (.sendHoldTimerExpired(seconds: 480), false, true),
        (.unexpectedMessage(type: .open, state: .established), false, true),
        (.administrativeReset(text: ""), false, true), (.configurationChanged, false, true),
        (.administrativeShutdown(text: ""), false, false),
        (.configuredDown(text: ""), false, false),
        (.deconfigured, false, false),
        (.maximumPrefixes(limit: 1, restartMinutes: 0), false, false),
        (.maximumPrefixesSent(limit: 1, restartMinutes: 0), false, false),
        (.interfaceDown(name: "eth0"), false, false), (.speakerStopped, false, false),
    ]

    @Test(arguments: ends)
    func `whether routes stay is a matter of how the session ended`(
        reason: DownReason,
        plainly: Bool,
        withN: Bool
    ) {
        let without = terms(Self.graceful, Self.restarting)
        let with = terms(Self.graceful, Self.withNotification)
        #expect(without?.retained(after: reason) == (plainly ? .ipv4 : []))
        #expect(with?.retained(after: reason) == (withN ? .ipv4 : []))
        // A helper of whom nobody wants help keeps nothing.
        #expect(terms(Self.graceful, [0x40, 0])?.retained(after: reason) == [])
    }

    @Test func `what ends for good goes out as a Hard Reset with its cause inside`() {
        let cause = NotificationMessage.cease(2, text: "gone")
        for (value, sent) in [(Self.withNotification, cause.hardReset), (Self.restarting, cause)] {
            var bench = Bench(Self.graceful)
            bench.establish(Self.theirs(value))
            let actions = bench.on { $0.manualStop(text: "gone", now: $1, into: &$2) }
            #expect(actions.first == .send(.first, .notification(sent)))
        }
        var bench = Bench(Self.graceful)
        bench.establish(Self.theirs(Self.withNotification))
        let limit = bench.on {
            $0.maximumPrefixesExceeded(limit: 1, restartMinutes: 0, now: $1, into: &$2)
        }
        let cease = NotificationMessage(code: 6, subcode: 1)
        #expect(limit.first == .send(.first, .notification(cease.hardReset)))
        #expect(cease.hardReset.hardResetCause == cease)
    }

    @Test func `clear and a changed configuration are restarts of the session, no Hard Resets`() {
        var bench = Bench(Self.graceful)
        bench.establish(Self.theirs(Self.withNotification))
        let actions = bench.on { $0.clear(text: "", now: $1, into: &$2) }
        #expect(
            actions.first == .send(.first, .notification(NotificationMessage(code: 6, subcode: 4)))
        )
    }

    @Test func `a NOTIFICATION that is a restart is called so`() {
        var bench = Bench(Self.graceful)
        bench.establish(Self.theirs(Self.withNotification))
        let reset = NotificationMessage(code: 6, subcode: 4)
        let actions = bench.notification(reset, on: .first)
        #expect(
            actions == [
                .close(.first), .down(.received(reset)),
                .stateChanged(
                    from: .established,
                    to: .idle,
                    event: .gracefulNotificationReceived
                ),
            ]
        )
    }

    @Test
    func `another connection of a neighbor that restarts replaces the one that leads nowhere`() {
        var bench = Bench()
        bench.establish(Self.theirs(Self.restarting))
        _ = bench.wait(.seconds(11))
        let actions = bench.opened(.second, .incoming)
        #expect(
            actions == [
                .abort(.first), .down(.connectionReplaced),
                .stateChanged(from: .established, to: .active, event: .connectionOpened),
                .adopted(.second), .send(.second, .open(.ours)),
                .stateChanged(from: .active, to: .openSent, event: .connectionOpened),
            ]
        )
        _ = bench.open(Self.theirs(Self.restarting), on: .second)
        _ = bench.keepalive(on: .second)
        let state = bench.state
        #expect(state == .established)
    }

    @Test(arguments: [(restarting, 9), (nil, 1000), ([0, 120], 1000)] as [([UInt8]?, Int)])
    func `one that was begun before, or of a neighbor that does not restart, is refused`(
        value: [UInt8]?,
        seconds: Int
    ) {
        var bench = Bench(.ours.with { $0.holdTime = 0 })
        bench.establish(
            .make(65002, identifier: 0x0A00_0002, holdTime: 0) {
                $0.gracefulRestart = value
            }
        )
        _ = bench.wait(.seconds(seconds))
        let actions = bench.opened(.second, .incoming)
        #expect(
            actions == [
                .send(.second, .notification(.collision)), .close(.second),
                .refused(.second, in: .established),
            ]
        )
    }

    @Test func `our OPEN names what we forward over a restart, and what we have forwarded`() {
        var configuration = SessionConfiguration.ours.with {
            $0.families = [.ipv4, .ipv6]
            $0.restartFamilies = [.ipv4, .ipv6]
            $0.restartTime = 120
        }
        #expect(
            configuration.openMessage.capabilities.gracefulRestart
                == [0, 120, 0, 1, 1, 0, 0, 2, 1, 0]
        )
        configuration.pastForwarding.hasRestarted = true
        configuration.pastForwarding.preserved = .ipv6
        #expect(
            configuration.openMessage.capabilities.gracefulRestart
                == [0x80, 120, 0, 1, 1, 0, 0, 2, 1, 0x80]
        )
        #expect(
            SessionConfiguration.ours.openMessage.capabilities.gracefulRestart == [0, 0]
        )
    }

    @Test
    func `what was forwarded is no setting: a session goes on, and another configuration keeps it`()
    {
        var bench = Bench()
        bench.establish(Self.theirs(Self.restarting))
        var past = PastForwarding()
        past.hasRestarted = true
        bench.session.setPastForwarding(past)
        let actions = bench.on { $0.configure(.ours, now: $1, into: &$2) }
        #expect(actions == [])
        let kept = bench.session.configuration.pastForwarding
        #expect(kept == past)
    }

    @Test func `a neighbor that waits for our restart is not told that we stop`() {
        let ours = SessionConfiguration.ours.with {
            $0.restartFamilies = .ipv4
            $0.restartTime = 120
        }
        var bench = Bench(ours)
        bench.establish(Self.theirs([0, 0]))
        let actions = bench.on { $0.speakerStops(text: "", now: $1, into: &$2) }
        #expect(
            actions == [
                .close(.first), .down(.speakerStopped),
                .stateChanged(from: .established, to: .idle, event: .stop),
            ]
        )
        var other = Bench(ours)
        other.establish(Self.theirs(nil))
        let told = other.on { $0.speakerStops(text: "", now: $1, into: &$2) }
        #expect(told.first == .send(.first, .notification(.shutdown)))
    }

    @Test func `enforce refuses a neighbor without the capability`() {
        var bench = Bench(.ours.with { $0.gracefulRestart = .enforce })
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        let actions = bench.open(Self.theirs(nil), on: .first)
        #expect(
            actions.prefix(3) == [
                .send(
                    .first,
                    .notification(NotificationMessage(code: 2, subcode: 7, data: [64, 2, 0, 0]))
                ),
                .close(.first), .failed(.capabilityMissing(code: 64)),
            ]
        )
    }
}
