package import Addressing
package import BGPWire
package import Policy

/// Everything that is configured for one neighbor, the values of its group and the global ones included.
package struct NeighborConfiguration: Hashable, Sendable {
    /// Where the `neighbor` word stands.
    package var place: SourcePlace
    /// A template's is the first of its prefix.
    package var address: IPAddress
    /// The length of a template's prefix: it makes a neighbor of whoever connects from there; nil for a neighbor.
    package var templateLength: UInt8?
    /// The interface of a link-local address; a template without one takes any.
    package var scope: String?
    /// 0 where a template takes any AS.
    package var remoteAS: ASNumber
    /// Our AS as this neighbor sees it, and what stands in for it in two octets; nil is that of everybody.
    package var localAS: LocalAS?
    package var group: String?
    package var description: String?
    /// The address to connect from and to accept on, of each family where one is given.
    package var localIPv4: IPAddress?
    package var localIPv6: IPAddress?
    /// The port to connect to.
    package var port: UInt16 = 179
    /// Never connects, only accepts.
    package var isPassive: Bool = false
    /// Stays down after the start, with the reason that goes out as RFC 9003 text; nil means up.
    package var down: AdministrativeDown?
    /// The hops that are allowed; nil means 1 for eBGP and no limit for iBGP.
    package var multihop: UInt8?
    package var ttlSecurity: Bool = false
    package var holdTime: UInt16 = 90
    package var minHoldTime: UInt16 = 3
    /// Seconds.
    package var connectRetry: UInt16 = 120
    /// Seconds for which its routes are kept at most while it restarts.
    package var staleTime: UInt16 = 180
    package var maxPrefix: MaximumPrefixes?
    /// The most prefixes to send.
    package var maxPrefixOut: MaximumPrefixes?
    /// The interface without whose link the session stays Idle.
    package var dependsOn: String?
    /// The key of RFC 2385.
    package var md5Key: [UInt8]?
    /// The families to offer.
    package var families: FamilySet
    /// The families without which a session is refused.
    package var enforcedFamilies: FamilySet = []
    package var announceAS4: CapabilityUse = .enforce
    package var announceRefresh: CapabilityUse = .yes
    /// Several paths of a prefix are taken from it (RFC 7911), in all families.
    package var announceAddPathReceive: CapabilityUse = .no
    /// Which paths of a prefix it is sent.
    package var addPathSend = AddPathSend()
    package var announceEnhancedRefresh: CapabilityUse = .yes
    package var announceExtendedMessage: CapabilityUse = .yes
    package var announceExtendedNextHop: CapabilityUse = .no
    package var announceRestart: CapabilityUse = .yes
    /// A session that a NOTIFICATION ends may be a restart too (RFC 8538).
    package var announceGracefulNotification = false
    /// The capability that tells ``role``, where there is one.
    package var announcePolicy: CapabilityUse = .yes
    /// What we are to the neighbor (RFC 9234).
    package var role: BGPRole?
    /// Which routes the rules are asked about at all.
    package var exports = ExportedRoutes.everything
    /// Where the rules refuse the best path, it is sent the next one that they allow.
    package var evaluatesAll = false
    /// The leftmost AS of a path must be the neighbor's; nil means yes for eBGP and no for iBGP.
    package var enforceNeighborAS: Bool?
    /// The own AS in a path is a loop.
    package var enforceLocalAS: Bool = true
    package var rejectASSet: Bool = true
    /// A client of ours as a route server (RFC 7947).
    ///
    /// Paths and MED go to it as they came, and communities that bound them are its business. Nothing to an iBGP
    /// neighbor.
    package var isTransparent: Bool = false
    package var logUpdates: Bool = false
    /// A client of ours as a route reflector (RFC 4456).
    package var isReflectorClient = false

    /// A neighbor with defaults everywhere; of the families that of its own address.
    package init(place: SourcePlace, address: IPAddress, remoteAS: ASNumber) {
        self.place = place
        self.address = address
        self.remoteAS = remoteAS
        families = FamilySet(address.family)
    }

    /// The description, else the address: what commands and logs call the neighbor.
    package var name: String { description ?? addressText }

    /// The address, with what belongs to it: the interface of a link-local one, the length of a template's.
    package var addressText: String { "\(identity)" }

    /// What makes it the same neighbor or template wherever it is named.
    package var identity: NeighborIdentity {
        NeighborIdentity(address: address, scope: scope, templateLength: templateLength)
    }

    /// What a neighbor that connects from `address` gets of this template.
    ///
    /// - Parameters:
    ///   - address: where it connects from, within the prefix.
    ///   - scope: the interface of a link-local address.
    /// - Returns: the same but for the place; it only listens, and its name tells it from the others.
    package func clone(for address: IPAddress, scope: String?) -> NeighborConfiguration {
        var clone = self
        clone.templateLength = nil
        clone.address = address
        clone.scope = scope
        clone.isPassive = true
        return clone
    }

    /// The prefix of a template; nil for a neighbor.
    package var prefix: IPPrefix? { templateLength.map { IPPrefix(address, length: $0) } }
}

/// `down [REASON]`.
package struct AdministrativeDown: Hashable, Sendable {
    /// The text; empty where none was given.
    package var reason: String

    package init(reason: String = "") {
        self.reason = reason
    }
}

/// `local-as N [N2]`.
package struct LocalAS: Hashable, Sendable {
    package var number: ASNumber
    /// What stands in two octets where the number needs four.
    package var short: UInt16

    package init(_ number: ASNumber, short: UInt16) {
        self.number = number
        self.short = short
    }
}

/// `max-prefix LIMIT [restart MINUTES]`.
package struct MaximumPrefixes: Hashable, Sendable {
    package var limit: UInt32
    /// Minutes until the session is tried again; nil means not by itself.
    package var restartMinutes: UInt16?

    package init(limit: UInt32, restartMinutes: UInt16? = nil) {
        self.limit = limit
        self.restartMinutes = restartMinutes
    }
}

/// `announce add-path send …`: which paths of a prefix a neighbor is sent (RFC 7911).
package struct AddPathSend: Hashable, Sendable {
    package var paths = Paths.none
    /// How many of the next best paths are sent beside those (`plus`).
    package var backups: UInt8 = 0
    /// The most of them, backups not counted (`max`); nil for no limit.
    package var most: UInt8?
    /// A session without the capability is refused.
    package var isEnforced = false

    /// The best path alone, without ADD-PATH.
    package init() {}

    /// A set of paths (part D1 of the commands' specification).
    package enum Paths: String, Sendable, CaseIterable {
        /// No more than the best, without the capability.
        case none = "no"
        /// Every path that takes part in the decision.
        case all
        case best
        case ecmp
        case asWideBest = "as-wide-best"
    }
}

/// `export …`: what a neighbor can be sent.
package enum ExportedRoutes: Sendable {
    /// Every route that the rules allow.
    case everything
    case nothing
    /// A default route of our own alone, whatever is in the table; the rules must allow it too.
    case defaultRoute
}

/// Whether a capability is offered.
package enum CapabilityUse: Sendable {
    case no
    case yes
    /// Offered, and a session without it is refused.
    case enforce
}
