/// The states of a BGP session (RFC 4271 §8.2.2); the raw value is the one of `bgpd_peer_state_raw`.
package enum SessionState: UInt8, Sendable, CaseIterable {
    case idle = 1
    case connect = 2
    case active = 3
    case openSent = 4
    case openConfirm = 5
    case established = 6

    /// The RFC's spelling: `Idle`, `OpenSent`, ...
    package var name: String {
        switch self {
        case .idle: "Idle"
        case .connect: "Connect"
        case .active: "Active"
        case .openSent: "OpenSent"
        case .openConfirm: "OpenConfirm"
        case .established: "Established"
        }
    }
}
