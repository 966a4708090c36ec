import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
import KernelRoutes
import Policy
import Routing
import Timekeeping

/// Pages of the routing tables.
extension Speaker {
    /// Prefixes that a filtered page looks at before it says where to go on: some milliseconds.
    private static let scanLimit = 2000
    /// Prefixes that are taken from the order of the table at a time.
    private static let chunkLength = 512
    /// Prefixes of a page that explains each path, at most.
    private static let explainedLimit = 200

    func ribPage(_ request: RIBPageRequest) -> Reply {
        var scope = PageScope.all
        if let selector = request.filter.neighbor {
            let neighbors = select(selector)
            guard !neighbors.isEmpty else { return .refused(.noSuchNeighbor) }
            if neighbors.count == 1, request.filter.prefix == nil {
                scope = .neighbor(Self.routingID(neighbors[0].number))
            }
        }
        if case .adjRIBOut(let number) = request.table {
            guard neighbor(number) != nil else { return .refused(.noSuchNeighbor) }
            scope = .all
        }
        var page = RIBPage()
        page.prefixCount = UInt64(routing.ipv4.prefixCount + routing.ipv6.prefixCount)
        page.pathCount = UInt64(routing.ipv4.pathCount + routing.ipv6.pathCount)
        var filter = RowFilter(request.filter, ownAS: configuration.localAS) {
            Set(select($0).map(\.number))
        }
        if case .adjRIBOut(let number) = request.table, let neighbor = neighbor(number),
            tellsDefaultRouteAlone(neighbor)
        {
            fillDefaultRoutes(&page, request, &filter)
            return .ribPage(page)
        }
        if let match = request.filter.prefix, fill(&page, match, request, &filter) {
            return .ribPage(page)
        }
        scan(&page, scope, request, &filter)
        return .ribPage(page)
    }

    /// Answers a filter that names few prefixes without looking at others; false where it names a range.
    private func fill(
        _ page: inout RIBPage,
        _ match: RIBFilter.PrefixMatch,
        _ request: RIBPageRequest,
        _ filter: inout RowFilter
    ) -> Bool {
        let found: [PrefixID]
        let family: AddressFamily
        switch match {
        case .exact(let prefix):
            family = prefix.family
            found = routing.find(prefix).map { [$0] } ?? []
        case .orShorter(let prefix):
            family = prefix.family
            found = routing.table(family).covering(prefix)
        case .longest(let address):
            family = address.family
            let prefix = IPPrefix(address, length: family.bitCount)
            found = routing.table(family).covering(prefix)
        case .orLonger:
            return false
        }
        for id in found {
            let before = page.rows.count
            append(id, family, to: &page.rows, request, &filter)
            if case .longest = match, page.rows.count > before { return true }
        }
        return true
    }

