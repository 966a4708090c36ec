import Addressing
import BGPSession
import BGPWire
package import Configuration
import Control
import Policy
import Routing
import Timekeeping

/// Another configuration in place of the running one: what can stay as it is, stays.
extension Speaker {
    /// Takes another configuration.
    ///
    /// Sessions end only where they could not go on; routes are filtered and sent again in slices, and only
    /// those whose policy is another one.
    ///
    /// - Parameters:
    ///   - new: the configuration that is to run from now on.
    ///   - reason: what the operator says about it, empty for nothing.
    /// - Returns: nothing where it runs, else the settings that only a restart can change; nothing was changed then.
    package func reload(_ new: Configuration, reason: String) -> [String] {
        let difference = ConfigurationDifference(from: configuration, to: new)
        guard phase == .running else { return ["a router that stops"] }
        guard difference.needsRestart.isEmpty else { return difference.needsRestart }
        let old = configuration
        configuration = new
        if difference.setsDiffer { setTables = SetTables(new.filter.sets) }
        var rules = routing.rules
        rules.comparesMEDAlways = new.medCompare == .always
        rules.evaluatesAge = new.routeAge == .evaluate
        routing.setRules(rules)
        followMultipath(old.fibMultipath)
        report(.operation(Self.summary(difference, reason)), of: nil)
        for gone in difference.removed { removeNeighbors(gone) }
        changeNeighbors(old, difference)
        for added in difference.added {
            guard let neighbor = addNeighbor(added, of: nil) else { continue }
            replaceClone(by: neighbor)
            neighbor.hasInterface = added.dependsOn.map { hasLink($0) } ?? true
            if !neighbor.isTemplate { start(neighbor) }
        }
        for prefix in difference.networksRemoved { routing.withdraw(prefix, from: .local) }
        announce(difference.roasDiffer ? new.networks : difference.networksAdded)
        return []
    }

    /// Says why a configuration was not taken; the running one stays.
    package func report(reloadFailure lines: [String]) {
        report(.operation("reload failed, the running configuration stays"), of: nil)
        for line in lines.prefix(20) { report(.notice(line), of: nil) }
    }

    private static func summary(_ difference: ConfigurationDifference, _ reason: String) -> String {
        var parts: [String] = []
        let counts = [
            (difference.added.count, "neighbor", "added"),
            (difference.removed.count, "neighbor", "removed"),
            (difference.networksAdded.count, "network", "announced"),
            (difference.networksRemoved.count, "network", "withdrawn"),
        ]
        for (count, what, verb) in counts where count > 0 {
            parts.append("\(NumberText.counted(count, what)) \(verb)")
        }
        let quoted = reason.isEmpty ? "" : " \"\(reason)\""
        let changes = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        return "configuration reloaded\(quoted)\(changes)"
    }

    // MARK: Neighbors that go

    private func removeNeighbors(_ gone: NeighborConfiguration) {
        let identity = gone.identity
        let found = neighbors.all.filter {
            $0.template == nil && $0.configuration.identity == identity
        }
        for neighbor in withClones(found) {
            if !neighbor.isTemplate {
                act(on: neighbor) { session, now, actions in
                    session.deconfigure(now: now, into: &actions)
                }
            }
            neighbors.remove(neighbor)
        }
    }

    /// A neighbor that the file names now may have been made by a template before: its session ends, and
    /// comes again as that of the file.
    private func replaceClone(by added: Neighbor) {
        let clones = neighbors[added.configuration.address].filter {
            $0.template != nil && $0.configuration.scope == added.configuration.scope
        }
        for clone in clones {
            act(on: clone) { session, now, actions in
                session.deconfigure(now: now, into: &actions)
            }
            neighbors.remove(clone)
        }
    }

    // MARK: Neighbors that stay

    private func changeNeighbors(
        _ old: Configuration,
        _ difference: ConfigurationDifference
    ) {
        var wanted: [NeighborIdentity: NeighborConfiguration] = [:]
        for neighbor in configuration.neighbors { wanted[neighbor.identity] = neighbor }
        for neighbor in neighbors.all {
            let named = neighbor.template ?? neighbor
            guard var new = wanted[named.configuration.identity] else { continue }
            let takesAnyAS = new.remoteAS.value == 0
            if neighbor.template != nil {
                let learnt = neighbor.configuration.remoteAS
                new = new.clone(
                    for: neighbor.configuration.address,
                    scope: neighbor.configuration.scope
                )
                if new.remoteAS.value == 0 { new.remoteAS = learnt }
            }
            change(neighbor, to: new, takesAnyAS: takesAnyAS, from: old, difference)
        }
        // What neighbors have is compared with what they are to have.
        regroup { changedOutput.contains($0.number) }
        changedOutput = []
    }

