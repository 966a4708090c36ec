import Addressing
import RPKI

/// Turns rules into flat rows of tests with tables beside them.
struct FilterCompiler {
    let tables: SetTables
    let peer: PolicyPeer
    private(set) var rules: [CompiledFilter.Rule] = []
    private(set) var written: [FilterRule] = []
    private(set) var tests: [RouteTest] = []
    private(set) var changes: [ResolvedChanges] = []

    init(tables: SetTables, peer: PolicyPeer) {
        self.tables = tables
        self.peer = peer
    }

    /// Adds a rule that is about the neighbor.
    mutating func add(_ rule: FilterRule) {
        let start = tests.count
        let conditions = rule.conditions
        group(conditions.prefixes.map { RouteTest($0) })
        if let use = conditions.prefixSet {
            var test = RouteTest(.prefixSet)
            test.table = Int32(tables.prefixTable(use.name))
            test.flag = use.orLonger
            group([test])
        }
        if let validity = conditions.originValidity {
            group([RouteTest(.validity, UInt32(validity.rawValue))])
        }
        if let validity = conditions.pathValidity {
            group([RouteTest(.pathValidity, UInt32(validity.rawValue))])
        }
        if let name = conditions.originSet {
            var test = RouteTest(.originSet)
            test.table = Int32(tables.originTable(name))
            group([test])
        }
        group(conditions.paths.map { pathTest($0) })
        group(conditions.pathLongerThan.map { RouteTest(.pathLonger, $0) })
        group(conditions.pathRepeatsMoreThan.map { RouteTest(.pathRepeats, $0) })
        group(conditions.moreCommunitiesThan.map { RouteTest(.moreCommunities, $0) })
        group(conditions.moreExtendedCommunitiesThan.map { RouteTest(.moreExtended, $0) })
        group(conditions.moreLargeCommunitiesThan.map { RouteTest(.moreLarge, $0) })
        for alternatives in conditions.communities { group(communityTests(alternatives)) }
        switch conditions.nextHop {
        case .address(let address):
            var test = RouteTest(.nextHop)
            test.prefix = IPPrefix(address, length: address.family.bitCount)
            group([test])
        case .neighbor:
            group([RouteTest(.nextHopIsSource)])
        case nil:
            break
        }
        var place = -1
        if !rule.changes.isEmpty {
            place = changes.count
            changes.append(
                ResolvedChanges(rule.changes, localAS: peer.localAS, neighborAS: peer.remoteAS)
            )
        }
        rules.append(
            CompiledFilter.Rule(
                verb: rule.verb,
                isQuick: rule.isQuick,
                tests: start..<tests.count,
                changes: place
            )
        )
        written.append(rule)
    }

    private mutating func group(_ test: RouteTest?) {
        if let test { group([test]) }
    }

    /// Adds tests of which one must hold; none is no condition.
    private mutating func group(_ alternatives: [RouteTest]) {
        for (index, alternative) in alternatives.enumerated() {
            var test = alternative
            test.endsGroup = index == alternatives.count - 1
            tests.append(test)
        }
    }

    private func communityTests(_ patterns: [CommunityPattern]) -> [RouteTest] {
        let resolved = patterns.flatMap {
            $0.resolved(neighborAS: peer.remoteAS, localAS: peer.localAS)
        }
        return resolved.isEmpty ? [RouteTest(.never)] : resolved.map { RouteTest($0) }
    }

    private func pathTest(_ condition: PathCondition) -> RouteTest {
        var test = RouteTest(.path)
        test.position = condition.position
        switch condition.matcher {
        case .equal(let number): test.first = number.value
        case .neighborAS: test.first = peer.remoteAS.value
        case .localAS: test.first = peer.localAS.value
        case .notEqual(let number):
            test.comparison = .notEqual
            test.first = number.value
        case .range(let first, let last):
            test.comparison = .range
            test.first = first.value
            test.second = last.value
        case .outside(let first, let last):
            test.comparison = .outside
            test.first = first.value
            test.second = last.value
        case .set(let name):
            test.comparison = .table
            test.table = Int32(tables.asTable(name))
        }
        return test
    }
}
