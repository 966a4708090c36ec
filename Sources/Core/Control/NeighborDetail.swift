package import Addressing
package import BGPWire
package import Timekeeping

/// Which neighbors a request means.
package enum NeighborSelector: Hashable, Sendable {
    case all
    case number(NeighborNumber)
    case address(IPAddress)
    /// By `descr`, the first that has it.
    case descr(String)
    case group(String)
}

/// Asks for all that is known of some neighbors.
package struct NeighborRequest: ControlRequest {
    package var selector: NeighborSelector

    package init(_ selector: NeighborSelector) {
        self.selector = selector
    }

    package var question: Question { .neighbor(self) }

    package static func answer(in reply: Reply) -> [NeighborDetail]? {
        guard case .neighbors(let answer) = reply else { return nil }
        return answer
    }
}

/// Sent and received counts of one thing.
package struct SentReceived: Hashable, Sendable {
    package var sent: UInt64 = 0
    package var received: UInt64 = 0

    package init(sent: UInt64 = 0, received: UInt64 = 0) {
        self.sent = sent
        self.received = received
    }
}

/// All that is known of one neighbor.
package struct NeighborDetail: Hashable, Sendable {
    package var row: NeighborRow

    // What the configuration says.
    package var localAS: ASNumber
    /// The configuration gives the neighbor a `local-as` of its own.
    package var hasLocalAS = false
    package var isPassive = false
    /// Hops allowed; 0 where `multihop` is not set.
    package var multihop: UInt8 = 0
    package var ttlSecurity = false
    /// True where `tcp md5sig` is configured.
    package var usesMD5 = false
    /// A client of ours as a route reflector (RFC 4456).
    package var isReflectorClient = false
    /// What we are to the neighbor (RFC 9234), and whether a session without its role is refused.
    package var role: BGPRole?
    package var enforcesRole = false
    /// Seconds offered and the least accepted.
    package var configuredHoldTime: UInt16 = 90
    package var minimumHoldTime: UInt16 = 3
    package var maximumPrefixRestartMinutes: UInt32 = 0
    /// `max-prefix … out`, 0 for none, and its restart.
    package var maximumSentPrefixes: UInt32 = 0
    package var maximumSentPrefixRestartMinutes: UInt32 = 0
    /// The interface that the session depends on, empty for none.
    package var dependsOn = ""
    /// Where it was configured: `bgpd.conf:12`.
    package var configuredAt = ""
    /// Rules that can match this neighbor, in and out; both 0 means that everything is refused (RFC 8212).
    package var policyRulesIn: UInt32 = 0
    package var policyRulesOut: UInt32 = 0
    /// The `down` reason in force, nil where not held down.
    package var shutdownText: String?

    // The session as it runs.
    package var localAddress: IPAddress?
    package var localPort: UInt16 = 0
    package var remotePort: UInt16 = 0
    /// What we offer, what the peer offered, what is in force; nil before OPEN.
    package var localCapabilities = Capabilities()
    package var remoteCapabilities: Capabilities?
    package var negotiatedCapabilities: Capabilities?
    /// Seconds in force; 0 before OPEN.
    package var holdTime: UInt16 = 0
    package var keepaliveInterval: UInt16 = 0
    /// Seconds since; nil for never.
    package var lastReadSeconds: UInt32?
    package var lastWriteSeconds: UInt32?
    package var timers: [TimerRow] = []
    /// A family that is not sent and why, in words; empty where all is well.
    package var notes: [String] = []

    // Counters since the speaker's start.
    package var opens = SentReceived()
    package var notifications = SentReceived()
    package var updates = SentReceived()
    package var keepalives = SentReceived()
    package var routeRefreshes = SentReceived()
    package var prefixUpdates = SentReceived()
    package var prefixWithdraws = SentReceived()
    package var endOfRIB = SentReceived()
    /// Of ``routeRefreshes`` those that say where a refresh begins and ends (RFC 7313).
    package var refreshBegins = SentReceived()
    package var refreshEnds = SentReceived()
    package var pendingUpdates: UInt64 = 0
    package var pendingWithdraws: UInt64 = 0
    /// Received UPDATEs that were treated as withdraw, and attributes discarded (RFC 7606).
    package var treatedAsWithdraw: UInt64 = 0
    package var attributesDiscarded: UInt64 = 0
    /// Bytes received and not yet worked off; bytes waiting to be written.
    package var inputBytes: UInt64 = 0
    package var outputBytes: UInt64 = 0

    // How it went.
    package var lastErrorSent: NotificationMessage?
    package var lastErrorReceived: NotificationMessage?
    /// RFC 9003 text of the last shutdown that the peer sent.
    package var lastReceivedShutdownText: String?
    /// When the session last left Established, and how long it had been up, seconds.
    package var lastDownAt: WallTime?
    package var lastUpSeconds: UInt32 = 0
    /// Why it did; attempts that failed since then are in the row's `lastDown`.
    package var lastLoss: DownReason?
    /// The newest last; bounded.
    package var history: [Transition] = []

    /// ROUTE-REFRESH messages that ask for routes.
    package var refreshRequests: SentReceived {
        SentReceived(
            sent: routeRefreshes.sent
                - min(
                    routeRefreshes.sent,
                    refreshBegins.sent + refreshEnds.sent
                ),
            received: routeRefreshes.received
                - min(
                    routeRefreshes.received,
                    refreshBegins.received + refreshEnds.received
                )
        )
    }

    /// Why the last attempt failed, where nothing has been up since.
    package var lastAttempt: DownReason? {
        row.state == .established || row.lastDown == lastLoss ? nil : row.lastDown
    }

    package init(row: NeighborRow, localAS: ASNumber) {
        self.row = row
        self.localAS = localAS
    }

    /// A change of state and its cause.
    package struct Transition: Hashable, Sendable {
        package var time: WallTime
        package var from: SessionState
        package var to: SessionState
        /// The event's name (part B7): `HoldTimer expired`, ...
        package var event: String
        package var reason: DownReason?

        package init(
            time: WallTime,
            from: SessionState,
            to: SessionState,
            event: String,
            reason: DownReason?
        ) {
            self.time = time
            self.from = from
            self.to = to
            self.event = event
            self.reason = reason
        }
    }
}
