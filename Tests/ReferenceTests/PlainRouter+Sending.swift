import Addressing

/// What goes out (D2).
extension PlainRouter {
    private static let noExport: UInt32 = 0xFFFF_FF01
    private static let noAdvertise: UInt32 = 0xFFFF_FF02
    private static let noExportSubconfed: UInt32 = 0xFFFF_FF03

    /// What a neighbor with a session is to have of a table.
    func sent(of table: [IPPrefix: Entry], to number: Int) -> [IPPrefix: [PlainAttributes]] {
        var sent: [IPPrefix: [PlainAttributes]] = [:]
        switch policy.exports[number] {
        case .nothing: return [:]
        case .defaultRoute:
            for family in neighbors[number].families {
                let prefix = IPPrefix(.unspecified(family), length: 0)
                sent[prefix] = self.sent(ownPath(), prefix, to: number).map { [$0] }
            }
            return sent
        case nil: break
        }
        for (prefix, entry) in table where neighbors[number].families.contains(prefix.family) {
            let told = told(of: entry, prefix, to: number)
            if !told.isEmpty { sent[prefix] = told }
        }
        return sent
    }

    // MARK: Which paths (D1)

    /// A set that begins with the best path, at most so many of it, and backups: the best of the others.
    ///
    /// What the neighbor may not have is not counted.
    private func told(of entry: Entry, _ prefix: IPPrefix, to number: Int) -> [PlainAttributes] {
        let neighbor = neighbors[number]
        let hasPathIDs = neighbor.sentForm.pathIDs.contains(prefix.family)
        let set: [Path]
        var most: Int?
        var backups = 0
        switch hasPathIDs ? neighbor.sentChoice : .none {
        case .none: return only(entry.ranking, prefix, to: number).map { [$0] } ?? []
        case .all: set = entry.ranking
        case .best(let count):
            set = Array(entry.ranking.prefix(1))
            backups = count
        case .ecmp(let limit, let count):
            set = Array(entry.equalCost)
            (most, backups) = (limit, count)
        case .asWideBest(let limit, let count):
            set = Array(entry.wide)
            (most, backups) = (limit, count)
        }
        var first: [PlainAttributes] = []
        var others: [PlainAttributes] = []
        for path in entry.ranking {
            guard let told = sent(path, prefix, to: number) else { continue }
            if set.contains(path), first.count < most ?? .max {
                first.append(told)
            } else {
                others.append(told)
            }
        }
        return first + others.prefix(backups)
    }

    /// The best path; where policy refuses it and that is wanted, the next one, and so on.
    private func only(
        _ ranking: [Path],
        _ prefix: IPPrefix,
        to number: Int
    ) -> PlainAttributes? {
        let triesAll = (policy.evaluations[number] ?? policy.evaluation) == .all
        for path in triesAll ? ranking[...] : ranking.prefix(1) {
            if isAllowed(path, prefix, to: number) { return sent(path, prefix, to: number) }
        }
        return nil
    }

    // MARK: What becomes of a path

    /// What output policy says, whoever may have the path.
    private func isAllowed(_ path: Path, _ prefix: IPPrefix, to number: Int) -> Bool {
        var route = path.filtered
        route.pass(policy.rules, .to, prefix, number, neighbors[number])
        return route.isAccepted && !isMarkedBack(path, for: number)
    }

    /// RFC 9234 §5, egress rule 2.
    private func isMarkedBack(_ path: Path, for number: Int) -> Bool {
        guard let role = neighbors[number].externalRole else { return false }
        return role.isBelowOrBeside && path.attributes.onlyToCustomer != nil
    }

    private func sent(_ path: Path, _ prefix: IPPrefix, to number: Int) -> PlainAttributes? {
        guard isMeant(path, for: number) else { return nil }
        let neighbor = neighbors[number]
        var route = path.filtered
        route.pass(policy.rules, .to, prefix, number, neighbor)
        guard route.isAccepted else { return nil }
        var attributes = route.attributes
        attributes.nextHop = nextHop(route, prefix.family, neighbor)
        if neighbor.isInternal {
            attributes.localPreference = attributes.localPreference ?? 100
            if let source = path.neighbor.map({ neighbors[$0] }), source.isInternal {
                attributes.originator = attributes.originator ?? source.identifier
                attributes.clusters = [Self.identifier] + attributes.clusters
            }
        } else {
            attributes.path = attributes.path.prepended(Self.ownAS)
            attributes.localPreference = nil
            attributes.originator = nil
            attributes.clusters = []
            if !route.medIsOurs { attributes.med = nil }
        }
        // RFC 9234 §5, egress rule 1.
        if let role = neighbor.externalRole, role.isAboveOrBeside {
            attributes.onlyToCustomer = attributes.onlyToCustomer ?? Self.ownAS
        }
        return attributes
    }

    /// What comes before any filter.
    private func isMeant(_ path: Path, for number: Int) -> Bool {
        let neighbor = neighbors[number]
        let source = path.neighbor.map { neighbors[$0] }
        if path.neighbor == number { return false }
        if let source, source.isInternal, neighbor.isInternal, !source.isClient, !neighbor.isClient
        {
            return false
        }
        let communities = path.attributes.communities
        if communities.contains(Self.noAdvertise) { return false }
        if !neighbor.isInternal,
            communities.contains(Self.noExport) || communities.contains(Self.noExportSubconfed)
        {
            return false
        }
        return !isMarkedBack(path, for: number)
    }

    private func nextHop(
        _ route: FilteredPlainRoute,
        _ family: AddressFamily,
        _ neighbor: PlainNeighbor
    ) -> IPAddress {
        let own = family == .ipv4 ? Self.ownAddress : Self.ownIPv6Address
        guard let present = route.attributes.nextHop, present != neighbor.address else {
            return own
        }
        if route.nextHop == .ours { return own }
        if neighbor.isInternal || route.nextHop == .kept { return present }
        let isShared = Self.link.contains(present) && Self.link.contains(neighbor.address)
        return isShared && !neighbor.isMultihop ? present : own
    }
}
