import Addressing

/// Filter rules as plain values: how they are written, and what they do, rule after rule.
struct PlainPolicy: Hashable {
    var rules: [PlainRule] = []
    /// `rde med compare always`.
    var comparesMEDAlways = false
    /// Own networks, and the community that each is given.
    var networks: [IPPrefix: UInt32] = [:]
    /// `export` of neighbors; nil for everything.
    var exports: [Int: PlainExport] = [:]

    /// `rde evaluate`, and that of neighbors that say otherwise.
    var evaluation = PlainEvaluation.best
    var evaluations: [Int: PlainEvaluation] = [:]

    /// What stands in the block of a neighbor.
    func statements(of number: Int) -> [String] {
        [
            exports[number].map { "export \($0.rawValue)" },
            evaluations[number].map { "rde evaluate \($0.rawValue)" },
        ].compactMap(\.self)
    }

    /// What stands before the neighbors in the configuration.
    var statements: String {
        let networks = networks.sorted { $0.key < $1.key }.map { prefix, community in
            "network \(prefix) set community \(PlainRule.words(community))"
        }
        return
            ([
                "rde med compare \(comparesMEDAlways ? "always" : "strict")",
                "rde evaluate \(evaluation.rawValue)",
            ] + networks)
            .joined(separator: "\n")
    }
}

/// Whether the other paths are tried where output policy refuses the best one.
enum PlainEvaluation: String {
    case best = "default"
    case all
}

/// What a neighbor is told of where that is not everything.
enum PlainExport: String {
    case nothing = "none"
    case defaultRoute = "default-route"
}

/// A filter rule with at most one condition and one action.
struct PlainRule: Hashable {
    enum Verdict: String { case allow, deny, match }
    enum Direction: String { case from, to }

    enum Peers: Hashable {
        case any, internals, externals
        case one(Int)
    }

    enum Condition: Hashable {
        case none
        case exactly(IPPrefix)
        case within(IPPrefix)
        case community(UInt32)
        case largeCommunity([UInt32])
        case passesThrough(UInt32)
        case comesFrom(UInt32)
        case isLonger(than: Int)
    }

    enum Action: Hashable {
        case none
        case localPreference(UInt32)
        case raiseLocalPreference(UInt32)
        case metric(UInt32)
        case raiseMetric(UInt32)
        case weight(UInt32)
        case prependSelf(Int)
        case community(UInt32)
        case deleteCommunity(UInt32)
        case largeCommunity([UInt32])
        /// All that begin with that number.
        case deleteLargeCommunity(UInt32)
        case origin(UInt8)
        case nextHop(NextHopChoice)
    }

    enum NextHopChoice: Hashable { case asUsual, ours, kept, blackhole }

    var verdict: Verdict
    var isQuick = false
    var direction: Direction
    var peers: Peers
    var condition = Condition.none
    var action = Action.none

    static func words(_ community: UInt32) -> String { "\(community >> 16):\(community & 65535)" }

    static func words(_ largeCommunity: [UInt32]) -> String {
        largeCommunity.map { "\($0)" }.joined(separator: ":")
    }

