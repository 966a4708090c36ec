import Addressing
import KernelRoutes
import Testing

/// Kernel routes that somebody else made.
enum Routes {
    /// A static route over the interface with that index.
    static func foreign(
        _ prefix: String,
        via gateway: String,
        over interface: UInt32,
        metric: UInt32 = 0
    ) throws -> KernelRoute {
        KernelRoute(
            prefix: try .of(prefix),
            protocolNumber: 4,
            metric: metric,
            nextHopSet: NextHopSet(
                gateway: try #require(IPAddress(text: gateway)),
                interface: interface
            )
        )
    }
}
