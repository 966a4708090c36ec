package import Addressing
import Attributes
import BGPSession
import BGPWire
package import Configuration
package import Control
import KernelRoutes
import Policy
import RPKI
import Routing
package import Timekeeping

/// The router: neighbors, routing, policy, kernel routes and the event stream put together, without I/O.
///
/// Everything comes in through a function with the time of the turn and goes out as ``Effect`` values
/// in the order in which they are to be done. The same calls give the same effects, byte for byte.
/// Nothing long happens at once: what a call leaves over is worked off by ``work(units:)``.
///
/// One object, not a noncopyable value: the compiler's ownership check of so large a value, in every function,
/// took minutes a build.
package final class Speaker {
    var configuration: Configuration {
        didSet { hasROAs = !configuration.roaTable.isEmpty }
    }
    /// Origins can be validated; beside the configuration, for it is asked once a message.
    private(set) var hasROAs: Bool
    let environment: SpeakerEnvironment
    let routerID: IPAddress
    let startedAt: Instant
    let startedWall: WallTime

    /// The moment of the turn, and the same moment as people date it.
    var now: Instant
    var wall: WallTime
    /// For how long the turn before this one kept us from reading; zero where it was short or we have waited since.
    var busy: Duration = .zero
    /// When the last turn ended.
    var turnEnd: Instant
    var turns = TurnMeter()
    var phase = Phase.running
    var stopProgress: (since: Instant, done: Int) = (.zero, 0)
    var effects: [Effect] = []

    var neighbors = NeighborTable()
    /// The sets of the configuration as the filters of all neighbors use them.
    var setTables: SetTables
    var connections: [ConnectionID: NeighborNumber] = [:]

    let routing: RoutingTables
    var updateDecoder = UpdateDecoder()
    /// Announced routes on their way into the tables.
    var arriving = ArrivingRoutes()
    var updateBuilder = UpdateBuilder()
    var editor = AttributesEditor()
    /// Neighbors that are sent routes.
    var exporters: [NeighborNumber] = []
    /// The host's addresses by which the exporters' next hops were chosen.
    var exportAddresses: [InterfaceAddress] = []
    /// Who is told the same, in the order in which the groups came to be.
    var groups: [UpdateGroup] = []
    /// What groups without members had been told, on its way back to the attribute store.
    var endedGroups: [UpdateGroup] = []
    /// Members that change their groups; the first are moved first.
    var moves: [GroupMove] = []
    /// Whose output policy or next hops changed while others were moved; nil where nothing did.
    var regroupDue: Set<NeighborNumber>?
    /// The same of neighbors that were told of several paths.
    var endedPaths: [PathExport] = []
    var exportBatch = ExportBatch()
    /// Octets of UPDATEs that wait for members of a group before the slowest is told by its own marks.
    package var updateLogLimit = 4 << 20

    /// Neighbors whose output policy a reload has changed so far.
    var changedOutput: Set<NeighborNumber> = []

    /// Routes that wait to be filtered again.
    var refilter = Refilter()

    var kernel: KernelRoutes
    /// The kernel's listener; nil where nothing is programmed, and no prefix is touched for its sake.
    let kernelListener: ListenerID?
    /// The kernel's next hop set for each reachable next hop of ours, by its number; each holds a reference.
    var kernelSets: [KernelSet] = []
    var sharedNextHops = SharedNextHops()
    var isConverged = false
    /// Where our own restart stands.
    var restart = OwnRestart.none
    /// What the first OPEN to a neighbor says of the time before it.
    var pastForwarding = PastForwarding()

    var messageLog = MessageLog()
    var eventLog = EventLog()
    var repeatedEvents = RepeatedEvents()
    var signatures = SignatureWatch()
    var ratesIn = RateMeter()
    var ratesOut = RateMeter()
    var ratesKernel = RateMeter()
    var rateTickDue: Instant
    var kernelGeneration: UInt64 = 0

    enum Phase {
        case running
        /// Sessions have been told; kernel routes are being withdrawn.
        case stopping
        case stopped
    }

    /// A speaker with that configuration; ``start()`` begins its sessions.
    package init(
        configuration: Configuration,
        environment: SpeakerEnvironment,
        now: Instant,
        wall: WallTime
    ) {
        self.configuration = configuration
        hasROAs = !configuration.roaTable.isEmpty
        setTables = SetTables(configuration.filter.sets)
        self.environment = environment
        self.now = now
        self.wall = wall
        turnEnd = now
        startedAt = now
        startedWall = wall
        rateTickDue = now + .seconds(1)
        routerID = configuration.routerID ?? environment.routerID
        var rules = DecisionRules(ownAS: configuration.localAS)
        rules.comparesMEDAlways = configuration.medCompare == .always
        rules.evaluatesAge = configuration.routeAge == .evaluate
        routing = RoutingTables(rules: rules, seed: environment.seed)
        let isProgramming = environment.kernelOffReason == nil
        kernelListener =
            isProgramming
            ? routing.addListener(followsPaths: configuration.fibMultipath > 1) : nil
        var qualification: NextHopQualification = []
        if configuration.nextHopViaBGP { qualification.insert(.bgp) }
        if configuration.nextHopViaDefault { qualification.insert(.defaultRoute) }
        kernel = KernelRoutes(
            ownership: KernelOwnership(
                protocolNumber: configuration.fibPriority,
                metric: configuration.fibMetric
            ),
            qualification: qualification,
            seed: environment.seed
        )
        kernel.isProgramming = isProgramming
        routing.setNeighbor(
            .local,
            NeighborFacts(
                isInternal: true,
                identifier: routerID.ipv4Bits,
                address: .unspecified(.ipv4)
            )
        )
        addNeighbors()
        announce(configuration.networks)
    }

    deinit {
        // Groups and their members hold each other.
        for neighbor in neighbors.all { neighbor.export = nil }
    }

    private func addNeighbors() {
        for neighbor in configuration.neighbors { _ = addNeighbor(neighbor, of: nil) }
    }

    /// Adds a neighbor of the file, or a clone of a template; nil where there are too many.
    func addNeighbor(_ added: NeighborConfiguration, of template: Neighbor?) -> Neighbor? {
        guard let number = neighbors.newNumber(for: added.identity) else { return nil }
        let neighbor = Neighbor(
            number: number,
            configuration: added,
            template: template,
            peer: configuration.policyPeer(added, template: template?.configuration.identity),
            program: configuration.filter,
            tables: setTables,
            session: Session(
                configuration: sessionConfiguration(added),
                seed: environment.seed &+ UInt64(number.value) &* 0x9E37_79B9_7F4A_7C15
            ),
            hasOldRoutes: pathCount(of: number) > 0,
            now: now
        )
        neighbors.add(neighbor)
        return neighbor
    }

    func sessionConfiguration(_ neighbor: NeighborConfiguration) -> SessionConfiguration {
        var session = SessionConfiguration(
            localAS: neighbor.localAS?.number ?? configuration.localAS,
            remoteAS: neighbor.remoteAS.value == 0 ? nil : neighbor.remoteAS,
            identifier: routerID.ipv4Bits
        )
        let shortAS = neighbor.localAS?.short ?? configuration.shortAS
        session.fallbackAS = ASNumber(UInt32(shortAS))
        session.holdTime = neighbor.holdTime
        session.minimumHoldTime = neighbor.minHoldTime
        session.connectRetryTime = neighbor.connectRetry
        session.isPassive = neighbor.isPassive
        session.down = neighbor.down?.reason
        session.families = neighbor.families
        session.enforcedFamilies = neighbor.enforcedFamilies
        session.transportFingerprint = neighbor.transportFingerprint
        session.routeRefresh = CapabilityDemand(neighbor.announceRefresh)
        session.fourOctetAS = CapabilityDemand(neighbor.announceAS4)
        session.addPathReceive = CapabilityDemand(neighbor.announceAddPathReceive)
        if neighbor.addPathSend.paths != .none {
            session.addPathSend = neighbor.addPathSend.isEnforced ? .enforce : .yes
        }
        session.enhancedRefresh = CapabilityDemand(neighbor.announceEnhancedRefresh)
        session.extendedNextHop = CapabilityDemand(neighbor.announceExtendedNextHop)
        session.extendedMessage = CapabilityDemand(neighbor.announceExtendedMessage)
        session.gracefulRestart = CapabilityDemand(neighbor.announceRestart)
        session.gracefulNotification = neighbor.announceGracefulNotification
        if keepsKernelRoutes {
            session.restartFamilies = neighbor.families
            session.restartTime = Self.restartTime
        }
        session.pastForwarding = pastForwarding
        session.role = neighbor.role
        session.roleCapability = CapabilityDemand(neighbor.announcePolicy)
        return session
    }

    /// The identifier of the cluster that we reflect for (RFC 4456 §7), host order.
    var clusterID: UInt32 { (configuration.clusterID ?? routerID).ipv4Bits }

    /// An event as a log line, which names its neighbor as `192.0.2.2 (r2)`, or by its address alone.
    package func line(of event: EventRow) -> String {
        guard let number = event.neighbor else { return event.line(neighbor: nil) }
        guard let configured = neighbors[number]?.configuration else {
            return event.line(neighbor: event.neighborName)
        }
        let address = configured.addressText
        let name = configured.description.map { "\(address) (\($0))" }
        return event.line(neighbor: name ?? address)
    }

    /// The address of a neighbor or the first of a template's prefix; nil where there is none.
    package func address(of number: NeighborNumber) -> IPAddress? {
        neighbors[number]?.configuration.address
    }

    /// The keys that listening sockets must have before a neighbor's SYN comes.
    package var listenKeys: [ListenKey] {
        neighbors.all.compactMap { neighbor in
            // A template's key holds for those that it makes.
            guard neighbor.template == nil else { return nil }
            return neighbor.configuration.md5Key.map {
                ListenKey(
                    address: neighbor.configuration.address,
                    prefixLength: neighbor.configuration.templateLength,
                    scope: neighbor.configuration.scope,
                    key: $0
                )
            }
        }
    }
}

extension CapabilityDemand {
    fileprivate init(_ use: CapabilityUse) {
        switch use {
        case .no: self = .no
        case .yes: self = .yes
        case .enforce: self = .enforce
        }
    }
}

/// What the speaker is told about the world at its start.
package struct SpeakerEnvironment: Sendable {
    /// Of every random choice that the speaker makes.
    package var seed: UInt64
    package var version: String
    package var hostName: String
    package var processID: Int32
    package var configurationPath: String
    package var socketPath: String
    /// Why the kernel is left alone; nil where routes are programmed.
    package var kernelOffReason: String?
    /// The BGP Identifier where the configuration names none.
    package var routerID: IPAddress

    package init(
        seed: UInt64,
        version: String,
        hostName: String,
        processID: Int32,
        configurationPath: String,
        socketPath: String,
        kernelOffReason: String?,
        routerID: IPAddress
    ) {
        self.seed = seed
        self.version = version
        self.hostName = hostName
        self.processID = processID
        self.configurationPath = configurationPath
        self.socketPath = socketPath
        self.kernelOffReason = kernelOffReason
        self.routerID = routerID
    }
}
