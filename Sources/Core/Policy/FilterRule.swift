package import Addressing
package import RPKI

/// What a filter rule does with a route that it matches.
package enum FilterVerb: Sendable {
    /// The route is accepted, unless a later rule says otherwise.
    case allow
    /// The route is refused, unless a later rule says otherwise.
    case deny
    /// The route is changed; nothing is decided.
    case match
}

/// Which way a route goes: `from` a neighbor into the tables or `to` a neighbor out of them.
package enum FilterDirection: Sendable {
    case from
    case to
}

/// Which neighbors a rule is about.
package enum PeerSelector: Hashable, Sendable {
    case any
    case ibgp
    case ebgp
    /// Neighbors with that address, and those of templates whose prefix begins with it.
    case address(IPAddress)
    /// That neighbor, or those of that template.
    case neighbor(NeighborIdentity)
    case group(String)
    case autonomousSystem(ASNumber)
}

/// One filter rule as it was written: verb, direction, peers, conditions, changes.
///
/// Lists are one rule with an "or" in it: the changes apply once, and the trace names one line.
package struct FilterRule: Hashable, Sendable {
    /// Where the rule stands.
    package var place: SourcePlace
    package var verb: FilterVerb
    /// True where a match ends the evaluation.
    package var isQuick: Bool
    package var direction: FilterDirection
    /// The neighbors, at least one; any of them is enough.
    package var peers: [PeerSelector]
    /// What the route must be like; all of it must hold.
    package var conditions: FilterConditions
    /// What is changed in a route that matches.
    package var changes: RouteChanges

    /// A rule; without conditions and changes it matches everything and changes nothing.
    package init(
        place: SourcePlace,
        verb: FilterVerb,
        isQuick: Bool = false,
        direction: FilterDirection,
        peers: [PeerSelector] = [.any],
        conditions: FilterConditions = FilterConditions(),
        changes: RouteChanges = RouteChanges()
    ) {
        self.place = place
        self.verb = verb
        self.isQuick = isQuick
        self.direction = direction
        self.peers = peers
        self.conditions = conditions
        self.changes = changes
    }
}

/// What a route must be like for a rule to match; absent parts are no condition.
package struct FilterConditions: Hashable, Sendable {
    /// The prefix is one of these; empty is no condition.
    package var prefixes: [PrefixRange] = []
    /// The prefix is in the prefix-set of that name.
    package var prefixSet: PrefixSetUse?
    /// Prefix and origin would be valid against the origin-set of that name.
    package var originSet: String?
    package var originValidity: OriginValidity?
    /// The ASPA state.
    package var pathValidity: PathValidity?
    /// One of these holds for the AS path; empty is no condition.
    package var paths: [PathCondition] = []
    /// More than that many ASes in the path, an AS_SET counting as one.
    package var pathLongerThan: UInt32?
    /// One AS more than that many times in a row.
    package var pathRepeatsMoreThan: UInt32?
    /// Every entry must hold; an entry holds where one of its patterns is on the route.
    package var communities: [[CommunityPattern]] = []
    package var moreCommunitiesThan: UInt32?
    package var moreExtendedCommunitiesThan: UInt32?
    package var moreLargeCommunitiesThan: UInt32?
    package var nextHop: NextHopCondition?

    /// No condition at all.
    package init() {}
}

/// A prefix and the lengths that are meant inside it.
package struct PrefixRange: Hashable, Sendable {
    package var prefix: IPPrefix
    /// The shortest and longest length meant; with ``isOutside`` those that are not.
    package var shortest: UInt8
    package var longest: UInt8
    /// Lengths below ``shortest`` or above ``longest`` are meant (`A >< B`, `!= N`).
    package var isOutside: Bool

    /// A range of lengths; without lengths the prefix alone.
    package init(
        _ prefix: IPPrefix,
        shortest: UInt8? = nil,
        longest: UInt8? = nil,
        isOutside: Bool = false
    ) {
        self.prefix = prefix
        self.shortest = shortest ?? prefix.length
        self.longest = longest ?? prefix.length
        self.isOutside = isOutside
    }

    /// The prefix and everything inside it.
    package static func orLonger(_ prefix: IPPrefix) -> PrefixRange {
        PrefixRange(prefix, longest: prefix.family.bitCount)
    }
}

/// A prefix-set used in a rule.
package struct PrefixSetUse: Hashable, Sendable {
    package var name: String
    /// Every member with everything inside it (`or-longer`).
    package var orLonger: Bool

    /// The set of that name.
    package init(_ name: String, orLonger: Bool = false) {
        self.name = name
        self.orLonger = orLonger
    }
}

/// Which ASes of a path are looked at.
package enum PathPosition: Sendable {
    /// `AS`: any.
    case any
    /// `peer-as`: the first.
    case peer
    /// `source-as`: the last.
    case source
    /// `transit-as`: all but the last.
    case transit
}

/// Which AS numbers are looked for.
package enum ASMatcher: Hashable, Sendable {
    case equal(ASNumber)
    case notEqual(ASNumber)
    case range(ASNumber, ASNumber)
    case outside(ASNumber, ASNumber)
    case set(String)
    case neighborAS
    case localAS
}

/// A condition on the AS path: some AS at that position is looked for and found.
package struct PathCondition: Hashable, Sendable {
    package var position: PathPosition
    package var matcher: ASMatcher

    package init(_ position: PathPosition, _ matcher: ASMatcher) {
        self.position = position
        self.matcher = matcher
    }
}

/// What the route's next hop must be.
package enum NextHopCondition: Hashable, Sendable {
    case address(IPAddress)
    /// The address of the neighbor that the route came from.
    case neighbor
}
