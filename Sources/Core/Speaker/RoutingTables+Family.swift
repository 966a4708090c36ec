import Addressing
import Routing

extension RoutingTables {
    /// The prefix with that number in its family's table.
    func prefix(_ id: PrefixID, _ family: AddressFamily) -> IPPrefix {
        table(family).prefix(id)
    }

    /// The best path of a prefix.
    func best(_ id: PrefixID, _ family: AddressFamily) -> PathView? {
        table(family).best(id)
    }

    /// A neighbor's path of a prefix: that with the lowest path identifier, or the next one after `last`.
    func path(
        _ id: PrefixID,
        _ family: AddressFamily,
        from neighbor: NeighborID,
        after last: UInt32?
    ) -> PathView? {
        table(family).path(id, from: neighbor, after: last)
    }

    /// What a neighbor has in the table of a family.
    func counts(of neighbor: NeighborID, _ family: AddressFamily) -> NeighborCounts {
        table(family).counts(of: neighbor)
    }

    /// The number of a prefix that has paths.
    func find(_ prefix: IPPrefix) -> PrefixID? {
        table(prefix.family).find(prefix)
    }

    /// Visits all paths of a prefix, the best first.
    func forEachPath(_ id: PrefixID, _ family: AddressFamily, _ visit: (PathView) -> Void) {
        table(family).forEachPath(id, visit)
    }
}
