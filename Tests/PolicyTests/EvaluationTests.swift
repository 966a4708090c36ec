import Addressing
import Attributes
import Policy
import RPKI
import Testing

struct EvaluationTests {
    @Test
    func `without rules everything is refused, and the words say so`() throws {
        let result = try filter([])
        #expect(!result.isAccepted)
        #expect(result.decidingLine == nil)
        #expect(
            FilterProgram().ruleCounts(for: upstream).description
                == "none, everything is refused (RFC 8212)"
        )
        let program = FilterProgram(rules: [
            rule(.allow), rule(.deny, .from, [.group("others")]), rule(.allow, .to, [.ebgp]),
            rule(.match, .to, [.group("upstreams")]),
        ])
        #expect(program.ruleCounts(for: upstream).description == "in 1 rule, out 2 rules")
    }

    @Test
    func `the last matching rule decides, quick ends it, match decides nothing`() throws {
        let allowThenDeny = [rule(.allow, line: 1), rule(.deny, line: 2), rule(.match, line: 3)]
        #expect(try filter(allowThenDeny).decidingLine == 2)
        #expect(try !filter(allowThenDeny).isAccepted)
        let quick = [
            rule(.deny, line: 1), rule(.allow, quick: true, line: 2), rule(.deny, line: 3),
        ]
        #expect(try filter(quick).isAccepted)
        #expect(try filter(quick).decidingLine == 2)
    }

    @Test
    func `later rules see what earlier ones changed, and each applies in its turn`() throws {
        let rules = [
            rule(.match, set: changes { $0.localPref = .add(10) }),
            rule(.match, set: changes { $0.addedCommunities = [.standard(.value(1), .value(2))] }),
            rule(.allow) { $0.communities = [[.standard(.value(1), .value(2))]] },
            rule(.match, set: changes { $0.localPref = .add(10) }),
        ]
        let result = try filter(rules)
        #expect(result.isAccepted)
        #expect(result.facts.localPreference == 120)
        #expect(
            result.steps.map(\.changes) == [
                ["localpref 100 -> 110"], ["communities none -> 1:2"], [], ["localpref 110 -> 120"],
            ]
        )
    }

    @Test
    func `a refused route keeps its changes to be shown with`() throws {
        let result = try filter([rule(.deny, set: changes { $0.localPref = .set(7) })])
        #expect(!result.isAccepted)
        #expect(result.facts.localPreference == 7)
        #expect(
            result.steps.map(\.description) == [
                "bgpd.conf:1 deny from any set { localpref 7 }: localpref 100 -> 7"
            ]
        )
    }

    @Test
    func `changes that change nothing give back the same set`() throws {
        var route = RouteBytes()
        route.localPref = 200
        let result = try filter(
            [rule(.allow, set: changes { $0.localPref = .set(200) })],
            route: route
        )
        #expect(!result.isChanged)
    }

    @Test(arguments: [
        (PeerSelector.any, true, true), (.ibgp, false, true), (.ebgp, true, false),
        (.address(IPAddress(ipv4: 0xC000_0201)), true, true),
        (.address(IPAddress(ipv4: 0xC000_0202)), false, false),
        (.group("upstreams"), true, true), (.group("peers"), false, false),
        (.autonomousSystem(ASNumber(65001)), true, false),
        (.autonomousSystem(ASNumber(65000)), false, true),
    ])
    func `a rule is about the neighbors that it names`(
        selector: PeerSelector,
        external: Bool,
        internally: Bool
    ) throws {
        var inner = upstream
        inner.remoteAS = ASNumber(65000)
        #expect(try filter([rule(.allow, .from, [selector])]).isAccepted == external)
        #expect(try filter([rule(.allow, .from, [selector])], peer: inner).isAccepted == internally)
        #expect(try !filter([rule(.allow, .to, [selector])]).isAccepted)
    }

    @Test
    func `what an outcome depends on is told`() {
        func compiled(_ rules: [FilterRule]) -> CompiledFilter {
            FilterProgram(rules: rules).compiled(for: upstream, .from)
        }
        let plain = compiled([
            rule(.allow) {
                $0.prefixes = [.orLonger(.all(.ipv4))]
                $0.paths = [PathCondition(.any, .equal(ASNumber(1)))]
            }
        ])
        #expect(!plain.dependsOnPrefix && !plain.dependsOnValidity && !plain.dependsOnSource)
        #expect(compiled([rule(.allow) { $0.originValidity = .valid }]).dependsOnValidity)
        #expect(
            compiled([rule(.allow) { $0.prefixes = [PrefixRange(.all(.ipv4))] }]).dependsOnPrefix
        )
        #expect(compiled([rule(.allow) { $0.nextHop = .neighbor }]).dependsOnSource)
        #expect(
            compiled([rule(.allow, .from, [.ibgp]) { $0.originValidity = .valid }]).ruleCount == 0
        )
    }
}
