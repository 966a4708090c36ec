import Addressing
import Attributes
import BGPWire
import Configuration
import Control
import KernelRoutes
import Policy
import Routing
import Timekeeping

/// Pages of the routing tables.
extension Speaker {
    /// Prefixes that a filtered page looks at before it says where to go on.
    private static let scanLimit = 20_000

    func ribPage(_ request: RIBPageRequest) -> Reply {
        var scope = PageScope.all
        var chosen: Set<NeighborNumber>?
        if let selector = request.filter.neighbor {
            let neighbors = select(selector)
            guard !neighbors.isEmpty else { return .refused(.noSuchNeighbor) }
            chosen = Set(neighbors.map(\.number))
            if neighbors.count == 1, request.table != .locRIB {
                scope = .neighbor(Self.routingID(neighbors[0].number))
            }
        }
        if case .adjRIBOut(let number) = request.table {
            guard neighbor(number) != nil else { return .refused(.noSuchNeighbor) }
            chosen = nil
            scope = .all
        }
        var page = RIBPage()
        page.prefixCount = UInt64(routing.ipv4.prefixCount + routing.ipv6.prefixCount)
        page.pathCount = UInt64(routing.ipv4.pathCount + routing.ipv6.pathCount)
        if let match = request.filter.prefix, fill(&page, match, request, chosen) {
            return .ribPage(page)
        }
        scan(&page, scope, request, chosen)
        return .ribPage(page)
    }

    /// Answers a filter that names few prefixes without looking at others; false where it names a range.
    private func fill(
        _ page: inout RIBPage,
        _ match: RIBFilter.PrefixMatch,
        _ request: RIBPageRequest,
        _ chosen: Set<NeighborNumber>?
    ) -> Bool {
        let found: [PrefixID]
        let family: AddressFamily
        switch match {
        case .exact(let prefix):
            family = prefix.family
            found = routing.find(prefix).map { [$0] } ?? []
        case .orShorter(let prefix):
            family = prefix.family
            found = family == .ipv4 ? routing.ipv4.covering(prefix) : routing.ipv6.covering(prefix)
        case .longest(let address):
            family = address.family
            let prefix = IPPrefix(address, length: family.bitCount)
            found = family == .ipv4 ? routing.ipv4.covering(prefix) : routing.ipv6.covering(prefix)
        case .orLonger:
            return false
        }
        for id in found {
            let before = page.rows.count
            append(id, family, to: &page.rows, request, chosen)
            if case .longest = match, page.rows.count > before { return true }
        }
        return true
    }

    /// Walks the order of the table, at most ``scanLimit`` prefixes.
    private func scan(
        _ page: inout RIBPage,
        _ scope: PageScope,
        _ request: RIBPageRequest,
        _ chosen: Set<NeighborNumber>?
    ) {
        let limit = Int(min(max(request.limit, 1), 4096))
        var families = AddressFamily.allCases.filter {
            request.filter.family == nil || request.filter.family == $0
        }
        var range: IPPrefix?
        if case .orLonger(let prefix) = request.filter.prefix {
            range = prefix
            families = families.filter { $0 == prefix.family }
        }
        let isBackward =
            switch request.position {
            case .end, .before: true
            case .start, .at, .after, .share: false
            }
        if isBackward { families.reverse() }
        var start = pageStart(request.position, in: &families, within: range)
        var scanned = 0
        var found = 0
        var isFirst = true
        for family in families {
            var cursor: PageStart? = start
            start = isBackward ? .last : .first
            while let from = cursor, found < limit {
                let wanted = request.filter.isEmpty ? limit - found : 512
                let chunk = routing.page(family, of: scope, from: from, limit: wanted)
                if chunk.progress < 1 { page.isPreparing = true }
                if isFirst, let first = chunk.prefixes.first {
                    page.share = share(of: routing.prefix(first, family), scope)
                    isFirst = false
                }
                guard !chunk.prefixes.isEmpty else { break }
                let ids = isBackward ? chunk.prefixes.reversed() : chunk.prefixes
                var last: IPPrefix?
                for id in ids {
                    let prefix = routing.prefix(id, family)
                    if let range, !range.covers(prefix) {
                        if isBackward == (prefix < range) { return finish(&page, isBackward) }
                        last = prefix
                        continue
                    }
                    scanned += 1
                    var rows: [RIBRow] = []
                    append(id, family, to: &rows, request, chosen)
                    if !rows.isEmpty {
                        page.rows.append(contentsOf: isBackward ? rows.reversed() : rows)
                        found += 1
                    }
                    last = prefix
                    if found == limit || scanned == Self.scanLimit { break }
                }
                guard let last else { break }
                if found == limit || scanned == Self.scanLimit {
                    page.next = last
                    return finish(&page, isBackward)
                }
                cursor = isBackward ? .before(last) : .after(last)
            }
        }
        finish(&page, isBackward)
    }

