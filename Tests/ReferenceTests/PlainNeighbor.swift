import Addressing
import BGPWire

/// A neighbor of the router under test: what it can do, and what the router's configuration says of it.
struct PlainNeighbor {
    var address: IPAddress
    var autonomousSystem: UInt32
    var identifier: UInt32
    /// It can speak of AS numbers of four octets.
    var fourOctetAS = true
    var families: [AddressFamily] = [.ipv4]
    var isClient = false
    var isMultihop = false
    /// `reject as-set`.
    var rejectsASSet = true

    // ADD-PATH (RFC 7911): what it is configured for, and the families in which the neighbor does its part.
    var takesSeveral = false
    var sentChoice = PlainPathChoice.none
    var offersToSend: Set<AddressFamily> = []
    var offersToTake: Set<AddressFamily> = []

    /// What we are to it (RFC 9234); it may not have heard of roles.
    var role: PlainRole?
    var knowsRoles = true

    /// What it offers in most of its sessions.
    var restart: PlainRestart?

    /// It tells where a refresh begins and ends, and understands it (RFC 7313).
    var knowsEnhancedRefresh = false

    var isInternal: Bool { autonomousSystem == PlainRouter.ownAS }

    /// Roles are for eBGP.
    var externalRole: PlainRole? { isInternal ? nil : role }

    /// How its UPDATEs are written.
    var form: PlainUpdate.Form {
        PlainUpdate.Form(fourOctetAS: fourOctetAS, pathIDs: takesSeveral ? offersToSend : [])
    }

    /// How UPDATEs to it are written.
    var sentForm: PlainUpdate.Form {
        PlainUpdate.Form(
            fourOctetAS: fourOctetAS,
            pathIDs: sentChoice == .none ? [] : offersToTake
        )
    }

    /// Its block in the configuration, where policy says that too.
    func statements(_ policy: [String]) -> String {
        var lines = ["remote-as \(autonomousSystem)", "passive"]
        for family in families { lines.append("announce \(family.unicastName)") }
        if !fourOctetAS { lines.append("announce as-4byte yes") }
        if isClient { lines.append("route-reflector") }
        if isMultihop { lines.append("multihop 4") }
        if !rejectsASSet { lines.append("reject as-set no") }
        if takesSeveral { lines.append("announce add-path recv yes") }
        if sentChoice != .none { lines.append("announce add-path send \(sentChoice.words)") }
        if let role { lines.append("role \(role.rawValue)") }
        if let restart {
            lines.append("staletime \(restart.staleTime)")
            lines.append("announce graceful notification \(restart.isConfigured ? "yes" : "no")")
        }
        lines += policy
        return "neighbor \(address) {\n\(lines.joined(separator: "\n"))\n}"
    }

    /// What its OPEN offers in a session.
    func capabilities(_ restart: PlainRestart?) -> Capabilities {
        var capabilities = Capabilities()
        for family in families { capabilities.families.insert(FamilySet(family)) }
        capabilities.routeRefresh = true
        capabilities.enhancedRouteRefresh = knowsEnhancedRefresh
        if fourOctetAS { capabilities.fourOctetAS = ASNumber(autonomousSystem) }
        let several = families.filter { offersToSend.union(offersToTake).contains($0) }
        if !several.isEmpty {
            capabilities.addPath = several.flatMap { family -> [UInt8] in
                let mode: UInt8 =
                    (offersToTake.contains(family) ? 1 : 0)
                    + (offersToSend.contains(family) ? 2 : 0)
                return [0, family == .ipv4 ? 1 : 2, 1, mode]
            }
        }
        if let role = externalRole, knowsRoles { capabilities.role = role.counterpartCode }
        capabilities.gracefulRestart = restart?.capability
        return capabilities
    }
}

/// Which paths of a prefix a neighbor is sent (D1).
enum PlainPathChoice: Hashable {
    case none
    case all
    case best(backups: Int)
    case ecmp(most: Int?, backups: Int)
    case asWideBest(most: Int?, backups: Int)

    var words: String {
        switch self {
        case .none: "no"
        case .all: "all"
        case .best(let backups): "best" + Self.words(nil, backups)
        case .ecmp(let most, let backups): "ecmp" + Self.words(most, backups)
        case .asWideBest(let most, let backups): "as-wide-best" + Self.words(most, backups)
        }
    }

    private static func words(_ most: Int?, _ backups: Int) -> String {
        (backups > 0 ? " plus \(backups)" : "") + (most.map { " max \($0)" } ?? "")
    }
}

/// How a session ends.
enum PlainEnd { case broken, notification, hardReset }

/// What we are to a neighbor, and what follows from it for Only-to-Customer (RFC 9234 §5).
enum PlainRole: String, CaseIterable {
    case provider, customer, peer
    case routeServer = "rs"
    case routeServerClient = "rs-client"

    /// What the neighbor says that it is (§4.1, table 1).
    var counterpartCode: UInt8 {
        switch self {
        case .customer: 0
        case .routeServerClient: 1
        case .routeServer: 2
        case .provider: 3
        case .peer: 4
        }
    }

    /// The neighbor is our provider, our peer or our route server.
    var isBelowOrBeside: Bool { self == .customer || self == .peer || self == .routeServerClient }

    /// The neighbor is our customer, our peer or our route server's client.
    var isAboveOrBeside: Bool { self == .provider || self == .peer || self == .routeServer }

    /// The ingress rules 1 and 2: from a customer nothing may come with it, from a peer what the peer itself added.
    func isLeak(_ onlyToCustomer: UInt32?, from autonomousSystem: UInt32) -> Bool {
        guard let onlyToCustomer else { return false }
        return switch self {
        case .provider, .routeServer: true
        case .peer: onlyToCustomer != autonomousSystem
        case .customer, .routeServerClient: false
        }
    }
}

/// A neighbor that knows of graceful restarts (RFC 4724), and of those by NOTIFICATION (RFC 8538).
struct PlainRestart: Hashable {
    var families: Set<AddressFamily>
    /// Those in which it has forwarded packets all the time.
    var preserved: Set<AddressFamily> = []
    /// Seconds that it wants to be waited for, and those that we are willing to.
    var restartTime: UInt16
    var staleTime: Int
    /// The N bit, and `announce graceful notification`.
    var survivesNotification = false
    var isConfigured = false

    /// The families whose routes are kept after such an end (RFC 4724 §4.2, RFC 8538 §4).
    func kept(after end: PlainEnd) -> Set<AddressFamily> {
        switch end {
        case .broken: families
        case .notification: survivesNotification && isConfigured ? families : []
        case .hardReset: []
        }
    }

    /// The capability's value (RFC 4724 §3).
    var capability: [UInt8] {
        [(survivesNotification ? 0x40 : 0) | UInt8(restartTime >> 8), UInt8(restartTime & 255)]
            + families.sorted().flatMap { family -> [UInt8] in
                [0, family == .ipv4 ? 1 : 2, 1, preserved.contains(family) ? 0x80 : 0]
            }
    }
}
