import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// Every event of RFC 4271 §8.1 that we know in every state of §8.2.2: the whole list of actions and the next state.
///
/// Optional events that are absent by choice: 4 to 7 (passive and damping are settings of the start), 12 and 20
/// (DelayOpen), 14 and 15 (the kernel tracks connections).
@Suite struct StateMatrixTests {
    /// Where a row begins.
    enum Start: CaseIterable {
        case idleNotStarted, idleHeld, connect, active, openSent, openConfirm, established

        func bench() -> Bench {
            var bench = Bench()
            if self == .idleNotStarted { return bench }
            _ = bench.start()
            switch self {
            case .idleNotStarted, .connect:
                break
            case .active:
                bench.on { $0.connectFailed(.first, errno: 111, now: $1, into: &$2) }
            case .openSent:
                _ = bench.opened(.first, .outgoing(.first))
            case .openConfirm:
                _ = bench.opened(.first, .outgoing(.first))
                _ = bench.open(on: .first)
            case .established, .idleHeld:
                _ = bench.opened(.first, .outgoing(.first))
                _ = bench.open(on: .first)
                _ = bench.keepalive(on: .first)
                if self == .idleHeld { _ = bench.notification(.shutdown, on: .first) }
            }
            return bench
        }
    }

    /// What one row expects.
    struct Row: CustomTestStringConvertible {
        var start: Start
        var next: SessionState
        var actions: [SessionAction]
        var testDescription: String { "in \(start)" }
    }

    private func check(
        _ row: Row,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ event: (inout Bench) -> [SessionAction]
    ) {
        var bench = row.start.bench()
        let actions = event(&bench)
        let state = bench.state
        #expect(actions == row.actions, sourceLocation: sourceLocation)
        #expect(state == row.next, sourceLocation: sourceLocation)
    }

    /// Rows in which nothing happens, in all states but those given.
    private static func ignored(except starts: Start...) -> [Row] {
        let names: [(Start, SessionState)] = [
            (.idleNotStarted, .idle), (.idleHeld, .idle), (.connect, .connect), (.active, .active),
            (.openSent, .openSent), (.openConfirm, .openConfirm), (.established, .established),
        ]
        return names.filter { !starts.contains($0.0) }.map {
            Row(start: $0.0, next: $0.1, actions: [])
        }
    }

    private static func changed(
        _ from: SessionState,
        _ to: SessionState,
        _ event: SessionEvent
    ) -> SessionAction {
        .stateChanged(from: from, to: to, event: event)
    }

    /// The connection ends with a NOTIFICATION, from the three states that have one.
    private static func errors(
        _ event: SessionEvent,
        _ ends: [(Start, NotificationMessage, DownReason)]
    ) -> [Row] {
        ends.map { start, notification, reason in
            let from: SessionState =
                start == .openSent ? .openSent : start == .openConfirm ? .openConfirm : .established
            return Row(
                start: start,
                next: .idle,
                actions: [
                    .send(.first, .notification(notification)), .close(.first),
                    from == .established ? .down(reason) : .failed(reason),
                    changed(from, .idle, event),
                ]
            )
        }
    }

    private static func unexpected(_ type: MessageType, _ event: SessionEvent, in starts: Start...)
        -> [Row]
    {
        errors(
            event,
            starts.map { start in
                let (subcode, state): (UInt8, SessionState) =
                    start == .openSent
                    ? (1, .openSent) : start == .openConfirm ? (2, .openConfirm) : (3, .established)
                return (
                    start, NotificationMessage(code: 5, subcode: subcode, data: [type.rawValue]),
                    .unexpectedMessage(type: type, state: state)
                )
            }
        )
    }

    private static func everywhere(
        _ event: SessionEvent,
        _ notification: NotificationMessage,
        _ reason: DownReason
    ) -> [Row] {
        errors(
            event,
            [Start.openSent, .openConfirm, .established].map { ($0, notification, reason) }
        )
    }

    // MARK: Event 1, ManualStart

    static let startRows =
        [Start.idleNotStarted, .idleHeld].map {
            let attempt: ConnectAttempt = $0 == .idleHeld ? .second : .first
            return Row(
                start: $0,
                next: .connect,
                actions: [.connect(attempt), changed(.idle, .connect, .start)]
            )
        } + ignored(except: .idleNotStarted, .idleHeld)

