/// A NOTIFICATION message (RFC 4271 §4.5).
package struct NotificationMessage: Hashable, Sendable {
    /// Error code; see ``ErrorCode``.
    package var code: UInt8
    /// Error subcode, 0 for unspecific.
    package var subcode: UInt8
    /// The data field.
    package var data: [UInt8]

    package init(code: UInt8, subcode: UInt8, data: [UInt8] = []) {
        self.code = code
        self.subcode = subcode
        self.data = data
    }

    package init(_ code: ErrorCode, _ subcode: UInt8 = 0, data: [UInt8] = []) {
        self.init(code: code.rawValue, subcode: subcode, data: data)
    }

    /// Error codes (RFC 4271 §4.5, RFC 7313, RFC 9687).
    package enum ErrorCode: UInt8, Sendable {
        case header = 1
        case open = 2
        case update = 3
        case holdTimerExpired = 4
        case finiteStateMachine = 5
        case cease = 6
        case routeRefresh = 7
        case sendHoldTimerExpired = 8
    }

    /// Subcodes of Cease (RFC 4486, RFC 8538).
    package enum CeaseSubcode {
        package static let maximumPrefixes: UInt8 = 1
        package static let administrativeShutdown: UInt8 = 2
        package static let peerDeconfigured: UInt8 = 3
        package static let administrativeReset: UInt8 = 4
        package static let connectionRejected: UInt8 = 5
        package static let otherConfigurationChange: UInt8 = 6
        package static let connectionCollision: UInt8 = 7
        package static let outOfResources: UInt8 = 8
        package static let hardReset: UInt8 = 9
    }
}
