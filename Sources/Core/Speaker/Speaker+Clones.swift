import Addressing
import BGPSession
import BGPWire
import Configuration
import Control
import Routing
import Timekeeping

/// Neighbors that templates make of whoever connects from their prefix, and what becomes of them.
extension Speaker {
    /// Clones that may be there at once: each costs a descriptor and a few kilobytes.
    private static let cloneLimit = 4096
    /// How long a clone that is down is remembered.
    private static var cloneMemory: Duration { .seconds(3600) }

    /// The neighbor at an address, made of a template where the file does not name it; nil where nobody is meant, and
    /// the template itself where it makes none now.
    ///
    /// - Parameters:
    ///   - address: where the connection comes from.
    ///   - interface: on which link, where the address is link-local.
    ///   - local: our end of it.
    /// - Returns: the neighbor or, where it makes none now, the template.
    func neighbor(
        at address: IPAddress,
        _ interface: LinkName?,
        local: IPAddress
    ) -> Neighbor? {
        let found = neighbors[address]
        let isNamedByLink = address.isLinkLocal && interface != nil
        let known =
            isNamedByLink
            ? found.first { $0.configuration.isOn(interface) } : found.first
        return known ?? clone(for: address, interface, local)
    }

    private func clone(
        for address: IPAddress,
        _ interface: LinkName?,
        _ local: IPAddress
    ) -> Neighbor? {
        guard let template = neighbors.template(for: address, interface) else { return nil }
        let wanted = template.localAddress(local.family)
        guard template.shutdownText == nil, wanted == nil || wanted == local,
            makeRoomForClone()
        else { return template }
        let scope = address.isLinkLocal ? interface?.name : nil
        let configured = template.configuration.clone(for: address, scope: scope)
        guard let clone = addNeighbor(configured, of: template) else { return nil }
        awaitForgetting(clone)
        reportRefused("\(configured.addressText) becomes a neighbor", of: template)
        clone.hasInterface = configured.dependsOn.map { hasLink($0) } ?? true
        start(clone)
        return clone
    }

    /// Where there are too many, the one that has been down longest makes room.
    private func makeRoomForClone() -> Bool {
        if neighbors.cloneCount < Self.cloneLimit { return true }
        var oldest: Neighbor?
        for clone in neighbors.all
        where clone.forgottenAt < oldest?.forgottenAt ?? .never && isForgettable(clone) {
            oldest = clone
        }
        guard let oldest else { return false }
        forget(oldest, "makes room for another neighbor of its template")
        return true
    }

    /// True for a clone that is down, of its own accord, and whose routes are gone.
    private func isForgettable(_ clone: Neighbor) -> Bool {
        clone.forgottenAt != .never && clone.shutdownText == nil
            && clone.session.prefixLimitCause == nil && isQuiet(clone)
    }

    /// True where nothing is left of its last session: no connection, no route, nothing to give back.
    private func isQuiet(_ clone: Neighbor) -> Bool {
        let isAtRest = clone.session.state == .idle || clone.session.state == .active
        return isAtRest && clone.endpoints.isEmpty && pathCount(of: clone.number) == 0
    }

    /// A clone is down: it is remembered for an hour.
    func awaitForgetting(_ neighbor: Neighbor) {
        guard neighbor.template != nil else { return }
        neighbor.forgottenAt = now + Self.cloneMemory
    }

    /// A clone is up: it stays, and has the AS that it told, whoever it was.
    func keepClone(_ neighbor: Neighbor, _ negotiated: Negotiated) {
        guard let template = neighbor.template else { return }
        neighbor.forgottenAt = .never
        guard neighbor.configuration.remoteAS != negotiated.remoteAS else { return }
        var learnt = neighbor.configuration
        learnt.remoteAS = negotiated.remoteAS
        neighbor.reconfigure(
            learnt,
            peer: configuration.policyPeer(learnt, template: template.configuration.identity),
            program: configuration.filter,
            tables: setTables
        )
    }

    /// Forgets clones whose hour is over; one that is just connecting, or whose routes are still leaving, a little later.
    func forgetClones() {
        for neighbor in neighbors.all where neighbor.forgottenAt <= now {
            if isForgettable(neighbor) {
                forget(neighbor, "forgotten, down for an hour")
            } else {
                neighbor.forgottenAt = now + .seconds(10)
            }
        }
    }

    /// `destroy`: forgets clones at once, all or none.
    func destroy(_ chosen: [Neighbor]) -> ActionResult {
        guard !chosen.isEmpty else { return .noSuchNeighbor }
        guard chosen.allSatisfy({ $0.template != nil }) else { return .notCloned }
        for clone in chosen where !isQuiet(clone) { return .stillActive }
        for clone in chosen { forget(clone, "destroy") }
        return .processed
    }

    private func forget(_ clone: Neighbor, _ reason: String) {
        // Who never was a neighbor in earnest is not worth a line.
        if !clone.isStranger { report(.notice(reason), of: clone) }
        act(on: clone) { session, now, actions in
            session.deconfigure(now: now, into: &actions)
        }
        neighbors.remove(clone)
    }

    // MARK: What is done to a template

    /// What is done to a template is done to its clones.
    func withClones(_ chosen: [Neighbor]) -> [Neighbor] {
        guard chosen.contains(where: \.isTemplate) else { return chosen }
        return neighbors.all.filter { neighbor in
            chosen.contains { $0 === neighbor || $0 === neighbor.template }
        }
    }

    /// A template that is down makes no neighbors.
    func perform(
        _ action: NeighborActionRequest.Action,
        onTemplate template: Neighbor
    ) {
        switch action {
        case .up:
            report(.operation("up"), of: template)
            template.shutdownText = nil
        case .down(let reason):
            let text = Self.cut(reason, toOctets: 255)
            report(.operation(text.isEmpty ? "down" : "down \"\(text)\""), of: template)
            template.shutdownText = text
        case .clear, .refresh, .destroy: break
        }
    }
}

extension NeighborConfiguration {
    /// True where a connection that came in on that link may be this neighbor's.
    func isOn(_ interface: LinkName?) -> Bool {
        guard let scope, let interface else { return true }
        return scope == interface.name || scope == "\(interface.index)"
    }
}
