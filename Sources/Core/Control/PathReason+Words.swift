internal import Addressing

extension PathReason {
    /// The verdict as it is printed; `name` is the other neighbor's.
    package func words(_ name: (NeighborNumber) -> String) -> String {
        switch verdict {
        case .best: return "best"
        case .lost(let step, let winner):
            return "lost at step \(step.number) \(step.words) to \(name(winner))"
        case .refused(let rule?) where rules.indices.contains(rule):
            return "refused: \(rules[rule].place) \(rules[rule].text)"
        case .refused: return "refused: no rule allows it"
        case .notEligible(let fault): return "not eligible: \(fault.words)"
        }
    }

    /// The rule that refused the route.
    package var refusedBy: RuleStep? {
        guard case .refused(let rule?) = verdict, rules.indices.contains(rule) else { return nil }
        return rules[rule]
    }

    /// The step at which it lost, as a word for programs.
    package var lostAt: String? {
        guard case .lost(let step, _) = verdict else { return nil }
        return step.name
    }
}

extension PathReason.Fault {
    package var words: String {
        switch self {
        case .malformed: "malformed, treated as withdrawn (RFC 7606)"
        case .loop: "it has come back to us: own AS, own identifier or own cluster"
        case .leaked: "leaked (OTC)"
        case .nextHopUnreachable(let address): "next hop \(address) unreachable"
        case .noNextHop: "it has no next hop"
        }
    }
}

extension LostStep {
    /// The step's number in the decision process.
    package var number: Int {
        switch self {
        case .localPreference: 2
        case .pathLength: 3
        case .origin: 4
        case .med: 5
        case .external: 6
        case .weight: 7
        case .nextHopCost: 8
        case .age: 9
        case .identifier: 10
        case .clusterList: 11
        case .neighborAddress: 12
        case .pathID: 13
        }
    }

    /// The step's name.
    package var name: String {
        switch self {
        case .localPreference: "local preference"
        case .pathLength: "AS path length"
        case .origin: "origin"
        case .med: "MED"
        case .external: "EBGP before IBGP"
        case .weight: "weight"
        case .nextHopCost: "next hop cost"
        case .age: "route age"
        case .identifier: "BGP identifier"
        case .clusterList: "cluster list length"
        case .neighborAddress: "neighbor address"
        case .pathID: "path id"
        }
    }

    /// The name and what both have: `MED 20 > 10, compared because both come from AS 65010`.
    package var words: String {
        switch self {
        case .localPreference(let own, let other), .weight(let own, let other):
            "\(name) \(own) < \(other)"
        case .pathLength(let own, let other), .nextHopCost(let own, let other),
            .clusterList(let own, let other), .pathID(let own, let other):
            "\(name) \(own) > \(other)"
        case .origin(let own, let other): "\(name) \(Self.origin(own)) > \(Self.origin(other))"
        case .med(let own, let other, let comparison):
            "\(name) \(own) > \(other), compared because \(comparison.words)"
        case .external: name
        case .age(let own, let other):
            "\(name) \(TimeText.span(own)) < \(TimeText.span(other))"
        case .identifier(let own, let other):
            "\(name) \(IPAddress(ipv4: own)) > \(IPAddress(ipv4: other))"
        case .neighborAddress(let own, let other): "\(name) \(own) > \(other)"
        }
    }

    private static func origin(_ value: UInt8) -> String {
        switch value {
        case 0: "IGP"
        case 1: "EGP"
        default: "incomplete"
        }
    }
}

extension LostStep.Comparison {
    fileprivate var words: String {
        switch self {
        case .sameAS(let number): "both come from AS \(number)"
        case .always: "of rde med compare always"
        }
    }
}
