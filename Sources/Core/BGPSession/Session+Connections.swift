import BGPWire
package import Timekeeping

/// What becomes of connections, and of the octets that wait in them.
extension Session {
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

    private mutating func startSendHoldTimer(_ holdTime: UInt16, _ now: Instant) {
        books.sendHoldStarted = now
        books.timers[.sendHold] = now + .seconds(max(480, 2 * Int(holdTime)))
    }
}
