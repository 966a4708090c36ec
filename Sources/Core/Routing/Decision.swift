package import Addressing

/// The steps of the decision process, in order (D1); the raw value is the step's number.
package enum DecisionStep: UInt8, CaseIterable, Sendable {
    case eligible = 1
    case localPreference
    case pathLength
    case origin
    case med
    case external
    case weight
    case nextHopCost
    case age
    case identifier
    case clusterList
    case neighborAddress
    case pathID
    /// No step told the two apart: they are one path.
    case same

    /// As `why` prints it.
    package var name: String { "" }
}

/// The knobs of the decision process.
package struct DecisionRules: Equatable, Sendable {
    /// `rde med compare always`: MED counts between neighbor ASes too.
    package var comparesMEDAlways = false
    /// `rde route-age evaluate`: the older path wins before the identifiers are looked at.
    package var evaluatesAge = false
    /// The metric of the route that resolves the next hop counts (step 8).
    package var comparesNextHopCost = false
    /// Our own AS, which an empty path or one that begins with an AS_SET counts as.
    package var ownAS: ASNumber

    package init(ownAS: ASNumber) {
        self.ownAS = ownAS
    }
}

/// One path as the decision process sees it: plain numbers, read once.
package struct Candidate: Equatable, Sendable, BitwiseCopyable {
    package var isEligible = true
    package var isInternal = false
    package var origin: UInt8 = 0
    package var clusterCount: UInt8 = 0
    package var pathLength: UInt16 = 0
    package var localPreference: UInt32 = 100
    package var med: UInt32 = 0
    package var neighborAS: UInt32 = 0
    package var weight: UInt32 = 0
    package var nextHopCost: UInt32 = 0
    package var lastUpdate: UInt32 = 0
    /// ORIGINATOR_ID, else the neighbor's BGP Identifier.
    package var identifier: UInt32 = 0
    package var address: IPAddress
    package var pathID: UInt32 = 0

    package init(address: IPAddress) {
        self.address = address
    }
}

extension DecisionRules {
    /// Which of two paths is better by D1, and the step that decided.
    package func compare(_ left: Candidate, _ right: Candidate) -> (
        leftWins: Bool, step: DecisionStep
    ) {
        (true, .same)
    }
}

/// The place of one path in the ranking of its prefix, for `why`.
package struct RankedPath: Equatable, Sendable {
    package var path: PathView
    package var verdict: Verdict

    package enum Verdict: Equatable, Sendable {
        /// The best path.
        case best
        /// Lost to the path that stands right above in the ranking, at that step.
        case lost(at: DecisionStep, to: PathID)
        /// Takes no part, by its flags.
        case refused
        /// Takes no part: its next hop is not reachable.
        case unreachable
    }
}