    @Test(arguments: startRows)
    func `Event 1, ManualStart (RFC 4271 §8.2.2): leaves Idle and is ignored elsewhere`(row: Row) {
        check(row) { $0.on { $0.manualStart(now: $1, into: &$2) } }
    }

    // MARK: Event 2, ManualStop

    static let stopRows: [Row] = {
        let reason = DownReason.administrativeShutdown(text: "")
        return everywhere(.stop, .cease(2), reason) + [
            Row(start: .idleNotStarted, next: .idle, actions: []),
            Row(start: .idleHeld, next: .idle, actions: []),
            Row(
                start: .connect,
                next: .idle,
                actions: [.cancelConnect(.first), .failed(reason), changed(.connect, .idle, .stop)]
            ),
            Row(start: .active, next: .idle, actions: [changed(.active, .idle, .stop)]),
        ]
    }()

    @Test(arguments: stopRows)
    func `Event 2, ManualStop (RFC 4271 §8.2.2): Cease/2 where a connection is open, and Idle`(
        row: Row
    ) {
        check(row) { $0.on { $0.manualStop(text: "", now: $1, into: &$2) } }
        var bench = row.start.bench()
        bench.on { $0.manualStop(text: "", now: $1, into: &$2) }
        let (due, held) = (bench.session.nextDue, bench.session.heldDown)
        #expect(due == .never)
        #expect(held == .administrativeShutdown(text: ""))
    }

    // MARK: Event 3, AutomaticStart

    static let automaticRows =
        [
            Row(
                start: .idleNotStarted,
                next: .connect,
                actions: [.connect(.first), changed(.idle, .connect, .start)]
            )
        ] + ignored(except: .idleNotStarted)

    @Test(arguments: automaticRows)
    func `Event 3, AutomaticStart (RFC 4271 §8.2.2): leaves Idle once`(row: Row) {
        check(row) { $0.start() }
    }

    // MARK: Event 8, AutomaticStop: max-prefix

    static let limitRows =
        errors(
            .stop,
            [
                (
                    .established, NotificationMessage(code: 6, subcode: 1),
                    .maximumPrefixes(limit: 100, restartMinutes: 0)
                )
            ]
        ) + ignored(except: .established)

    @Test(arguments: limitRows)
    func `Event 8, AutomaticStop (RFC 4271 §8.2.2): too many prefixes end the session by Cease/1`(
        row: Row
    ) {
        check(row) {
            $0.on { $0.maximumPrefixesExceeded(limit: 100, restartMinutes: 0, now: $1, into: &$2) }
        }
    }

    // MARK: Event 9, ConnectRetryTimer_Expires

    @Test func `Event 9, ConnectRetryTimer_Expires (RFC 4271 §8.2.2): Connect tries again`() throws
    {
        var bench = Start.connect.bench()
        let left = bench.left(of: .connectRetry)
        let seconds = UInt32(try #require(left).wholeSeconds)
        let actions = bench.expire(.connectRetry)
        let state = bench.state
        #expect(
            actions == [
                .cancelConnect(.first), .failed(.connectTimedOut(seconds: seconds)),
                .connect(.second),
            ]
        )
        #expect(state == .connect)
    }

    static let retryRows =
        [
            Row(
                start: .active,
                next: .connect,
                actions: [
                    .connect(.second), changed(.active, .connect, .connectRetryTimerExpired),
                ]
            )
        ] + ignored(except: .active, .connect)

    @Test(arguments: retryRows)
    func `Event 9, ConnectRetryTimer_Expires (RFC 4271 §8.2.2): runs in Connect and Active alone`(
        row: Row
    ) {
        check(row) { $0.expire(.connectRetry) }
    }

    // MARK: Event 10, HoldTimer_Expires

