import BGPWire
import Timekeeping

/// Two connections at once: RFC 4271 §6.8, with RFC 6286 for equal identifiers.
///
/// Both speakers keep the connection that the one with the higher identifier has opened. Either decides when it has
/// an OPEN on both, as the RFC wants; so until then a KEEPALIVE does not settle the losing one. Without that wait
/// one side could be Established on a connection that the other has just given up for the rival, and both be lost.
/// The wait is short: the rival's OPEN, its end, or any further message on the first connection decides.
extension StateMachine {
    /// The NOTIFICATION of a connection that has lost.
    static var collisionNotification: NotificationMessage {
        NotificationMessage(.cease, NotificationMessage.CeaseSubcode.connectionCollision)
    }

    /// True where `handshake` is the one to keep of two.
    static func wins(
        _ handshake: Handshake,
        against remote: OpenMessage,
        _ books: borrowing SessionBooks
    ) -> Bool {
        let configuration = books.configuration
        let neighborDominates =
            configuration.identifier == remote.identifier
            ? configuration.localAS < remote.autonomousSystem
            : configuration.identifier < remote.identifier
        return neighborDominates == handshake.isIncoming
    }

    /// OpenConfirm again, or Established where nothing is waited for any more.
    static func settled(
        _ own: Handshake,
        _ negotiated: Negotiated,
        _ rival: Rival,
        _ settling: Settling,
        _ books: inout SessionBooks
    ) -> StateMachine {
        switch (settling, rival) {
        case (.awaitingRival, .none), (.awaitingRival, .attempt):
            establish(own, negotiated, .none, &books)
        case (.awaitingRival, .connection), (.awaitingKeepalive, _):
            .openConfirm(own, negotiated, rival, settling)
        }
    }

    /// A KEEPALIVE on the session's connection in OpenConfirm.
    static func confirmed(
        _ own: Handshake,
        _ negotiated: Negotiated,
        _ rival: Rival,
        _ settling: Settling,
        _ books: inout SessionBooks
    ) -> StateMachine {
        guard case .connection(let other) = rival, settling == .awaitingKeepalive,
            wins(other, against: negotiated.remoteOpen, books)
        else { return establish(own, negotiated, rival, &books) }
        books.restartHoldTimer(seconds: negotiated.holdTime)
        return .openConfirm(own, negotiated, rival, .awaitingRival)
    }

    /// An acceptable OPEN on the rival while the session is in OpenConfirm: one of the two is closed.
    static func resolved(
        _ own: Handshake,
        _ negotiated: Negotiated,
        against other: Handshake,
        _ otherNegotiated: Negotiated,
        _ settling: Settling,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.timers.stop(.rivalHold)
        if wins(other, against: otherNegotiated.remoteOpen, books) {
            books.close(own.id, sending: collisionNotification)
            books.conclude(.collision, from: .openConfirm)
            books.actions.append(.adopted(other.id))
            return confirm(other, otherNegotiated, .none, &books)
        }
        books.close(other.id, sending: collisionNotification)
        books.conclude(.collision, from: .openSent)
        return settled(own, negotiated, .none, settling, &books)
    }

    /// Answers an acceptable OPEN: KEEPALIVE, the negotiated timers, OpenConfirm.
    static func confirm(
        _ own: Handshake,
        _ negotiated: Negotiated,
        _ rival: Rival,
        _ books: inout SessionBooks
    ) -> StateMachine {
        books.learntAS = negotiated.remoteAS
        books.send(.keepalive, on: own.id)
        books.restartKeepaliveTimer(negotiated)
        books.restartHoldTimer(seconds: negotiated.holdTime)
        if negotiated.holdTime == 0 {
            // Without a hold time the first KEEPALIVE would be waited for without end.
            books.timers[.hold] = books.now + SessionBooks.largeHoldTime
        }
        return .openConfirm(own, negotiated, rival, .awaitingKeepalive)
    }

    /// Established on `own`; a rival has lost.
    static func establish(
        _ own: Handshake,
        _ negotiated: Negotiated,
        _ rival: Rival,
        _ books: inout SessionBooks
    ) -> StateMachine {
        rival.release(sending: collisionNotification, &books)
        if case .connection = rival { books.conclude(.collision, from: .openSent) }
        books.timers.stop(.rivalHold)
        books.restartHoldTimer(seconds: negotiated.holdTime)
        if books.idleHoldTime > .zero {
            books.timers[.idleHoldReset] = books.now + books.idleHoldTime
        }
        books.statistics.establishedCount += 1
        books.statistics.lastUpDown = books.now
        books.actions.append(.established(negotiated))
        books.enter(.established, from: .openConfirm, .keepaliveReceived)
        return .established(own, negotiated)
    }
}
