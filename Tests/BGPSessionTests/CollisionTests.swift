import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// Two connections at once (RFC 4271 §6.8, RFC 6286).
///
/// Ours is 10.0.0.1; the neighbor's identifier varies.
@Suite struct CollisionTests {
    private static let higher = OpenMessage.theirs
    private static let lower = OpenMessage.make(65002, identifier: 0x0A00_0000)

    /// Our connection `first` and the neighbor's `second`, both in OpenSent.
    private func both() -> Bench {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.opened(.second, .incoming)
        return bench
    }

    private func terms(_ remote: OpenMessage) -> Negotiated {
        var negotiated = Negotiated.plain
        negotiated.remoteOpen = remote
        return negotiated
    }

    @Test func `the neighbor dominates: its connection is kept when its OPEN comes second`() {
        var bench = both()
        let first = bench.open(Self.higher, on: .first)
        #expect(
            first == [
                .send(.first, .keepalive),
                .stateChanged(from: .openSent, to: .openConfirm, event: .openReceived),
            ]
        )
        let second = bench.open(Self.higher, on: .second)
        #expect(
            second == [
                .send(.first, .notification(.collision)), .close(.first), .failed(.collision),
                .adopted(.second), .send(.second, .keepalive),
            ]
        )
        let up = bench.keepalive(on: .second)
        #expect(
            up == [
                .established(.plain),
                .stateChanged(from: .openConfirm, to: .established, event: .keepaliveReceived),
            ]
        )
    }

    @Test func `the neighbor dominates: its connection is kept when its OPEN comes first`() {
        var bench = both()
        let first = bench.open(Self.higher, on: .second)
        #expect(
            first == [
                .adopted(.second), .send(.second, .keepalive),
                .stateChanged(from: .openSent, to: .openConfirm, event: .openReceived),
            ]
        )
        let second = bench.open(Self.higher, on: .first)
        #expect(
            second == [
                .send(.first, .notification(.collision)), .close(.first), .failed(.collision),
            ]
        )
        let (state, connection) = (bench.state, bench.session.connection)
        #expect(state == .openConfirm)
        #expect(connection == .second)
    }

    @Test func `we dominate: our connection is kept in either order of OPENs`() {
        var bench = both()
        _ = bench.open(Self.lower, on: .first)
        let closed = bench.open(Self.lower, on: .second)
        #expect(
            closed == [
                .send(.second, .notification(.collision)), .close(.second), .failed(.collision),
            ]
        )

        var other = both()
        _ = other.open(Self.lower, on: .second)
        let switched = other.open(Self.lower, on: .first)
        #expect(
            switched == [
                .send(.second, .notification(.collision)), .close(.second), .failed(.collision),
                .adopted(.first), .send(.first, .keepalive),
            ]
        )
    }

    @Test(arguments: [(UInt16(65002), true), (64999, false)])
    func `equal identifiers: the higher AS dominates (RFC 6286)`(number: UInt16, neighborWins: Bool)
    {
        var bench = Bench(.ours.with { $0.remoteAS = nil })
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.opened(.second, .incoming)
        let open = OpenMessage.make(number, identifier: 0x0A00_0001)
        _ = bench.open(open, on: .first)
        let actions = bench.open(open, on: .second)
        let closed: ConnectionID = neighborWins ? .first : .second
        #expect(actions.contains(.close(closed)))
        let kept = bench.session.connection
        #expect(kept == (neighborWins ? .second : .first))
    }

    @Test func `Event 23, OpenCollisionDump (RFC 4271 §8.2.2): the winner closes the other`() {
        var bench = both()
        _ = bench.open(Self.lower, on: .first)
        let actions = bench.keepalive(on: .first)
        #expect(
            actions == [
                .send(.second, .notification(.collision)), .close(.second), .failed(.collision),
                .established(terms(Self.lower)),
                .stateChanged(from: .openConfirm, to: .established, event: .keepaliveReceived),
            ]
        )
    }

    @Test func `the loser's KEEPALIVE waits for the rival, whose OPEN decides`() {
        var bench = both()
        _ = bench.open(Self.higher, on: .first)
        let waiting = bench.keepalive(on: .first)
        let state = bench.state
        #expect(waiting == [])
        #expect(state == .openConfirm)
        let decided = bench.open(Self.higher, on: .second)
        #expect(decided.contains(.adopted(.second)))
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `the loser's KEEPALIVE counts when the rival ends or the neighbor goes on`(way: Int) {
        var bench = both()
        _ = bench.open(Self.higher, on: .first)
        _ = bench.keepalive(on: .first)
        let actions =
            switch way {
            case 0: bench.closed(.second)
            case 1: bench.notification(.collision, on: .second)
            case 2: bench.keepalive(on: .first)
            case 3: bench.on { _ = $0.updateReceived(on: .first, now: $1, into: &$2) }
            default: bench.expire(.rivalHold)
            }
        let (state, connection) = (bench.state, bench.session.connection)
        if way < 4 {
            #expect(actions.contains(.established(.plain)))
            #expect(state == .established)
            #expect(connection == .first)
        } else {
            // The Hold Timer of the first connection, 90 s, is due long before.
            #expect(actions.contains(.failed(.holdTimerExpired(silentSeconds: 240))))
        }
    }

    @Test func `an attempt is given up when the neighbor's connection brings an OPEN`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.second, .incoming)
        let actions = bench.open(on: .second)
        #expect(
            actions == [
                .cancelConnect(.first), .send(.second, .keepalive),
                .stateChanged(from: .openSent, to: .openConfirm, event: .openReceived),
            ]
        )
        let late = bench.opened(.first, .outgoing(.first))
        #expect(late == [.close(.first)])
    }

    @Test func `an attempt goes on when the neighbor's connection ends in OpenSent`() {
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.second, .incoming)
        let actions = bench.closed(.second)
        #expect(
            actions == [
                .failed(.closedByPeer),
                .stateChanged(from: .openSent, to: .connect, event: .connectionClosed),
            ]
        )
        let opened = bench.opened(.first, .outgoing(.first))
        #expect(opened.first == .adopted(.first))
    }

    @Test func `the rival goes on when the session's own connection ends`() {
        var bench = both()
        _ = bench.open(Self.higher, on: .first)
        let actions = bench.notification(.collision, on: .first)
        #expect(
            actions == [
                .close(.first), .failed(.received(.collision)), .adopted(.second),
                .stateChanged(from: .openConfirm, to: .openSent, event: .notificationReceived),
            ]
        )
        let (hold, rival, keepalive) = (
            bench.session.due(of: .hold), bench.session.due(of: .rivalHold),
            bench.session.due(of: .keepalive)
        )
        #expect(hold == bench.now + .seconds(240))
        #expect(rival == nil)
        #expect(keepalive == nil)
    }

    @Test func `a third connection is refused and the refusal told`() {
        var bench = both()
        let third = bench.opened(.third, .incoming)
        #expect(
            third == [
                .send(.third, .notification(.rejected)), .close(.third),
                .refused(.third, in: .openSent),
            ]
        )
        _ = bench.open(Self.higher, on: .first)
        let later = bench.opened(.third, .incoming)
        #expect(
            later == [
                .send(.third, .notification(.rejected)), .close(.third),
                .refused(.third, in: .openConfirm),
            ]
        )
    }

    @Test func `a second connection of the neighbor is refused while its first one lives`() {
        var bench = Bench(.ours.with { $0.isPassive = true })
        _ = bench.start()
        _ = bench.opened(.first, .incoming)
        let actions = bench.opened(.second, .incoming)
        #expect(actions.last == .refused(.second, in: .openSent))
    }

    @Test func `an error in the rival's OPEN ends the rival alone`() {
        var bench = both()
        _ = bench.open(Self.higher, on: .first)
        let actions = bench.open(OpenMessage.make(65099, identifier: 9), on: .second)
        let reason = DownReason.wrongAS(expected: ASNumber(65002), received: ASNumber(65099))
        #expect(
            actions == [
                .send(.second, .notification(NotificationMessage(code: 2, subcode: 2))),
                .close(.second),
                .failed(reason),
            ]
        )
        let state = bench.state
        #expect(state == .openConfirm)
    }

    @Test func `down ends both connections`() {
        var bench = both()
        let actions = bench.on { $0.manualStop(text: "", now: $1, into: &$2) }
        #expect(
            actions == [
                .send(.first, .notification(.cease(2))), .close(.first),
                .send(.second, .notification(.cease(2))), .close(.second),
                .failed(.administrativeShutdown(text: "")),
                .stateChanged(from: .openSent, to: .idle, event: .stop),
            ]
        )
    }
}
