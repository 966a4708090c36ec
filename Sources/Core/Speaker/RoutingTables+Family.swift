import Addressing
import Routing

extension RoutingTables {
    /// The prefix with that number in its family's table.
    func prefix(_ id: PrefixID, _ family: AddressFamily) -> IPPrefix {
        family == .ipv4 ? ipv4.prefix(id) : ipv6.prefix(id)
    }

    /// The best path of a prefix.
    func best(_ id: PrefixID, _ family: AddressFamily) -> PathView? {
        family == .ipv4 ? ipv4.best(id) : ipv6.best(id)
    }

    /// A neighbor's path of a prefix: that with the lowest path identifier, or the next one after `last`.
    func path(
        _ id: PrefixID,
        _ family: AddressFamily,
        from neighbor: NeighborID,
        after last: UInt32?
    ) -> PathView? {
        family == .ipv4
            ? ipv4.path(id, from: neighbor, after: last)
            : ipv6.path(id, from: neighbor, after: last)
    }

    /// What a neighbor has in the table of a family.
    func counts(of neighbor: NeighborID, _ family: AddressFamily) -> NeighborCounts {
        family == .ipv4 ? ipv4.counts(of: neighbor) : ipv6.counts(of: neighbor)
    }

    /// The number of a prefix that has paths.
    func find(_ prefix: IPPrefix) -> PrefixID? {
        prefix.family == .ipv4 ? ipv4.find(prefix) : ipv6.find(prefix)
    }

    /// Visits all paths of a prefix, the best first.
    func forEachPath(_ id: PrefixID, _ family: AddressFamily, _ visit: (PathView) -> Void) {
        if family == .ipv4 { ipv4.forEachPath(id, visit) } else { ipv6.forEachPath(id, visit) }
    }
}
