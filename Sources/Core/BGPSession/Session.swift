package import Addressing
package import BGPWire
package import Timekeeping

/// The state machine of one neighbor (RFC 4271 §8), free of sockets and clocks.
package struct Session: ~Copyable {
    /// A session that is Idle and waits for its start.
    ///
    /// - Parameters:
    ///   - configuration: what the session is to be.
    ///   - seed: of the generator of jitter; another one for each neighbor.
    package init(configuration: SessionConfiguration, seed: UInt64) {
        self.configuration = configuration
    }

    /// The configuration in force.
    package var configuration: SessionConfiguration
    /// The state by the RFC's name.
    package var state: SessionState { .idle }
    /// The session's connection, from OpenSent on.
    package var connection: ConnectionID? { nil }
    /// What was agreed on, from OpenConfirm on.
    package var negotiated: Negotiated? { nil }
    /// What the session remembers of its life.
    package var statistics: SessionStatistics { SessionStatistics() }
    /// Losses of the established session in the last hour, as far as the history reaches.
    package func recentFlapCount(now: Instant) -> Int { 0 }
    /// When the next timer is due; ``Instant/never`` where none runs.
    package var nextDue: Instant { .never }
    /// When that timer is due; nil where it does not run.
    package func due(of timer: SessionTimer) -> Instant? { nil }
    /// The timer that the next attempt waits for, and when it is due; nil where nothing is waited for.
    package var retryCountdown: (timer: SessionTimer, due: Instant)? { nil }
    /// Why the session stays Idle until somebody acts (`down`, `max-prefix` without restart); else nil.
    package var heldDown: DownReason? { nil }

    // MARK: The operator and the configuration

    /// AutomaticStart (Event 3): the speaker starts. The file's `down` keeps the session Idle.
    package mutating func automaticStart(now: Instant, into actions: inout [SessionAction]) {}
    /// ManualStart (Event 1): `neighbor up`. Ends every wait, also that of `down` and `max-prefix`.
    package mutating func manualStart(now: Instant, into actions: inout [SessionAction]) {}
    /// ManualStop (Event 2): `neighbor down`, with the text of RFC 9003, empty for none.
    package mutating func manualStop(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// `neighbor clear`: the session ends with Cease/4 and starts again without idle hold.
    package mutating func clear(text: String, now: Instant, into actions: inout [SessionAction]) {}
    /// Takes another configuration; the session is reset only where it could not go on with it.
    package mutating func configure(
        _ newConfiguration: SessionConfiguration,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The neighbor is gone from the configuration: Cease/3. The session is not to be used after.
    package mutating func deconfigure(now: Instant, into actions: inout [SessionAction]) {}
    /// The speaker stops: Cease/2 with the text. The session is not to be used after.
    package mutating func speakerStops(
        text: String,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}

    // MARK: Connections

    /// A connection is open (Events 16, 17).
    package mutating func connectionOpened(
        _ connection: ConnectionID,
        _ origin: ConnectionOrigin,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The attempt failed (Event 18).
    package mutating func connectFailed(
        _ attempt: ConnectAttempt,
        errno: Int32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The driver gave the attempt up for want of an answer.
    package mutating func connectTimedOut(
        _ attempt: ConnectAttempt,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The attempt's socket could not be made as the configuration asks, so that it was not used.
    package mutating func connectRefusedLocally(
        _ attempt: ConnectAttempt,
        _ refusal: SocketRefusal,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The connection ended without our doing (Event 18).
    package mutating func connectionClosed(
        _ connection: ConnectionID,
        _ end: ConnectionEnd,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// After a write that the socket took something of; `pending` octets still wait.
    package mutating func outputProgressed(_ connection: ConnectionID, pending: Int, now: Instant) {
    }
    /// Octets wait and the socket takes none: starts the SendHoldTimer unless it runs (RFC 9687).
    package mutating func outputStalled(_ connection: ConnectionID, now: Instant) {}

    // MARK: Messages

    /// An OPEN without syntactic fault was received (Event 19).
    package mutating func openReceived(
        _ open: OpenMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// A KEEPALIVE was received (Event 26).
    package mutating func keepaliveReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// An UPDATE was received (Event 27).
    ///
    /// - Returns: true where its routes are to be taken: the session is Established on that connection.
    package mutating func updateReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool { false }
    /// A NOTIFICATION was received (Events 24, 25).
    package mutating func notificationReceived(
        _ notification: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// A ROUTE-REFRESH was received.
    ///
    /// - Returns: true where it is to be answered: the session is Established and we have offered it.
    package mutating func routeRefreshReceived(
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool { false }
    /// A message could not be decoded and calls for that NOTIFICATION (Events 21, 22, 28).
    package mutating func faultReceived(
        _ fault: NotificationMessage,
        on connection: ConnectionID,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}

    // MARK: What the speaker tells

    /// UPDATEs were handed over for sending on the session's connection: they stand for a KEEPALIVE too.
    package mutating func updatesSent(_ count: Int, now: Instant) {}
    /// Asks the neighbor for its routes again.
    ///
    /// - Returns: false where the neighbor has not offered it, or the session is not Established.
    package mutating func requestRefresh(
        _ family: AddressFamily,
        now: Instant,
        into actions: inout [SessionAction]
    ) -> Bool { false }
    /// More prefixes than `max-prefix` came: Cease/1, and Idle for `restartMinutes` (0: until somebody acts).
    package mutating func maximumPrefixesExceeded(
        limit: UInt32,
        restartMinutes: UInt32,
        now: Instant,
        into actions: inout [SessionAction]
    ) {}
    /// The limit was raised or taken away: a session that it keeps down starts again.
    package mutating func maximumPrefixesRaised(now: Instant, into actions: inout [SessionAction]) {
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
    ) {}
}
