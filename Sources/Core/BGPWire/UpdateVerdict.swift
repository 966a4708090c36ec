package import Addressing

/// What an UPDATE of one neighbor is read against: what both sides agreed on and how the neighbor is configured.
package struct UpdateContext: Hashable, Sendable {
    /// AS numbers take four octets in AS_PATH and AGGREGATOR: both sides offered RFC 6793.
    package var fourOctetAS: Bool
    /// The families that both sides offered.
    package var families: FamilySet
    /// The families whose prefixes the neighbor sends with a path identifier (RFC 7911).
    package var pathIDs: FamilySet
    /// The neighbor is in our own AS.
    package var isIBGP: Bool
    /// Our AS as this neighbor sees it.
    package var localAS: ASNumber
    /// The neighbor's AS.
    package var remoteAS: ASNumber
    /// The leftmost AS of a path must be the neighbor's (`enforce neighbor-as`).
    package var enforceNeighborAS: Bool
    /// AS_SET and AS_CONFED_SET are treated as withdraw (RFC 9774).
    package var rejectASSet: Bool
    /// The session runs over loopback addresses, so a next hop of 127.0.0.0/8 or `::1` can be meant.
    package var isOverLoopback: Bool
    /// IPv4 routes may have IPv6 next hops (RFC 8950).
    package var extendedNextHop = false

    package init(
        fourOctetAS: Bool,
        families: FamilySet,
        pathIDs: FamilySet = [],
        isIBGP: Bool,
        localAS: ASNumber,
        remoteAS: ASNumber,
        enforceNeighborAS: Bool,
        rejectASSet: Bool,
        isOverLoopback: Bool = false
    ) {
        self.fourOctetAS = fourOctetAS
        self.families = families
        self.pathIDs = pathIDs
        self.isIBGP = isIBGP
        self.localAS = localAS
        self.remoteAS = remoteAS
        self.enforceNeighborAS = enforceNeighborAS
        self.rejectASSet = rejectASSet
        self.isOverLoopback = isOverLoopback
    }
}

/// What is to be done with an UPDATE (RFC 7606 §2).
package enum UpdateVerdict: Hashable, Sendable {
    /// Withdraw the withdrawn blocks and install the reachable ones with their attributes.
    case accept
    /// The End-of-RIB marker of that family (RFC 4724 §2); there are no prefixes.
    case endOfRIB(AddressFamily)
    /// Treat every prefix of every block as withdrawn; the session stays up.
    case treatAsWithdraw(AttributeFault)
    /// Send this NOTIFICATION and end the session.
    case reset(NotificationMessage)
}

/// What was wrong with a path attribute: a plain value, words on request.
package struct AttributeFault: Hashable, Sendable, BitwiseCopyable {
    /// The attribute that is wrong; type 0 where it is the list as a whole.
    package var type: AttributeType
    /// What is wrong with it.
    package var kind: Kind
    /// The offset of the attribute's flags octet in the message body; 0 for a missing one.
    package var offset: UInt16

    package init(type: AttributeType, kind: Kind, offset: UInt16) {
        self.type = type
        self.kind = kind
        self.offset = offset
    }

    /// The ways in which an attribute can be wrong.
    package enum Kind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// A mandatory attribute is not there.
        case missing
        /// Optional or Transitive contradicts the attribute's type.
        case flags
        /// The length cannot be right for the type.
        case length
        /// The attribute runs past the total length of the attributes.
        case overrun
        /// The value is not one of those defined.
        case value
        /// The attribute stands there a second time.
        case repeated
        /// AS number 0 (RFC 7607).
        case asZero
        /// A segment of AS_PATH is cut short, empty or of an unknown type.
        case segment
        /// AS_CONFED_SEQUENCE or AS_CONFED_SET from outside a confederation.
        case confederation
        /// AS_SET or AS_CONFED_SET (RFC 9774).
        case asSet
        /// The leftmost AS is not the neighbor's.
        case firstAS
        /// More AS numbers than are accepted.
        case tooLong
        /// The attribute may not come from this kind of neighbor.
        case notFromHere
        /// The family was not agreed on.
        case family
        /// An optional non-transitive attribute that is not known here.
        case unrecognized
    }
}
