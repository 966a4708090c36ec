import Addressing
import CLinux
import Glibc
package import KernelRoutes

/// Whether the kernel lets us change routes, by asking it.
package enum KernelAccess: Hashable, Sendable {
    /// Routes can be changed.
    case permitted
    /// They cannot; one clear line says why.
    case refused(String)

    /// Asks in the calling thread's network namespace: a deletion of a route that nobody has, with our mark.
    ///
    /// The kernel checks CAP_NET_ADMIN before it looks for the route, so its answer is the truth also in
    /// containers and user namespaces, where a list of capabilities says little.
    package static func probe(_ ownership: KernelOwnership) -> KernelAccess {
        do throws(NetlinkError) {
            return try ask(ownership)
        } catch {
            return .refused("kernel routes: \(error); running as with fib-update no")
        }
    }

    private static func ask(_ ownership: KernelOwnership) throws(NetlinkError) -> KernelAccess {
        var socket = try NetlinkSocket(groups: 0, receiveBytes: 65536, stride: 8192, datagrams: 1)
        var encoder = NetlinkEncoder(capacity: 128)
        let route = KernelRoute(
            prefix: IPPrefix(ipv4: 0, length: 32),
            table: ownership.table,
            protocolNumber: ownership.protocolNumber,
            metric: ownership.metric,
            nextHopSet: .blackhole
        )
        encoder.append(KernelChange(sequence: 1, operation: .delete, route: route))
        encoder.acknowledgeLast()
        try socket.send(encoder.bytes)
        guard socket.wait(milliseconds: 2000) else { throw .noAnswer }
        var answer: Int32?
        _ = socket.receive { _, message in
            if case .answer(let errno, _) = message { answer = errno }
        }
        guard let answer else { throw .noAnswer }
        guard answer == EPERM || answer == EACCES else { return .permitted }
        return .refused(
            "kernel routes: no permission to change them (CAP_NET_ADMIN is missing: run as root or with "
                + "AmbientCapabilities=CAP_NET_ADMIN); running as with fib-update no"
        )
    }
}
