import CLinux
package import ControlSocket

/// Why a speaker cannot start.
package enum DaemonFault: Error {
    case listen(place: String, operation: String, errno: Int32)
    case control(ControlSocketFault)
    case noRouterID
    case system(operation: String, errno: Int32)

    /// One line that a user can act on.
    package var text: String {
        switch self {
        case .listen(let place, let operation, let errno):
            let hint =
                switch errno {
                case 13: " (ports below 1024 need root or CAP_NET_BIND_SERVICE)"
                case 98: " (is another BGP daemon running? `listen on` and `port` choose others)"
                default: ""
                }
            return "cannot \(operation) on \(place): \(Self.words(errno))\(hint)"
        case .control(let fault):
            return fault.text
        case .noRouterID:
            return "no router-id: this host has no IPv4 address beside loopback; "
                + "set one in the configuration (router-id 192.0.2.1)"
        case .system(let operation, let errno):
            return "cannot \(operation): \(Self.words(errno))"
        }
    }

    private static func words(_ errno: Int32) -> String {
        String(cString: cl_error_text(errno))
    }
}
