import Addressing

/// What the router is to do, said in the slowest and most obvious way: dictionaries of what came in, from which all
/// else is computed anew whenever it is asked for.
struct PlainRouter {
    static let ownAS: UInt32 = 4_200_000_001
    static let ownAddress = IPAddress(ipv4: 0x0A00_0001)
    static let ownIPv6Address = IPAddress(ipv6High: 0x2001_0DB8_FFFF_0000, low: 1)
    static let identifier: UInt32 = 0x0A00_0001
    /// The link that is shared with the neighbors.
    static let link = IPPrefix(ipv4: 0x0A00_0000, length: 24)

    let neighbors: [PlainNeighbor]
    var policy: PlainPolicy
    /// What each neighbor has told.
    var told: [PlainAdjRIBIn]
    /// The networks that next hops are in and that can be reached, and the gateway; nil for one that is connected.
    var ways: [IPPrefix: IPAddress?]
    /// Seconds.
    private var now = 0

    init(neighbors: [PlainNeighbor], policy: PlainPolicy, ways: [IPPrefix: IPAddress?]) {
        self.neighbors = neighbors
        self.policy = policy
        self.ways = ways
        told = neighbors.map { _ in PlainAdjRIBIn() }
    }

    // MARK: What happens

    /// A session is there.
    mutating func establish(_ number: Int, _ restart: PlainRestart?) {
        told[number].establish(restart)
    }

    mutating func lose(_ number: Int, by end: PlainEnd) { told[number].lose(at: now, by: end) }

    mutating func wait() {
        now += 1
        for number in neighbors.indices { told[number].timePasses(to: now) }
    }

    /// An UPDATE arrives.
    mutating func hear(_ update: PlainUpdate, from number: Int) {
        if let family = update.endOfRIB { told[number].endOfRIB(family) }
        for nlri in update.withdrawn { told[number].withdraw(nlri) }
        var attributes = update.attributes
        // Who does not know an attribute says so on it (RFC 4271 §5).
        if attributes.unknown != nil { attributes.isPartial = true }
        if isMalformed(update, neighbors[number]) {
            attributes = PlainAttributes()
            attributes.isMalformed = true
        }
        for nlri in update.announced { told[number].announce(nlri, attributes) }
    }

    /// Its prefixes count as withdrawn (RFC 7606); an AS_SET can be a fault too (RFC 9774).
    private func isMalformed(_ update: PlainUpdate, _ neighbor: PlainNeighbor) -> Bool {
        let path = update.attributes.path
        return !update.brokenOctets.isEmpty || update.attributes.origin > 2
            || !neighbor.isInternal && path.first != neighbor.autonomousSystem
            || neighbor.rejectsASSet && path.hasSet
    }

    // MARK: In

    /// A path of a prefix.
    struct Path: Hashable {
        /// Nil for an own network.
        var neighbor: Int?
        var pathID: UInt32?
        var received: PlainAttributes
        var filtered: FilteredPlainRoute
        var isMalformed = false
        var isStale = false
        var isLoop = false
        var isLeak = false
        var isReachable = true

        var isEligible: Bool {
            filtered.isAccepted && !isLoop && !isLeak && !isMalformed && isReachable
        }
        var attributes: PlainAttributes { filtered.attributes }
    }

    /// Every prefix with a path, decided.
    var table: [IPPrefix: Entry] {
        let prefixes = Set(policy.networks.keys)
            .union(told.flatMap(\.routes.keys).map(\.prefix))
        return Dictionary(
            uniqueKeysWithValues: prefixes.map { ($0, decide(paths($0))) }
        )
    }

    private func paths(_ prefix: IPPrefix) -> [Path] {
        var found: [Path] = []
        if let community = policy.networks[prefix] { found.append(ownNetwork(community)) }
        for number in neighbors.indices {
            for (nlri, attributes) in told[number].routes where nlri.prefix == prefix {
                found.append(path(nlri, attributes, from: number))
            }
        }
        return found
    }

    private func ownNetwork(_ community: UInt32) -> Path {
        var path = ownPath()
        path.filtered.attributes.communities = [community]
        return path
    }

    /// A route that begins here.
    func ownPath() -> Path {
        var attributes = PlainAttributes()
        attributes.localPreference = 100
        return Path(
            received: attributes,
            filtered: FilteredPlainRoute(attributes: attributes, isAccepted: true)
        )
    }

    private func path(_ nlri: PlainNLRI, _ told: PlainAttributes, from number: Int) -> Path {
        let neighbor = neighbors[number]
        var received = told
        received.isMalformed = false
        // RFC 9234 §5, ingress rule 3.
        if let role = neighbor.externalRole, role.isBelowOrBeside, !told.isMalformed {
            received.onlyToCustomer = told.onlyToCustomer ?? neighbor.autonomousSystem
        }
        var filtered = FilteredPlainRoute(attributes: received, isAccepted: true)
        if !told.isMalformed {
            filtered.pass(policy.rules, .from, nlri.prefix, number, neighbor)
        }
        return Path(
            neighbor: number,
            pathID: nlri.pathID,
            received: received,
            filtered: filtered,
            isMalformed: told.isMalformed,
            isStale: self.told[number].isStale(nlri),
            isLoop: isLoop(received, neighbor),
            isLeak: neighbor.externalRole?
                .isLeak(told.onlyToCustomer, from: neighbor.autonomousSystem) ?? false,
            isReachable: gateway(received.nextHop) != nil
        )
    }

    private func isLoop(_ attributes: PlainAttributes, _ neighbor: PlainNeighbor) -> Bool {
        neighbor.isInternal
            ? attributes.originator == Self.identifier
                || attributes.clusters.contains(Self.identifier)
            : attributes.path.numbers.contains(Self.ownAS)
    }

    /// Where packets to a next hop go; nil where there is no way.
    func gateway(_ nextHop: IPAddress?) -> IPAddress? {
        guard let nextHop else { return nil }
        for (network, gateway) in ways where network.contains(nextHop) { return gateway ?? nextHop }
        return nil
    }

    // MARK: The kernel

    /// Where each route of ours goes, by a table; nil for nowhere.
    func kernel(of table: [IPPrefix: Entry]) -> [IPPrefix: IPAddress?] {
        var routes: [IPPrefix: IPAddress?] = [:]
        for (prefix, entry) in table {
            guard let best = entry.best, best.neighbor != nil else { continue }
            routes.updateValue(
                best.filtered.nextHop == .blackhole ? nil : gateway(best.attributes.nextHop),
                forKey: prefix
            )
        }
        return routes
    }
}
