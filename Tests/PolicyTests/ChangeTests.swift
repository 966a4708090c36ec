import Addressing
import Attributes
import Policy
import Testing

struct ChangeTests {
    private func changed(_ route: RouteBytes = RouteBytes(), _ make: (inout RouteChanges) -> Void)
        throws -> Filtered
    {
        try filter([rule(.allow, set: changes(make))], route: route)
    }

    @Test(arguments: [
        (NumberChange.set(0), 0 as UInt32), (.set(300), 300), (.add(50), 150), (.add(-150), 0),
        (.add(Int32.max), 2_147_483_747),
    ])
    func `localpref is set or changed, and stops at its ends`(
        change: NumberChange,
        expected: UInt32
    ) throws {
        #expect(try changed { $0.localPref = change }.facts.localPreference == expected)
    }

    @Test
    func `a metric that is set here is marked as ours, relative ones start at 0`() throws {
        let set = try changed { $0.med = .set(5) }
        #expect(set.facts.med == 5)
        #expect(set.facts.marks.options.contains(.medIsOurs))
        #expect(try changed { $0.med = .add(-10) }.facts.med == 0)
        #expect(try changed { $0.med = .add(10) }.facts.med == 10)
    }

    @Test
    func `weight is a mark, and 0 sets 0`() throws {
        let rules = [
            rule(.match, set: changes { $0.weight = .set(10) }),
            rule(.allow, set: changes { $0.weight = .add(5) }),
        ]
        #expect(try filter(rules).facts.marks.weight == 15)
        let reset = rules + [rule(.match, set: changes { $0.weight = .set(0) })]
        #expect(try filter(reset).facts.marks.weight == 0)
    }

    @Test
    func `prepends put the own AS first, then that of the neighbor`() throws {
        let result = try changed {
            $0.prependSelf = 2
            $0.prependNeighbor = 1
        }
        #expect(result.facts.pathLength == 6)
        #expect(
            result.steps.first?.changes == [
                "AS path 65001 65002 65003 -> 65001 65000 65000 65001 65002 65003"
            ]
        )
        #expect(try !changed { $0.prependSelf = 0 }.isChanged)
    }

    @Test
    func `as-override puts the own AS where that of the source stands, after prepends`() throws {
        let result = try changed {
            $0.prependNeighbor = 1
            $0.overridesAS = true
        }
        #expect(
            result.steps.first?.changes == [
                "AS path 65001 65002 65003 -> 65000 65000 65002 65003"
            ]
        )
    }

    @Test
    func `the last next hop decision wins whole`() throws {
        let toSelf = rule(.allow, set: changes { $0.nextHopTreatment = .own })
        let keep = rule(.match, set: changes { $0.nextHopTreatment = .unmodified })
        let address = rule(.match, set: changes { $0.nextHops = [IPAddress(ipv4: 0xC000_0263)] })
        #expect(try filter([toSelf, keep]).facts.marks.options == .nextHopKeep)
        #expect(try filter([toSelf, keep, address]).facts.marks.options == .nextHopSet)
        #expect(try filter([address, toSelf]).facts.marks.options == .nextHopSelf)
        let blackhole = try changed { $0.nextHopTreatment = .blackhole }
        #expect(blackhole.facts.marks.options == .blackhole)
        #expect(blackhole.facts.marks.weight == 0)
    }

    @Test
    func `a next hop of the other family is not for this route`() throws {
        let result = try changed { $0.nextHops = [IPAddress(ipv6High: 1, low: 1)] }
        #expect(!result.isChanged)
    }

    @Test
    func `deletions come before additions, whatever the order of writing`() throws {
        var route = RouteBytes()
        route.communities = [(65000, 1), (65000, 2), (65001, 1)]
        route.large = [(65000, 1, 1), (65001, 1, 1)]
        let result = try changed(route) {
            $0.addedCommunities = [
                .standard(.localAS, .value(9)), .large(.neighborAS, .value(2), .value(3)),
            ]
            $0.deletedCommunities = [.standard(.localAS, .any), .large(.localAS, .any, .any)]
        }
        #expect(
            result.steps.first?.changes == [
                "communities 65000:1 65000:2 65001:1 -> 65001:1 65000:9",
                "large-communities 65000:1:1 65001:1:1 -> 65001:1:1 65001:2:3",
            ]
        )
    }

    @Test
    func `an AS above 65535 adds no standard community and a 4-octet extended one`() throws {
        var peer = upstream
        peer.remoteAS = ASNumber(70000)
        let standard = rule(
            .allow,
            set: changes { $0.addedCommunities = [.standard(.value(1), .neighborAS)] }
        )
        #expect(try !filter([standard], peer: peer).isChanged)
        let extended = rule(
            .allow,
            set: changes {
                $0.addedCommunities = [
                    .extended(ExtendedCommunityPattern(.rt, .twoOctetAS(.neighborAS, .value(5))))
                ]
            }
        )
        #expect(
            try filter([extended], peer: peer).steps.first?.changes == [
                "ext-communities none -> 0x202000111700005"
            ]
        )
    }

    @Test
    func `origin is set`() throws {
        #expect(try changed { $0.origin = .incomplete }.facts.origin == 2)
    }
}
