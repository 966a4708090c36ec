package import Addressing
package import RPKI

/// What policy attached to a route beside its attributes; it goes with the path from input to output.
package struct RouteMarks: Hashable, Sendable, BitwiseCopyable {
    /// Local weight, step 7 of the decision.
    package var weight: UInt32
    /// What becomes of the next hop.
    package var nextHop: NextHopTreatment
    /// The MED was set by us, so that it goes to eBGP neighbors.
    package var medIsOurs: Bool

    package init(weight: UInt32 = 0, nextHop: NextHopTreatment = .usual, medIsOurs: Bool = false) {
        self.weight = weight
        self.nextHop = nextHop
        self.medIsOurs = medIsOurs
    }
}

/// The neighbor that a route came from: for `nexthop neighbor` and `prepend-neighbor`.
package struct RouteSource: Hashable, Sendable {
    package var address: IPAddress
    package var autonomousSystem: ASNumber

    package init(address: IPAddress, autonomousSystem: ASNumber) {
        self.address = address
        self.autonomousSystem = autonomousSystem
    }
}

/// What is known of a route beside its attributes when it is filtered.
package struct FilteredRoute: Sendable {
    package var prefix: IPPrefix
    package var validity: OriginValidity
    /// Where the route came from; nil for own networks.
    package var source: RouteSource?
    /// What input policy left on the path; all usual when the route just came in.
    package var marks: RouteMarks

    package init(
        prefix: IPPrefix,
        validity: OriginValidity,
        source: RouteSource?,
        marks: RouteMarks = RouteMarks()
    ) {
        self.prefix = prefix
        self.validity = validity
        self.source = source
        self.marks = marks
    }
}

/// What a filter made of a route whose attributes are given as bytes.
package struct FilterOutcome: Equatable, Sendable {
    package var isAccepted: Bool
    package var marks: RouteMarks
    /// The canonical attributes after all changes; nil where they are as before.
    ///
    /// Also given for a route that is refused: the refused path is shown with the changes.
    package var changedAttributes: [UInt8]?
    /// The place of the rule that decided; nil where none did and the route is refused.
    package var decidedBy: SourcePlace?

    package init(
        isAccepted: Bool,
        marks: RouteMarks,
        changedAttributes: [UInt8]? = nil,
        decidedBy: SourcePlace? = nil
    ) {
        self.isAccepted = isAccepted
        self.marks = marks
        self.changedAttributes = changedAttributes
        self.decidedBy = decidedBy
    }
}

/// A filter program specialised for one neighbor and direction: only rules that can match it, sets as tables.
///
/// Evaluation reads the attributes in place and allocates nothing unless a rule with changes matches.
package struct CompiledFilter: Sendable {
    /// True where the outcome can differ between prefixes with the same attributes.
    ///
    /// Where it is false the caller may evaluate once for all prefixes of an UPDATE (of one family,
    /// validity, source and marks).
    package let dependsOnPrefix: Bool
    /// True where the outcome can differ with the origin validation state.
    package let dependsOnValidity: Bool
    /// True where the outcome can differ with the neighbor that the route came from.
    package let dependsOnSource: Bool
    /// How many rules can match.
    package let ruleCount: Int

    init(program: FilterProgram, peer: PolicyPeer, direction: FilterDirection) {
        dependsOnPrefix = false
        dependsOnValidity = false
        dependsOnSource = false
        ruleCount = 0
    }

    /// Filters one route given by its canonical attributes.
    package func evaluate(_ route: FilteredRoute, attributes: Span<UInt8>) -> FilterOutcome {
        FilterOutcome(isAccepted: false, marks: route.marks)
    }

    /// Filters one route and tells what every matching rule did, in order.
    package func trace(_ route: FilteredRoute, attributes: Span<UInt8>) -> FilterTrace {
        FilterTrace(steps: [], outcome: evaluate(route, attributes: attributes))
    }
}

/// What each rule did to a route: computed on request, never stored.
package struct FilterTrace: Equatable, Sendable {
    /// The rules that matched, in order.
    package var steps: [FilterStep]
    package var outcome: FilterOutcome
}

/// One rule that matched.
package struct FilterStep: Equatable, Sendable {
    /// Where the rule stands; compare its line and column one by one.
    package var place: SourcePlace
    /// The rule as printed: `deny quick from group "upstreams" prefix-set "bogons"`.
    package var rule: String
    /// What it changed, in words with before and after: `localpref 100 -> 120`.
    package var changes: [String]
}
