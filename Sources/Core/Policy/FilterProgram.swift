package import Addressing

/// All filter rules of a configuration in the order of evaluation, with the sets that they name.
///
/// Every rule is tried from top to bottom; a rule that matches applies its changes at once, so that
/// later rules see them; the last matching `allow` or `deny` decides; `quick` ends it; where nothing
/// decides the route is refused. So RFC 8212 holds by construction.
package struct FilterProgram: Equatable, Sendable {
    package var sets: PolicySets
    package var rules: [FilterRule]

    /// A program; without rules it refuses everything.
    package init(sets: PolicySets = PolicySets(), rules: [FilterRule] = []) {
        self.sets = sets
        self.rules = rules
    }

    /// The program as it applies to one neighbor in one direction.
    ///
    /// - Parameters:
    ///   - peer: the neighbor.
    ///   - direction: input or output.
    ///   - tables: those of the program's sets, where they are made already.
    /// - Returns: the rules about that neighbor, ready to be evaluated.
    package func compiled(
        for peer: PolicyPeer,
        _ direction: FilterDirection,
        tables: SetTables? = nil
    ) -> CompiledFilter {
        CompiledFilter(
            program: self,
            peer: peer,
            direction: direction,
            tables: tables ?? SetTables(sets)
        )
    }

    /// The rules that can match routes of that neighbor in one direction, in their order.
    package func rules(for peer: PolicyPeer, _ direction: FilterDirection) -> [FilterRule] {
        rules.filter { $0.direction == direction && $0.concerns(peer) }
    }

    /// How many rules can match routes of that neighbor, in and out.
    package func ruleCounts(for peer: PolicyPeer) -> PolicyRuleCounts {
        PolicyRuleCounts(
            input: rules.count { $0.direction == .from && $0.concerns(peer) },
            output: rules.count { $0.direction == .to && $0.concerns(peer) }
        )
    }
}

extension FilterRule {
    /// True where the rule is about that neighbor.
    package func concerns(_ peer: PolicyPeer) -> Bool {
        peers.contains { selector in
            switch selector {
            case .any: true
            case .ibgp: peer.isInternal
            case .ebgp: !peer.isInternal
            case .address(let address):
                address == peer.address || address == peer.template?.address
            case .neighbor(let identity): identity == peer.identity || identity == peer.template
            case .group(let name): name == peer.group
            case .autonomousSystem(let number): number == peer.remoteAS
            }
        }
    }
}

/// What policy needs to know of a neighbor.
package struct PolicyPeer: Hashable, Sendable {
    package var address: IPAddress
    /// The interface of a link-local address.
    package var scope: String?
    /// The template that it was made of: rules about that are about it too.
    package var template: NeighborIdentity?
    package var remoteAS: ASNumber
    /// The AS that this neighbor sees as ours.
    package var localAS: ASNumber
    package var group: String?
    var identity: NeighborIdentity { NeighborIdentity(address: address, scope: scope) }
    /// True where the neighbor is in our own AS.
    package var isInternal: Bool { remoteAS == localAS }

    package init(
        address: IPAddress,
        scope: String? = nil,
        template: NeighborIdentity? = nil,
        remoteAS: ASNumber,
        localAS: ASNumber,
        group: String? = nil
    ) {
        self.address = address
        self.scope = scope
        self.template = template
        self.remoteAS = remoteAS
        self.localAS = localAS
        self.group = group
    }
}

/// How many rules a neighbor has in each direction.
package struct PolicyRuleCounts: Hashable, Sendable, CustomStringConvertible {
    package var input: Int
    package var output: Int

    package init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }

    /// `in 7 rules, out 3 rules`, or `none, everything is refused (RFC 8212)`.
    package var description: String {
        func rules(_ count: Int) -> String { count == 1 ? "1 rule" : "\(count) rules" }
        if input == 0, output == 0 { return "none, everything is refused (RFC 8212)" }
        return "in \(rules(input)), out \(rules(output))"
    }
}