    static let holdRows: [Row] = {
        let notification = NotificationMessage(code: 4, subcode: 0)
        let long = DownReason.holdTimerExpired(silentSeconds: 240)
        let agreed = DownReason.holdTimerExpired(silentSeconds: 90)
        return errors(.holdTimerExpired, [(.openSent, notification, long)])
            + ignored(except: .openSent, .openConfirm, .established)
            + [Start.openConfirm, .established].flatMap { start in
                errors(.holdTimerExpired, [(start, notification, agreed)]).map { row in
                    var row = row
                    row.actions.insert(.send(.first, .keepalive), at: 0)
                    return row
                }
            }
    }()

    @Test(arguments: holdRows)
    func `Event 10, HoldTimer_Expires (RFC 4271 §8.2.2): 4/0 and Idle, after 240 s in OpenSent`(
        row: Row
    ) {
        check(row) { $0.expire(.hold) }
    }

    // MARK: Event 11, KeepaliveTimer_Expires

    static let keepaliveTimerRows =
        ignored(except: .openConfirm, .established) + [
            Row(start: .openConfirm, next: .openConfirm, actions: [.send(.first, .keepalive)]),
            Row(start: .established, next: .established, actions: [.send(.first, .keepalive)]),
        ]

    @Test(arguments: keepaliveTimerRows)
    func `Event 11, KeepaliveTimer_Expires (RFC 4271 §8.2.2): a KEEPALIVE and nothing else`(
        row: Row
    ) {
        check(row) { $0.expire(.keepalive) }
    }

    // MARK: Event 13, IdleHoldTimer_Expires

    static let idleHoldRows =
        [
            Row(
                start: .idleHeld,
                next: .connect,
                actions: [.connect(.second), changed(.idle, .connect, .start)]
            )
        ] + ignored(except: .idleHeld)

    @Test(arguments: idleHoldRows)
    func `Event 13, IdleHoldTimer_Expires (RFC 4271 §8.2.2): leaves Idle`(row: Row) {
        check(row) { $0.expire(.idleHold) }
    }

    // MARK: Event 16, Tcp_CR_Acked

    static let acknowledgedRows =
        [
            Row(
                start: .connect,
                next: .openSent,
                actions: [
                    .adopted(.second), .send(.second, .open(.ours)),
                    changed(.connect, .openSent, .connectionOpened),
                ]
            )
        ]
        + ignored(except: .connect).map { row in
            var row = row
            row.actions = [.close(.second)]
            return row
        }

    @Test(arguments: acknowledgedRows)
    func `Event 16, Tcp_CR_Acked (RFC 4271 §8.2.2): an OPEN from Connect, else the attempt is past`(
        row: Row
    ) {
        check(row) { $0.opened(.second, .outgoing(.first)) }
    }

    // MARK: Event 17, TcpConnectionConfirmed

    static let confirmedRows: [Row] = {
        let greeting: [SessionAction] = [.adopted(.second), .send(.second, .open(.ours))]
        let rejection: [SessionAction] = [
            .send(.second, .notification(.rejected)), .close(.second), .refused(.second, in: .idle),
        ]
        return [
            Row(start: .idleNotStarted, next: .idle, actions: rejection),
            Row(
                start: .idleHeld,
                next: .openSent,
                actions: [changed(.idle, .active, .start)] + greeting
                    + [changed(.active, .openSent, .connectionOpened)]
            ),
            Row(
                start: .connect,
                next: .openSent,
                actions: greeting + [changed(.connect, .openSent, .connectionOpened)]
            ),
            Row(
                start: .active,
                next: .openSent,
                actions: greeting + [changed(.active, .openSent, .connectionOpened)]
            ),
            Row(start: .openSent, next: .openSent, actions: [.send(.second, .open(.ours))]),
            Row(start: .openConfirm, next: .openConfirm, actions: [.send(.second, .open(.ours))]),
            Row(
                start: .established,
                next: .established,
                actions: [
                    .send(.second, .notification(.collision)), .close(.second),
                    .refused(.second, in: .established),
                ]
            ),
        ]
    }()

    @Test(arguments: confirmedRows)
    func `Event 17, TcpConnectionConfirmed (RFC 4271 §8.2.2, §6.8): tracked, or refused in words`(
        row: Row
    ) {
        check(row) { $0.opened(.second, .incoming) }
    }

    // MARK: Event 18, TcpConnectionFails

