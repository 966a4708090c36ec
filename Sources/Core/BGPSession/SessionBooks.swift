import Addressing
import BGPWire
import Timekeeping

/// What a session keeps whatever its state: configuration, timers, memory, and the actions of the present event.
struct SessionBooks {
    var configuration: SessionConfiguration
    var timers = TimerTable()
    var statistics = SessionStatistics()
    var jitter: JitterGenerator
    /// The moment of the present event.
    var now = Instant.zero
    /// The actions of the present event.
    var actions: [SessionAction] = []
    /// The interface without a link that the neighbor depends on: nothing starts the session before it is back.
    var missingInterface: String?
    /// The AS that a neighbor of any AS came with first.
    var learntAS: ASNumber?
    /// How long the session stays Idle after its next error: 0, or from 30 s doubling to an hour.
    var idleHoldTime = Duration.zero
    /// The last error was our verdict on the neighbor, so that its coming does not end our wait.
    var lastErrorIsOurs = false
    /// When the pending attempt began.
    var attemptStarted = Instant.zero
    /// When the Hold Timer was last started.
    var holdStarted = Instant.zero
    /// When the rival's Hold Timer was started.
    var rivalStarted = Instant.zero
    /// When the socket was last known to take something.
    var sendHoldStarted = Instant.zero
    /// Losses of the established session in the last hour, oldest first.
    var lossTimes: [Instant] = []

    private var attemptCount: UInt32 = 0

    static let largeHoldTime = Duration.seconds(240)
    static let firstIdleHoldTime = Duration.seconds(30)
    static let longestIdleHoldTime = Duration.seconds(3600)
    /// After a reset of our own the old connection's NOTIFICATION is to be read before the new one comes.
    static let resetPause = Duration.seconds(1)
    /// For how long after a session came up another connection may have been begun before it did.
    static let collisionTime = Duration.seconds(10)
    /// When to look again at a Hold Timer that is due while octets wait unread.
    static let unreadPause = Duration.milliseconds(100)
    /// The most losses that are remembered for the count of the last hour.
    static let lossLimit = 128

    init(configuration: SessionConfiguration, seed: UInt64) {
        self.configuration = configuration
        jitter = JitterGenerator(seed: seed)
    }

    // MARK: Messages and connections

    /// Sends a message and counts it.
    mutating func send(_ message: SessionMessage, on connection: ConnectionID) {
        statistics.sent.count(message.type)
        statistics.lastWrite = now
        actions.append(.send(connection, message))
    }

    /// Closes a connection, with a NOTIFICATION before it where there is one.
    mutating func close(_ connection: ConnectionID, sending notification: NotificationMessage?) {
        if let notification {
            send(.notification(notification), on: connection)
            // A collision is settled between two connections; the session is none the worse.
            if !notification.isCollision { statistics.lastErrorSent = notification }
        }
        actions.append(.close(connection))
    }

    /// Refuses a connection of the neighbor.
    mutating func refuse(_ connection: ConnectionID, in state: SessionState) {
        // RFC 4271 §6.8 for an established session, RFC 4486 §4 for every other reason.
        let subcode =
            state == .established
            ? NotificationMessage.CeaseSubcode.connectionCollision
            : NotificationMessage.CeaseSubcode.connectionRejected
        send(.notification(NotificationMessage(.cease, subcode)), on: connection)
        actions += [.close(connection), .refused(connection, in: state)]
    }

    /// Greets on a connection that has just been opened.
    mutating func greet(_ handshake: Handshake) {
        send(.open(configuration.openMessage), on: handshake.id)
        timers[.hold] = now + Self.largeHoldTime
        holdStarted = now
    }

    /// Greets on a second connection.
    mutating func greet(rival: Handshake) {
        send(.open(configuration.openMessage), on: rival.id)
        timers[.rivalHold] = now + Self.largeHoldTime
        rivalStarted = now
    }

