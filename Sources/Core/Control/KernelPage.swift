package import Addressing

/// Asks for rows of the kernel's routing table in prefix order.
package struct KernelPageRequest: ControlRequest {
    package var position: RIBPageRequest.Position
    package var filter: Filter
    package var limit: UInt32

    package init(
        position: RIBPageRequest.Position = .start,
        filter: Filter = Filter(),
        limit: UInt32
    ) {
        self.position = position
        self.filter = filter
        self.limit = limit
    }

    package var question: Question { .kernelPage(self) }

    package static func answer(in reply: Reply) -> KernelPage? {
        guard case .kernelPage(let answer) = reply else { return nil }
        return answer
    }

    /// What rows must satisfy; all that is set must hold.
    package struct Filter: Hashable, Sendable {
        package var family: AddressFamily?
        /// Nil: every prefix.
        package var prefix: RIBFilter.PrefixMatch?
        /// Only these classes, all where empty.
        package var classes: Set<KernelRow.Class> = []
        /// Only rows that differ from what we want.
        package var driftOnly = false

        package init() {}
    }
}

/// A kernel route, or a route that we want and the kernel lacks.
package struct KernelRow: Hashable, Sendable {
    package var prefix: IPPrefix
    /// The routing table; 254 is main.
    package var table: UInt32
    /// The route protocol number: 2 kernel, 3 boot, 4 static, 186 bgp.
    package var protocolNumber: UInt8
    package var metric: UInt32
    package var kind: Kind
    /// RT_SCOPE: 0 universe, 253 link.
    package var scope: UInt8
    /// The preferred source, nil where none.
    package var source: IPAddress?
    package var nextHops: [NextHop]
    package var standing: Standing
    /// True where a neighbor's next hop is reached by this route.
    package var carriesNextHop: Bool

    package init(prefix: IPPrefix, table: UInt32, protocolNumber: UInt8, metric: UInt32) {
        self.prefix = prefix
        self.table = table
        self.protocolNumber = protocolNumber
        self.metric = metric
        kind = .unicast
        scope = 0
        source = nil
        nextHops = []
        standing = .foreign
        carriesNextHop = false
    }

    package enum Kind: UInt8, Sendable {
        case unicast = 1
        case blackhole = 6
        case unreachable = 7
        case prohibit = 8
    }

    /// Where a packet goes.
    package struct NextHop: Hashable, Sendable {
        /// Nil for a connected route.
        package var gateway: IPAddress?
        package var interfaceName: String
        package var interfaceIndex: Int32
        package var weight: UInt16
        package var isOnLink: Bool

        package init(
            gateway: IPAddress?,
            interfaceName: String,
            interfaceIndex: Int32,
            weight: UInt16 = 1,
            isOnLink: Bool = false
        ) {
            self.gateway = gateway
            self.interfaceName = interfaceName
            self.interfaceIndex = interfaceIndex
            self.weight = weight
            self.isOnLink = isOnLink
        }
    }

    /// How the route stands to what we want.
    package enum Standing: Hashable, Sendable {
        /// Ours, and as we want it, by the kernel's word.
        case installed
        /// Ours and on its way to the kernel.
        case pending
        /// The kernel refused it: errno and its own words (NETLINK_EXT_ACK), empty where it gave none.
        case refused(errno: Int32, text: String)
        /// Ours, but not what we want, or not wanted any more.
        case different
        /// We want it and the kernel does not have it.
        case missing
        /// Somebody else's.
        case foreign
        /// Somebody else's, and preferred by the kernel to ours of the same prefix.
        case hidesOurs
    }

    /// The classes of `show fib`.
    package enum Class: UInt8, Sendable {
        case bgp, connected, staticRoute, nextHop
        /// Whoever made it, not us.
        case foreign
    }
}

/// Rows of the kernel's table in prefix order.
package struct KernelPage: Hashable, Sendable {
    package var rows: [KernelRow] = []
    package var counts = KernelCounts()
    /// Where the first row stands in the whole table, millionths.
    package var share: UInt32 = 0
    /// The last prefix that was looked at, all its rows included: forward ask on from `.after` it, backward from
    /// `.before` it.
    ///
    /// Nil at the end of the table. A filtered scan stops after a bounded amount of work, perhaps with no row yet.
    package var next: IPPrefix?

    package init() {}
}
