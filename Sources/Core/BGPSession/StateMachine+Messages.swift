import Addressing
import BGPWire
import Timekeeping

/// Messages from the neighbor: RFC 4271 §8.1.5. All are called with a connection that the state knows.
extension StateMachine {
    /// BGPOpen (Event 19).
    mutating func openReceived(
        _ open: OpenMessage,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) {
        if stateOf(connection) != .openSent {
            unexpected(.open, on: connection, &books)
            return
        }
        let expectedAS = books.configuration.remoteAS ?? books.learntAS
        switch books.configuration.verdict(on: open, expecting: expectedAS) {
        case .refused(let notification, let reason):
            endWithError(on: connection, notification, reason, .openReceived, &books)
        case .accepted(let negotiated):
            openAccepted(negotiated, on: connection, &books)
        }
    }

    /// KeepAliveMsg (Event 26).
    mutating func keepaliveReceived(on connection: ConnectionID, _ books: inout SessionBooks) {
        switch consume self {
        case .idle(let cause):
            self = .idle(cause)
        case .connect(let attempt):
            self = .connect(attempt)
        case .active:
            self = .active
        case .openSent(let own, let rival):
            self = .openSent(own, rival)
            unexpected(.keepalive, on: connection, &books)
        case .openConfirm(let own, let negotiated, let rival, let settling):
            if own.id == connection {
                self = Self.confirmed(own, negotiated, rival, settling, &books)
            } else {
                self = .openConfirm(own, negotiated, rival, settling)
                unexpected(.keepalive, on: connection, &books)
            }
        case .established(let own, let negotiated):
            books.restartHoldTimer(seconds: negotiated.holdTime)
            self = .established(own, negotiated)
        }
    }

    /// UpdateMsg (Event 27), or another message that only an established session may carry.
    ///
    /// - Returns: true where the message is to be acted on.
    mutating func routesReceived(
        _ type: MessageType,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) -> Bool {
        settle(on: connection, &books)
        guard let holdTime = establishedHoldTime(on: connection) else {
            unexpected(type, on: connection, &books)
            return false
        }
        // RFC 4271 restarts it for UPDATE and KEEPALIVE; a ROUTE-REFRESH proves the neighbor's life as well.
        books.restartHoldTimer(seconds: holdTime)
        return true
    }

    /// NotifMsg and NotifMsgVerErr (Events 24, 25).
    ///
    /// Never answered by another NOTIFICATION (RFC 4271 §6), though the RFC's list for OpenSent would have it.
    mutating func notificationReceived(
        _ notification: NotificationMessage,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) {
        books.actions.append(.close(connection))
        let reason = reason(of: notification, books)
        let isGraceful =
            name == .established
            && negotiated?.restart?.retained(after: reason).isEmpty == false
        lose(
            connection,
            reason,
            isGraceful ? .gracefulNotificationReceived : .notificationReceived,
            &books
        )
    }

    /// BGPHeaderErr, BGPOpenMsgErr and UpdateMsgErr (Events 21, 22, 28).
    mutating func faultReceived(
        _ fault: NotificationMessage,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) {
        let event: SessionEvent
        switch NotificationMessage.ErrorCode(rawValue: fault.code) {
        case .open:
            if name == .established {
                unexpected(.open, on: connection, &books)
                return
            }
            event = .openReceived
        case .update:
            settle(on: connection, &books)
            if establishedHoldTime(on: connection) == nil {
                unexpected(.update, on: connection, &books)
                return
            }
            event = .updateReceived
        case .routeRefresh:
            settle(on: connection, &books)
            if establishedHoldTime(on: connection) == nil {
                unexpected(.routeRefresh, on: connection, &books)
                return
            }
            event = .fatalError
        case .header, .holdTimerExpired, .finiteStateMachine, .cease, .sendHoldTimerExpired, nil:
            event = .fatalError
        }
        endWithError(on: connection, fault, .sent(fault), event, &books)
    }

    // MARK: Parts

    private mutating func openAccepted(
        _ negotiated: Negotiated,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) {
        switch consume self {
        case .openSent(let own, let rival):
            self = Self.firstOpen(negotiated, on: connection, own, rival, &books)
        case .openConfirm(let own, let agreed, .connection(let other), let settling):
            self = Self.resolved(own, agreed, against: other, negotiated, settling, &books)
        case let other:
            self = other
        }
    }

    /// The first acceptable OPEN: its connection is the session's now, and an attempt is not needed any more.
    private static func firstOpen(
        _ negotiated: Negotiated,
        on connection: ConnectionID,
        _ own: Handshake,
        _ rival: Rival,
        _ books: inout SessionBooks
    ) -> StateMachine {
        var first = own
        var second = rival
        switch rival {
        case .none:
            break
        case .attempt(let attempt):
            books.actions.append(.cancelConnect(attempt))
            second = .none
        case .connection(let other):
            if other.id == connection {
                first = other
                second = .connection(own)
                books.timers[.rivalHold] = books.timers[.hold]
                books.rivalStarted = books.holdStarted
                books.actions.append(.adopted(connection))
            }
        }
        let next = confirm(first, negotiated, second, &books)
        books.enter(.openConfirm, from: .openSent, .openReceived)
        return next
    }

    /// Any message but KEEPALIVE on a connection that waits for its rival: the neighbor has settled on it.
    private mutating func settle(on connection: ConnectionID, _ books: inout SessionBooks) {
        switch consume self {
        case .openConfirm(let own, let negotiated, let rival, .awaitingRival)
        where own.id == connection:
            self = Self.establish(own, negotiated, rival, &books)
        case let other:
            self = other
        }
    }

    /// A message that the state does not allow: 5/1 to 5/3 with its type as data (RFC 6608).
    private mutating func unexpected(
        _ type: MessageType,
        on connection: ConnectionID,
        _ books: inout SessionBooks
    ) {
        let state = stateOf(connection)
        let subcode: UInt8 =
            switch state {
            case .idle, .connect, .active: 0
            case .openSent: 1
            case .openConfirm: 2
            case .established: 3
            }
        let event: SessionEvent =
            switch type {
            case .open: .openReceived
            case .update: .updateReceived
            case .keepalive: .keepaliveReceived
            case .notification: .notificationReceived
            case .routeRefresh: .fatalError
            }
        endWithError(
            on: connection,
            NotificationMessage(.finiteStateMachine, subcode, data: [type.rawValue]),
            .unexpectedMessage(type: type, state: state),
            event,
            &books
        )
    }

    /// The state of one connection: the session's, or OpenSent for the rival.
    private func stateOf(_ connection: ConnectionID) -> SessionState {
        ways.own?.id == connection ? name : .openSent
    }

    /// A neighbor whose Hold Timer ran out was waiting for us: where we had sent nothing for that long, it was our doing.
    private func reason(
        of notification: NotificationMessage,
        _ books: borrowing SessionBooks
    ) -> DownReason {
        guard notification.code == NotificationMessage.ErrorCode.holdTimerExpired.rawValue,
            let holdTime = negotiated?.holdTime, holdTime > 0,
            let lastWrite = books.statistics.lastWrite
        else { return .received(notification) }
        let silence = books.now - lastWrite
        guard silence >= .seconds(Int(holdTime) - 1) else { return .received(notification) }
        return .ownLoopBusy(milliseconds: UInt32(clamping: silence.wholeNanoseconds / 1_000_000))
    }
}
