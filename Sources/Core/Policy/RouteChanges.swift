package import Addressing

/// What a `set` changes in a route; absent parts stay as they are.
///
/// Applied in the order of the members here, whatever the order of writing.
package struct RouteChanges: Hashable, Sendable {
    package var localPref: NumberChange?
    package var med: NumberChange?
    package var weight: NumberChange?
    /// How often the own AS is put in front.
    package var prependSelf: UInt8?
    /// How often the AS of the neighbor that the route came from is put in front.
    package var prependNeighbor: UInt8?
    /// The AS of the neighbor that the route came from is replaced by our own wherever it stands in the path.
    package var overridesAS = false
    /// Next hops, at most one a family; a route takes that of its family.
    package var nextHops: [IPAddress] = []
    /// What becomes of the next hop otherwise; outranks ``nextHops``.
    package var nextHopTreatment: NextHopTreatment?
    package var deletedCommunities: [CommunityPattern] = []
    package var addedCommunities: [CommunityPattern] = []
    package var origin: OriginCode?

    /// No change.
    package init() {}

    /// True where nothing is changed.
    package var isEmpty: Bool { self == RouteChanges() }
}

/// A number set or changed by a difference.
package enum NumberChange: Hashable, Sendable {
    case set(UInt32)
    /// Saturates at 0 and at 2^32 - 1.
    case add(Int32)
}

/// ORIGIN (RFC 4271 §5.1.1).
package enum OriginCode: UInt8, Sendable, CaseIterable {
    case igp = 0
    case egp = 1
    case incomplete = 2

    /// The word of the configuration language.
    package var word: String {
        switch self {
        case .igp: "igp"
        case .egp: "egp"
        case .incomplete: "incomplete"
        }
    }
}

/// What becomes of a route's next hop; the last decision wins whole, across directions.
package enum NextHopTreatment: Sendable, CaseIterable {
    /// `nexthop self`: the own address of the session it goes out on.
    case own
    /// `nexthop no-modify`: as received, also on multihop eBGP.
    case unmodified
    /// `nexthop reject`: the kernel route is `unreachable`; the BGP next hop stays.
    case reject
    /// `nexthop blackhole`: the kernel route is `blackhole`; the BGP next hop stays.
    case blackhole
}
