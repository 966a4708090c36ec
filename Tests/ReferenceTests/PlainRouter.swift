import Addressing
import BGPWire

/// A neighbor of the router under test.
struct PlainNeighbor {
    var address: IPAddress
    var autonomousSystem: UInt32
    var identifier: UInt32
    /// It can speak of AS numbers of four octets.
    var fourOctetAS = true
    var families: [AddressFamily] = [.ipv4]
    var isClient = false
    var isMultihop = false

    var isInternal: Bool { autonomousSystem == PlainRouter.ownAS }

    var statements: String {
        var lines = ["remote-as \(autonomousSystem)", "passive"]
        for family in families { lines.append("announce \(family.unicastName)") }
        if !fourOctetAS { lines.append("announce as-4byte yes") }
        if isClient { lines.append("route-reflector") }
        if isMultihop { lines.append("multihop 4") }
        return "neighbor \(address) {\n\(lines.joined(separator: "\n"))\n}"
    }
}

/// What the router is to do, said in the slowest and most obvious way: dictionaries of what came in, from which all
/// else is computed anew whenever it is asked for.
struct PlainRouter {
    static let ownAS: UInt32 = 4_200_000_001
    static let ownAddress = IPAddress(ipv4: 0x0A00_0001)
    static let ownIPv6Address = IPAddress(ipv6High: 0x2001_0DB8_FFFF_0000, low: 1)
    static let identifier: UInt32 = 0x0A00_0001
    /// The link that is shared with the neighbors.
    static let link = IPPrefix(ipv4: 0x0A00_0000, length: 24)

    private static let noExport: UInt32 = 0xFFFF_FF01
    private static let noAdvertise: UInt32 = 0xFFFF_FF02
    private static let noExportSubconfed: UInt32 = 0xFFFF_FF03

    let neighbors: [PlainNeighbor]
    var policy: PlainPolicy
    /// What each neighbor with a session has announced, as it was received; nil where there is no session.
    var received: [[IPPrefix: PlainAttributes]?]
    /// The networks that next hops are in and that can be reached, and the gateway; nil for one that is connected.
    var ways: [IPPrefix: IPAddress?]

    /// A path of a prefix.
    struct Path: Hashable {
        /// Nil for an own network.
        var neighbor: Int?
        var received: PlainAttributes
        var filtered: FilteredPlainRoute
        var isLoop = false
        var isReachable = true

        var isEligible: Bool { filtered.isAccepted && !isLoop && isReachable }
        var attributes: PlainAttributes { filtered.attributes }
    }

    // MARK: In

    /// The paths of a prefix, and which of them is the best.
    struct Entry {
        var paths: [Path]
        var best: Path?
    }

    /// Every prefix with a path, decided.
    var table: [IPPrefix: Entry] {
        var table: [IPPrefix: Entry] = [:]
        for prefix in Set(policy.networks.keys).union(received.flatMap { ($0 ?? [:]).keys }) {
            let paths = paths(prefix)
            table[prefix] = Entry(paths: paths, best: best(of: paths))
        }
        return table
    }

    private func paths(_ prefix: IPPrefix) -> [Path] {
        var found: [Path] = []
        if let community = policy.networks[prefix] {
            var attributes = PlainAttributes()
            attributes.localPreference = 100
            let plain = attributes
            attributes.communities = [community]
            found.append(
                Path(
                    neighbor: nil,
                    received: plain,
                    filtered: FilteredPlainRoute(attributes: attributes, isAccepted: true)
                )
            )
        }
        for (number, table) in received.enumerated() {
            guard let attributes = table?[prefix] else { continue }
            let neighbor = neighbors[number]
            var filtered = FilteredPlainRoute(attributes: attributes)
            filtered.pass(policy.rules, .from, prefix, number, neighbor)
            found.append(
                Path(
                    neighbor: number,
                    received: attributes,
                    filtered: filtered,
                    isLoop: isLoop(attributes, neighbor),
                    isReachable: gateway(attributes.nextHop) != nil
                )
            )
        }
        return found
    }