    /// As it stands in the configuration.
    func text(_ neighbors: [PlainNeighbor]) -> String {
        let who =
            switch peers {
            case .any: "any"
            case .internals: "ibgp"
            case .externals: "ebgp"
            case .one(let number): "\(neighbors[number].address)"
            }
        let what =
            switch condition {
            case .none: ""
            case .exactly(let prefix): "prefix \(prefix)"
            case .within(let prefix): "prefix \(prefix) or-longer"
            case .community(let number): "community \(Self.words(number))"
            case .largeCommunity(let numbers): "large-community \(Self.words(numbers))"
            case .passesThrough(let number): "AS \(number)"
            case .comesFrom(let number): "source-as \(number)"
            case .isLonger(let count): "max-as-len \(count)"
            }
        let how =
            switch action {
            case .none: ""
            case .localPreference(let number): "set localpref \(number)"
            case .raiseLocalPreference(let number): "set localpref +\(number)"
            case .metric(let number): "set metric \(number)"
            case .raiseMetric(let number): "set metric +\(number)"
            case .weight(let number): "set weight \(number)"
            case .prependSelf(let count): "set prepend-self \(count)"
            case .community(let number): "set community \(Self.words(number))"
            case .deleteCommunity(let number): "set community delete \(number >> 16):*"
            case .largeCommunity(let numbers): "set large-community \(Self.words(numbers))"
            case .deleteLargeCommunity(let number): "set large-community delete \(number):*:*"
            case .origin(let number): "set origin \(["igp", "egp", "incomplete"][Int(number)])"
            case .nextHop(.asUsual): ""
            case .nextHop(.ours): "set nexthop self"
            case .nextHop(.kept): "set nexthop no-modify"
            case .nextHop(.blackhole): "set nexthop blackhole"
            }
        return [verdict.rawValue, isQuick ? "quick" : "", direction.rawValue, who, what, how]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// A route on its way through the rules, with what they attach to it for local use.
struct FilteredPlainRoute: Hashable {
    var attributes: PlainAttributes
    var weight: UInt32 = 0
    var nextHop = PlainRule.NextHopChoice.asUsual
    var medIsOurs = false
    var isAccepted = false

    /// Lets the rules of one direction act on the route of a prefix; the last verdict counts.
    mutating func pass(
        _ rules: [PlainRule],
        _ direction: PlainRule.Direction,
        _ prefix: IPPrefix,
        _ number: Int,
        _ neighbor: PlainNeighbor
    ) {
        isAccepted = false
        for rule in rules where rule.direction == direction {
            let isMeant =
                switch rule.peers {
                case .any: true
                case .internals: neighbor.isInternal
                case .externals: !neighbor.isInternal
                case .one(let other): other == number
                }
            guard isMeant, holds(rule.condition, prefix) else { continue }
            apply(rule.action)
            switch rule.verdict {
            case .allow: isAccepted = true
            case .deny: isAccepted = false
            case .match: break
            }
            if rule.isQuick { return }
        }
    }

    private func holds(_ condition: PlainRule.Condition, _ prefix: IPPrefix) -> Bool {
        switch condition {
        case .none: true
        case .exactly(let other): prefix == other
        case .within(let other):
            prefix.family == other.family && prefix.length >= other.length
                && IPPrefix(prefix.address, length: other.length) == other
        case .community(let number): attributes.communities.contains(number)
        case .largeCommunity(let numbers): attributes.largeCommunities.contains(numbers)
        case .passesThrough(let number): attributes.path.numbers.contains(number)
        case .comesFrom(let number): attributes.path.last == number
        case .isLonger(let count): attributes.path.length > count
        }
    }

    private mutating func apply(_ action: PlainRule.Action) {
        switch action {
        case .none: break
        case .localPreference(let number): attributes.localPreference = number
        case .raiseLocalPreference(let number):
            attributes.localPreference = (attributes.localPreference ?? 100) + number
        case .metric(let number):
            attributes.med = number
            medIsOurs = true
        case .raiseMetric(let number):
            attributes.med = (attributes.med ?? 0) + number
            medIsOurs = true
        case .weight(let number): weight = number
        case .prependSelf(let count):
            attributes.path = attributes.path.prepended(PlainRouter.ownAS, times: count)
        case .community(let number): attributes.communities.insert(number)
        case .deleteCommunity(let number):
            attributes.communities = attributes.communities.filter { $0 >> 16 != number >> 16 }
        case .largeCommunity(let numbers): attributes.largeCommunities.insert(numbers)
        case .deleteLargeCommunity(let number):
            attributes.largeCommunities = attributes.largeCommunities.filter { $0[0] != number }
        case .origin(let number): attributes.origin = number
        case .nextHop(let choice): nextHop = choice
        }
    }
}
