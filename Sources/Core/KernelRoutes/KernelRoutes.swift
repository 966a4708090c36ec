package import Addressing
package import Timekeeping

/// skeleton
package struct KernelRoutes: ~Copyable {
    /// The mark of our routes.
    package let ownership: KernelOwnership
    /// How many routes stand how.
    package private(set) var counts = KernelCounts()
    /// False with `fib-update no`: everything is tracked, nothing is changed; back to true programs the difference.
    package var isProgramming: Bool = true
    /// The earliest moment at which ``work(units:now:)`` has something to do by itself.
    package var nextDue: Instant { .never }

    /// Makes empty tables; the first ``takeRequestedDump(now:)`` asks for the whole kernel table.
    package init(ownership: KernelOwnership, qualification: NextHopQualification = []) {
        self.ownership = ownership
    }

    /// Gives the number of a next hop set and holds it until ``release(_:)``.
    package mutating func intern(_ set: NextHopSet) -> NextHopSetID { .none }
    /// Ends a hold of ``intern(_:)``; routes that use the set keep it.
    package mutating func release(_ id: NextHopSetID) {}
    /// The set with that number.
    package func nextHopSet(_ id: NextHopSetID) -> NextHopSet { .blackhole }

    /// From now on the prefix is to be in the kernel with these next hops.
    package mutating func want(_ prefix: IPPrefix, _ set: NextHopSetID) {}
    /// From now on the prefix is not to be in the kernel.
    package mutating func unwant(_ prefix: IPPrefix) {}

    /// Takes in what the kernel tells.
    package mutating func handle(_ event: KernelEvent, now: Instant) {}
    /// Does background work (sweeps, retries, next hop checks) on at most that many prefixes; true where more is left.
    package mutating func work(units: Int, now: Instant) -> Bool { false }
    /// Appends the next changes to send, at most `limit`, and at most as many as the window of unanswered ones allows.
    package mutating func takeChanges(limit: Int, into changes: inout [KernelChange]) {}
    /// The reading that is to be asked for now, if any; it counts as asked.
    package mutating func takeRequestedDump(now: Instant) -> KernelDump? { nil }
    /// Asks for a reading (`fib reconcile`, the periodic audit).
    package mutating func requestAudit() {}
    /// What the operator is to be told since the last call.
    package mutating func takeReports() -> [KernelReport] { [] }

    /// The RIB is complete: strays may be swept from here on.
    package mutating func firstConvergenceReached() {}
    /// Nothing is wanted any more: all of ours are deleted, in prefix order, and counted.
    package mutating func withdrawAll() {}
    /// How far ``withdrawAll()`` has come; nil before it.
    package var withdrawal: KernelWithdrawal? { nil }

    /// How that prefix stands; nil where we neither want nor have it.
    package func state(of prefix: IPPrefix) -> KernelRouteState? { nil }

    /// Follows a BGP next hop (counted; each call wants an ``unwatch(_:)``) and says how it is reached now.
    package mutating func watch(_ nextHop: TrackedNextHop) -> NextHopResolution { .unreachable }
    /// Ends one ``watch(_:)``.
    package mutating func unwatch(_ nextHop: TrackedNextHop) {}
    /// How an address is reached, watched or not.
    package func resolve(_ nextHop: TrackedNextHop) -> NextHopResolution { .unreachable }
    /// The watched next hops whose resolution changed since the last call, with the new one.
    package mutating func takeChangedNextHops() -> [(TrackedNextHop, NextHopResolution)] { [] }
    /// All watched next hops in order of address, with their resolution.
    package var watchedNextHops: [(TrackedNextHop, NextHopResolution)] { [] }

    /// The interfaces in order of their index.
    package var interfaces: [Interface] { [] }
    /// The addresses of this host, in the order in which the kernel told them.
    package private(set) var addresses: [InterfaceAddress] = []

    /// Rows of the whole table, ours and foreign, in order. The order is built at the first call and dropped when nobody looks.
    package mutating func page(from start: KernelPageStart, count: Int, now: Instant) -> KernelPage {
        KernelPage(firstRow: 0, totalRows: 0, rows: [])
    }
    /// The routes that a packet to that address may take: all of the longest matching prefix, by metric.
    package func lookUp(_ address: IPAddress) -> [KernelRouteRow] { [] }
    /// Bytes that the tables take.
    package var byteCount: Int { 0 }
}
