package import Addressing

/// How one prefix stands between what we want and what the kernel has.
package enum KernelRouteState: Hashable, Sendable {
    /// Wanted, and still to be sent or answered.
    case pending
    /// The kernel has what we want, by its own word.
    case installed
    /// The kernel said no; the change is tried again later.
    case refused(KernelRefusal)
    /// Wanted and acknowledged once, but the kernel has it no more.
    case missing
    /// Wanted, but a foreign route of the same prefix and metric stands where ours would.
    case foreign
    /// The kernel has a route of our mark that goes elsewhere than we want.
    case different
    /// The kernel has a route of our mark that nobody wants: left by an earlier run, or being deleted.
    case stray
}

/// How many routes stand how; kept up to date, never counted when asked.
package struct KernelCounts: Hashable, Sendable {
    /// Prefixes that we want in the kernel.
    package var wanted = 0
    /// Of these, how many the kernel has as we want them.
    package var installed = 0
    /// Of these, how many the kernel does not use: it prefers a foreign route of a lower metric.
    package var hidden = 0
    /// Wanted prefixes whose change waits to be sent or answered.
    package var pending = 0
    /// Wanted prefixes that the kernel refused at the last try.
    package var refused = 0
    /// Wanted prefixes that somebody took away or replaced, until repaired.
    package var drift = 0
    /// Routes of our mark that nobody wants.
    package var strays = 0
    /// Routes in the kernel that carry our mark, wanted or not.
    package var ours = 0
    /// All other routes that are known; local, broadcast and multicast entries do not count.
    package var foreign = 0
    /// Routes of our mark from an earlier run that were taken over unchanged.
    package var adopted = 0
    /// Strays of an earlier run that were deleted after the first convergence.
    package var swept = 0
    /// How often somebody changed a route of ours, ever.
    package var interferences = 0
    /// How often the kernel's messages overran us, ever.
    package var overruns = 0
    /// How many readings have been completed.
    package var dumps = 0

    /// All zero.
    package init() {}
}

/// How far the withdrawal at the end has come: "n of m withdrawn".
package struct KernelWithdrawal: Hashable, Sendable {
    /// Routes that the kernel confirmed to be gone.
    package var done: Int
    /// Routes of ours that were in the kernel when the withdrawal began.
    package var total: Int
    /// Nothing is left to be sent or answered.
    package var isFinished: Bool

    /// Makes a report of progress.
    package init(done: Int, total: Int, isFinished: Bool) {
        self.done = done
        self.total = total
        self.isFinished = isFinished
    }
}

/// Something about the kernel that an operator wants to read in the log.
package enum KernelReport: Hashable, Sendable {
    /// The first reading is in: that many of ours from an earlier run, that many foreign routes.
    case firstDump(ours: Int, foreign: Int)
    /// That many foreign routes carry our protocol number with another metric or table, as FRR's zebra makes them.
    ///
    /// Whoever owns them may sweep by protocol number alone; another `fib-priority` keeps out of its way.
    case sharedProtocol(routes: Int)
    /// Ours of an earlier run that were still wanted, and those deleted since nobody wanted them.
    case swept(adopted: Int, strays: Int)
    /// A prefix was refused; the first of its kind since that text was last heard.
    case refused(IPPrefix, KernelRefusal)
    /// Of the refusals that were reported none is left: the routes are in, or not wanted any more.
    case refusalsEnded
    /// A link was switched off, and the kernel took that many of our routes with it.
    case linkDown(String, routes: Int)
    /// A link has no carrier any more; the kernel keeps its routes.
    case carrierLost(String, isConcern: Bool)
    /// A link can be used again; it concerns us where its end did.
    case linkUp(String, isConcern: Bool)
    /// There is no such link any more, nor that many of our routes.
    case linkGone(String, routes: Int)
    /// An address was removed from a link that is up, and the kernel took that many of our routes with it.
    case addressGone(IPAddress, link: String, routes: Int)
    /// The kernel prefers a foreign route to ours of that prefix, and to that many others since.
    case hidden(IPPrefix, protocolNumber: UInt8, metric: UInt32, others: Int)
    /// That many of ours are hidden no more, the last of them that prefix; how many still are.
    case shown(IPPrefix, routes: Int, left: Int)
    /// Somebody took away or replaced our route, and we repair it.
    case interference(IPPrefix)
    /// Somebody put in a route with our mark that nobody wants, and we delete it.
    case intrusion(IPPrefix)
    /// Somebody keeps undoing our route: repairs are spaced out from here on.
    case conflict(IPPrefix, times: Int)
    /// The kernel's messages overran us; a reading follows.
    case overrun
    /// A reading found that many differences that no notification had told.
    case audited(differences: Int)
}

