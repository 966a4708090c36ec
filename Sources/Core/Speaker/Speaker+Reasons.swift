import Addressing
import Attributes
import Control
import Policy
import RPKI
import Routing

/// Why paths are the best ones or not.
extension Speaker {
    /// The reason of every path of a prefix.
    func reasons(_ id: PrefixID, _ family: AddressFamily) -> [PathID: PathReason] {
        var reasons: [PathID: PathReason] = [:]
        for (place, ranked) in routing.ranking(id, family).enumerated() {
            let trace = inputTrace(ranked.path, routing.prefix(id, family))
            reasons[ranked.path.id] = PathReason(
                rank: UInt32(place + 1),
                verdict: verdict(ranked, trace),
                rules: trace?.steps.map {
                    RuleStep(
                        file: $0.place.file,
                        line: UInt32(clamping: $0.place.line),
                        text: $0.rule,
                        changes: $0.changes
                    )
                } ?? []
            )
        }
        return reasons
    }

    private func verdict(_ ranked: RankedPath, _ trace: FilterTrace?) -> PathReason.Verdict {
        switch ranked.verdict {
        case .best: .best
        case .lost(let loss): .lost(step(loss), to: Self.neighborNumber(loss.winner))
        case .refused: refusal(ranked.path, trace)
        case .unreachable: unreachable(ranked.path)
        }
    }

    private func refusal(_ path: PathView, _ trace: FilterTrace?) -> PathReason.Verdict {
        if path.flags.contains(.error) { return .notEligible(.malformed) }
        if path.flags.contains(.filtered) {
            // While a new policy is on its way to the routes, it may accept what the old one refused.
            return .refused(by: trace?.isAccepted == false ? trace?.decidingStep : nil)
        }
        return .notEligible(path.flags.contains(.leaked) ? .leaked : .loop)
    }

    private func unreachable(_ path: PathView) -> PathReason.Verdict {
        let number = routing.attributes.facts(path.effective).nextHop
        guard number != .none else { return .notEligible(.noNextHop) }
        return .notEligible(
            .nextHopUnreachable(routing.attributes.nextHops.nextHop(number).address)
        )
    }

    private func step(_ loss: RankedPath.Loss) -> LostStep {
        let own = loss.own
        let other = loss.other
        switch loss.step {
        case .localPreference: return .localPreference(own.localPreference, other.localPreference)
        case .pathLength: return .pathLength(UInt32(own.pathLength), UInt32(other.pathLength))
        case .origin: return .origin(own.origin, other.origin)
        case .med: return .med(own.med, other.med, loss.medAS.map { .sameAS($0) } ?? .always)
        case .external: return .external
        case .weight: return .weight(own.weight, other.weight)
        case .nextHopCost: return .nextHopCost(own.nextHopCost, other.nextHopCost)
        case .age: return .age(age(since: own.lastUpdate), age(since: other.lastUpdate))
        case .identifier: return .identifier(own.identifier, other.identifier)
        case .clusterList: return .clusterList(UInt32(own.clusterCount), UInt32(other.clusterCount))
        case .neighborAddress: return .neighborAddress(own.address, other.address)
        // What takes part is eligible, and two paths differ in one of the steps.
        case .pathID, .eligible, .same: return .pathID(own.pathID, other.pathID)
        }
    }

    /// What input policy does to a path now; nil for own networks, and where the neighbor is gone.
    private func inputTrace(_ path: PathView, _ prefix: IPPrefix) -> FilterTrace? {
        guard path.neighbor != .local,
            let neighbor = neighbor(Self.neighborNumber(path.neighbor))
        else { return nil }
        return neighbor.inputFilter.trace(
            FilteredRoute(
                prefix: prefix,
                validity: OriginValidity(rawValue: path.flags.originValidation) ?? .notFound,
                source: RouteSource(
                    address: neighbor.peer.address,
                    autonomousSystem: neighbor.remoteAS
                )
            ),
            attributes: path.received,
            store: routing.attributes,
            editor: &editor
        )
    }
}