    private func finish(_ page: inout RIBPage, _ isBackward: Bool) {
        if isBackward { page.rows.reverse() }
    }

    /// Where to begin in the first of the families that are left; those that the position leaves behind are dropped.
    private func pageStart(
        _ position: RIBPageRequest.Position,
        in families: inout [AddressFamily],
        within range: IPPrefix?
    ) -> PageStart {
        let first = range.map { PageStart.at($0) } ?? .first
        let last = range.flatMap(\.successor).map { PageStart.before($0) } ?? .last
        switch position {
        case .start:
            return first
        case .end:
            return last
        case .at(let prefix), .after(let prefix):
            families.removeAll { $0.rawValue < prefix.family.rawValue }
            guard families.first == prefix.family else { return first }
            if let range, prefix < range { return first }
            return position == .at(prefix) ? .at(prefix) : .after(prefix)
        case .before(let prefix):
            families.removeAll { $0.rawValue > prefix.family.rawValue }
            guard families.first == prefix.family else { return last }
            if let successor = range?.successor, successor < prefix { return last }
            return .before(prefix)
        case .share(let millionths):
            let counts = (Double(routing.ipv4.prefixCount), Double(routing.ipv6.prefixCount))
            let place = Double(min(millionths, 1_000_000)) / 1_000_000 * (counts.0 + counts.1)
            let isIPv4 = place < counts.0 || counts.1 == 0
            if !isIPv4 { families.removeAll { $0 == .ipv4 } }
            guard families.first == (isIPv4 ? .ipv4 : .ipv6) else { return first }
            if isIPv4 { return .fraction(counts.0 > 0 ? place / counts.0 : 0) }
            return .fraction((place - counts.0) / counts.1)
        }
    }

    /// How far into the whole table a prefix stands, millionths.
    private func share(of prefix: IPPrefix, _ scope: PageScope) -> UInt32 {
        let counts = (Double(routing.ipv4.prefixCount), Double(routing.ipv6.prefixCount))
        guard counts.0 + counts.1 > 0 else { return 0 }
        let inFamily = routing.position(of: prefix, in: scope)
        let place = prefix.family == .ipv4 ? inFamily * counts.0 : counts.0 + inFamily * counts.1
        return UInt32(clamping: Int64(place / (counts.0 + counts.1) * 1_000_000))
    }

    // MARK: Rows

    /// Adds the rows of a prefix that pass the filter.
    private func append(
        _ id: PrefixID,
        _ family: AddressFamily,
        to rows: inout [RIBRow],
        _ request: RIBPageRequest,
        _ chosen: Set<NeighborNumber>?
    ) {
        let prefix = routing.prefix(id, family)
        if case .adjRIBOut(let number) = request.table {
            if let row = sentRow(id, prefix, to: number, request), passes(row, request.filter) {
                rows.append(request.withAttributes ? row : bare(row))
            }
            return
        }
        var paths: [PathView] = []
        routing.forEachPath(id, family) { paths.append($0) }
        for path in paths {
            let number = Self.neighborNumber(path.neighbor)
            if let chosen, !chosen.contains(number) { continue }
            if request.table == .adjRIBIn, path.neighbor == .local { continue }
            let row = row(path, prefix, as: request.table)
            if passes(row, request.filter) { rows.append(request.withAttributes ? row : bare(row)) }
        }
    }

