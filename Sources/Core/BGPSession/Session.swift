package import Addressing
package import BGPWire
package import Timekeeping

/// The state machine of one neighbor (RFC 4271 §8), free of sockets and clocks.
///
/// A function per event, each with the time as `now`; what is to be done is appended to `actions`, in order. Attempts
/// and connections are named, and an event that concerns one which the session has let go of changes nothing, so
/// that the driver need not cancel what it has already seen. The same events at the same times with the same seed
/// give the same actions.
///
/// DelayOpen is absent, and with it Events 12 and 20; so is the automatic stop as a setting (Event 8).
package struct Session: ~Copyable {
    /// A session that is Idle and waits for its start.
    ///
    /// - Parameters:
    ///   - configuration: what the session is to be.
    ///   - seed: of the generator of jitter; another one for each neighbor.
    package init(configuration: SessionConfiguration, seed: UInt64) {
        books = SessionBooks(configuration: configuration, seed: seed)
    }

    private var machine = StateMachine.idle(.notStarted)
    private var books: SessionBooks

    /// The configuration in force.
    package var configuration: SessionConfiguration { books.configuration }

    /// The state by the RFC's name.
    package var state: SessionState { machine.name }

    /// The session's connection, from OpenSent on.
    package var connection: ConnectionID? { machine.ways.own?.id }

    /// What was agreed on, from OpenConfirm on.
    package var negotiated: Negotiated? { machine.negotiated }

    /// What the session remembers of its life.
    package var statistics: SessionStatistics { books.statistics }

    /// How often the established session was lost within the last hour, as far as the memory of 128 losses reaches.
    package func recentFlapCount(now: Instant) -> Int {
        books.lossTimes.count { now - $0 < .seconds(3600) }
    }

    /// When the next timer is due; ``Instant/never`` where none runs.
    package var nextDue: Instant { books.timers.next }

    /// When that timer is due; nil where it does not run.
    package func due(of timer: SessionTimer) -> Instant? {
        let due = books.timers[timer]
        return due == .never ? nil : due
    }

    /// The timer that the next attempt waits for, and when it is due; nil where nothing is waited for.
    package var retryCountdown: (timer: SessionTimer, due: Instant)? {
        let waited: [SessionTimer] =
            switch state {
            case .idle: [.idleHold, .restart]
            case .active: [.connectRetry]
            case .connect, .openSent, .openConfirm, .established: []
            }
        for timer in waited {
            if let due = due(of: timer) { return (timer, due) }
        }
        return nil
    }

    /// Why the session stays Idle until somebody acts (`down`, `max-prefix` without restart); else nil.
    package var heldDown: DownReason? {
        switch machine.idleCause {
        case .down(let reason), .ended(let reason): reason
        case .maximumPrefixes(let reason): due(of: .restart) == nil ? reason : nil
        case .notStarted, .held, nil: nil
        }
    }

    // MARK: The operator and the configuration

    /// AutomaticStart (Event 3): the speaker starts. The file's `down` keeps the session Idle.
    package mutating func automaticStart(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.automaticStart(&$1) }
    }

    /// ManualStart (Event 1): `neighbor up`. Ends every wait, also that of `down` and `max-prefix`.
    package mutating func manualStart(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.manualStart(&$1) }
    }

    /// ManualStop (Event 2): `neighbor down`, with the text of RFC 9003, empty for none.
    package mutating func manualStop(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason = DownReason.administrativeShutdown(text: text)
        step(now, &actions) {
            $0.stop(
                sending: .cease(Cease.administrativeShutdown, text: text),
                reason,
                .down(reason),
                &$1
            )
        }
    }

    /// `neighbor clear`: the session ends with Cease/4 and starts again without idle hold.
    package mutating func clear(text: String, now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) {
            $0.reset(
                sending: .cease(Cease.administrativeReset, text: text),
                .administrativeReset(text: text),
                &$1
            )
        }
    }

    /// Takes another configuration; the session is reset only where it could not go on with it.
    package mutating func configure(
        _ newConfiguration: SessionConfiguration,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard newConfiguration != books.configuration else { return }
        let old = books.configuration
        books.configuration = newConfiguration
        step(now, &actions) { $0.configurationChanged(from: old, &$1) }
    }

    /// The neighbor is gone from the configuration: Cease/3. The session is not to be used after.
    package mutating func deconfigure(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) {
            $0.stop(
                sending: .cease(Cease.peerDeconfigured),
                .deconfigured,
                .ended(.deconfigured),
                &$1
            )
        }
    }

    /// The speaker stops: Cease/2 with the text. The session is not to be used after.
    package mutating func speakerStops(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) {
            $0.stop(
                sending: .cease(Cease.administrativeShutdown, text: text),
                .speakerStopped,
                .ended(.speakerStopped),
                &$1
            )
        }
    }

    // MARK: Connections

    /// A connection is open (Events 16, 17).
    package mutating func connectionOpened(
        _ connection: ConnectionID,
        _ origin: ConnectionOrigin,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) { $0.connectionOpened(connection, origin, &$1) }
    }

    /// The attempt failed (Event 18).
    package mutating func connectFailed(
        _ attempt: ConnectAttempt,
        errno: Int32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) {
            $0.attemptFailed(attempt, .connectFailed(errno: errno), .connectionOpenFailed, &$1)
        }
    }

    /// The driver gave the attempt up for want of an answer.
    package mutating func connectTimedOut(
        _ attempt: ConnectAttempt,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) {
            let seconds = $1.seconds(since: $1.attemptStarted)
            $0.attemptFailed(
                attempt,
                .connectTimedOut(seconds: seconds),
                .connectionOpenFailed,
                &$1
            )
        }
    }

    /// The attempt's socket could not be made as the configuration asks, so that it was not used.
    package mutating func connectRefusedLocally(
        _ attempt: ConnectAttempt,
        _ refusal: SocketRefusal,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason: DownReason =
            switch refusal {
            case .authentication(let errno): .authenticationUnavailable(errno: errno)
            case .option(let name, let errno): .socketOptionRefused(option: name, errno: errno)
            }
        step(now, &actions) { $0.attemptFailed(attempt, reason, .connectionOpenFailed, &$1) }
    }

    /// The connection ended without our doing (Event 18).
    package mutating func connectionClosed(
        _ connection: ConnectionID,
        _ end: ConnectionEnd,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        let reason: DownReason =
            switch end {
            case .clean: .closedByPeer
            case .failed(let errno): .socketError(errno: errno)
            }
        step(now, &actions) { $0.connectionClosed(connection, reason, &$1) }
    }

    /// After a write that the socket took something of; `pending` octets still wait.
    package mutating func outputProgressed(_ connection: ConnectionID, pending: Int, now: Instant) {
        guard let holdTime = machine.establishedHoldTime(on: connection) else { return }
        guard pending > 0, holdTime > 0 else {
            books.timers.stop(.sendHold)
            return
        }
        startSendHoldTimer(holdTime, now)
    }

    /// Octets wait and the socket takes none: starts the SendHoldTimer unless it runs (RFC 9687).
    package mutating func outputStalled(_ connection: ConnectionID, now: Instant) {
        guard let holdTime = machine.establishedHoldTime(on: connection), holdTime > 0,
            books.timers[.sendHold] == .never
        else { return }
        startSendHoldTimer(holdTime, now)
    }

    // MARK: Messages

    /// An OPEN without syntactic fault was received (Event 19).
    package mutating func openReceived(
        _ open: OpenMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(\.open, on: connection, now) else { return }
        step(now, &actions) { $0.openReceived(open, on: connection, &$1) }
    }

    /// A KEEPALIVE was received (Event 26).
    package mutating func keepaliveReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(\.keepalive, on: connection, now) else { return }
        step(now, &actions) { $0.keepaliveReceived(on: connection, &$1) }
    }

    /// An UPDATE was received (Event 27).
    ///
    /// - Returns: true where its routes are to be taken: the session is Established on that connection.
    package mutating func updateReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool {
        guard received(\.update, on: connection, now) else { return false }
        if let holdTime = machine.establishedHoldTime(on: connection) {
            books.now = now
            books.restartHoldTimer(seconds: holdTime)
            return true
        }
        return step(now, &actions) { $0.routesReceived(.update, on: connection, &$1) }
    }

    /// A NOTIFICATION was received (Events 24, 25).
    package mutating func notificationReceived(
        _ notification: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard received(\.notification, on: connection, now) else { return }
        books.statistics.lastErrorReceived = notification
        step(now, &actions) { $0.notificationReceived(notification, on: connection, &$1) }
    }

    /// A ROUTE-REFRESH was received.
    ///
    /// - Returns: true where it is to be answered: the session is Established and we have offered it.
    package mutating func routeRefreshReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool {
        guard received(\.routeRefresh, on: connection, now) else { return false }
        let isTaken = step(now, &actions) { $0.routesReceived(.routeRefresh, on: connection, &$1) }
        return isTaken && books.configuration.routeRefresh != .no
    }

    /// A message could not be decoded and calls for that NOTIFICATION (Events 21, 22, 28).
    package mutating func faultReceived(
        _ fault: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        guard machine.ways.contain(connection) else { return }
        books.statistics.lastRead = now
        step(now, &actions) { $0.faultReceived(fault, on: connection, &$1) }
    }

    // MARK: What the speaker tells

    /// UPDATEs were handed over for sending on the session's connection: they stand for a KEEPALIVE too.
    package mutating func updatesSent(_ count: Int, now: Instant) {
        guard count > 0, state == .established, let negotiated = machine.negotiated else { return }
        books.statistics.sent.update += UInt64(count)
        books.statistics.lastWrite = now
        books.now = now
        books.restartKeepaliveTimer(negotiated)
    }

    /// Asks the neighbor for its routes again.
    ///
    /// - Returns: false where the neighbor has not offered it, or the session is not Established.
    package mutating func requestRefresh(
        _ family: AddressFamily,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool {
        step(now, &actions) { machine, books in
            guard machine.name == .established, let own = machine.ways.own,
                let negotiated = machine.negotiated, negotiated.routeRefresh,
                negotiated.families.contains(family)
            else { return false }
            books.send(.routeRefresh(RouteRefreshMessage(family)), on: own.id)
            return true
        }
    }

    /// More prefixes than `max-prefix` came: Cease/1, and Idle for `restartMinutes` (0: until somebody acts).
    package mutating func maximumPrefixesExceeded(
        limit: UInt32,
        restartMinutes: UInt32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) {
            $0.maximumPrefixesExceeded(limit: limit, restartMinutes: restartMinutes, &$1)
        }
    }

    /// The limit was raised or taken away: a session that it keeps down starts again.
    package mutating func maximumPrefixesRaised(now: Instant, into actions: inout [SessionAction]) {
        step(now, &actions) { $0.maximumPrefixesRaised(&$1) }
    }

    // MARK: Timers

    /// Acts on all timers that are due at `now`.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - input: whether the session's sockets have been read until they would block. A Hold Timer is acted on only
    ///     then; else it is due again 100 ms later.
    ///   - loopBusy: for how long of the time since the last read our own loop could not read.
    ///   - actions: where the actions are appended.
    package mutating func timerDue(
        now: Instant,
        input: SocketInput,
        loopBusy: Duration,
        into actions: inout [SessionAction]
    ) {
        step(now, &actions) { machine, books in
            for timer in SessionTimer.order where books.timers[timer] <= now {
                books.timers.stop(timer)
                switch timer {
                case .idleHoldReset: books.idleHoldTime = .zero
                case .keepalive: machine.keepaliveTimerExpired(&books)
                case .hold, .rivalHold:
                    guard input == .drained else {
                        books.timers[timer] = now + SessionBooks.unreadPause
                        continue
                    }
                    if timer == .hold {
                        machine.holdTimerExpired(loopBusy: loopBusy, &books)
                    } else {
                        machine.rivalHoldTimerExpired(loopBusy: loopBusy, &books)
                    }
                case .sendHold: machine.sendHoldTimerExpired(&books)
                case .connectRetry: machine.connectRetryTimerExpired(&books)
                case .idleHold, .restart: machine.waitEnded(&books)
                }
            }
        }
    }

    // MARK: Parts

    private typealias Cease = NotificationMessage.CeaseSubcode

    /// Runs one event: the books hold its time and collect its actions.
    private mutating func step<Answer>(
        _ now: Instant,
        _ actions: inout [SessionAction],
        _ event: (inout StateMachine, inout SessionBooks) -> Answer
    ) -> Answer {
        books.now = now
        swap(&books.actions, &actions)
        let answer = event(&machine, &books)
        swap(&books.actions, &actions)
        return answer
    }

    /// Counts a message.
    ///
    /// - Returns: false where the connection is not ours any more, so that the message means nothing.
    private mutating func received(
        _ type: WritableKeyPath<MessageCounts, UInt64>,
        on connection: ConnectionID,
        _ now: Instant
    ) -> Bool {
        guard machine.ways.contain(connection) else { return false }
        books.statistics.received[keyPath: type] += 1
        books.statistics.lastRead = now
        return true
    }

    private mutating func startSendHoldTimer(_ holdTime: UInt16, _ now: Instant) {
        books.sendHoldStarted = now
        books.timers[.sendHold] = now + .seconds(max(480, 2 * Int(holdTime)))
    }
}
