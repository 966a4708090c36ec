package import Addressing

/// Why a path is the best one of its prefix, or not: computed when somebody asks.
package struct PathReason: Hashable, Sendable {
    /// Its place among the paths of the prefix, from 1; what takes no part stands behind the others.
    package var rank: UInt32
    package var verdict: Verdict
    /// The rules of input policy that matched, in order, with what each changed.
    package var rules: [RuleStep]

    package init(rank: UInt32, verdict: Verdict, rules: [RuleStep] = []) {
        self.rank = rank
        self.verdict = verdict
        self.rules = rules
    }

    /// What the decision process says of a path.
    package enum Verdict: Hashable, Sendable {
        case best
        /// Lost at that step to a path of that neighbor.
        ///
        /// That is the best path; only what MED took out lost to a path of its own neighbor AS, which may itself have
        /// lost at a later step.
        case lost(LostStep, to: NeighborNumber)
        /// By the rule of that place in ``PathReason/rules``; by none where no rule allows the route.
        case refused(by: Int?)
        case notEligible(Fault)
    }

    /// What keeps a path out of the decision.
    package enum Fault: Hashable, Sendable {
        /// Malformed, treated as withdrawn (RFC 7606).
        case malformed
        /// Our own AS in the path, our own identifier or cluster.
        case loop
        /// By its OTC attribute (RFC 9234).
        case leaked
        case nextHopUnreachable(IPAddress)
        case noNextHop
    }
}

/// The step of the decision process at which one path lost to another, with what both have there, its own first.
package enum LostStep: Hashable, Sendable {
    case localPreference(UInt32, UInt32)
    case pathLength(UInt32, UInt32)
    case origin(UInt8, UInt8)
    case med(UInt32, UInt32, Comparison)
    /// It came over iBGP, the other one over eBGP.
    case external
    case weight(UInt32, UInt32)
    case nextHopCost(UInt32, UInt32)
    /// Seconds since the last change.
    case age(UInt32, UInt32)
    case identifier(UInt32, UInt32)
    case clusterList(UInt32, UInt32)
    case neighborAddress(IPAddress, IPAddress)
    case pathID(UInt32, UInt32)

    /// Why two MEDs could be compared.
    package enum Comparison: Hashable, Sendable {
        /// Both paths come from that AS.
        case sameAS(ASNumber)
        /// `rde med compare always`.
        case always
    }
}

/// A rule of policy that matched a route, and what it did.
package struct RuleStep: Hashable, Sendable {
    package var file: String
    package var line: UInt32
    /// The rule as it is printed.
    package var text: String
    /// What it changed: `localpref 100 -> 120`.
    package var changes: [String]

    package init(file: String, line: UInt32, text: String, changes: [String] = []) {
        self.file = file
        self.line = line
        self.text = text
        self.changes = changes
    }

    /// `bgpd.conf:31`.
    package var place: String { "\(file):\(line)" }
}
