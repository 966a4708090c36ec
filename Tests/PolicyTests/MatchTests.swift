import Addressing
import Policy
import RPKI
import Testing

struct MatchTests {
    private func accepts(
        _ route: RouteBytes = RouteBytes(),
        prefix: String = "10.1.0.0/16",
        validity: OriginValidity = .notFound,
        pathValidity: PathValidity = .unknown,
        sets: PolicySets = PolicySets(),
        peer: PolicyPeer = upstream,
        _ conditions: (inout FilterConditions) -> Void
    ) throws -> Bool {
        try filter(
            [rule(.allow, where: conditions)],
            sets: sets,
            peer: peer,
            prefix: prefix,
            validity: validity,
            pathValidity: pathValidity,
            route: route
        ).isAccepted
    }

    @Test(
        arguments: [
            ("10.1.0.0/16", 16, 16, false, "10.1.0.0/16", true),
            ("10.0.0.0/8", 8, 8, false, "10.1.0.0/16", false),
            ("10.0.0.0/8", 8, 32, false, "10.1.0.0/16", true),
            ("10.0.0.0/8", 17, 32, false, "10.1.0.0/16", false),
            ("10.0.0.0/8", 16, 16, true, "10.1.0.0/16", false),
            ("10.0.0.0/8", 9, 12, true, "10.1.0.0/16", true),
            ("10.0.0.0/8", 9, 12, true, "10.0.0.0/8", true),
            ("10.0.0.0/8", 9, 12, true, "11.0.0.0/16", false),
            ("0.0.0.0/0", 0, 32, false, "2001:db8::/32", false),
            ("::/0", 16, 48, false, "2001:db8::/32", true),
        ] as [(String, UInt8, UInt8, Bool, String, Bool)]
    )
    func `a prefix matches with the lengths that are meant, inside it only`(
        written: String,
        shortest: UInt8,
        longest: UInt8,
        outside: Bool,
        prefix: String,
        expected: Bool
    ) throws {
        let range = PrefixRange(
            try #require(IPPrefix(text: written)),
            shortest: shortest,
            longest: longest,
            isOutside: outside
        )
        #expect(try accepts(prefix: prefix) { $0.prefixes = [range] } == expected)
    }

