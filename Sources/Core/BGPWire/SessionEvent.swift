/// What can happen to a session, as the log names it (the reason of a state change).
package enum SessionEvent: UInt8, Sendable, CaseIterable {
    case start
    case stop
    case connectionOpened
    case connectionClosed
    case connectionOpenFailed
    case fatalError
    case connectRetryTimerExpired
    case holdTimerExpired
    case keepaliveTimerExpired
    case sendHoldTimerExpired
    case openReceived
    case keepaliveReceived
    case updateReceived
    case notificationReceived
    case gracefulNotificationReceived

    /// The wording of OpenBGPD: `Connection opened`, `KEEPALIVE message received`, ...
    package var name: String {
        switch self {
        case .start: "Start"
        case .stop: "Stop"
        case .connectionOpened: "Connection opened"
        case .connectionClosed: "Connection closed"
        case .connectionOpenFailed: "Connection open failed"
        case .fatalError: "Fatal error"
        case .connectRetryTimerExpired: "ConnectRetryTimer expired"
        case .holdTimerExpired: "HoldTimer expired"
        case .keepaliveTimerExpired: "KeepaliveTimer expired"
        case .sendHoldTimerExpired: "SendHoldTimer expired"
        case .openReceived: "OPEN message received"
        case .keepaliveReceived: "KEEPALIVE message received"
        case .updateReceived: "UPDATE message received"
        case .notificationReceived: "NOTIFICATION received"
        case .gracefulNotificationReceived: "graceful NOTIFICATION received"
        }
    }
}
