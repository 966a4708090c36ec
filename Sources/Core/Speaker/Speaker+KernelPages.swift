import Addressing
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// Pages of the kernel's table.
extension Speaker {
    /// The counts in Control's words.
    var kernelCounts: Control.KernelCounts {
        let counts = kernel.counts
        var result = Control.KernelCounts()
        result.wanted = UInt64(counts.wanted)
        result.installed = UInt64(counts.installed)
        result.pending = UInt64(counts.pending)
        result.refused = UInt64(counts.refused)
        result.drift = UInt64(counts.drift)
        result.total = UInt64(counts.ours + counts.foreign)
        result.foreign = UInt64(counts.foreign)
        result.overruns = UInt64(counts.overruns)
        return result
    }

    mutating func kernelPage(_ request: KernelPageRequest) -> Control.KernelPage {
        var page = Control.KernelPage()
        page.counts = kernelCounts
        if let address = request.filter.longest {
            page.rows = kernel.lookUp(address).map { kernelRow($0) }
            return page
        }
        let limit = Int(min(max(request.limit, 1), 4096))
        let isFiltered = request.filter != KernelPageRequest.Filter()
        var scanned = 0
        var start = kernelStart(request.position, limit: limit)
        while page.rows.count < limit, scanned < 20_000 {
            let chunk = kernel.page(
                from: start,
                count: isFiltered ? 512 : limit - page.rows.count,
                now: now
            )
            if scanned == 0, chunk.totalRows > 0 {
                page.share = UInt32(clamping: chunk.firstRow * 1_000_000 / chunk.totalRows)
            }
            guard !chunk.rows.isEmpty else { return page }
            for (index, row) in chunk.rows.enumerated() {
                scanned += 1
                let shown = kernelRow(row)
                guard passes(shown, row, request.filter) else { continue }
                page.rows.append(shown)
                if page.rows.count == limit {
                    let isLast = chunk.firstRow + index + 1 >= chunk.totalRows
                    page.next = isLast ? nil : shown.prefix
                    return page
                }
            }
            let following = chunk.firstRow + chunk.rows.count
            guard following < chunk.totalRows else { return page }
            page.next = chunk.rows.last?.route.prefix
            start = .row(following)
        }
        return page
    }

    private mutating func kernelStart(
        _ position: RIBPageRequest.Position,
        limit: Int
    ) -> KernelPageStart {
        switch position {
        case .start: return .row(0)
        case .at(let prefix): return .prefix(prefix)
        case .after(let prefix):
            // The first row behind all rows of the prefix.
            var row = kernel.page(from: .prefix(prefix), count: 64, now: now)
            while let first = row.rows.first, first.route.prefix == prefix {
                let same = row.rows.prefix { $0.route.prefix == prefix }.count
                if same < row.rows.count { return .row(row.firstRow + same) }
                row = kernel.page(from: .row(row.firstRow + same), count: 64, now: now)
            }
            return .row(row.firstRow)
        case .before(let prefix):
            let row = kernel.page(from: .prefix(prefix), count: 1, now: now)
            return .row(max(0, row.firstRow - limit))
        case .share(let millionths):
            let total = kernel.page(from: .row(0), count: 1, now: now).totalRows
            return .row(min(Int(millionths) * total / 1_000_000, max(0, total - 1)))
        case .end:
            let total = kernel.page(from: .row(0), count: 1, now: now).totalRows
            return .row(max(0, total - limit))
        }
    }

    private func passes(
        _ row: KernelRow,
        _ source: KernelRouteRow,
        _ filter: KernelPageRequest.Filter
    ) -> Bool {
        if let family = filter.family, row.prefix.family != family { return false }
        if filter.driftOnly {
            switch row.standing {
            case .installed, .foreign, .pending: return false
            case .refused, .different, .missing, .hidesOurs: break
            }
        }
        if filter.classes.isEmpty { return true }
        if filter.classes.contains(.nextHop), row.carriesNextHop { return true }
        if filter.classes.contains(.bgp), source.state != nil { return true }
        if filter.classes.contains(.connected), row.protocolNumber == 2 { return true }
        return filter.classes.contains(.staticRoute)
            && (row.protocolNumber == 3 || row.protocolNumber == 4)
    }

    /// The kernel's routes of exactly that prefix.
    mutating func kernelRows(of prefix: IPPrefix) -> [KernelRow] {
        kernel.lookUp(prefix.address).filter { $0.route.prefix == prefix }.map { kernelRow($0) }
    }

    private func kernelRow(_ source: KernelRouteRow) -> KernelRow {
        let route = source.route
        var row = KernelRow(
            prefix: route.prefix,
            table: route.table,
            protocolNumber: route.protocolNumber,
            metric: route.metric
        )
        row.kind = KernelRow.Kind(rawValue: route.nextHopSet.type.rawValue) ?? .unicast
        row.scope = route.scope
        row.source = route.nextHopSet.preferredSource
        row.nextHops = route.nextHopSet.nextHops.map { hop in
            KernelRow.NextHop(
                gateway: hop.gateway,
                interfaceName: interfaceName(hop.interface),
                interfaceIndex: Int32(bitPattern: hop.interface),
                weight: hop.weight,
                isOnLink: hop.isOnLink
            )
        }
        row.carriesNextHop = source.carriesNextHop
        row.standing = standing(of: source)
        return row
    }

    private func standing(of row: KernelRouteRow) -> KernelRow.Standing {
        switch row.state {
        case .installed: return .installed
        case .pending: return .pending
        case .refused(let refusal): return .refused(errno: refusal.errno, text: refusal.text)
        case .missing: return .missing
        case .different, .stray: return .different
        case .foreign: return .hidesOurs
        case nil:
            // The kernel prefers the lower metric, and the foreign route where the metrics are equal.
            let isWanted = kernel.state(of: row.route.prefix) != nil
            return isWanted && row.route.metric <= kernel.ownership.metric ? .hidesOurs : .foreign
        }
    }

    private func interfaceName(_ index: UInt32) -> String {
        kernel.interfaces.first { $0.index == index }?.name ?? ""
    }
}