    private func bare(_ row: RIBRow) -> RIBRow {
        var row = row
        row.attributes = []
        return row
    }

    private func row(_ path: PathView, _ prefix: IPPrefix, as table: RIBPageRequest.Table) -> RIBRow
    {
        let isInput = table == .adjRIBIn
        let shown = isInput || path.effective == .none ? path.received : path.effective
        var row = row(shown, prefix, neighbor: Self.neighborNumber(path.neighbor))
        if path.flags.contains(.filtered) { row.flags.insert(.filtered) }
        if path.flags.contains(.error) { row.flags.insert(.error) }
        if path.flags.contains(.leaked) { row.flags.insert(.leaked) }
        if path.flags.contains(.announced) { row.flags.insert(.announced) }
        if path.flags.contains(.stale) { row.flags.insert(.stale) }
        if path.flags.contains(.loop) { row.flags.insert(.asLoop) }
        let source = neighbor(row.neighbor)
        if path.neighbor == .local || source?.isInternal == true { row.flags.insert(.viaIBGP) }
        let isReachable = path.neighbor == .local || row.trueNextHop != nil
        if !isReachable { row.flags.insert(.nextHopUnreachable) }
        if !isInput {
            if isReachable, path.flags.isDisjoint(with: .ineligible) { row.flags.insert(.valid) }
            if path.isBest { row.flags.insert(.selected) }
        }
        row.take(path.flags)
        row.ageSeconds = routeSecond >= path.lastUpdate ? routeSecond - path.lastUpdate : 0
        return row
    }

    private func sentRow(
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to number: NeighborNumber,
        _ request: RIBPageRequest
    ) -> RIBRow? {
        guard let neighbor = neighbor(number),
            let entry = sentEntry(id, prefix.family, to: neighbor)
        else { return nil }
        var row = row(entry.attributes, prefix, neighbor: number)
        if let own = ownNextHop(instead: entry, prefix.family, to: neighbor) {
            editor.load(entry.attributes, from: routing.attributes)
            editor.setNextHop(own)
            row.attributes = editor.withBytes { bytes in
                unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
            }
            row.nextHop = own.address
            row.trueNextHop = own.address
        }
        row.flags = .valid
        routing.forEachPath(id, prefix.family) { path in
            guard path.neighbor == entry.source else { return }
            row.take(path.flags)
        }
        if entry.source == .local { row.flags.insert([.announced, .viaIBGP]) }
        return row
    }

    private func row(_ attributes: AttributesID, _ prefix: IPPrefix, neighbor: NeighborNumber)
        -> RIBRow
    {
        var row = RIBRow(prefix: prefix, neighbor: neighbor, flags: [])
        let facts = routing.attributes.facts(attributes)
        row.origin = facts.origin
        row.localPreference = facts.localPreference
        row.med = facts.med
        row.weight = facts.marks.weight
        if facts.nextHop != .none {
            row.nextHop = routing.attributes.nextHops.nextHop(facts.nextHop).address
            let state = routing.attributes.nextHops.state(facts.nextHop)
            row.trueNextHop = state.isReachable ? state.gateway : nil
        }
        let bytes = routing.attributes.bytes(attributes)
        if let path = PathAttribute.first(.asPath, in: bytes.span) {
            row.asPath = Array(bytes[path.value])
        }
        row.attributes = bytes
        return row
    }

