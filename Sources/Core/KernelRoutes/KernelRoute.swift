package import Addressing

/// What the kernel does with a packet that matches a route; the raw value is the RTN_ number of rtnetlink.
///
/// A struct and not an enum: a kernel newer than this program may name types that it does not know.
package struct KernelRouteType: Hashable, Sendable, BitwiseCopyable {
    /// The RTN_ number.
    package var rawValue: UInt8

    /// The type with that RTN_ number.
    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Forward to a next hop.
    package static let unicast = KernelRouteType(rawValue: 1)
    /// Deliver to this host.
    package static let local = KernelRouteType(rawValue: 2)
    /// Deliver to this host as broadcast.
    package static let broadcast = KernelRouteType(rawValue: 3)
    /// Deliver to this host, which is one of several.
    package static let anycast = KernelRouteType(rawValue: 4)
    /// A multicast route.
    package static let multicast = KernelRouteType(rawValue: 5)
    /// Drop without a word.
    package static let blackhole = KernelRouteType(rawValue: 6)
    /// Drop and answer "host unreachable".
    package static let unreachable = KernelRouteType(rawValue: 7)
    /// Drop and answer "administratively prohibited".
    package static let prohibit = KernelRouteType(rawValue: 8)
    /// Go on with the next table.
    package static let nextTable = KernelRouteType(rawValue: 9)

    /// Local, broadcast, anycast and multicast entries, which no table of routes shows.
    package var isHostEntry: Bool { (2...5).contains(rawValue) }
}

/// One way out of a route: a gateway, an interface, or both.
package struct KernelNextHop: Hashable, Sendable, BitwiseCopyable {
    /// The gateway; nil for a route that only names an interface.
    ///
    /// May be IPv6 for an IPv4 route (`via inet6`).
    package var gateway: IPAddress?
    /// The index of the interface; 0 lets the kernel find it.
    package var interface: UInt32
    /// The share of the traffic, from 1 to 256.
    package var weight: UInt16
    /// The gateway is on the link although no address says so.
    package var isOnLink: Bool

    /// Makes a next hop of weight 1 unless told otherwise.
    package init(
        gateway: IPAddress?,
        interface: UInt32 = 0,
        weight: UInt16 = 1,
        isOnLink: Bool = false
    ) {
        self.gateway = gateway
        self.interface = interface
        self.weight = weight
        self.isOnLink = isOnLink
    }
}

/// What a route does with its packets: the type and the next hops, without the prefix.
package struct NextHopSet: Hashable, Sendable {
    /// Forward, drop, refuse.
    package var type: KernelRouteType
    /// The nexthop object that the kernel's route points at; 0 for none.
    package var nextHopObject: UInt32
    /// The first next hop; nil for a blackhole and its kind.
    package var first: KernelNextHop?
    /// The further next hops of a multipath route, so that the common route of one costs no array.
    package var others: [KernelNextHop]
    /// The source address that the kernel gives packets of its own (RTA_PREFSRC); never set on ours.
    package var preferredSource: IPAddress?

    /// A set that forwards to these next hops, in order.
    package init(
        _ nextHops: [KernelNextHop],
        type: KernelRouteType = .unicast,
        nextHopObject: UInt32 = 0,
        preferredSource: IPAddress? = nil
    ) {
        self.type = type
        self.nextHopObject = nextHopObject
        self.preferredSource = preferredSource
        first = nextHops.first
        others = Array(nextHops.dropFirst())
    }

    /// A set that forwards to one gateway.
    package init(gateway: IPAddress, interface: UInt32 = 0) {
        self.init([KernelNextHop(gateway: gateway, interface: interface)])
    }

    /// Drop without a word.
    package static let blackhole = NextHopSet([], type: .blackhole)
    /// Drop and answer "host unreachable".
    package static let unreachable = NextHopSet([], type: .unreachable)

    /// All next hops in order.
    package var nextHops: [KernelNextHop] {
        guard let first else { return [] }
        return [first] + others
    }
}

/// A route as the kernel tells it or is told it.
package struct KernelRoute: Hashable, Sendable {
    /// The destination.
    package var prefix: IPPrefix
    /// The table: 254 is main.
    package var table: UInt32
    /// Who made it: the RTPROT_ number (2 kernel, 3 boot, 4 static, 11 zebra, 12 bird, 186 bgp).
    package var protocolNumber: UInt8
    /// The metric, called priority by rtnetlink.
    package var metric: UInt32
    /// The RT_SCOPE_ number: 0 universe, 253 link, 254 host.
    package var scope: UInt8
    /// The type of service that it is for; nearly always 0.
    package var typeOfService: UInt8
    /// Where packets go.
    package var nextHopSet: NextHopSet

    /// Makes a route of the main table with universal scope unless told otherwise.
    package init(
        prefix: IPPrefix,
        table: UInt32 = KernelOwnership.mainTable,
        protocolNumber: UInt8,
        metric: UInt32,
        scope: UInt8 = 0,
        typeOfService: UInt8 = 0,
        nextHopSet: NextHopSet
    ) {
        self.prefix = prefix
        self.table = table
        self.protocolNumber = protocolNumber
        self.metric = metric
        self.scope = scope
        self.typeOfService = typeOfService
        self.nextHopSet = nextHopSet
    }
}

/// The mark of our routes: protocol **and** table **and** metric.
///
/// Nothing that lacks any of the three is ever changed.
package struct KernelOwnership: Hashable, Sendable {
    /// Linux' main table.
    package static let mainTable: UInt32 = 254

    /// The route protocol number (`fib-priority`).
    package var protocolNumber: UInt8
    /// The table of the RIB (`rtable`).
    package var table: UInt32
    /// The metric (`fib-metric`).
    package var metric: UInt32

    /// Makes a mark; the defaults are those of the configuration.
    package init(protocolNumber: UInt8 = 186, table: UInt32 = mainTable, metric: UInt32 = 186) {
        self.protocolNumber = protocolNumber
        self.table = table
        self.metric = metric
    }

    /// True where the route carries the whole mark.
    package func owns(_ route: KernelRoute) -> Bool {
        route.protocolNumber == protocolNumber && route.table == table && route.metric == metric
            && route.typeOfService == 0
    }
}
