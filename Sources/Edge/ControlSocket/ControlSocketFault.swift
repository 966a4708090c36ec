internal import CLinux
package import Control

/// Why a control socket cannot be opened or gives no answer.
package enum ControlSocketFault: Error, Hashable, Sendable {
    /// A living instance answers on the path.
    case anotherInstance(path: String)
    /// The path is taken by a file that is no socket.
    case notASocket(path: String)
    /// The path is longer than a socket address holds (107 octets).
    case pathTooLong(path: String)
    /// The system refused `operation` (`listen on`, `connect to`); its errno.
    case system(operation: String, path: String, errno: Int32)
    /// Nobody listens on the path.
    case noInstance(path: String, errno: Int32)
    /// No answer came within that time.
    case timedOut(path: String, after: Duration)
    /// The connection ended.
    case lost(path: String)
    /// The instance speaks another version of the language.
    case otherVersion(path: String, version: UInt16)
    /// What came makes no sense.
    case malformed(path: String, ControlFault)
    /// The instance refused the question.
    case refused(ActionResult)

    /// One line that a user can act on.
    package var text: String {
        switch self {
        case .anotherInstance(let path):
            "another instance answers on \(path)"
        case .notASocket(let path):
            "\(path) exists and is not a socket"
        case .pathTooLong(let path):
            "the path of a socket has at most 107 octets: \(path)"
        case .system(let operation, let path, let errno):
            "cannot \(operation) \(path): \(Self.words(errno))"
        case .noInstance(let path, let errno):
            "no instance answers on \(path): \(Self.words(errno))"
        case .timedOut(let path, let duration):
            "no answer from \(path) within \(duration.components.seconds) s"
        case .lost(let path):
            "the instance on \(path) closed the connection"
        case .otherVersion(let path, let version):
            "the instance on \(path) speaks version \(version) of the control protocol,"
                + " this program \(ControlHello.currentVersion)"
        case .malformed(let path, let fault):
            "the answer from \(path) makes no sense: \(fault.text)"
        case .refused(let result):
            result.text
        }
    }

    private static func words(_ errno: Int32) -> String {
        cl_error_text(errno).map { String(cString: $0) } ?? "error \(errno)"
    }
}
