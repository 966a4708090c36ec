package import Addressing
import Tables

/// Whose prefixes a page shows.
package enum PageScope: Hashable, Sendable {
    /// All prefixes with paths.
    case all
    /// Prefixes with a path of that neighbor: its Adj-RIB-In.
    case neighbor(NeighborID)
    /// Prefixes that lie in this one, itself included.
    case inside(IPPrefix)
}

/// Where a page begins.
package enum PageStart: Hashable, Sendable {
    case first
    /// The page ends with the last prefix.
    case last
    /// The first prefix at or after this one.
    case at(IPPrefix)
    /// The first prefix after this one.
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
    /// Position of the page's first prefix in its scope, from 0.
    ///
    /// Not exact where removed prefixes or a neighbor's share of the table blur it.
    package var position = 0
    /// How many prefixes the scope has.
    package var total = 0
    /// The last prefix looked at when the scan limit ended the page; nil where the page is complete.
    ///
    /// Go on after it, or before it on a page that goes backward.
    package var resume: IPPrefix?
    /// How much of the order is built, 0 to 1; below 1 the page lacks what is not in order yet.
    package var progress = 1.0

    package init() {}
}

extension RoutingTables {
    /// A page of prefixes in order, for a screen.
    ///
    /// The order of a family is built at the first look, in ``work(units:)``; a small table at once.
    ///
    /// - Parameters:
    ///   - family: which table.
    ///   - scope: whose prefixes.
    ///   - start: where the page begins, or ends when it goes backward.
    ///   - limit: prefixes on the page.
    ///   - scanLimit: prefixes looked at, at most; a page that the filter leaves short says where to
    ///     go on.
    ///   - filter: false leaves a prefix out.
    /// - Returns: the page, as far as the order is built.
    package func page(
        _ family: AddressFamily,
        of scope: PageScope,
        from start: PageStart,
        limit: Int,
        scanLimit: Int = 20_000,
        where filter: (RouteTable, PrefixID) -> Bool = { _, _ in true }
    ) -> RoutePage {
        table(family).page(of: scope, from: start, limit, scanLimit, filter)
    }

    /// Where a prefix stands in the order of its scope, as a part of 1.
    package func position(of prefix: IPPrefix, in scope: PageScope) -> Double {
        table(prefix.family).position(of: prefix, in: scope)
    }

    /// Forgets the orders: nobody looks any more.
    package func dropOrder() {
        ipv4.dropOrder()
        ipv6.dropOrder()
    }
}

extension RouteTable {
    func page(
        of scope: PageScope,
        from start: PageStart,
        _ limit: Int,
        _ scanLimit: Int,
        _ filter: (RouteTable, PrefixID) -> Bool
    ) -> RoutePage {
        var page = RoutePage()
        var scan = OrderScan(runs: runs(for: scope, progress: &page.progress), scope, self)
        page.total = total(of: scope, in: scan)
        scan.seek(start, self)
        let isForward = start.isForward
        for _ in 0..<scanLimit {
            if page.prefixes.count == limit { break }
            let place = scan.place
            guard let row = isForward ? scan.stepForward(self) : scan.stepBackward(self) else {
                break
            }
            let id = PrefixID(row: row)
            page.resume = prefix(id)
            if !isVisible(row, in: scope) || !filter(self, id) { continue }
            if page.prefixes.isEmpty || !isForward {
                page.position = isForward ? place : scan.place
            }
            page.prefixes.append(id)
        }
        if page.prefixes.count == limit || scan.isAtEnd(forward: isForward) { page.resume = nil }
        if !isForward { page.prefixes.reverse() }
        if case .neighbor = scope, scan.length > page.total {
            page.position = page.position * page.total / scan.length
        }
        return page
    }

    func position(of prefix: IPPrefix, in scope: PageScope) -> Double {
        var progress = 1.0
        var scan = OrderScan(runs: runs(for: scope, progress: &progress), scope, self)
        scan.seek(.at(prefix), self)
        return scan.length == 0 ? 0 : Double(scan.place) / Double(scan.length)
    }

    /// The sorted runs that hold the scope's prefixes.
    ///
    /// A neighbor with few routes has its own, sorted on the spot: no order of the whole is needed.
    private func runs(for scope: PageScope, progress: inout Double) -> [[UInt64]] {
        if case .neighbor(let neighbor) = scope,
            members.count(of: Int(neighbor.number)) <= RouteOrder.chunkSize
        {
            var entries: [UInt64] = []
            var cursor: UInt32 = 0
            while let prefix = nextRoute(of: neighbor, from: &cursor) {
                entries.append(prefixes.orderEntry(prefix.row))
            }
            entries.sort { prefixes.precedes($0, $1) }
            return [entries]
        }
        prepareOrder()
        let (sorted, unsorted) = (order.sortedCount, order.unsortedCount)
        if unsorted > 0 { progress = Double(sorted) / Double(sorted + unsorted) }
        return order.runs
    }