    /// Starts connecting; the ConnectRetryTimer bounds the attempt.
    mutating func startAttempt() -> ConnectAttempt {
        attemptCount &+= 1
        attemptStarted = now
        restartConnectRetryTimer()
        let attempt = ConnectAttempt(attemptCount)
        actions.append(.connect(attempt))
        return attempt
    }

    // MARK: Timers

    mutating func restartConnectRetryTimer() {
        timers[.connectRetry] = now + jitter.jittered(.seconds(configuration.connectRetryTime))
    }

    mutating func restartKeepaliveTimer(_ negotiated: Negotiated) {
        guard negotiated.keepaliveInterval > 0 else { return }
        timers[.keepalive] = now + jitter.jittered(.seconds(negotiated.keepaliveInterval))
    }

    mutating func restartHoldTimer(seconds: UInt16) {
        holdStarted = now
        timers[.hold] = seconds > 0 ? now.later(bySeconds: seconds) : .never
    }

    /// Waits in Idle after an error; the next wait is twice as long.
    mutating func startIdleHold() {
        let wait = max(idleHoldTime, Self.firstIdleHoldTime)
        timers[.idleHold] = now + wait
        idleHoldTime = min(wait * 2, Self.longestIdleHoldTime)
    }

    /// Seconds from `start` until now.
    func seconds(since start: Instant) -> UInt32 {
        UInt32(clamping: (now - start).wholeSeconds)
    }

    // MARK: Memory

    /// Notes the end of an attempt, a handshake or a session and tells of it.
    mutating func conclude(_ reason: DownReason, from state: SessionState) {
        if state == .established || !reason.isCollision {
            statistics.lastReason = reason
            lastErrorIsOurs = reason.isVerdictOnNeighbor
        }
        switch state {
        case .idle, .active:
            break
        case .connect, .openSent, .openConfirm:
            actions.append(.failed(reason))
        case .established:
            noteLoss(reason)
            actions.append(.down(reason))
        }
    }

    /// Notes a change of state and tells of it; nothing where the state stays.
    mutating func enter(
        _ to: SessionState,
        from: SessionState,
        _ event: SessionEvent,
        reason: DownReason? = nil
    ) {
        guard to != from else { return }
        statistics.stateSince = now
        if statistics.transitions.count == SessionStatistics.historyLimit {
            statistics.transitions.removeFirst()
        }
        statistics.transitions.append(
            SessionTransition(time: now, from: from, to: to, event: event, reason: reason)
        )
        actions.append(.stateChanged(from: from, to: to, event: event))
    }

    private mutating func noteLoss(_ reason: DownReason) {
        let uptime = now - (statistics.lastUpDown ?? now)
        statistics.lastLoss = SessionLoss(time: now, reason: reason, uptime: uptime)
        statistics.lastUpDown = now
        statistics.flapCount += 1
        let present = now
        lossTimes.removeAll { present - $0 >= .seconds(3600) }
        if lossTimes.count == Self.lossLimit { lossTimes.removeFirst() }
        lossTimes.append(now)
    }
}

extension DownReason {
    /// True where we have found the neighbor wanting, so that its next try would end the same way.
    ///
    /// Silence, a lost connection and what the neighbor said itself are over once it comes again.
    var isVerdictOnNeighbor: Bool {
        switch self {
        case .sent, .wrongAS, .identifierUnacceptable, .holdTimeUnacceptable, .capabilityMissing,
            .roleMismatch, .noCommonFamily, .unexpectedMessage, .maximumPrefixes:
            true
        case .received, .holdTimerExpired, .ownLoopBusy, .sendHoldTimerExpired, .closedByPeer,
            .socketError,
            .connectFailed, .connectTimedOut, .authenticationUnavailable, .socketOptionRefused,
            .administrativeShutdown, .administrativeReset, .configuredDown, .deconfigured,
            .speakerStopped,
            .collision, .connectionReplaced, .configurationChanged, .maximumPrefixesSent,
            .interfaceDown:
            false
        }
    }
}
