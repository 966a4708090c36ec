import Addressing
import BGPWire
import Policy
import RPKI

/// A configuration that is being read: what may still be missing is optional.
struct ConfigurationDraft {
    var configuration = Configuration(localAS: ASNumber(0))
    var hasAS = false
    /// The cluster of the clients that are read so far; nil is that of the BGP Identifier.
    var cluster: IPAddress??
    var roas: [VRP] = []
    var aspas: [ASPA] = []
    var neighbors: [NeighborDraft] = []
    /// The group whose block is being read, with what its neighbors inherit.
    var group: NeighborDraft?
    var groupRules: [FilterRule] = []
    var neighborRules: [FilterRule] = []
    var rules: [FilterRule] = []
    /// Where each set is defined, and the ones that something uses: `prefix-set bogons`.
    var setPositions: [(kind: String, name: String, position: Position)] = []
    var usedSets: Set<String> = []
    /// The positions of rules as in ``rules``.
    var rulePositions: [Position] = []

    /// The configuration, once everything is read.
    func finished(macros: [MacroDefinition]) -> Configuration {
        var result = configuration
        result.macros = macros.map { Macro(name: $0.name, value: $0.value) }
        result.roaTable = VRPTable(roas)
        result.aspaTable = ASPATable(aspas)
        result.neighbors = neighbors.map { $0.finished(with: configuration) }
        result.filter.rules = groupRules + neighborRules + rules
        return result
    }
}

/// A neighbor or group that is being read; nil means that nothing was said.
struct NeighborDraft {
    var place: SourcePlace
    var address = IPAddress.unspecified(.ipv4)
    var templateLength: UInt8?
    var scope: String?
    var group: String?
    var remoteAS: ASNumber?
    var localAS: LocalAS?
    var description: String?
    var localIPv4: IPAddress?
    var localIPv6: IPAddress?
    var port: UInt16?
    var isPassive = false
    var down: AdministrativeDown?
    var multihop: UInt8?
    var ttlSecurity: Bool?
    var holdTime: UInt16?
    var minHoldTime: UInt16?
    var connectRetry: UInt16?
    var staleTime: UInt16?
    var maxPrefix: MaximumPrefixes?
    var maxPrefixOut: MaximumPrefixes?
    var dependsOn: String?
    var md5Key: [UInt8]?
    /// For each family that an `announce` names: whether it is offered and enforced.
    var families: [AddressFamily: CapabilityUse] = [:]
    var announceAS4: CapabilityUse?
    var announceRefresh: CapabilityUse?
    var announceAddPathReceive: CapabilityUse?
    var addPathSend: AddPathSend?
    var announceEnhancedRefresh: CapabilityUse?
    var announceExtendedMessage: CapabilityUse?
    var announceExtendedNextHop: CapabilityUse?
    var announceRestart: CapabilityUse?
    var announceGracefulNotification: Bool?
    var announcePolicy: CapabilityUse?
    var role: BGPRole?
    var exports = ExportedRoutes.everything
    var evaluatesAll: Bool?
    var enforceNeighborAS: Bool?
    var enforceLocalAS: Bool?
    var rejectASSet: Bool?
    var isTransparent: Bool?
    var logUpdates: Bool?
    var isReflectorClient = false
    /// What `set` statements change, in and out; not inherited: a group's are rules of their own.
    var inputChanges = RouteChanges()
    var outputChanges = RouteChanges()

    init(place: SourcePlace) {
        self.place = place
    }

    /// The neighbor with defaults and global values filled in.
    func finished(with globals: Configuration) -> NeighborConfiguration {
        var neighbor = NeighborConfiguration(
            place: place,
            address: address,
            remoteAS: remoteAS ?? ASNumber(0)
        )
        neighbor.templateLength = templateLength
        neighbor.scope = scope
        neighbor.localAS = localAS
        neighbor.group = group
        neighbor.description = description
        neighbor.localIPv4 = localIPv4
        neighbor.localIPv6 = localIPv6
        neighbor.port = port ?? 179
        neighbor.isPassive = isPassive
        neighbor.down = down
        neighbor.multihop = multihop
        neighbor.ttlSecurity = ttlSecurity ?? false
        neighbor.holdTime = holdTime ?? globals.holdTime
        neighbor.minHoldTime = minHoldTime ?? globals.minHoldTime
        neighbor.connectRetry = connectRetry ?? globals.connectRetry
        neighbor.staleTime = staleTime ?? globals.staleTime
        neighbor.maxPrefix = maxPrefix
        neighbor.maxPrefixOut = maxPrefixOut
        neighbor.dependsOn = dependsOn
        neighbor.md5Key = md5Key
        if !families.isEmpty {
            neighbor.families = []
            for family in AddressFamily.allCases {
                switch families[family] {
                case .enforce:
                    neighbor.families.insert(FamilySet(family))
                    neighbor.enforcedFamilies.insert(FamilySet(family))
                case .yes: neighbor.families.insert(FamilySet(family))
                case .no, nil: break
                }
            }
        }
        neighbor.announceAS4 = announceAS4 ?? .enforce
        neighbor.announceRefresh = announceRefresh ?? .yes
        neighbor.announceAddPathReceive = announceAddPathReceive ?? .no
        neighbor.addPathSend = addPathSend ?? AddPathSend()
        neighbor.announceEnhancedRefresh = announceEnhancedRefresh ?? .yes
        neighbor.announceExtendedMessage = announceExtendedMessage ?? .yes
        neighbor.announceExtendedNextHop = announceExtendedNextHop ?? .no
        neighbor.announceRestart = announceRestart ?? .yes
        neighbor.announceGracefulNotification = announceGracefulNotification ?? false
        neighbor.announcePolicy = role == nil ? .yes : announcePolicy ?? .yes
        neighbor.role = role
        neighbor.exports = exports
        neighbor.evaluatesAll = evaluatesAll ?? globals.evaluatesAll
        let ownAS = localAS?.number ?? globals.localAS
        neighbor.enforceNeighborAS = enforceNeighborAS ?? remoteAS.map { $0 != ownAS }
        neighbor.enforceLocalAS = enforceLocalAS ?? true
        neighbor.rejectASSet = rejectASSet ?? globals.rejectASSet
        neighbor.isTransparent = isTransparent ?? globals.isTransparent
        neighbor.isReflectorClient = isReflectorClient
        neighbor.logUpdates = logUpdates ?? globals.logUpdates
        return neighbor
    }
}
