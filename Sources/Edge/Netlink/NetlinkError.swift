import CLinux
import Glibc

/// What can go wrong between us and the kernel's netlink.
package enum NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A socket could not be opened or used; the call and the errno.
    case systemCall(String, errno: Int32)
    /// The kernel did not answer a request within its time.
    case noAnswer

    package var description: String {
        switch self {
        case .systemCall(let call, let number): "netlink: \(call): \(errorText(number))"
        case .noAnswer: "netlink: the kernel did not answer"
        }
    }
}

/// The text of an errno, as the C library has it.
func errorText(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