    /// True where a row satisfies the filter beyond its prefix and neighbor.
    private func passes(_ row: RIBRow, _ filter: RIBFilter) -> Bool {
        if let family = filter.family, row.prefix.family != family { return false }
        if filter.bestOnly, !row.flags.contains(.selected) { return false }
        if filter.filteredOnly, !row.flags.contains(.filtered) { return false }
        if filter.disqualifiedOnly, row.flags.contains(.valid) { return false }
        if let state = filter.originValidation, row.originValidation != state { return false }
        if let state = filter.pathValidation, row.pathValidation != state { return false }
        if filter.malformedOnly, !row.flags.contains(.error) { return false }
        if filter.leakedOnly, !row.flags.contains(.leaked) { return false }
        if let nextHop = filter.nextHop, row.nextHop != nextHop { return false }
        let bytes = row.attributes.span
        if let match = filter.asPath, !Self.passes(match, bytes, own: configuration.localAS) {
            return false
        }
        return filter.communities.allSatisfy { Self.carries($0, bytes) }
    }

    private static func passes(
        _ match: RIBFilter.ASMatch,
        _ bytes: Span<UInt8>,
        own: ASNumber
    ) -> Bool {
        var first: ASNumber?
        var last: ASNumber?
        var isTransit = false
        var isAnywhere = false
        let wanted: ASNumber? =
            switch match {
            case .anywhere(let number), .peer(let number), .source(let number),
                .transit(let number):
                number
            case .emptyPath: nil
            }
        AttributeReading.forEachAS(in: bytes) { entry in
            if first == nil { first = entry.number }
            if last == wanted { isTransit = true }
            last = entry.number
            if entry.number == wanted { isAnywhere = true }
            return true
        }
        return switch match {
        case .anywhere: isAnywhere
        case .peer: (first ?? own) == wanted
        case .source: last == wanted
        case .transit: isTransit
        case .emptyPath: first == nil
        }
    }

    private static func carries(_ pattern: RIBFilter.CommunityPattern, _ bytes: Span<UInt8>) -> Bool
    {
        var found = false
        switch pattern {
        case .standard(let high, let low):
            AttributeReading.forEachCommunity(in: bytes) { community in
                found =
                    (high.map { UInt32($0) == community >> 16 } ?? true)
                    && (low.map { UInt32($0) == community & 0xFFFF } ?? true)
                return !found
            }
        case .large(let administrator, let function, let parameter):
            AttributeReading.forEachLargeCommunity(in: bytes) { community in
                found =
                    (administrator.map { $0 == community.administrator } ?? true)
                    && (function.map { $0 == community.function } ?? true)
                    && (parameter.map { $0 == community.parameter } ?? true)
                return !found
            }
        }
        return found
    }

    // MARK: One prefix

    func route(_ request: RouteRequest) -> RouteDetail {
        var detail = RouteDetail(prefix: request.prefix)
        guard let id = routing.find(request.prefix) else {
            detail.kernel = kernelRows(of: request.prefix)
            return detail
        }
        let family = request.prefix.family
        var paths: [PathView] = []
        routing.forEachPath(id, family) { paths.append($0) }
        detail.paths = paths.map { row($0, request.prefix, as: .locRIB) }
        detail.kernel = kernelRows(of: request.prefix)
        for neighbor in neighbors.all {
            guard sentEntry(id, family, to: neighbor) != nil else { continue }
            detail.announcedTo.append(neighbor.number)
        }
        return detail
    }
}

extension RIBRow {
    /// Takes over what origin validation and ASPA found.
    fileprivate mutating func take(_ flags: PathFlags) {
        originValidation = OriginValidation(rawValue: flags.originValidation) ?? .notFound
        pathValidation = PathValidation(rawValue: flags.pathValidation) ?? .unknown
    }
}

extension IPPrefix {
    /// The prefix of the same length right behind this one; nil behind the last.
    fileprivate var successor: IPPrefix? {
        guard length > 0 else { return nil }
        let last = lastAddress
        // The 32 bits of an IPv4 address are the upper ones of `high`.
        let (low, carry) = last.low.addingReportingOverflow(family == .ipv4 ? 0 : 1)
        let step: UInt64 = family == .ipv4 ? 1 << 32 : carry ? 1 : 0
        let (high, overflow) = last.high.addingReportingOverflow(step)
        guard !overflow else { return nil }
        return IPPrefix(IPAddress(family: family, high: high, low: low), length: length)
    }
}
