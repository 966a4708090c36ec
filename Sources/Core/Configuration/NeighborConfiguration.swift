package import Addressing
package import BGPWire
package import Policy

/// Everything that is configured for one neighbor, the values of its group and the global ones included.
package struct NeighborConfiguration: Hashable, Sendable {
    /// Where the `neighbor` word stands.
    package var place: SourcePlace
    package var address: IPAddress
    /// The interface of a link-local address.
    package var scope: String?
    package var remoteAS: ASNumber
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
    package var maxPrefix: MaximumPrefixes?
    /// The key of RFC 2385.
    package var md5Key: [UInt8]?
    /// The families to offer.
    package var families: FamilySet
    /// The families without which a session is refused.
    package var enforcedFamilies: FamilySet = []
    package var announceAS4: CapabilityUse = .enforce
    package var announceRefresh: CapabilityUse = .yes
    /// The leftmost AS of a path must be the neighbor's; nil means yes for eBGP and no for iBGP.
    package var enforceNeighborAS: Bool
    /// The own AS in a path is a loop.
    package var enforceLocalAS: Bool = true
    package var rejectASSet: Bool = true
    package var logUpdates: Bool = false

    /// A neighbor with defaults everywhere; of the families that of its own address.
    package init(place: SourcePlace, address: IPAddress, remoteAS: ASNumber, isInternal: Bool) {
        self.place = place
        self.address = address
        self.remoteAS = remoteAS
        families = FamilySet(address.family)
        enforceNeighborAS = !isInternal
    }

    /// The description, else the address: what commands and logs call the neighbor.
    package var name: String {
        description ?? scope.map { "\(address)%\($0)" } ?? "\(address)"
    }
}

/// `down [REASON]`.
package struct AdministrativeDown: Hashable, Sendable {
    /// The text; empty where none was given.
    package var reason: String

    package init(reason: String = "") {
        self.reason = reason
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

/// Whether a capability is offered.
package enum CapabilityUse: Sendable {
    case no
    case yes
    /// Offered, and a session without it is refused.
    case enforce
}
