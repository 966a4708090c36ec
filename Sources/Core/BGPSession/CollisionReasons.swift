import BGPWire

extension NotificationMessage {
    /// Cease with the subcode Connection Collision Resolution (RFC 4486).
    var isCollision: Bool {
        code == ErrorCode.cease.rawValue && subcode == CeaseSubcode.connectionCollision
    }
}

extension DownReason {
    /// The end of one of two connections, as either side decided.
    var isCollision: Bool {
        switch self {
        case .collision: true
        case .received(let notification): notification.isCollision
        default: false
        }
    }
}