/// What may make a BGP next hop reachable besides connected and static routes (`nexthop qualify via`).
package struct NextHopQualification: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Our own BGP routes.
    package static let bgp = NextHopQualification(rawValue: 1)
    /// The default route.
    package static let defaultRoute = NextHopQualification(rawValue: 2)
}

/// How a BGP next hop is reached, by the kernel's routes and interfaces.
package enum NextHopResolution: Hashable, Sendable {
    /// No usable route covers it.
    case unreachable
    /// It is on a link or behind gateways.
    case reachable(ResolvedNextHop)
}

/// The way to a reachable BGP next hop.
package struct ResolvedNextHop: Hashable, Sendable {
    /// The kernel's route that covers it.
    package var route: IPPrefix
    /// The protocol number of that route.
    package var protocolNumber: UInt8
    /// The metric of that route: the IGP cost of decision step "nearest next hop".
    package var metric: UInt32
    /// The next hop is on the link itself.
    package var isConnected: Bool
    /// The next hops to program: the address itself where connected, else the gateways of the route.
    package var nextHops: [KernelNextHop]

    /// Makes a way.
    package init(
        route: IPPrefix,
        protocolNumber: UInt8,
        metric: UInt32,
        isConnected: Bool,
        nextHops: [KernelNextHop]
    ) {
        self.route = route
        self.protocolNumber = protocolNumber
        self.metric = metric
        self.isConnected = isConnected
        self.nextHops = nextHops
    }
}

/// The name of a BGP next hop: a link-local address is only meaningful together with its interface.
package struct TrackedNextHop: Hashable, Sendable, BitwiseCopyable {
    /// The address.
    package var address: IPAddress
    /// The interface of a link-local address; 0 elsewhere.
    package var interface: UInt32

    /// Names a next hop.
    package init(_ address: IPAddress, interface: UInt32 = 0) {
        self.address = address
        self.interface = interface
    }
}

/// One line of the kernel pane: a route that the kernel has, or that we want and it has not.
package struct KernelRouteRow: Hashable, Sendable {
    /// The route as the kernel has it; as we want it where the kernel has none.
    package var route: KernelRoute
    /// How ours stands; nil for a foreign route.
    package var state: KernelRouteState?
    /// A watched BGP next hop is reached through this route (flag N).
    package var carriesNextHop: Bool

    /// Makes a row.
    package init(route: KernelRoute, state: KernelRouteState?, carriesNextHop: Bool) {
        self.route = route
        self.state = state
        self.carriesNextHop = carriesNextHop
    }
}

/// Where a page of the kernel's table begins.
package enum KernelPageStart: Hashable, Sendable {
    /// At the first row of that prefix, or the one after where it would stand.
    case prefix(IPPrefix)
    /// At that row of all, counted from 0.
    case row(Int)
}

/// Consecutive rows of the kernel's table, in order of prefix and metric.
package struct KernelPage: Hashable, Sendable {
    /// The place of the first row among all.
    package var firstRow: Int
    /// How many rows there are in all.
    package var totalRows: Int
    /// The rows.
    package var rows: [KernelRouteRow]

    /// Makes a page.
    package init(firstRow: Int, totalRows: Int, rows: [KernelRouteRow]) {
        self.firstRow = firstRow
        self.totalRows = totalRows
        self.rows = rows
    }
}