    private func total(of scope: PageScope, in scan: OrderScan) -> Int {
        switch scope {
        case .all: prefixCount
        case .neighbor(let neighbor): members.count(of: Int(neighbor.number))
        case .inside: scan.length
        }
    }

    private func isVisible(_ row: UInt32, in scope: PageScope) -> Bool {
        switch scope {
        case .all, .inside: prefixes.heads[row].first != PrefixHead.noPath
        case .neighbor(let neighbor): members.contains(row, in: Int(neighbor.number))
        }
    }
}

extension PageStart {
    /// False where the page ends at its start.
    fileprivate var isForward: Bool {
        switch self {
        case .first, .at, .after, .fraction: true
        case .last, .before: false
        }
    }
}

/// A place between the entries of several sorted runs, and the bounds of a scope in them.
private struct OrderScan {
    let runs: [[UInt64]]
    private var bounds: [Range<Int>]
    private var cursors: [Int]

    init(runs: [[UInt64]], _ scope: PageScope, _ table: RouteTable) {
        self.runs = runs
        bounds = runs.map { $0.indices }
        if case .inside(let prefix) = scope {
            for run in runs.indices {
                let start = Self.firstIndex(in: runs[run], from: .at(prefix), table)
                bounds[run] =
                    start..<Self.firstIndex(in: runs[run], from: .afterInside(prefix), table)
            }
        }
        cursors = bounds.map(\.lowerBound)
    }

    /// Entries within the scope's bounds.
    var length: Int { bounds.reduce(0) { $0 + $1.count } }

    /// Entries before the present place.
    var place: Int {
        var sum = 0
        for run in runs.indices { sum += cursors[run] - bounds[run].lowerBound }
        return sum
    }

    func isAtEnd(forward: Bool) -> Bool {
        runs.indices.allSatisfy {
            cursors[$0] == (forward ? bounds[$0].upperBound : bounds[$0].lowerBound)
        }
    }

    mutating func seek(_ start: PageStart, _ table: RouteTable) {
        switch start {
        case .first: cursors = bounds.map(\.lowerBound)
        case .last: cursors = bounds.map(\.upperBound)
        case .at(let prefix), .before(let prefix): seek(OrderKey.at(prefix), table)
        case .after(let prefix): seek(OrderKey.after(prefix), table)
        case .fraction(let part):
            // The largest run stands for all; the others follow to the same prefix.
            guard let run = bounds.indices.max(by: { bounds[$0].count < bounds[$1].count }),
                !bounds[run].isEmpty
            else { return }
            let offset = Int(min(max(part, 0), 1) * Double(bounds[run].count))
            let index = min(bounds[run].lowerBound + offset, bounds[run].upperBound - 1)
            let row = UInt32(truncatingIfNeeded: runs[run][index])
            seek(OrderKey.at(table.prefixes.prefix(row)), table)
        }
    }

    private mutating func seek(_ key: OrderKey, _ table: RouteTable) {
        for run in runs.indices {
            let index = Self.firstIndex(in: runs[run], from: key, table)
            cursors[run] = min(max(index, bounds[run].lowerBound), bounds[run].upperBound)
        }
    }

    mutating func stepForward(_ table: RouteTable) -> UInt32? {
        var best = -1
        for run in runs.indices where cursors[run] < bounds[run].upperBound {
            if best < 0
                || table.prefixes.precedes(runs[run][cursors[run]], runs[best][cursors[best]])
            {
                best = run
            }
        }
        guard best >= 0 else { return nil }
        cursors[best] += 1
        return UInt32(truncatingIfNeeded: runs[best][cursors[best] - 1])
    }

    mutating func stepBackward(_ table: RouteTable) -> UInt32? {
        var best = -1
        for run in runs.indices where cursors[run] > bounds[run].lowerBound {
            if best < 0
                || table.prefixes.precedes(
                    runs[best][cursors[best] - 1],
                    runs[run][cursors[run] - 1]
                )
            {
                best = run
            }
        }
        guard best >= 0 else { return nil }
        cursors[best] -= 1
        return UInt32(truncatingIfNeeded: runs[best][cursors[best]])
    }

    private static func firstIndex(
        in run: [UInt64],
        from key: OrderKey,
        _ table: RouteTable
    ) -> Int {
        var low = 0
        var high = run.count
        while low < high {
            let middle = (low + high) / 2
            if table.prefixes.precedes(run[middle], key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
