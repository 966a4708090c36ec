package import Addressing
package import Policy
package import RPKI

/// A whole configuration: everything that a file and its includes say, checked, with defaults filled in.
package struct Configuration: Equatable, Sendable {
    /// Macros in the order of definition; those of the command line first.
    package var macros: [Macro] = []
    /// The own AS.
    package var localAS: ASNumber
    /// What stands for the own AS in an OPEN to a neighbor without 4-octet AS numbers.
    package var shortAS: UInt16
    /// The BGP Identifier; nil where the host's highest address is to be used.
    package var routerID: IPAddress?
    /// The cluster of the route reflector that we are, where it is not our BGP Identifier.
    package var clusterID: IPAddress?
    /// Where to listen; empty means `0.0.0.0` and `::`, port 179.
    package var listeners: [ListenAddress] = []
    /// The control sockets; empty means the default one.
    package var sockets: [ControlSocketPath] = []
    package var fibUpdate: Bool = true
    /// Our routes stay in the kernel while the speaker restarts.
    package var fibPersist: Bool = false
    /// The protocol number of our kernel routes.
    package var fibPriority: UInt8 = 186
    /// The metric of our kernel routes.
    package var fibMetric: UInt32 = 186
    /// How many paths of the ECMP set share a kernel route.
    package var fibMultipath: UInt8 = 1
    package var holdTime: UInt16 = 90
    package var minHoldTime: UInt16 = 3
    /// Seconds.
    package var connectRetry: UInt16 = 120
    /// Seconds for which routes of a neighbor that restarts are kept at most.
    package var staleTime: UInt16 = 180
    package var logUpdates: Bool = false
    package var medCompare: MEDComparison = .strict
    package var routeAge: RouteAge = .ignore
    /// What neighbors have where they say nothing of it: see ``NeighborConfiguration/evaluatesAll``.
    package var evaluatesAll: Bool = false
    /// A path with an AS_SET is treated as a withdrawal (RFC 9774).
    package var rejectASSet: Bool = true
    /// What neighbors have where they say nothing: as a route server, our AS is not put into paths (RFC 7947).
    package var isTransparent: Bool = false
    /// BGP routes can make a next hop reachable.
    package var nextHopViaBGP: Bool = false
    /// The default route can make a next hop reachable.
    package var nextHopViaDefault: Bool = false
    /// All ROAs of all `roa-set` blocks.
    package var roaTable = VRPTable()
    /// All ASPAs of all `aspa-set` blocks.
    package var aspaTable = ASPATable()
    package var networks: [NetworkStatement] = []
    /// The neighbors in the order of definition, with all inherited values.
    package var neighbors: [NeighborConfiguration] = []
    /// All filter rules, first those that `set` of groups and neighbors became, and the named sets.
    package var filter = FilterProgram()

    /// A configuration with defaults everywhere.
    package init(localAS: ASNumber) {
        self.localAS = localAS
        shortAS = UInt16(exactly: localAS.value) ?? UInt16(ASNumber.transition.value)
    }

    /// What policy needs to know of that neighbor.
    ///
    /// - Parameters:
    ///   - neighbor: the neighbor, or the configuration of a clone.
    ///   - template: the template that a clone is made of.
    /// - Returns: what rules can ask about it.
    package func policyPeer(
        _ neighbor: NeighborConfiguration,
        template: NeighborIdentity? = nil
    ) -> PolicyPeer {
        PolicyPeer(
            address: neighbor.address,
            scope: neighbor.scope,
            template: template,
            remoteAS: neighbor.remoteAS,
            localAS: neighbor.localAS?.number ?? localAS,
            group: neighbor.group
        )
    }
}

/// A macro and its value.
package struct Macro: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// `listen on ADDRESS [port PORT]`.
package struct ListenAddress: Hashable, Sendable {
    package var address: IPAddress
    /// The interface of a link-local address.
    package var scope: String?
    package var port: UInt16

    package init(address: IPAddress, scope: String? = nil, port: UInt16 = 179) {
        self.address = address
        self.scope = scope
        self.port = port
    }
}

/// `socket "PATH" [restricted]`.
package struct ControlSocketPath: Hashable, Sendable {
    package var path: String
    /// Only questions that change nothing are answered.
    package var isRestricted: Bool

    package init(path: String, isRestricted: Bool = false) {
        self.path = path
        self.isRestricted = isRestricted
    }
}

/// `rde med compare`.
package enum MEDComparison: Sendable {
    /// MED is compared between paths from the same neighbor AS only.
    case strict
    case always
}

/// `rde route-age`.
package enum RouteAge: Sendable {
    case ignore
    /// The older path wins before the router id.
    case evaluate
}

/// One originated prefix: a `network` statement, those of a prefix-set expanded.
package struct NetworkStatement: Hashable, Sendable {
    package var place: SourcePlace
    package var prefix: IPPrefix
    /// Applied when the route is made.
    package var changes: RouteChanges

    package init(place: SourcePlace, prefix: IPPrefix, changes: RouteChanges = RouteChanges()) {
        self.place = place
        self.prefix = prefix
        self.changes = changes
    }
}
