package import Addressing
import Tables
package import Timekeeping

extension KernelRoutes {
    /// How long the order is kept up after the last look.
    static let orderLifetime: Duration = .seconds(30)

    /// Rows of the whole table, ours and foreign, in order of prefix, metric and protocol.
    ///
    /// The first look builds the order (20 ms for a million rows), and half a minute without a look
    /// drops it. Local, broadcast and multicast entries are not among the rows.
    package mutating func page(from start: KernelPageStart, count: Int, now: Instant) -> KernelPage
    {
        lastLook = now
        var order = takeOrder()
        var bucket: Int
        var firstRow: Int
        var skipped = 0
        switch start {
        case .row(let row):
            let row = max(0, min(row, order.count - 1))
            let place = order.bucket(holding: row)
            bucket = place.bucket
            skipped = row - place.before
            firstRow = row
        case .prefix(let prefix):
            bucket = PrefixOrder.bucket(prefix)
            let rows = order.rows(bucket) { precedes($0, $1) }
            skipped = rows.firstIndex { self.prefix(of: $0) >= prefix } ?? rows.count
            firstRow = order.rowsBefore(bucket) + skipped
        }
        var rows: [KernelRouteRow] = []
        while rows.count < count, let occupied = order.nextOccupied(bucket) {
            if occupied != bucket { skipped = 0 }
            let references = order.rows(occupied) { precedes($0, $1) }
            for reference in references.dropFirst(skipped).prefix(count - rows.count) {
                rows.append(row(reference))
            }
            skipped = 0
            bucket = occupied + 1
        }
        firstRow = min(firstRow, order.count)
        let total = order.count
        self.order = consume order
        return KernelPage(firstRow: firstRow, totalRows: total, rows: rows)
    }

    /// The routes that a packet to that address may take: all of the longest prefix in the kernel, by metric.
    package mutating func lookUp(_ address: IPAddress) -> [KernelRouteRow] {
        for length in stride(from: Int(address.family.bitCount), through: 0, by: -1) {
            let prefix = IPPrefix(address, length: UInt8(length))
            let found = references(to: prefix).filter { $0.isForeign || own[$0.row].word != .max }
            if !found.isEmpty { return found.map { row($0) } }
        }
        return []
    }

    /// All of exactly that prefix, those that we want and the kernel lacks included, by metric.
    package mutating func routes(of prefix: IPPrefix) -> [KernelRouteRow] {
        references(to: prefix).map { row($0) }
    }

    private func references(to prefix: IPPrefix) -> [RouteReference] {
        var found: [RouteReference] = []
        _ = foreignIndex.find(hash: keys.hash(prefix)) { number in
            if foreign[number].isFor(prefix) { found.append(.foreign(number)) }
            return false
        }
        if let number = findOwn(prefix) { found.append(.own(number)) }
        return found.sorted { precedes($0, $1) }
    }

    /// Takes the order out, so that changing it copies nothing.
    private mutating func takeOrder() -> PrefixOrder {
        if let order = order.take() { return order }
        var order = PrefixOrder(own: Int(own.endRow), foreign: Int(foreign.endRow))
        for number in 0..<own.endRow where isLive(number) {
            order.insert(.own(number), own[number].prefix)
        }
        for number in 0..<foreign.endRow where foreign[number].length != .max {
            order.insert(.foreign(number), foreign[number].prefix)
        }
        return order
    }

    private func prefix(of reference: RouteReference) -> IPPrefix {
        reference.isForeign ? foreign[reference.row].prefix : own[reference.row].prefix
    }

    private func precedes(_ left: RouteReference, _ right: RouteReference) -> Bool {
        let prefixes = (prefix(of: left), prefix(of: right))
        if prefixes.0 != prefixes.1 { return prefixes.0 < prefixes.1 }
        return place(of: left) < place(of: right)
    }

    /// Metric, protocol and table: the order within a prefix; rows that share even these stand as they came.
    private func place(of reference: RouteReference) -> (UInt32, UInt8, UInt32, UInt32) {
        guard reference.isForeign else {
            return (ownership.metric, ownership.protocolNumber, ownership.table, reference.value)
        }
        let row = foreign[reference.row]
        return (row.metric, row.protocolNumber, row.table, reference.value)
    }

    private mutating func row(_ reference: RouteReference) -> KernelRouteRow {
        guard !reference.isForeign else {
            let route = foreignRoute(reference.row)
            return KernelRouteRow(
                route: route,
                state: nil,
                carriesNextHop: route.table == KernelOwnership.mainTable
                    && tracker.carries(route.prefix)
            )
        }
        let row = own[reference.row]
        let set = row.word != .max ? row.word : row.wanted
        return KernelRouteRow(
            route: mark(row.prefix, set == .max ? .blackhole : sets[set]),
            state: state(reference.row),
            carriesNextHop: qualification.contains(.bgp) && tracker.carries(row.prefix)
        )
    }
}
