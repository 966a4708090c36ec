package import Addressing

extension RoutingTables {
    /// A page of prefixes in order, for a screen.
    ///
    /// The order of a family is built at the first look, in ``work(units:)``; until then
    /// ``RoutePage/progress`` is below 1 and the page lacks what is not in order yet.
    ///
    /// - Parameters:
    ///   - start: where the page begins, or ends when it goes backward.
    ///   - limit: prefixes on the page.
    ///   - scanLimit: prefixes looked at, at most; a page that the filter leaves short says where to go on.
    ///   - filter: false leaves a prefix out.
    package mutating func page(
        _ family: AddressFamily,
        of scope: PageScope,
        from start: PageStart,
        limit: Int,
        scanLimit: Int = 20_000,
        where filter: (PrefixID) -> Bool = { _ in true }
    ) -> RoutePage {
        RoutePage()
    }

    /// Where a prefix stands in the order of its scope, as a part of 1.
    package mutating func position(of prefix: IPPrefix, in scope: PageScope) -> Double { 0 }

    /// Forgets the orders: nobody looks any more.
    package mutating func dropOrder() {}
}

/// Whose prefixes a page shows.
package enum PageScope: Hashable, Sendable {
    /// All prefixes with paths.
    case all
    /// Prefixes with a path of that neighbor: its Adj-RIB-In.
    case neighbor(NeighborID)
}

/// Where a page begins.
package enum PageStart: Hashable, Sendable {
    case first
    /// The page ends with the last prefix.
    case last
    /// The first prefix at or after this one.
    case at(IPPrefix)
    case after(IPPrefix)
    /// The page ends right before this prefix.
    case before(IPPrefix)
    /// So far into the order, 0 to 1.
    case fraction(Double)
}

/// Prefixes in order and where they stand.
package struct RoutePage: Equatable, Sendable {
    /// The prefixes, ascending also when the page was asked for backward.
    package var prefixes: [PrefixID] = []
    /// Position of the page's first prefix in its scope, from 0; not exact while filters or removals blur it.
    package var position = 0
    /// How many prefixes the scope has.
    package var total = 0
    /// Where to go on when the scan limit ended the page; nil where the page is complete.
    package var resume: IPPrefix?
    /// How much of the order is built, 0 to 1.
    package var progress = 1.0

    package init() {}
}