    static let attemptRows =
        [
            Row(
                start: .connect,
                next: .active,
                actions: [
                    .failed(.connectFailed(errno: 111)),
                    changed(.connect, .active, .connectionOpenFailed),
                ]
            )
        ] + ignored(except: .connect)

    @Test(arguments: attemptRows)
    func `Event 18, TcpConnectionFails (RFC 4271 §8.2.2): a refused attempt goes to Active`(
        row: Row
    ) {
        check(row) { $0.on { $0.connectFailed(.first, errno: 111, now: $1, into: &$2) } }
    }

    static let lossRows =
        ignored(except: .openSent, .openConfirm, .established) + [
            Row(
                start: .openSent,
                next: .active,
                actions: [.failed(.closedByPeer), changed(.openSent, .active, .connectionClosed)]
            ),
            Row(
                start: .openConfirm,
                next: .idle,
                actions: [.failed(.closedByPeer), changed(.openConfirm, .idle, .connectionClosed)]
            ),
            Row(
                start: .established,
                next: .idle,
                actions: [.down(.closedByPeer), changed(.established, .idle, .connectionClosed)]
            ),
        ]

    @Test(arguments: lossRows)
    func
        `Event 18, TcpConnectionFails (RFC 4271 §8.2.2): OpenSent goes to Active, later states to Idle`(
            row: Row
        )
    {
        check(row) { $0.closed(.first) }
    }

    // MARK: Event 19, BGPOpen

    static let openRows =
        [
            Row(
                start: .openSent,
                next: .openConfirm,
                actions: [
                    .send(.first, .keepalive), changed(.openSent, .openConfirm, .openReceived),
                ]
            )
        ] + unexpected(.open, .openReceived, in: .openConfirm, .established)
        + ignored(except: .openSent, .openConfirm, .established)

    @Test(arguments: openRows)
    func `Event 19, BGPOpen (RFC 4271 §8.2.2): OpenConfirm from OpenSent, a second one is an error`(
        row: Row
    ) {
        check(row) { $0.open(on: .first) }
    }

    // MARK: Events 21, 22, 28: faults

    static let headerRows: [Row] = {
        let fault = NotificationMessage(code: 1, subcode: 2, data: [0, 18])
        return everywhere(.fatalError, fault, .sent(fault))
            + ignored(except: .openSent, .openConfirm, .established)
    }()

    @Test(arguments: headerRows)
    func `Event 21, BGPHeaderErr (RFC 4271 §8.2.2): the NOTIFICATION that it calls for, and Idle`(
        row: Row
    ) {
        check(row) {
            $0.fault(NotificationMessage(code: 1, subcode: 2, data: [0, 18]), on: .first)
        }
    }

    static let openFaultRows: [Row] = {
        let fault = NotificationMessage(code: 2, subcode: 4)
        return errors(
            .openReceived,
            [(.openSent, fault, .sent(fault)), (.openConfirm, fault, .sent(fault))]
        ) + unexpected(.open, .openReceived, in: .established)
            + ignored(except: .openSent, .openConfirm, .established)
    }()

    @Test(arguments: openFaultRows)
    func
        `Event 22, BGPOpenMsgErr (RFC 4271 §8.2.2): the NOTIFICATION that it calls for, 5/3 once up`(
            row: Row
        )
    {
        check(row) { $0.fault(NotificationMessage(code: 2, subcode: 4), on: .first) }
    }

    static let updateFaultRows: [Row] = {
        let fault = NotificationMessage(code: 3, subcode: 1)
        return unexpected(.update, .updateReceived, in: .openSent, .openConfirm)
            + errors(.updateReceived, [(.established, fault, .sent(fault))])
            + ignored(except: .openSent, .openConfirm, .established)
    }()

    @Test(arguments: updateFaultRows)
    func `Event 28, UpdateMsgErr (RFC 4271 §8.2.2): 3/x once up, an unexpected message before`(
        row: Row
    ) {
        check(row) { $0.fault(NotificationMessage(code: 3, subcode: 1), on: .first) }
    }

    // MARK: Events 24, 25: NOTIFICATION