    private func isLoop(_ attributes: PlainAttributes, _ neighbor: PlainNeighbor) -> Bool {
        neighbor.isInternal
            ? attributes.originator == Self.identifier
                || attributes.clusters.contains(Self.identifier)
            : attributes.path.contains(Self.ownAS)
    }

    /// Where packets to a next hop go; nil where there is no way.
    func gateway(_ nextHop: IPAddress?) -> IPAddress? {
        guard let nextHop else { return nil }
        for (network, gateway) in ways where network.contains(nextHop) { return gateway ?? nextHop }
        return nil
    }

    // MARK: The decision (D1)

    private func best(of paths: [Path]) -> Path? {
        let candidates = paths.filter(\.isEligible)
        let preferred = candidates.filter { path in
            candidates.allSatisfy { !Self.isLess(start($0), start(path)) }
        }
        let withoutMED = preferred.filter { path in
            !preferred.contains {
                neighborAS($0) == neighborAS(path)
                    && ($0.attributes.med ?? 0) < (path.attributes.med ?? 0)
            }
        }
        return withoutMED.min { Self.isLess(end($0), end($1)) }
    }

    /// The steps before MED, the smaller the better.
    private func start(_ path: Path) -> [Int64] {
        [
            -Int64(path.attributes.localPreference ?? 100), Int64(path.attributes.path.count),
            Int64(path.attributes.origin),
        ]
    }

    /// The AS within which MED counts.
    private func neighborAS(_ path: Path) -> UInt32 {
        policy.comparesMEDAlways ? 0 : path.attributes.path.first ?? Self.ownAS
    }

    /// The steps after MED.
    private func end(_ path: Path) -> [Int64] {
        let neighbor = path.neighbor.map { neighbors[$0] }
        return [
            neighbor?.isInternal == false ? 0 : 1,
            -Int64(path.filtered.weight),
            Int64(path.attributes.originator ?? neighbor?.identifier ?? Self.identifier),
            Int64(path.attributes.clusters.count),
            Int64(neighbor?.address.ipv4Bits ?? 0),
        ]
    }

    private static func isLess(_ left: [Int64], _ right: [Int64]) -> Bool {
        left.lexicographicallyPrecedes(right)
    }

    // MARK: Out (D2)

    /// What a neighbor with a session is to have of a table.
    func sent(of table: [IPPrefix: Entry], to number: Int) -> [IPPrefix: PlainAttributes] {
        var sent: [IPPrefix: PlainAttributes] = [:]
        for (prefix, entry) in table where neighbors[number].families.contains(prefix.family) {
            sent[prefix] = entry.best.flatMap { self.sent($0, prefix, to: number) }
        }
        return sent
    }

    private func sent(_ path: Path, _ prefix: IPPrefix, to number: Int) -> PlainAttributes? {
        let neighbor = neighbors[number]
        let source = path.neighbor.map { neighbors[$0] }
        if path.neighbor == number { return nil }
        if let source, source.isInternal, neighbor.isInternal, !source.isClient, !neighbor.isClient
        {
            return nil
        }
        let communities = path.attributes.communities
        if communities.contains(Self.noAdvertise) { return nil }
        if !neighbor.isInternal,
            communities.contains(Self.noExport) || communities.contains(Self.noExportSubconfed)
        {
            return nil
        }
        var route = path.filtered
        route.pass(policy.rules, .to, prefix, number, neighbor)
        guard route.isAccepted else { return nil }
        var attributes = route.attributes
        attributes.nextHop = nextHop(route, prefix.family, neighbor)
        if neighbor.isInternal {
            attributes.localPreference = attributes.localPreference ?? 100
            if let source, source.isInternal {
                attributes.originator = attributes.originator ?? source.identifier
                attributes.clusters = [Self.identifier] + attributes.clusters
            }
        } else {
            attributes.path = [Self.ownAS] + attributes.path
            attributes.localPreference = nil
            attributes.originator = nil
            attributes.clusters = []
            if !route.medIsOurs { attributes.med = nil }
        }
        return attributes
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
