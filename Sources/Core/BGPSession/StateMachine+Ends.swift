import BGPWire
import Timekeeping

/// Where a session goes when something has ended.
extension StateMachine {
    /// Where a session without rival goes when its handshake has ended.
    enum Afterwards: Hashable {
        /// An error: Idle, for a time that grows.
        case idle
        /// Only the connection was lost: Active.
        case active
    }

    /// Idle after an error, for the idle hold time; RFC 4271 calls it peer oscillation damping.
    static func rest(
        from: SessionState,
        _ event: SessionEvent,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.timers.stopAll()
        books.startIdleHold()
        books.conclude(reason, from: from)
        books.enter(.idle, from: from, event, reason: reason)
        return .idle(.held)
    }

    /// Active, with the ConnectRetryTimer running unless the neighbor is passive.
    static func waitToConnect(
        from: SessionState,
        _ event: SessionEvent,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.timers.stopAll()
        if !books.configuration.isPassive { books.restartConnectRetryTimer() }
        books.enter(.active, from: from, event, reason: reason)
        return .active
    }

    /// After the session's own handshake has ended: the rival takes its place, if there is one.
    static func afterHandshake(
        from: SessionState,
        _ rival: Rival,
        _ afterwards: Afterwards,
        _ event: SessionEvent,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) -> StateMachine {
        switch (rival, afterwards) {
        case (.connection(let other), _):
            let due = books.timers[.rivalHold]
            books.timers.stopAll()
            books.timers[.hold] = due
            books.holdStarted = books.rivalStarted
            books.conclude(reason, from: from)
            books.actions.append(.adopted(other.id))
            books.enter(.openSent, from: from, event, reason: reason)
            return .openSent(other, .none)
        case (.attempt(let attempt), .active):
            books.timers.stopAll()
            books.restartConnectRetryTimer()
            books.conclude(reason, from: from)
            books.enter(.connect, from: from, event, reason: reason)
            return .connect(attempt)
        case (.attempt(let attempt), .idle):
            books.actions.append(.cancelConnect(attempt))
            return rest(from: from, event, reason, &books)
        case (.none, .active):
            books.conclude(reason, from: from)
            return waitToConnect(from: from, event, reason, &books)
        case (.none, .idle):
            return rest(from: from, event, reason, &books)
        }
    }

    /// Ends the handshake or session on `connection` with a NOTIFICATION; the state must know the connection.
    mutating func endWithError(
        on connection: ConnectionID,
        _ notification: NotificationMessage,
        _ reason: DownReason,
        _ event: SessionEvent,
        _ books: inout SessionBooks
    ) {
        books.close(connection, sending: notification)
        lose(connection, reason, event, &books)
    }

    /// Goes on without `connection`, which has been closed; the state must know it.
    mutating func lose(
        _ connection: ConnectionID,
        _ reason: DownReason,
        _ event: SessionEvent,
        _ books: inout SessionBooks
    ) {
        switch consume self {
        case .idle(let cause):
            self = .idle(cause)
        case .connect(let attempt):
            self = .connect(attempt)
        case .active:
            self = .active
        case .openSent(let own, let rival):
            if own.id == connection {
                self = Self.afterHandshake(from: .openSent, rival, .idle, event, reason, &books)
            } else {
                self = .openSent(own, Self.without(connection, rival, reason, &books))
            }
        case .openConfirm(let own, let negotiated, let rival, let settling):
            if own.id == connection {
                self = Self.afterHandshake(from: .openConfirm, rival, .idle, event, reason, &books)
            } else {
                let left = Self.without(connection, rival, reason, &books)
                self = Self.settled(own, negotiated, left, settling, &books)
            }
        case .established:
            self = Self.rest(from: .established, event, reason, &books)
        }
    }
}
