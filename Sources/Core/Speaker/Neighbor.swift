import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Policy
import Routing
import Timekeeping

/// A neighbor of the running speaker: its configuration, its session and what is to be sent to it.
///
/// One object a neighbor, looked up once a message.
final class Neighbor {
    let number: NeighborNumber
    private(set) var configuration: NeighborConfiguration
    /// The template that it was made of; nil for what the file names.
    let template: Neighbor?
    private(set) var peer: PolicyPeer
    // Of the peer, beside it: they are asked once a message, and it is large to hand over.
    private(set) var isInternal: Bool
    private(set) var localAS: ASNumber
    private(set) var remoteAS: ASNumber
    /// What we are to it (RFC 9234); nil within our AS.
    private(set) var role: BGPRole?
    private(set) var inputFilter: CompiledFilter {
        didSet { inputDecision = inputFilter.decision }
    }
    /// What the input filter decides of every route, if that is one thing: asked with every UPDATE, and each way to
    /// the filter itself waits for memory.
    private(set) var inputDecision: Bool?
    private(set) var outputFilter: CompiledFilter
    var session: Session

    /// When it came to be known.
    let addedAt: Instant

    /// The connection that carries the session, from OpenSent on.
    var connection: ConnectionID?
    /// The ends of that connection.
    var localEndpoint: Endpoint?
    var remoteEndpoint: Endpoint?
    /// The ends of every connection that may still become the session's: at most one of each direction.
    var endpoints: [ConnectionID: (local: Endpoint, remote: Endpoint)] = [:]
    /// How UPDATEs are read; set when the session is established.
    var updateContext: UpdateContext?
    var export: ExportState?
    /// The moment at which the sockets were last read until they would block.
    var drainedAt: Instant = .zero
    var hasUnreadInput = false
    /// The connection that was read last, while it is there.
    var lastRead: ConnectionID?
    var unreadBytes: UInt64 = 0
    var unsentBytes: UInt64 = 0

    /// What was agreed on in the last session that was up: its routes may still be here.
    var agreed: Negotiated?
    /// It was taken from the file and has come back before all that it had told was gone: meanwhile nobody was told of that.
    var hasOldRoutes: Bool
    /// Stale routes of that session; nil where none are kept.
    var retained: RetainedRoutes?
    /// Families whose End-of-RIB marker has come in this session.
    var familiesComplete: FamilySet = []
    var counters = NeighborCounters()
    var lastReceivedShutdownText: String?
    /// Families that cannot be sent, in words.
    var notes: [String] = []
    /// True for what the operator or the file holds down.
    var shutdownText: String?
    /// False while the interface that it depends on has no link, and until the kernel has told of it.
    var hasInterface: Bool
    /// When a clone that is down is forgotten; ``Instant/never`` while it is up, and for all others.
    var forgottenAt = Instant.never

    init(
        number: NeighborNumber,
        configuration: NeighborConfiguration,
        template: Neighbor? = nil,
        peer: PolicyPeer,
        program: FilterProgram,
        tables: SetTables,
        session: consuming Session,
        hasOldRoutes: Bool,
        now: Instant
    ) {
        self.number = number
        self.hasOldRoutes = hasOldRoutes
        self.configuration = configuration
        self.template = template
        self.peer = peer
        isInternal = peer.isInternal
        localAS = peer.localAS
        remoteAS = peer.remoteAS
        role = peer.isInternal ? nil : configuration.role
        inputFilter = program.compiled(for: peer, .from, tables: tables)
        inputDecision = inputFilter.decision
        outputFilter = program.compiled(for: peer, .to, tables: tables)
        self.session = session
        addedAt = now
        shutdownText = configuration.down?.reason
        hasInterface = configuration.dependsOn == nil
    }

    /// What commands and logs call it: a clone has the description of its template, and so its address too.
    var name: String {
        guard template != nil, let text = configuration.description else {
            return configuration.name
        }
        return "\(text)@\(configuration.addressText)"
    }

    /// Made of a template, and never up: anybody within its prefix can be that.
    var isStranger: Bool { template != nil && session.statistics.lastUpDown == nil }
    var isTemplate: Bool { configuration.templateLength != nil }

    /// Takes another configuration, and the rules of a filter program as they are for it now.
    func reconfigure(
        _ configuration: NeighborConfiguration,
        peer: PolicyPeer,
        program: FilterProgram,
        tables: SetTables
    ) {
        self.configuration = configuration
        self.peer = peer
        isInternal = peer.isInternal
        localAS = peer.localAS
        remoteAS = peer.remoteAS
        role = peer.isInternal ? nil : configuration.role
        inputFilter = program.compiled(for: peer, .from, tables: tables)
        outputFilter = program.compiled(for: peer, .to, tables: tables)
    }

    /// True where nobody answers or comes, as it would be if the other end had another TCP MD5 key.
    var isWithoutAnswer: Bool {
        let isWaiting = session.state == .connect || session.state == .active
        guard let reason = session.statistics.lastReason else { return isWaiting }
        if case .connectTimedOut = reason { return isWaiting }
        return isWaiting && reason == .connectFailed(errno: 110)
    }

    /// The settings that a connection with this neighbor needs.
    var socketSettings: SocketSettings {
        var settings = SocketSettings()
        settings.md5Key = configuration.md5Key
        if configuration.ttlSecurity {
            settings.timeToLive = 255
            settings.minimumTimeToLive = UInt8(256 - Int(max(configuration.multihop ?? 1, 1)))
        } else if !isInternal {
            settings.timeToLive = configuration.multihop ?? 1
        }
        return settings
    }

    /// The configured address of our end in that family.
    func localAddress(_ family: AddressFamily) -> IPAddress? {
        family == .ipv4 ? configuration.localIPv4 : configuration.localIPv6
    }
}

/// What is counted of a neighbor beside its session's messages.
struct NeighborCounters {
    var updates = SentReceived()
    var withdraws = SentReceived()
    var endOfRIB = SentReceived()
    /// Where a refresh begins and ends (RFC 7313).
    var refreshBegins = SentReceived()
    var refreshEnds = SentReceived()
    var treatedAsWithdraw: UInt64 = 0
    var attributesDiscarded: UInt64 = 0
}
