import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Routing
import Timekeeping

/// Routes of a neighbor whose session was lost, kept until it is back and has told its routes again (RFC 4724 §4.2).
struct RetainedRoutes {
    /// Families with stale routes.
    var families: FamilySet
    /// When the session was lost.
    var since: Instant
    /// Seconds for which the neighbor wants to be waited for.
    var restartTime: UInt16
    /// The session is there again, and the End-of-RIB marker is waited for.
    var isBack = false
}

extension Neighbor {
    /// When its stale routes are given up; ``Instant/never`` where it has none.
    var retentionEnd: Instant {
        guard let retained else { return .never }
        let limit = configuration.staleTime
        return retained.since
            + .seconds(Int(retained.isBack ? limit : min(retained.restartTime, limit)))
    }

    /// Who its routes are from: the BGP Identifier of its session, or of the one before whose routes are kept.
    ///
    /// Nil where its routes are on their way out.
    var originator: UInt32? {
        session.state == .established || retained != nil ? agreed?.remoteOpen.identifier : nil
    }
}

/// Graceful restart of neighbors (RFC 4724, RFC 8538): their routes stay while they are away.
extension Speaker {
    /// A session is lost: its routes are kept where the neighbor may be restarting, else given up.
    func releaseRoutes(of neighbor: Neighbor, after reason: DownReason) {
        let id = Self.routingID(neighbor.number)
        let terms = neighbor.agreed?.restart ?? RestartTerms()
        let families = terms.restartTime == 0 ? [] : terms.retained(after: reason)
        var kept: FamilySet = []
        for family in AddressFamily.allCases {
            guard families.contains(family) else {
                routing.removeAll(from: id, family)
                continue
            }
            // What the neighbor has not told since the restart before is not kept over a second one.
            if neighbor.retained?.families.contains(family) == true {
                routing.removeStale(from: id, family)
            }
            routing.markStale(from: id, family)
            if routing.counts(of: id, family).stale > 0 { kept.insert(FamilySet(family)) }
        }
        neighbor.retained = nil
        guard !kept.isEmpty else { return }
        neighbor.retained = RetainedRoutes(
            families: kept,
            since: now,
            restartTime: terms.restartTime
        )
        let seconds = min(terms.restartTime, neighbor.configuration.staleTime)
        report(
            .notice(
                "graceful restart: \(staleWords(of: neighbor)) kept, for \(seconds) s at most"
            ),
            of: neighbor
        )
    }

    /// A session is up: stale routes of a family stay only where the neighbor has forwarded it all the time.
    func resumeRoutes(of neighbor: Neighbor, _ negotiated: Negotiated) {
        guard let retained = neighbor.retained else { return }
        let terms = negotiated.restart ?? RestartTerms()
        // Somebody else's routes are not those of the one that is there now.
        let isSame =
            neighbor.agreed?.remoteAS == negotiated.remoteAS
            && neighbor.agreed?.remoteOpen.identifier == negotiated.remoteOpen.identifier
        let kept =
            isSame
            ? retained.families.intersection(terms.families).intersection(terms.preserved) : []
        let lost = retained.families.subtracting(kept)
        removeStale(lost, of: neighbor, "not forwarded meanwhile")
        neighbor.retained?.isBack = true
    }

    /// The neighbor has told all it has of a family: what is still stale is gone.
    func endOfRIBReceived(_ family: AddressFamily, from neighbor: Neighbor) {
        neighbor.counters.endOfRIB.received += 1
        neighbor.familiesComplete.insert(FamilySet(family))
        guard neighbor.retained?.families.contains(family) == true else { return }
        settleArrivals(from: neighbor)
        removeStale(FamilySet(family), of: neighbor, "not told again")
    }

    /// Gives up the stale routes of neighbors that took too long, or are not to come back.
    func giveUpStale() {
        for neighbor in neighbors.all where neighbor.retentionEnd <= now {
            guard let retained = neighbor.retained else { continue }
            let waited = "\((now - retained.since).wholeSeconds) s"
            removeStale(
                retained.families,
                of: neighbor,
                retained.isBack ? "not told again within \(waited)" : "not back within \(waited)"
            )
        }
    }

    /// Who is held down does not come back for its routes.
    func giveUpStale(of neighbor: Neighbor) {
        guard let retained = neighbor.retained, neighbor.session.heldDown != nil else { return }
        removeStale(retained.families, of: neighbor, "held down")
    }

    private func removeStale(_ families: FamilySet, of neighbor: Neighbor, _ reason: String) {
        guard !families.isEmpty else { return }
        let words = staleWords(of: neighbor, families)
        let id = Self.routingID(neighbor.number)
        for family in families.families { routing.removeStale(from: id, family) }
        neighbor.retained?.families.subtract(families)
        if neighbor.retained?.families.isEmpty == true { neighbor.retained = nil }
        report(.notice("graceful restart: \(words) removed, \(reason)"), of: neighbor)
    }

    /// `12 stale routes`, of these families or all.
    private func staleWords(of neighbor: Neighbor, _ families: FamilySet = [.ipv4, .ipv6])
        -> String
    {
        let id = Self.routingID(neighbor.number)
        let count = families.families.reduce(0) { $0 + Int(routing.counts(of: id, $1).stale) }
        return NumberText.counted(count, "stale route")
    }

    /// What the neighbor's detail says of its stale routes; nil where it has none.
    func staleNote(of neighbor: Neighbor) -> String? {
        guard let retained = neighbor.retained else { return nil }
        let left = max(0, (neighbor.retentionEnd - now).wholeSeconds)
        let awaited = retained.isBack ? "it has sent all its routes" : "it is back"
        return
            "graceful restart: \(staleWords(of: neighbor)) kept until \(awaited), \(left) s more at most"
    }
}
