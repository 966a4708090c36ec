package import BGPWire

/// A message that the session itself sends; UPDATEs are made elsewhere.
package enum SessionMessage: Hashable, Sendable {
    case open(OpenMessage)
    case keepalive
    case notification(NotificationMessage)
    case routeRefresh(RouteRefreshMessage)

    /// Its type octet.
    package var type: MessageType {
        switch self {
        case .open: .open
        case .keepalive: .keepalive
        case .notification: .notification
        case .routeRefresh: .routeRefresh
        }
    }
}

/// What a received ROUTE-REFRESH means.
package enum RefreshMeaning: Equatable, Sendable {
    /// Nothing: the session is not up, or we have not offered to answer.
    case nothing
    /// The neighbor asks for our routes again.
    case request
    /// The neighbor begins to send all its routes again (RFC 7313).
    case beginning
    /// It has sent them all.
    case end
    /// A subtype that nobody has defined: to be ignored (RFC 7313 §5).
    case unknown
}

/// What is to be done after an event, in this order.
package enum SessionAction: Equatable, Sendable {
    /// Start connecting; the answer is `connectionOpened`, `connectFailed` or `connectTimedOut` with the attempt.
    case connect(ConnectAttempt)
    /// Give the attempt up. Its answer may still come and changes nothing; a connection of it is closed.
    case cancelConnect(ConnectAttempt)
    /// Send the message after everything sent before on this connection.
    case send(ConnectionID, SessionMessage)
    /// Send what is waiting as far as the socket takes it, and close. No event comes back.
    case close(ConnectionID)
    /// Close at once; what waits is lost (the neighbor has not read for long). No event comes back.
    case abort(ConnectionID)
    /// The neighbor's connection was refused in that state (it is closed by another action).
    case refused(ConnectionID, in: SessionState)
    /// From now on this connection is the session's.
    case adopted(ConnectionID)
    /// Routes may be exchanged on the adopted connection.
    case established(Negotiated)
    /// An attempt or a handshake came to nothing; no route is concerned.
    case failed(DownReason)
    /// An established session has ended: the neighbor's routes are to be dropped.
    case down(DownReason)
    /// The state has changed; the last action of its event's step.
    case stateChanged(from: SessionState, to: SessionState, event: SessionEvent)
}
