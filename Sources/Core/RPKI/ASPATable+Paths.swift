package import Addressing

/// What ASPA found for the AS path of a route (draft-ietf-sidrops-aspa-verification).
@usableFromInline
package enum PathValidity: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// Too little is attested, or nothing can be asked.
    case unknown = 0
    case valid = 1
    /// The path goes where the attestations do not let it go: a leak or a forgery.
    case invalid = 2

    /// The word of the configuration language and of `show`.
    package var word: String {
        switch self {
        case .unknown: "unknown"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }
}

/// From where a path is looked at.
package enum PathDirection: Sendable {
    /// It came from a customer, a peer or a route server: all of it must go up, from customer to provider.
    case upstream
    /// It came from a provider: it may go up and then down.
    case downstream
}

/// What is attested about one hop of a path.
package enum HopAttestation: Sendable {
    /// The customer has no ASPA.
    case none
    case provider
    case notProvider
}

extension ASPATable {
    /// What is attested about routes of `customer` going up to `provider`.
    package func attestation(of customer: ASNumber, to provider: ASNumber) -> HopAttestation {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].customer < customer { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].customer == customer else { return .none }
        return entries[low].providers.contains(provider) ? .provider : .notProvider
    }

    /// Verifies a path of AS_SEQUENCEs.
    ///
    /// - Parameters:
    ///   - path: from the neighbor to the origin, repeated numbers once; an empty one is invalid.
    ///   - direction: what the neighbor is to us.
    /// - Returns: the verdict of the draft's section on that direction.
    package func validity(of path: [ASNumber], _ direction: PathDirection) -> PathValidity {
        guard !path.isEmpty else { return .invalid }
        let hops = path.count - 1
        // How many hops can be, and how many surely are, a climb from the origin on.
        let up = ramp(hops) { attestation(of: path[hops - $0], to: path[hops - $0 - 1]) }
        switch direction {
        case .upstream:
            if up.longest < hops { return .invalid }
            return up.shortest < hops ? .unknown : .valid
        case .downstream:
            // And from the neighbor backwards, which is a descent as the route went.
            let down = ramp(hops) { attestation(of: path[$0], to: path[$0 + 1]) }
            // The hop at the top, between two ramps, may be one between peers.
            if up.longest + down.longest + 1 < hops { return .invalid }
            return up.shortest + down.shortest + 1 < hops ? .unknown : .valid
        }
    }

    /// The longest and the shortest ramp that the attestations allow, in hops.
    private func ramp(
        _ hops: Int,
        _ attestation: (Int) -> HopAttestation
    ) -> (longest: Int, shortest: Int) {
        var shortest: Int?
        for hop in 0..<hops {
            switch attestation(hop) {
            case .provider: continue
            case .none: shortest = shortest ?? hop
            case .notProvider: return (hop, shortest ?? hop)
            }
        }
        return (hops, shortest ?? hops)
    }
}
