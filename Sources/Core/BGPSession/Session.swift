import Addressing
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

    var machine = StateMachine.idle(.notStarted)
    /// What ``StateMachine`` says of the established session, read again after each event: every UPDATE asks.
    var established: (connection: ConnectionID, holdTime: UInt16)?
    var books: SessionBooks

    /// The configuration in force.
    package var configuration: SessionConfiguration { books.configuration }

    /// The state by the RFC's name.
    package var state: SessionState { machine.name }

    /// The session's connection, from OpenSent on.
    package var connection: ConnectionID? { machine.ways.own?.id }

    /// What was agreed on, from OpenConfirm on.
    package var negotiated: Negotiated? { machine.negotiated }

    /// The longest message that may come on that connection (RFC 8654).
    ///
    /// More than the standard only where the session is up, so that nobody makes us wait for much before: an OPEN that
    /// waits for its rival has its KEEPALIVE, and the neighbor's routes may follow.
    package func maximumLength(on connection: ConnectionID) -> Int {
        machine.negotiatedForRoutes(on: connection)?.maximumLength ?? MessageFraming.standardMaximum
    }

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

    /// The limit of prefixes that keeps the session Idle; nil where none does.
    package var prefixLimitCause: DownReason? {
        guard case .maximumPrefixes(let reason) = machine.idleCause else { return nil }
        return reason
    }

    /// Runs one event: the books hold its time and collect its actions.
    mutating func step<Answer>(
        _ now: Instant,
        _ actions: inout [SessionAction],
        _ event: (inout StateMachine, inout SessionBooks) -> Answer
    ) -> Answer {
        books.now = now
        swap(&books.actions, &actions)
        let answer = event(&machine, &books)
        established = machine.established
        swap(&books.actions, &actions)
        return answer
    }

    /// Counts a message.
    ///
    /// - Returns: false where the connection is not ours any more, so that the message means nothing.
    mutating func received(
        _ type: MessageType,
        on connection: ConnectionID,
        _ now: Instant
    ) -> Bool {
        guard machine.ways.contain(connection) else { return false }
        books.statistics.received.count(type)
        books.statistics.lastRead = now
        return true
    }
}
