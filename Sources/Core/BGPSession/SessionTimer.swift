/// The timers of a session.
package enum SessionTimer: UInt8, CaseIterable, Sendable {
    case connectRetry
    case keepalive
    case hold
    case sendHold
    case idleHold
    case idleHoldReset
    /// Counts down to the restart after `max-prefix`.
    case restart
    /// The Hold Timer of the second of two connections, while both are being opened.
    case rivalHold

    /// As `show neighbor` names it: `ConnectRetryTimer`, ...
    package var name: String {
        switch self {
        case .connectRetry: "ConnectRetryTimer"
        case .keepalive: "KeepaliveTimer"
        case .hold, .rivalHold: "HoldTimer"
        case .sendHold: "SendHoldTimer"
        case .idleHold: "IdleHoldTimer"
        case .idleHoldReset: "IdleHoldResetTimer"
        case .restart: "RestartTimer"
        }
    }

    /// The order in which timers that are due together are acted on.
    ///
    /// A session that has just been up for long enough is forgiven before it may end, and a KEEPALIVE goes out first.
    static let order: [SessionTimer] = [
        .idleHoldReset, .keepalive, .hold, .rivalHold, .sendHold, .connectRetry, .idleHold,
        .restart,
    ]
}
