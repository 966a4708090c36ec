import Addressing

/// Other filters, networks and MED rules.
extension RandomChanges {
    mutating func reload() throws {
        var policy = PlainPolicy()
        policy.comparesMEDAlways = roll(2) == 0
        for prefix in Self.prefixes where roll(6) == 0 {
            policy.networks[prefix] = Self.communities[roll(Self.communities.count)]
        }
        policy.rules = [
            PlainRule(verdict: .allow, direction: .from, peers: .any),
            PlainRule(verdict: .allow, direction: .to, peers: .any),
        ]
        // What is as good as the best one in all steps before weight.
        let (favored, weight) = (roll(neighbors.count), UInt32(roll(2)))
        policy.rules.append(
            PlainRule(
                verdict: .match,
                direction: .from,
                peers: .one(favored),
                action: .weight(weight)
            )
        )
        policy.rules += (0..<1 + roll(7)).map { _ in rule() }
        if roll(8) == 0 { policy.rules.removeFirst() }
        for number in neighbors.indices where roll(4) == 0 {
            policy.exports[number] = roll(3) == 0 ? .nothing : .defaultRoute
        }
        if roll(2) == 0 { policy.evaluation = .all }
        for number in neighbors.indices where roll(4) == 0 {
            policy.evaluations[number] = roll(2) == 0 ? .all : .best
        }
        try reload(to: policy)
    }

    mutating func reload(to policy: PlainPolicy) throws {
        story.append(
            "reload: \(policy.statements), \(policy.rules.map { $0.text(neighbors) }), "
                + "\(policy.exports), \(policy.evaluations)"
        )
        reference.policy = policy
        try router.reload(policy)
    }

    private mutating func rule() -> PlainRule {
        let direction: PlainRule.Direction = roll(2) == 0 ? .from : .to
        let verdicts: [PlainRule.Verdict] = [.match, .match, .allow, .deny]
        let verdict = verdicts[roll(4)]
        var rule = PlainRule(
            verdict: verdict,
            isQuick: roll(6) == 0,
            direction: direction,
            peers: [.any, .internals, .externals, .one(roll(neighbors.count))][roll(4)]
        )
        let prefix = Self.prefixes[roll(Self.prefixes.count)]
        let conditions: [PlainRule.Condition] = [
            .none, .exactly(prefix), .within(IPPrefix(prefix.address, length: 12)),
            .community(Self.communities[roll(Self.communities.count)]),
            .largeCommunity(Self.largeCommunities[roll(3)]), .passesThrough(70_000),
            .comesFrom(65020), .isLonger(than: 1 + roll(3)),
        ]
        rule.condition = conditions[roll(conditions.count)]
        if verdict == .deny { return rule }
        let number = UInt32(1 + roll(3))
        let actions: [PlainRule.Action] = [
            .none, .localPreference(100 * number), .raiseLocalPreference(number),
            .metric(number), .raiseMetric(number), .weight(number),
            .prependSelf(Int(number)),
            .community(Self.communities[roll(Self.communities.count)]),
            .deleteCommunity(65010 << 16), .largeCommunity(Self.largeCommunities[roll(3)]),
            .deleteLargeCommunity(65010), .origin(UInt8(number) - 1),
            .nextHop([.ours, .kept, .blackhole][roll(3)]),
        ]
        rule.action = actions[roll(actions.count)]
        return rule
    }
}
