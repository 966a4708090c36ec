package import Addressing
package import BGPWire

/// What both OPENs together mean.
package struct Negotiated: Hashable, Sendable {
    /// The neighbor's AS.
    package var remoteAS: ASNumber
    /// True where the neighbor is in our AS.
    package var isInternal: Bool
    /// Families that both sides have offered.
    package var families: FamilySet
    /// Hold time in seconds; 0 is none.
    package var holdTime: UInt16
    /// Seconds between KEEPALIVEs before jitter; 0 is none.
    package var keepaliveInterval: UInt16
    /// AS numbers take four octets in AS_PATH and AGGREGATOR.
    package var fourOctetAS: Bool
    /// Both sides understand ROUTE-REFRESH.
    package var routeRefresh: Bool
    /// The families in which prefixes come with path identifiers, and those in which we send them (RFC 7911).
    package var addPathReceive: FamilySet = []
    package var addPathSend: FamilySet = []
    /// Both sides tell where a refresh begins and ends (RFC 7313).
    package var enhancedRefresh = false
    /// Both sides take messages of more than 4096 octets (RFC 8654).
    package var extendedMessage = false
    /// IPv4 routes may have IPv6 next hops (RFC 8950).
    package var extendedNextHop = false
    /// What becomes of the neighbor's routes when the session is lost; nil where not both know of restarts.
    package var restart: RestartTerms?
    /// The OPEN that we sent.
    package var localOpen: OpenMessage
    /// The OPEN that we received.
    package var remoteOpen: OpenMessage

    package init(
        remoteAS: ASNumber,
        isInternal: Bool,
        families: FamilySet,
        holdTime: UInt16,
        keepaliveInterval: UInt16,
        fourOctetAS: Bool,
        routeRefresh: Bool,
        localOpen: OpenMessage,
        remoteOpen: OpenMessage
    ) {
        self.remoteAS = remoteAS
        self.isInternal = isInternal
        self.families = families
        self.holdTime = holdTime
        self.keepaliveInterval = keepaliveInterval
        self.fourOctetAS = fourOctetAS
        self.routeRefresh = routeRefresh
        self.localOpen = localOpen
        self.remoteOpen = remoteOpen
    }

    /// The longest message, either way.
    package var maximumLength: Int {
        extendedMessage ? MessageFraming.extendedMaximum : MessageFraming.standardMaximum
    }

    /// What both sides have in common, for the screen.
    package var capabilities: Capabilities {
        var common = Capabilities()
        common.families = families
        common.routeRefresh = routeRefresh
        common.gracefulRestart = restart?.capability.value
        common.fourOctetAS = fourOctetAS ? remoteAS : nil
        common.setAddPath(receive: addPathReceive, send: addPathSend)
        common.enhancedRouteRefresh = enhancedRefresh
        common.extendedNextHop = extendedNextHop
        common.extendedMessage = extendedMessage
        if !isInternal, localOpen.capabilities.role != nil {
            common.role = remoteOpen.capabilities.role
        }
        return common
    }
}