    /// Walks the order of the table, at most ``scanLimit`` prefixes.
    private func scan(
        _ page: inout RIBPage,
        _ scope: PageScope,
        _ request: RIBPageRequest,
        _ filter: inout RowFilter
    ) {
        let most: UInt32 = request.withReasons ? UInt32(Self.explainedLimit) : 4096
        let limit = Int(min(max(request.limit, 1), most))
        var families = AddressFamily.allCases.filter {
            request.filter.family == nil || request.filter.family == $0
        }
        var range: IPPrefix?
        var scope = scope
        if case .orLonger(let prefix) = request.filter.prefix {
            range = prefix
            scope = .inside(prefix)
            families = families.filter { $0 == prefix.family }
        }
        let isBackward =
            switch request.position {
            case .end, .before: true
            case .start, .at, .after, .share: false
            }
        if isBackward { families.reverse() }
        var start = pageStart(request.position, in: &families, within: range)
        var left = Self.scanLimit
        var found = 0
        var isFirst = true
        families: for family in families {
            var from = start
            start = isBackward ? .last : .first
            while true {
                let wanted = request.filter.isEmpty ? limit - found : Self.chunkLength
                let chunk = routing.page(
                    family,
                    of: scope,
                    from: from,
                    limit: min(wanted, left),
                    scanLimit: left
                )
                if chunk.progress < 1 { page.isPreparing = true }
                if isFirst, let first = chunk.prefixes.first {
                    let whole = range == nil ? scope : .all
                    page.share = share(of: routing.prefix(first, family), whole)
                    isFirst = false
                }
                let isWhole = chunk.prefixes.count == min(wanted, left)
                // Prefixes without a path of the neighbor are passed over, and count.
                left = chunk.resume == nil ? left - chunk.prefixes.count : 0
                var last = chunk.resume
                for id in isBackward ? chunk.prefixes.reversed() : chunk.prefixes {
                    var rows: [RIBRow] = []
                    append(id, family, to: &rows, request, &filter)
                    if chunk.resume == nil { last = routing.prefix(id, family) }
                    guard !rows.isEmpty else { continue }
                    page.rows.append(contentsOf: isBackward ? rows.reversed() : rows)
                    found += 1
                    if found == limit {
                        last = routing.prefix(id, family)
                        break
                    }
                }
                if found == limit || left == 0 {
                    page.next = last
                    if let last {
                        let part = range == nil ? share(of: last, scope) : part(of: last, scope)
                        page.reached = isBackward ? 1_000_000 - part : part
                    }
                    break families
                }
                guard isWhole, let last else { break }
                from = isBackward ? .before(last) : .after(last)
            }
        }
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

    /// How far into a scope of one family a prefix stands, millionths.
    private func part(of prefix: IPPrefix, _ scope: PageScope) -> UInt32 {
        UInt32(clamping: Int64(routing.position(of: prefix, in: scope) * 1_000_000))
    }

    // MARK: Rows

    /// Adds the rows of a prefix that pass the filter.
    func append(
        _ id: PrefixID,
        _ family: AddressFamily,
        to rows: inout [RIBRow],
        _ request: RIBPageRequest,
        _ filter: inout RowFilter
    ) {
        let prefix = routing.prefix(id, family)
        if case .adjRIBOut(let number) = request.table {
            for subject in sentSubjects(id, prefix, to: number)
            where filter.passes(subject, routing.attributes) {
                rows.append(row(subject, withAttributes: request.withAttributes))
            }
            return
        }
        var passing: [(PathView, RowFilter.Subject)] = []
        routing.forEachPath(id, family) { path in
            if request.table == .adjRIBIn, path.neighbor == .local { return }
            let subject = subject(path, prefix, as: request.table)
            if filter.passes(subject, routing.attributes) { passing.append((path, subject)) }
        }
        guard !passing.isEmpty else { return }
        let isTied = request.table == .locRIB && passing.contains { !$0.0.isBest }
        let ties = isTied ? ties(of: id, family) : [:]
        var made = passing.map { path, subject in
            var row = row(subject, withAttributes: request.withAttributes)
            if let tie = ties[path.id] { row.flags.insert(tie) }
            row.ageSeconds = age(since: path.lastUpdate)
            return row
        }
        if request.withReasons, request.table == .locRIB {
            let reasons = reasons(id, family)
            for (place, (path, _)) in passing.enumerated() {
                made[place].reason = reasons[path.id]
            }
            made.sort { ($0.reason?.rank ?? 0) < ($1.reason?.rank ?? 0) }
        }
        rows.append(contentsOf: made)
    }

    /// The flags of the paths that are nearly the best one, which itself is only that.
    private func ties(of id: PrefixID, _ family: AddressFamily) -> [PathID: RIBFlags] {
        var flags: [PathID: RIBFlags] = [:]
        for tie in routing.ties(of: id, family) where !tie.path.isBest {
            flags[tie.path.id] = tie.isEqualCost ? .equalCost : .asWide
        }
        return flags
    }

    /// Seconds since that second of the tables.
    func age(since second: UInt32) -> UInt32 {
        routeSecond >= second ? routeSecond - second : 0
    }

    /// A path as a filter sees it.
    private func subject(
        _ path: PathView,
        _ prefix: IPPrefix,
        as table: RIBPageRequest.Table
    ) -> RowFilter.Subject {
        let isInput = table == .adjRIBIn
        let shown = isInput || path.effective == .none ? path.received : path.effective
        let number = Self.neighborNumber(path.neighbor)
        var flags: RIBFlags = []
        if path.flags.contains(.filtered) { flags.insert(.filtered) }
        if path.flags.contains(.error) { flags.insert(.error) }
        if path.flags.contains(.leaked) { flags.insert(.leaked) }
        if path.flags.contains(.announced) { flags.insert(.announced) }
        if path.flags.contains(.stale) { flags.insert(.stale) }
        if path.flags.contains(.loop) { flags.insert(.asLoop) }
        let source = neighbor(number)
        if path.neighbor == .local || source?.isInternal == true { flags.insert(.viaIBGP) }
        let isReachable = path.neighbor == .local || hasReachableNextHop(shown)
        if !isReachable { flags.insert(.nextHopUnreachable) }
        if !isInput {
            if isReachable, path.flags.isDisjoint(with: .ineligible) { flags.insert(.valid) }
            if path.isBest { flags.insert(.selected) }
        }
        var subject = RowFilter.Subject(
            prefix: prefix,
            neighbor: number,
            attributes: shown,
            flags: flags
        )
        subject.take(path.flags)
        // What was agreed on is there also while a session is lost and its routes are kept.
        if path.pathID != 0 || source?.agreed?.addPathReceive.contains(prefix.family) == true {
            subject.pathID = path.pathID
        }
        return subject
    }

    private func hasReachableNextHop(_ attributes: AttributesID) -> Bool {
        let nextHop = routing.attributes.facts(attributes).nextHop
        return nextHop != .none && routing.attributes.nextHops.state(nextHop).isReachable
    }

    /// What a neighbor has been sent of a prefix, as a filter sees it; each path, where it takes several.
    private func sentSubjects(
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to number: NeighborNumber
    ) -> [RowFilter.Subject] {
        guard let paths = neighbor(number)?.export?.paths else {
            return sentSubject(id, prefix, to: number).map { [$0] } ?? []
        }
        return paths.paths(id, prefix.family).map { path in
            var subject = subject(sent: path.attributes, of: path.source, id, prefix, to: number)
            if paths.families.contains(prefix.family) { subject.pathID = path.pathID }
            return subject
        }
    }

    private func sentSubject(
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to number: NeighborNumber
    ) -> RowFilter.Subject? {
        guard let neighbor = neighbor(number),
            let entry = sentEntry(id, prefix.family, to: neighbor)
        else { return nil }
        var subject = subject(sent: entry.attributes, of: entry.source, id, prefix, to: number)
        subject.sentNextHop = ownNextHop(instead: entry, prefix.family, to: neighbor)
        return subject
    }

    /// One sent path; what validation found is that of its source's best path of the prefix.
    private func subject(
        sent attributes: AttributesID,
        of source: NeighborID,
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to number: NeighborNumber
    ) -> RowFilter.Subject {
        var subject = RowFilter.Subject(
            prefix: prefix,
            neighbor: number,
            attributes: attributes,
            flags: source == .local ? [.valid, .announced, .viaIBGP] : .valid
        )
        var validation: PathFlags?
        routing.forEachPath(id, prefix.family) { path in
            if path.neighbor == source, validation == nil { validation = path.flags }
        }
        if let validation { subject.take(validation) }
        return subject
    }

    /// The row of what a filter has seen.
    private func row(_ subject: RowFilter.Subject, withAttributes: Bool) -> RIBRow {
        var row = RIBRow(
            prefix: subject.prefix,
            neighbor: subject.neighbor,
            flags: subject.flags
        )
        row.pathID = subject.pathID
        row.originValidation = subject.originValidation
        row.pathValidation = subject.pathValidation
        let facts = routing.attributes.facts(subject.attributes)
        row.origin = facts.origin
        row.localPreference = facts.localPreference
        row.med = facts.med
        row.weight = facts.marks.weight
        if facts.nextHop != .none {
            row.nextHop = routing.attributes.nextHops.nextHop(facts.nextHop).address
            let state = routing.attributes.nextHops.state(facts.nextHop)
            row.trueNextHop = state.isReachable ? state.gateway : nil
        }
        row.asPath = routing.attributes.withBytes(subject.attributes) { bytes in
            guard let path = PathAttribute.first(.asPath, in: bytes) else { return [] }
            return path.value.map { bytes[$0] }
        }
        if withAttributes { row.attributes = routing.attributes.bytes(subject.attributes) }
        if let own = subject.sentNextHop {
            row.nextHop = own.address
            row.trueNextHop = own.address
            if withAttributes {
                editor.load(subject.attributes, from: routing.attributes)
                editor.setNextHop(own)
                row.attributes = editor.withBytes { bytes in
                    unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
                }
            }
        }
        return row
    }

    // MARK: One prefix

    func route(_ request: RouteRequest) -> RouteDetail {
        var detail = RouteDetail(prefix: request.prefix)
        guard let id = routing.findHeld(request.prefix) else {
            detail.kernel = kernelRows(of: request.prefix)
            return detail
        }
        let family = request.prefix.family
        let page = RIBPageRequest(
            table: .locRIB,
            limit: 1,
            withAttributes: true,
            withReasons: true
        )
        var all = RowFilter(RIBFilter(), ownAS: configuration.localAS) { _ in [] }
        append(id, family, to: &detail.paths, page, &all)
        detail.kernel = kernelRows(of: request.prefix)
        for neighbor in neighbors.all {
            let isTold =
                neighbor.export?.paths.map { !$0.paths(id, family).isEmpty }
                ?? (sentEntry(id, family, to: neighbor) != nil)
            guard isTold else { continue }
            detail.announcedTo.append(neighbor.number)
        }
        return detail
    }
}

extension RowFilter.Subject {
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