    private func change(
        _ neighbor: Neighbor,
        to new: NeighborConfiguration,
        takesAnyAS: Bool,
        from old: Configuration,
        _ difference: ConfigurationDifference
    ) {
        let before = neighbor.configuration
        let peerBefore = neighbor.peer
        let peer = configuration.policyPeer(new, template: peerBefore.template)
        func isSame(_ direction: FilterDirection) -> Bool {
            !difference.setsDiffer && !difference.roasDiffer
                && old.filter.rules(for: peerBefore, direction)
                    == configuration.filter.rules(for: peer, direction)
        }
        let (inputIsSame, outputIsSame) = (isSame(.from), isSame(.to))
        neighbor.reconfigure(
            new,
            peer: peer,
            program: configuration.filter,
            tables: setTables
        )
        if neighbor.isTemplate {
            if before.down != new.down { neighbor.shutdownText = new.down?.reason }
            return
        }
        follow(new.dependsOn, was: before.dependsOn, of: neighbor)
        var wanted = sessionConfiguration(new)
        // The session keeps what its neighbor has told by itself.
        if takesAnyAS { wanted.remoteAS = nil }
        act(on: neighbor) { session, now, actions in
            session.configure(wanted, now: now, into: &actions)
        }
        followShutdown(of: neighbor)
        if before.md5Key != new.md5Key || before.port != new.port {
            act(on: neighbor) { session, now, actions in
                session.reconnect(now: now, into: &actions)
            }
        }
        if Self.isRaised(neighbor.session.prefixLimitCause, new) {
            act(on: neighbor) { session, now, actions in
                session.maximumPrefixesRaised(now: now, into: &actions)
            }
        }
        let isUp = neighbor.session.state == .established
        if isUp || neighbor.retained != nil,
            !inputIsSame || before.enforceLocalAS != new.enforceLocalAS
                || difference.aspasDiffer && neighbor.role != nil
        {
            refilter.add(neighbor.number)
        }
        guard isUp, let negotiated = neighbor.session.negotiated else { return }
        neighbor.updateContext = Self.updateContext(neighbor, negotiated)
        if !outputIsSame { changedOutput.insert(neighbor.number) }
        var actions: [SessionAction] = []
        if before.rejectASSet != new.rejectASSet
            || before.enforceNeighborAS != new.enforceNeighborAS
        {
            // What was treated as withdrawn is not kept, and what was taken is not judged so again: it is to come anew.
            for family in negotiated.families.families {
                _ = neighbor.session.requestRefresh(family, now: now, into: &actions)
            }
        }
        checkMaximum(of: neighbor, into: &actions)
        perform(actions, for: neighbor)
        _ = sentMaximumIsExceeded(by: neighbor)
    }

    /// What holds the session down is what the screen tells: the operator's word goes before the file's.
    private func followShutdown(of neighbor: Neighbor) {
        switch neighbor.session.heldDown {
        case .administrativeShutdown(let text), .configuredDown(let text):
            neighbor.shutdownText = text
        default:
            neighbor.shutdownText = nil
        }
    }

    /// True where the limit that keeps a session Idle has grown or is gone.
    private static func isRaised(_ cause: DownReason?, _ new: NeighborConfiguration) -> Bool {
        switch cause {
        case .maximumPrefixes(let limit, _): new.maxPrefix.map { $0.limit > limit } ?? true
        case .maximumPrefixesSent(let limit, _): new.maxPrefixOut.map { $0.limit > limit } ?? true
        default: false
        }
    }

    /// `depend on` has another interface, or none.
    private func follow(_ name: String?, was before: String?, of neighbor: Neighbor) {
        guard name != before else { return }
        let hasLink = name.map { self.hasLink($0) } ?? true
        neighbor.hasInterface = hasLink
        act(on: neighbor) { session, now, actions in
            if let name, !hasLink {
                session.interfaceLost(name, now: now, into: &actions)
            } else {
                session.interfaceReturned(now: now, into: &actions)
            }
        }
    }
}

extension NeighborConfiguration {
    /// What a connection is made of beside the session's own settings: another one needs another connection.
    var transportFingerprint: UInt64 {
        let words =
            "\(localIPv4.map { "\($0)" } ?? "-") \(localIPv6.map { "\($0)" } ?? "-") "
            + "\(multihop ?? 0) \(ttlSecurity) \(isReflectorClient) \(addPathSend.words)"
        // FNV-1a.
        return words.utf8.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
    }
}
