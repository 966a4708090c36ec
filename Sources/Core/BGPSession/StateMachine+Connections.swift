import BGPWire
import Timekeeping

/// What TCP tells: RFC 4271 §8.1.4.
extension StateMachine {
    /// Tcp_CR_Acked and TcpConnectionConfirmed (Events 16, 17).
    mutating func connectionOpened(
        _ connection: ConnectionID,
        _ origin: ConnectionOrigin,
        _ books: inout SessionBooks
    ) {
        switch origin {
        case .incoming: acceptIncoming(connection, &books)
        case .outgoing(let attempt): acceptOutgoing(connection, attempt, &books)
        }
    }

    /// TcpConnectionFails (Event 18) before the connection was open.
    ///
    /// A refused attempt is no failure of a session: no idle hold, the ConnectRetryTimer alone decides. RFC 4271 goes
    /// to Idle from Connect unless its DelayOpenTimer runs; Active is where it goes in that case.
    mutating func attemptFailed(
        _ attempt: ConnectAttempt,
        _ reason: DownReason,
        _ event: SessionEvent,
        _ books: inout SessionBooks
    ) {
        switch consume self {
        case .idle(let cause):
            self = .idle(cause)
        case .connect(let pending):
            guard pending == attempt else {
                self = .connect(pending)
                return
            }
            books.conclude(reason, from: .connect)
            self = Self.waitToConnect(from: .connect, event, reason, &books)
        case .active:
            self = .active
        case .openSent(let own, let rival):
            if rival == .attempt(attempt) {
                books.conclude(reason, from: .connect)
                self = .openSent(own, .none)
            } else {
                self = .openSent(own, rival)
            }
        case .openConfirm(let own, let negotiated, let rival, let settling):
            self = .openConfirm(own, negotiated, rival, settling)
        case .established(let own, let negotiated):
            self = .established(own, negotiated)
        }
    }

    /// TcpConnectionFails (Event 18) on an open connection, which the driver has let go of already.
    mutating func connectionClosed(
        _ connection: ConnectionID,
        _ reason: DownReason,
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
                // The one state that goes to Active: the connection failed, not the session.
                self = Self.afterHandshake(
                    from: .openSent,
                    rival,
                    .active,
                    .connectionClosed,
                    reason,
                    &books
                )
            } else {
                self = .openSent(own, Self.without(connection, rival, reason, &books))
            }
        case .openConfirm(let own, let negotiated, let rival, let settling):
            if own.id == connection {
                self = Self.afterHandshake(
                    from: .openConfirm,
                    rival,
                    .idle,
                    .connectionClosed,
                    reason,
                    &books
                )
            } else {
                let left = Self.without(connection, rival, reason, &books)
                self = Self.settled(own, negotiated, left, settling, &books)
            }
        case .established(let own, let negotiated):
            guard own.id == connection else {
                self = .established(own, negotiated)
                return
            }
            self = Self.rest(from: .established, .connectionClosed, reason, &books)
        }
    }

    // MARK: Parts

    private mutating func acceptOutgoing(
        _ connection: ConnectionID,
        _ attempt: ConnectAttempt,
        _ books: inout SessionBooks
    ) {
        switch consume self {
        case .connect(let pending) where pending == attempt:
            self = Self.greeted(connection, isIncoming: false, from: .connect, .none, &books)
        case .openSent(let own, .attempt(let pending)) where pending == attempt:
            let rival = Handshake(id: connection, isIncoming: false)
            books.greet(rival: rival)
            self = .openSent(own, .connection(rival))
        case let other:
            // An attempt that has been given up meanwhile.
            books.close(connection, sending: nil)
            self = other
        }
    }

    private mutating func acceptIncoming(_ connection: ConnectionID, _ books: inout SessionBooks) {
        switch consume self {
        case .idle(let cause):
            guard cause == .held, !books.lastErrorIsOurs else {
                books.refuse(connection, in: .idle)
                self = .idle(cause)
                return
            }
            books.timers.stopAll()
            books.enter(.active, from: .idle, .start)
            self = Self.greeted(connection, isIncoming: true, from: .active, .none, &books)
        case .connect(let attempt):
            self = Self.greeted(
                connection,
                isIncoming: true,
                from: .connect,
                .attempt(attempt),
                &books
            )
        case .active:
            self = Self.greeted(connection, isIncoming: true, from: .active, .none, &books)
        case .openSent(let own, let rival):
            let known = Self.tracking(connection, beside: own, rival, in: .openSent, &books)
            self = .openSent(own, known)
        case .openConfirm(let own, let negotiated, let rival, let settling):
            let known = Self.tracking(connection, beside: own, rival, in: .openConfirm, &books)
            self = .openConfirm(own, negotiated, known, settling)
        case .established(let own, let negotiated):
            guard Self.mayHaveRestarted(negotiated, books) else {
                books.refuse(connection, in: .established)
                self = .established(own, negotiated)
                return
            }
            books.actions.append(.abort(own.id))
            books.timers.stopAll()
            books.conclude(.connectionReplaced, from: .established)
            books.enter(.active, from: .established, .connectionOpened, reason: .connectionReplaced)
            self = Self.greeted(connection, isIncoming: true, from: .active, .none, &books)
        }
    }

    /// True where another connection of the neighbor tells that it has restarted, and ours leads nowhere (RFC 4724 §5).
    ///
    /// One that comes soon after the session is up was begun before: two connections have met.
    private static func mayHaveRestarted(
        _ negotiated: Negotiated,
        _ books: borrowing SessionBooks
    ) -> Bool {
        guard let restart = negotiated.restart, !restart.families.isEmpty,
            let since = books.statistics.lastUpDown
        else { return false }
        return books.now - since > SessionBooks.collisionTime
    }

    private static func greeted(
        _ connection: ConnectionID,
        isIncoming: Bool,
        from: SessionState,
        _ rival: Rival,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.timers.stop(.connectRetry)
        books.actions.append(.adopted(connection))
        let own = Handshake(id: connection, isIncoming: isIncoming)
        books.greet(own)
        books.enter(.openSent, from: from, .connectionOpened)
        return .openSent(own, rival)
    }

    /// The rival after the neighbor has opened `connection`: itself where there is none yet of its direction.
    private static func tracking(
        _ connection: ConnectionID,
        beside own: Handshake,
        _ rival: Rival,
        in state: SessionState,
        _ books: inout SessionBooks
    ) -> Rival {
        guard !own.isIncoming, rival == .none else {
            books.refuse(connection, in: state)
            return rival
        }
        let newcomer = Handshake(id: connection, isIncoming: true)
        books.greet(rival: newcomer)
        return .connection(newcomer)
    }

    /// The rival, or nothing where it was `connection` that has gone.
    static func without(
        _ connection: ConnectionID,
        _ rival: Rival,
        _ reason: DownReason,
        _ books: inout SessionBooks
    ) -> Rival {
        guard rival.connection == connection else { return rival }
        books.timers.stop(.rivalHold)
        books.conclude(reason, from: .openSent)
        return .none
    }
}