    @Test(arguments: [
        ("62.48.0.0/19", true), ("62.48.0.0/18", false), ("62.48.0.0/20", false),
        ("62.48.3.0/24", true), ("62.48.2.0/24", false), ("62.48.2.0/26", true),
        ("10.0.0.0/8", true), ("10.0.0.0/11", true), ("10.0.0.0/13", false), ("10.5.5.0/24", true),
        ("2001:4bf8::/32", true), ("2001:4bf8::/33", false),
    ])
    func `a prefix-set holds several ranges of one prefix`(prefix: String, expected: Bool) throws {
        let members: [(String, UInt8, UInt8)] = [
            ("62.48.0.0/19", 19, 19), ("62.48.3.0/24", 24, 24), ("62.48.2.0/24", 26, 32),
            ("10.0.0.0/8", 8, 8), ("10.0.0.0/8", 10, 12), ("10.0.0.0/8", 20, 24),
            ("62.48.0.0/19", 25, 26), ("2001:4bf8::/32", 32, 32),
        ]
        var sets = PolicySets()
        sets.prefixSets = [
            PrefixSet(
                place: SourcePlace(file: "", line: 1),
                name: "s",
                members: try members.map {
                    PrefixRange(try #require(IPPrefix(text: $0.0)), shortest: $0.1, longest: $0.2)
                },
                hasOperators: true
            )
        ]
        let found = try accepts(prefix: prefix, sets: sets) { $0.prefixSet = PrefixSetUse("s") }
        // 62.48.2.0/26 lies in 62.48.0.0/19 with a length of 25 or 26 as well.
        #expect(found == expected)
    }

    @Test
    func `or-longer takes everything inside a member`() throws {
        var sets = PolicySets()
        sets.prefixSets = [
            PrefixSet(
                place: SourcePlace(file: "", line: 1),
                name: "s",
                members: [PrefixRange(IPPrefix(ipv4: 0x0A00_0000, length: 8))],
                hasOperators: false
            )
        ]
        #expect(try accepts(sets: sets) { $0.prefixSet = PrefixSetUse("s", orLonger: true) })
        #expect(try !accepts(sets: sets) { $0.prefixSet = PrefixSetUse("s") })
    }

    static let sequence: [(type: UInt8, numbers: [UInt32])] = [(2, [65001, 65002, 65003])]
    static let closedBySet: [(type: UInt8, numbers: [UInt32])] = [
        (2, [65001, 65002]), (1, [7, 8]),
    ]
    static let setOnly: [(type: UInt8, numbers: [UInt32])] = [(1, [7, 8])]

    @Test
    func `each position of a path looks at its own numbers`() throws {
        func found(
            _ path: [(type: UInt8, numbers: [UInt32])],
            _ position: PathPosition,
            _ matcher: ASMatcher
        ) throws -> Bool {
            var route = RouteBytes()
            route.path = path
            return try accepts(route) { $0.paths = [PathCondition(position, matcher)] }
        }
        func number(_ value: UInt32) -> ASMatcher { .equal(ASNumber(value)) }
        #expect(try found(Self.sequence, .any, number(65002)))
        #expect(try !found(Self.sequence, .any, number(1)))
        #expect(try found(Self.sequence, .peer, number(65001)))
        #expect(try found(Self.sequence, .peer, .neighborAS))
        #expect(try found(Self.sequence, .source, number(65003)))
        #expect(try found(Self.sequence, .transit, number(65002)))
        #expect(try !found(Self.sequence, .transit, number(65003)))
        #expect(try found(Self.sequence, .any, .notEqual(ASNumber(65001))))
        #expect(try found(Self.sequence, .source, .range(ASNumber(65003), ASNumber(65010))))
        #expect(try !found(Self.sequence, .source, .outside(ASNumber(65001), ASNumber(65010))))
        // Sets are passed over for the source; the last number is left out for transit.
        #expect(try found(Self.closedBySet, .source, number(65002)))
        #expect(try found(Self.closedBySet, .transit, number(7)))
        #expect(try !found(Self.closedBySet, .transit, number(8)))
        #expect(try found(Self.setOnly, .source, number(0)))
        #expect(try found(Self.setOnly, .peer, .localAS))
        #expect(try found([], .peer, number(65000)))
        #expect(try !found([], .source, .notEqual(ASNumber(1))))
        #expect(try !found([], .any, .notEqual(ASNumber(1))))
    }

    @Test
    func `an as-set and a list match where one of their numbers is there`() throws {
        var sets = PolicySets()
        sets.asSets = [
            ASSet(
                place: SourcePlace(file: "", line: 1),
                name: "s",
                members: [9, 65003, 5].map { ASNumber($0) }
            )
        ]
        #expect(try accepts(sets: sets) { $0.paths = [PathCondition(.source, .set("s"))] })
        #expect(try !accepts(sets: sets) { $0.paths = [PathCondition(.transit, .set("s"))] })
        #expect(
            try accepts {
                $0.paths = [
                    PathCondition(.any, .equal(ASNumber(1))),
                    PathCondition(.source, .equal(ASNumber(65003))),
                ]
            }
        )
    }

    @Test
    func `lengths count a set as one, and runs go on across segments`() throws {
        var route = RouteBytes()
        route.path = [(2, [1, 2, 2]), (1, [2, 3])]
        #expect(try accepts(route) { $0.pathLongerThan = 3 })
        #expect(try !accepts(route) { $0.pathLongerThan = 4 })
        #expect(try accepts(route) { $0.pathRepeatsMoreThan = 2 })
        #expect(try !accepts(route) { $0.pathRepeatsMoreThan = 3 })
        #expect(try !accepts { $0.pathRepeatsMoreThan = 0 })
    }

