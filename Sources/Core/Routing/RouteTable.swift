package import Addressing
package import Attributes

/// The routes of one family: prefixes found by hash, each with the paths that neighbors announced.
///
/// Reading is here; changes go through ``RoutingTables``.
package struct RouteTable: ~Copyable {
    /// The family of every prefix.
    package let family: AddressFamily

    init(family: AddressFamily) {
        self.family = family
    }

    /// Prefixes with at least one path.
    package var prefixCount: Int { 0 }
    /// Prefixes with a best path.
    package var bestCount: Int { 0 }
    /// Paths of all neighbors.
    package var pathCount: Int { 0 }
    /// One past the highest prefix row that was ever used: the width of arrays by ``PrefixID``.
    package var endRow: UInt32 { 0 }

    /// What a neighbor has here.
    package func counts(of neighbor: NeighborID) -> NeighborCounts { NeighborCounts() }

    /// The number of a prefix that has paths.
    package func find(_ prefix: IPPrefix) -> PrefixID? { nil }

    /// The longest prefix with a best path that covers `prefix`, or with any path where `bestOnly` is false.
    package func longestMatch(_ prefix: IPPrefix, _ scope: MatchScope = .best) -> PrefixID? { nil }

    /// Every prefix with paths that covers `prefix`, the longest first.
    package func covering(_ prefix: IPPrefix) -> [PrefixID] { [] }

    /// The prefix with that number.
    package func prefix(_ id: PrefixID) -> IPPrefix { fatalError() }

    /// The best path of a prefix.
    package func best(_ id: PrefixID) -> PathView? { nil }

    /// A neighbor's path of a prefix.
    package func path(_ id: PrefixID, from neighbor: NeighborID) -> PathView? { nil }

    /// Visits all paths of a prefix, the best first.
    package func forEachPath(_ id: PrefixID, _ visit: (PathView) -> Void) {}

    /// The next prefix at or after `cursor` that has a path of that neighbor, in order of number; moves `cursor` on.
    package func nextRoute(of neighbor: NeighborID, from cursor: inout UInt32) -> PrefixID? { nil }

    /// The next prefix at or after `cursor` that has a path, in order of number; moves `cursor` on.
    package func nextPrefix(from cursor: inout UInt32) -> PrefixID? { nil }

    /// Which prefixes a match looks at.
    package enum MatchScope: Sendable {
        /// Those with a best path.
        case best
        /// Those with any path.
        case any
    }
}
