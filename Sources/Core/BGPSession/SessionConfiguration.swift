package import Addressing
package import BGPWire

/// How much a capability is wanted (`yes`, `no`, `enforce`).
package enum CapabilityDemand: Hashable, Sendable {
    /// Not offered.
    case no
    /// Offered, and used where the neighbor offers it too.
    case yes
    /// Offered, and a neighbor without it is refused (NOTIFICATION 2/7).
    case enforce
}

/// What a session is told about itself and its neighbor.
package struct SessionConfiguration: Hashable, Sendable {
    /// The AS that we show to this neighbor.
    package var localAS: ASNumber
    /// What goes into the two octets of My Autonomous System where ``localAS`` needs four.
    package var fallbackAS: ASNumber = .transition
    /// The neighbor's AS; nil takes any on first contact and keeps it (templates).
    package var remoteAS: ASNumber?
    /// Our BGP Identifier, host order.
    package var identifier: UInt32
    /// The hold time that we offer, in seconds: 0 or at least 3.
    package var holdTime: UInt16 = 90
    /// The lowest hold time that we accept; 0 is accepted always.
    package var minimumHoldTime: UInt16 = 3
    /// ConnectRetryTime in seconds.
    package var connectRetryTime: UInt16 = 120
    /// Waits for the neighbor and never connects.
    package var isPassive = false
    /// The text of `down` in the configuration file, empty where it has none; nil where the neighbor is to be up.
    package var down: String?
    /// Families to offer.
    package var families: FamilySet = .ipv4
    /// Families without which the neighbor is refused; a part of ``families``.
    package var enforcedFamilies: FamilySet = []
    /// ROUTE-REFRESH (RFC 2918).
    package var routeRefresh = CapabilityDemand.yes
    /// ROUTE-REFRESH with a beginning and an end (RFC 7313).
    package var enhancedRefresh = CapabilityDemand.yes
    /// AS numbers of four octets (RFC 6793).
    package var fourOctetAS = CapabilityDemand.enforce
    /// Several paths of a prefix from the neighbor, and to it (RFC 7911), in all families.
    package var addPathReceive = CapabilityDemand.no
    package var addPathSend = CapabilityDemand.no
    /// Messages of more than 4096 octets (RFC 8654).
    package var extendedMessage = CapabilityDemand.yes
    /// IPv4 routes with IPv6 next hops (RFC 8950).
    package var extendedNextHop = CapabilityDemand.no
    /// Graceful Restart (RFC 4724).
    package var gracefulRestart = CapabilityDemand.yes
    /// The N bit of RFC 8538: a session that a NOTIFICATION ends may be a restart too.
    package var gracefulNotification = false
    /// Families that we forward while we restart ourselves; none where we only help others.
    package var restartFamilies: FamilySet = []
    /// Seconds that such a restart takes at most.
    package var restartTime: UInt16 = 0
    /// What our next OPEN says of the time before it; changes by itself, and ends no session.
    package var pastForwarding = PastForwarding()
    /// What we are to the neighbor (RFC 9234); ignored within our AS.
    package var role: BGPRole?
    /// The capability of ``role``; only where that is set.
    package var roleCapability = CapabilityDemand.yes
    /// A digest of what else a connection is made of (addresses, TTL, key, port); another value resets the session.
    package var transportFingerprint: UInt64 = 0

    /// A session with the defaults of the configuration language.
    package init(localAS: ASNumber, remoteAS: ASNumber?, identifier: UInt32) {
        self.localAS = localAS
        self.remoteAS = remoteAS
        self.identifier = identifier
    }

    /// The OPEN that we send.
    package var openMessage: OpenMessage {
        var capabilities = Capabilities()
        capabilities.families = families
        capabilities.routeRefresh = routeRefresh != .no
        if gracefulRestart != .no { capabilities.gracefulRestart = restartOffer.value }
        capabilities.fourOctetAS = fourOctetAS == .no ? nil : localAS
        capabilities.setAddPath(
            receive: addPathReceive == .no ? [] : families,
            send: addPathSend == .no ? [] : families
        )
        capabilities.enhancedRouteRefresh = enhancedRefresh != .no
        capabilities.extendedNextHop = extendedNextHop != .no && families.contains(.ipv4)
        capabilities.extendedMessage = extendedMessage != .no
        capabilities.role = roleCapability == .no ? nil : role?.rawValue
        return OpenMessage(
            twoOctetAS: UInt16(exactly: localAS.value)
                ?? UInt16(truncatingIfNeeded: fallbackAS.value),
            holdTime: holdTime,
            identifier: identifier,
            capabilities: capabilities
        )
    }

    /// What our OPEN says of restarts.
    var restartOffer: GracefulRestart {
        var offer = GracefulRestart()
        offer.survivesNotification = gracefulNotification
        offer.families = restartFamilies.intersection(families)
        offer.restartTime = offer.families.isEmpty ? 0 : restartTime
        offer.hasRestarted = pastForwarding.hasRestarted
        offer.preserved = pastForwarding.preserved.intersection(offer.families)
        return offer
    }

    /// True where `other` cannot take effect on a session that is up (the letter S of the change column).
    ///
    /// `down`, `passive`, `connect-retry` and a remote AS that the session has learnt meanwhile do not.
    package func needsReset(for other: SessionConfiguration) -> Bool {
        var same = other
        same.down = down
        same.isPassive = isPassive
        same.connectRetryTime = connectRetryTime
        same.pastForwarding = pastForwarding
        return same != self
    }
}

/// Whether we have just restarted, and what was forwarded all the time: the R and F bits of our OPEN (RFC 4724 §3).
package struct PastForwarding: Hashable, Sendable {
    /// R: we have started anew, and wait for our neighbors' routes.
    package var hasRestarted = false
    /// F: families whose routes stayed where they were since the neighbor last heard from us.
    package var preserved: FamilySet = []

    /// A first start: nothing was there before.
    package init() {}
}