    @Test
    func `communities match with wildcards, names of ASes, and lists as any of them`() throws {
        var route = RouteBytes()
        route.communities = [(65001, 100), (65000, 666)]
        route.large = [(65001, 1, 2)]
        route.extended = [0x0002_FDE9_0000_0007, 0x4300_0000_0000_0002]
        func found(_ patterns: [[CommunityPattern]]) throws -> Bool {
            try accepts(route) { $0.communities = patterns }
        }
        #expect(try found([[.standard(.value(65001), .value(100))]]))
        #expect(try found([[.standard(.neighborAS, .any)], [.standard(.localAS, .value(666))]]))
        #expect(try !found([[.standard(.neighborAS, .value(666))]]))
        #expect(try found([[.standard(.value(1), .value(1)), .standard(.any, .value(666))]]))
        #expect(try found([[.large(.neighborAS, .any, .value(2))]]))
        #expect(try !found([[.large(.localAS, .any, .any)]]))
        #expect(
            try found([
                [.extended(ExtendedCommunityPattern(.rt, .twoOctetAS(.value(65001), .value(7))))]
            ])
        )
        #expect(
            try found([[.extended(ExtendedCommunityPattern(.rt, .twoOctetAS(.neighborAS, .any)))]])
        )
        #expect(try found([[.extended(ExtendedCommunityPattern(.rt, .any))]]))
        #expect(try !found([[.extended(ExtendedCommunityPattern(.soo, .any))]]))
        #expect(try found([[.extended(ExtendedCommunityPattern(.ovs, .opaque(2)))]]))
        #expect(try !found([[.extended(ExtendedCommunityPattern(.ovs, .opaque(0)))]]))
        #expect(try found([[.extended(ExtendedCommunityPattern(nil, .any))]]))
        #expect(try accepts(route) { $0.moreCommunitiesThan = 1 })
        #expect(try !accepts(route) { $0.moreCommunitiesThan = 2 })
        #expect(try accepts(route) { $0.moreLargeCommunitiesThan = 0 })
        #expect(try !accepts(route) { $0.moreExtendedCommunitiesThan = 2 })
    }

    @Test
    func `an AS above 65535 never matches in a standard community`() throws {
        var peer = upstream
        peer.remoteAS = ASNumber(70000)
        var route = RouteBytes()
        route.communities = [(4464, 1)]
        #expect(
            try !accepts(route, peer: peer) { $0.communities = [[.standard(.neighborAS, .any)]] }
        )
    }

    @Test
    func `validity, next hop and origin-set are conditions like others`() throws {
        #expect(try accepts(validity: .invalid) { $0.originValidity = .invalid })
        #expect(try !accepts(validity: .notFound) { $0.originValidity = .invalid })
        #expect(try accepts(pathValidity: .invalid) { $0.pathValidity = .invalid })
        #expect(try !accepts(validity: .invalid) { $0.pathValidity = .invalid })
        #expect(try accepts { $0.nextHop = .neighbor })
        #expect(try !accepts { $0.nextHop = .address(IPAddress(ipv4: 1)) })
        var own = RouteBytes()
        own.nextHop = []
        #expect(try !accepts(own) { $0.nextHop = .neighbor })
        var sets = PolicySets()
        let payload = VRP(
            prefix: IPPrefix(ipv4: 0x0A00_0000, length: 8),
            maxLength: 16,
            origin: ASNumber(65003)
        )
        sets.originSets = [
            OriginSet(
                place: SourcePlace(file: "", line: 1),
                name: "o",
                members: VRPTable([payload])
            )
        ]
        #expect(try accepts(sets: sets) { $0.originSet = "o" })
        #expect(try !accepts(prefix: "10.1.1.0/24", sets: sets) { $0.originSet = "o" })
    }
}
