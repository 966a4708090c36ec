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
        result.hidden = UInt64(counts.hidden)
        result.pending = UInt64(counts.pending)
        result.refused = UInt64(counts.refused)
        result.drift = UInt64(counts.drift)
        result.total = UInt64(counts.ours + counts.foreign)
        result.foreign = UInt64(counts.foreign)
        result.overruns = UInt64(counts.overruns)
        return result
    }

    func kernelPage(_ request: KernelPageRequest) -> Control.KernelPage {
        var page = Control.KernelPage()
        page.counts = kernelCounts
        let total = kernel.page(from: .row(0), count: 1, now: now).totalRows
        var rows = 0..<total
        switch request.filter.prefix {
        case nil: break
        case .orLonger(let range): rows = kernelRowNumbers(inside: range)
        case .exact(let prefix): return few(kernel.routes(of: prefix), request.filter, page)
        case .longest(let address): return few(kernel.lookUp(address), request.filter, page)
        case .orShorter(let prefix):
            let lengths = stride(from: Int(prefix.length), through: 0, by: -1)
            let found = lengths.flatMap { length in
                kernel.routes(of: IPPrefix(prefix.address, length: UInt8(length)))
            }
            return few(found, request.filter, page)
        }
        switch request.position {
        case .start: forward(from: rows.lowerBound, in: rows, request, &page)
        case .at(let prefix): forward(from: kernelRowNumber(at: prefix), in: rows, request, &page)
        case .after(let prefix):
            forward(from: kernelRowNumber(behind: prefix), in: rows, request, &page)
        case .share(let millionths):
            let row = Int(min(millionths, 1_000_000)) * rows.count / 1_000_000
            let first = rows.lowerBound + min(row, max(0, rows.count - 1))
            forward(from: first, in: rows, request, &page)
        case .before(let prefix):
            backward(from: kernelRowNumber(at: prefix), in: rows, request, &page)
        case .end: backward(from: rows.upperBound, in: rows, request, &page)
        }
        return page
    }

    private func few(
        _ found: [KernelRouteRow],
        _ filter: KernelPageRequest.Filter,
        _ page: Control.KernelPage
    ) -> Control.KernelPage {
        var page = page
        page.rows = found.filter { passes($0, filter) }.map { kernelRow($0) }
        return page
    }

    private func forward(
        from first: Int,
        in rows: Range<Int>,
        _ request: KernelPageRequest,
        _ page: inout Control.KernelPage
    ) {
        var row = max(first, rows.lowerBound)
        var scan = KernelScan(request)
        while row < rows.upperBound {
            let count = min(scan.chunk, rows.upperBound - row)
            let chunk = kernel.page(from: .row(row), count: count, now: now)
            guard !chunk.rows.isEmpty else { return }
            if scan.last == nil { page.share = Self.share(row, of: chunk.totalRows) }
            for source in chunk.rows {
                guard scan.goesOn(to: source.route.prefix, found: page.rows.count) else {
                    page.next = scan.last
                    return
                }
                if passes(source, request.filter) { page.rows.append(kernelRow(source)) }
            }
            row += chunk.rows.count
        }
    }

    private func backward(
        from end: Int,
        in rows: Range<Int>,
        _ request: KernelPageRequest,
        _ page: inout Control.KernelPage
    ) {
        var end = min(end, rows.upperBound)
        var scan = KernelScan(request)
        defer { page.rows.reverse() }
        while end > rows.lowerBound {
            let first = max(rows.lowerBound, end - scan.chunk)
            let chunk = kernel.page(from: .row(first), count: end - first, now: now)
            guard !chunk.rows.isEmpty else { return }
            for (index, source) in chunk.rows.enumerated().reversed() {
                guard scan.goesOn(to: source.route.prefix, found: page.rows.count) else {
                    page.next = scan.last
                    return
                }
                page.share = Self.share(first + index, of: chunk.totalRows)
                if passes(source, request.filter) { page.rows.append(kernelRow(source)) }
            }
            end = first
        }
    }

    private static func share(_ row: Int, of total: Int) -> UInt32 {
        total > 0 ? UInt32(clamping: row * 1_000_000 / total) : 0
    }

    /// The number of the first row that is not before the prefix.
    private func kernelRowNumber(at prefix: IPPrefix) -> Int {
        kernel.page(from: .prefix(prefix), count: 1, now: now).firstRow
    }

    /// The number of the first row behind all rows of the prefix.
    private func kernelRowNumber(behind prefix: IPPrefix) -> Int {
        kernelRowNumber(at: prefix) + kernel.routes(of: prefix).count
    }

    private func kernelRowNumbers(inside range: IPPrefix) -> Range<Int> {
        let bits = range.family.bitCount
        // The last address of the range as a prefix: nothing inside it comes later in the order.
        let last = IPPrefix(range.lastAddress, length: bits)
        let lower = kernelRowNumber(at: range)
        return lower..<max(lower, kernelRowNumber(behind: last))
    }

    private func passes(_ row: KernelRouteRow, _ filter: KernelPageRequest.Filter) -> Bool {
        if let family = filter.family, row.route.prefix.family != family { return false }
        if filter.driftOnly {
            switch standing(of: row) {
            case .installed, .foreign, .pending: return false
            case .refused, .different, .missing, .hidesOurs: break
            }
        }
        if filter.classes.isEmpty { return true }
        let number = row.route.protocolNumber
        if filter.classes.contains(.nextHop), row.carriesNextHop { return true }
        if filter.classes.contains(.bgp), row.state != nil { return true }
        if filter.classes.contains(.foreign), row.state == nil { return true }
        if filter.classes.contains(.connected), number == 2 { return true }
        return filter.classes.contains(.staticRoute) && (number == 3 || number == 4)
    }

    /// The kernel's routes of exactly that prefix.
    func kernelRows(of prefix: IPPrefix) -> [KernelRow] {
        kernel.routes(of: prefix).map { kernelRow($0) }
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
            let isPreferred =
                row.route.metric <= kernel.ownership.metric
                && row.route.table == kernel.ownership.table
            return isWanted && isPreferred ? .hidesOurs : .foreign
        }
    }

    private func interfaceName(_ index: UInt32) -> String {
        kernel.interfaces.first { $0.index == index }?.name ?? ""
    }
}

/// How far the making of a page of kernel rows has come: all rows of a prefix stand on one page.
private struct KernelScan {
    /// Rows that are looked at together.
    let chunk: Int
    /// The prefix of the row that was looked at last.
    private(set) var last: IPPrefix?
    private let limit: Int
    private var scanned = 0

    /// Rows that a page looks at before it says where to go on.
    private static let scanLimit = 20_000

    init(_ request: KernelPageRequest) {
        limit = Int(min(max(request.limit, 1), 4096))
        chunk = request.filter == KernelPageRequest.Filter() ? limit + 1 : 512
    }

    /// Counts a row; false where the page ends before it.
    mutating func goesOn(to prefix: IPPrefix, found: Int) -> Bool {
        if found >= limit || scanned >= Self.scanLimit, let last, last != prefix { return false }
        scanned += 1
        last = prefix
        return true
    }
}
