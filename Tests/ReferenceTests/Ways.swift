import Addressing
import KernelRoutes

/// The networks in which next hops are, and the kernel's routes to them.
struct Ways {
    var route: KernelRoute
    /// Nil where the network is connected.
    var gateway: IPAddress?
    /// It comes and goes.
    var isShaky = false

    /// Two links with our addresses.
    static let links: [KernelEvent] =
        [2, 3].map { index in
            .linkChanged(
                Interface(
                    index: index,
                    name: "eth\(index)",
                    flags: 0x41,
                    operationalState: .up,
                    mtu: 1500
                )
            )
        } + [
            address(2, PlainRouter.ownAddress, 24), address(2, PlainRouter.ownIPv6Address, 64),
            address(3, IPAddress(ipv4: 0x0A09_0001), 24),
        ]

    private static func address(_ interface: UInt32, _ address: IPAddress, _ length: UInt8)
        -> KernelEvent
    {
        .addressChanged(
            InterfaceAddress(interface: interface, address: address, prefixLength: length)
        )
    }

    /// The neighbors' link, another link, and a network behind a router on the first.
    static let all = [
        Ways(PlainRouter.link, protocolNumber: 2, KernelNextHop(gateway: nil, interface: 2)),
        Ways(
            IPPrefix(PlainRouter.ownIPv6Address, length: 64),
            protocolNumber: 2,
            KernelNextHop(gateway: nil, interface: 2)
        ),
        Ways(
            IPPrefix(ipv4: 0x0A09_0000, length: 24),
            protocolNumber: 2,
            KernelNextHop(gateway: nil, interface: 3),
            isShaky: true
        ),
        Ways(
            IPPrefix(ipv4: 0x0A05_0000, length: 24),
            protocolNumber: 4,
            KernelNextHop(gateway: IPAddress(ipv4: 0x0A00_00FE), interface: 2),
            isShaky: true
        ),
    ]

    private init(
        _ network: IPPrefix,
        protocolNumber: UInt8,
        _ nextHop: KernelNextHop,
        isShaky: Bool = false
    ) {
        gateway = nextHop.gateway
        self.isShaky = isShaky
        route = KernelRoute(
            prefix: network,
            protocolNumber: protocolNumber,
            metric: 0,
            nextHopSet: NextHopSet([nextHop])
        )
    }
}
