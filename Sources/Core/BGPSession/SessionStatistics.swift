package import BGPWire
package import Timekeeping

/// Numbers of messages by type.
package struct MessageCounts: Hashable, Sendable {
    package var open: UInt64 = 0
    package var update: UInt64 = 0
    package var notification: UInt64 = 0
    package var keepalive: UInt64 = 0
    package var routeRefresh: UInt64 = 0

    /// Nothing counted.
    package init() {}

    /// Counts one message.
    mutating func count(_ type: MessageType) {
        switch type {
        case .open: open += 1
        case .update: update += 1
        case .notification: notification += 1
        case .keepalive: keepalive += 1
        case .routeRefresh: routeRefresh += 1
        }
    }

    /// Messages of all types.
    package var total: UInt64 {
        open + update + notification + keepalive + routeRefresh
    }
}

/// One change of state, as the neighbor's history shows it.
package struct SessionTransition: Hashable, Sendable {
    package var time: Instant
    package var from: SessionState
    package var to: SessionState
    package var event: SessionEvent
    /// Why the session or the attempt ended; nil where nothing ended.
    package var reason: DownReason?
}

/// How a session ended that had been up.
package struct SessionLoss: Hashable, Sendable {
    package var time: Instant
    package var reason: DownReason
    /// How long it had been up.
    package var uptime: Duration
}

/// What a session remembers of its life.
package struct SessionStatistics: Sendable {
    /// Messages sent since the session's configuration was made.
    package var sent = MessageCounts()
    /// Messages received.
    package var received = MessageCounts()
    /// When a message was last received.
    package var lastRead: Instant?
    /// When a message was last handed over for sending.
    package var lastWrite: Instant?
    /// The last NOTIFICATION that we sent.
    package var lastErrorSent: NotificationMessage?
    /// The last NOTIFICATION that we received.
    package var lastErrorReceived: NotificationMessage?
    /// Why the last attempt, handshake or session ended.
    package var lastReason: DownReason?
    /// The end of the last session that had been established.
    package var lastLoss: SessionLoss?
    /// When the present state was entered; nil before the first start.
    package var stateSince: Instant?
    /// When the session was last established or lost: what `Up/Down` counts from.
    package var lastUpDown: Instant?
    /// How often the session was established.
    package var establishedCount: UInt64 = 0
    /// How often an established session was lost.
    package var flapCount: UInt64 = 0
    /// The last changes of state, oldest first; at most ``historyLimit``.
    package var transitions: [SessionTransition] = []

    /// How many changes of state are remembered.
    package static let historyLimit = 32
}