    static func notificationRows(_ message: NotificationMessage) -> [Row] {
        let ends: [(Start, SessionState)] = [
            (.openSent, .openSent), (.openConfirm, .openConfirm), (.established, .established),
        ]
        return ends.map { start, from in
            let reason = DownReason.received(message)
            return Row(
                start: start,
                next: .idle,
                actions: [
                    .close(.first), from == .established ? .down(reason) : .failed(reason),
                    changed(from, .idle, .notificationReceived),
                ]
            )
        } + ignored(except: .openSent, .openConfirm, .established)
    }

    @Test(arguments: notificationRows(NotificationMessage(code: 2, subcode: 1, data: [0, 4])))
    func `Event 24, NotifMsgVerErr (RFC 4271 §8.2.2): closes without an answer`(row: Row) {
        check(row) {
            $0.notification(NotificationMessage(code: 2, subcode: 1, data: [0, 4]), on: .first)
        }
    }

    @Test(arguments: notificationRows(.shutdown))
    func `Event 25, NotifMsg (RFC 4271 §8.2.2, §6): closes without an answer`(row: Row) {
        check(row) { $0.notification(.shutdown, on: .first) }
    }

    // MARK: Event 26, KeepAliveMsg

    static let keepaliveRows =
        unexpected(.keepalive, .keepaliveReceived, in: .openSent) + [
            Row(
                start: .openConfirm,
                next: .established,
                actions: [
                    .established(.plain), changed(.openConfirm, .established, .keepaliveReceived),
                ]
            )
        ] + ignored(except: .openSent, .openConfirm)

    @Test(arguments: keepaliveRows)
    func
        `Event 26, KeepAliveMsg (RFC 4271 §8.2.2): Established from OpenConfirm, an error in OpenSent`(
            row: Row
        )
    {
        check(row) { $0.keepalive(on: .first) }
    }

    // MARK: Event 27, UpdateMsg, and ROUTE-REFRESH

    static let updateRows =
        unexpected(.update, .updateReceived, in: .openSent, .openConfirm)
        + ignored(except: .openSent, .openConfirm)

    @Test(arguments: updateRows)
    func `Event 27, UpdateMsg (RFC 4271 §8.2.2): taken when Established, an error before`(row: Row)
    {
        var isTaken = false
        check(row) { $0.on { isTaken = $0.updateReceived(on: .first, now: $1, into: &$2) } }
        #expect(isTaken == (row.start == .established))
    }

    static let refreshRows =
        unexpected(.routeRefresh, .fatalError, in: .openSent, .openConfirm)
        + ignored(except: .openSent, .openConfirm)

    @Test(arguments: refreshRows)
    func `a ROUTE-REFRESH is taken when Established, an error before (RFC 6608)`(row: Row) {
        var isTaken = false
        check(row) {
            $0.on {
                let refresh = RouteRefreshMessage(.ipv4)
                let meaning = $0.routeRefreshReceived(refresh, on: .first, now: $1, into: &$2)
                isTaken = meaning == .request
            }
        }
        #expect(isTaken == (row.start == .established))
    }

    // MARK: Event 29, SendHoldTimer_Expires

    static let sendHoldRows =
        ignored(except: .established) + [
            Row(
                start: .established,
                next: .idle,
                actions: [
                    .abort(.first), .down(.sendHoldTimerExpired(seconds: 480)),
                    changed(.established, .idle, .sendHoldTimerExpired),
                ]
            )
        ]

    @Test(arguments: sendHoldRows)
    func
        `Event 29, SendHoldTimer_Expires (RFC 9687): drops the connection of a neighbor that does not read`(
            row: Row
        )
    {
        check(row) { bench in
            bench.session.outputStalled(.first, now: bench.now)
            guard let due = bench.session.due(of: .sendHold) else { return [] }
            while bench.now + .seconds(20) < due {
                bench.now = bench.now + .seconds(20)
                bench.on { $0.keepaliveReceived(on: .first, now: $1, into: &$2) }
                bench.on { $0.timerDue(now: $1, input: .drained, loopBusy: .zero, into: &$2) }
            }
            bench.session.updatesSent(1, now: bench.now)
            return bench.expire(.sendHold)
        }
    }
}
