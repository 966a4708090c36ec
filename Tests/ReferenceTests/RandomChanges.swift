import Addressing
import KernelRoutes
import Tables

/// A router and its reference, to both of which the same happens, drawn from a seed.
struct RandomChanges {
    private var random: SplitMix64
    private(set) var reference: PlainRouter
    let router: DrivenRouter
    /// What has happened last, in words.
    private(set) var story: [String] = []

    /// Two neighbors of one AS, one without four-octet AS numbers, two of our AS of which one is a client, one
    /// behind another router.
    static let neighbors = [
        neighbor(11, 65010, families: [.ipv4, .ipv6]),
        neighbor(12, 65020, fourOctetAS: false),
        neighbor(13, PlainRouter.ownAS, families: [.ipv4, .ipv6], isClient: true),
        neighbor(14, PlainRouter.ownAS),
        PlainNeighbor(
            address: IPAddress(ipv4: 0x0A05_0005),
            autonomousSystem: 400_000,
            identifier: 0x0A05_0005,
            isMultihop: true
        ),
        neighbor(16, 65010, families: [.ipv4, .ipv6]),
    ]

    private static let prefixes: [IPPrefix] =
        (0..<6).map { IPPrefix(ipv4: 0xC000_0000 + $0 << 20, length: UInt8(12 + $0 * 3)) }
        + (0..<4).map { IPPrefix(ipv4: 0xC010_0000, length: UInt8(16 + $0 * 4)) }
        + (0..<4).map { number in
            IPPrefix(
                IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | UInt64(number) << 24, low: 0),
                length: UInt8(40 + number * 8)
            )
        }

    private static let communities: [UInt32] = [
        65010 << 16 | 1, 65010 << 16 | 2, 65020 << 16 | 7, 0xFFFF_FF01, 0xFFFF_FF02,
    ]

    private static func neighbor(
        _ host: UInt32,
        _ autonomousSystem: UInt32,
        fourOctetAS: Bool = true,
        families: [AddressFamily] = [.ipv4],
        isClient: Bool = false
    ) -> PlainNeighbor {
        PlainNeighbor(
            address: IPAddress(ipv4: 0x0A00_0000 + host),
            autonomousSystem: autonomousSystem,
            // Not in the order of the addresses.
            identifier: 0x0A00_0100 - host,
            fourOctetAS: fourOctetAS,
            families: families,
            isClient: isClient
        )
    }

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        var policy = PlainPolicy()
        policy.rules = [
            PlainRule(verdict: .allow, direction: .from, peers: .any),
            PlainRule(verdict: .allow, direction: .to, peers: .any),
        ]
        reference = PlainRouter(
            neighbors: Self.neighbors,
            policy: policy,
            received: Self.neighbors.map { _ in nil },
            ways: Dictionary(
                uniqueKeysWithValues: Ways.all.map { ($0.route.prefix, $0.gateway) }
            )
        )
        router = try DrivenRouter(Self.neighbors, policy)
        router.settle()
        for number in Self.neighbors.indices { connect(number) }
        router.settle()
    }

    // MARK: Steps

    /// One to four things happen, with the router in the midst of its work, and then it comes to rest.
    mutating func step() throws {
        story = []
        router.wait()
        for _ in 0...roll(4) {
            try happen()
            stir()
        }
        router.settle()
    }

    /// The router gets on with some of its work, or not.
    private mutating func stir() {
        for _ in 0..<roll(3) {
            switch roll(4) {
            case 0: router.work(units: 1 + roll(5))
            case 1: router.write(roll(Self.neighbors.count), limit: 1 + roll(200))
            case 2: _ = router.tendKernel()
            default: router.work(units: 1 + roll(40))
            }
        }
    }

    private mutating func happen() throws {
        let number = roll(Self.neighbors.count)
        guard reference.received[number] != nil else { return connect(number) }
        switch roll(40) {
        case 0: disconnect(number)
        case 1: clear(number)
        case 2, 3: try reload()
        case 4: shake()
        case 5: refresh(number)
        case 6: spoil(number)
        case 7..<17: withdraw(number)
        default: announce(number)
        }
    }

    private mutating func connect(_ number: Int) {
        story.append("neighbor \(number) connects")
        reference.received[number] = [:]
        router.connect(number)
    }

    private mutating func disconnect(_ number: Int) {
        story.append("neighbor \(number) breaks off")
        reference.received[number] = nil
        router.disconnect(number)
    }

    private mutating func clear(_ number: Int) {
        story.append("neighbor \(number) is cleared")
        reference.received[number] = nil
        router.clear(number)
    }

    /// A network in which next hops are goes, or comes back.
    private mutating func shake() {
        let shaky = Ways.all.filter(\.isShaky)
        let way = shaky[roll(shaky.count)]
        let isGone = reference.ways[way.route.prefix] == nil
        story.append("\(way.route.prefix) \(isGone ? "comes back" : "goes")")
        if isGone {
            reference.ways.updateValue(way.gateway, forKey: way.route.prefix)
        } else {
            reference.ways.removeValue(forKey: way.route.prefix)
        }
        router.setWay(way.route, isThere: isGone)
    }

    /// The neighbor wants everything again (RFC 2918).
    private mutating func refresh(_ number: Int) {
        story.append("neighbor \(number) asks for a refresh")
        for family in Self.neighbors[number].families {
            router.deliver(
                PlainUpdate.message(5, [0, family == .ipv4 ? 1 : 2, 0, 1]),
                from: number
            )
        }
    }

    // MARK: Routes

    private mutating func announce(_ number: Int) {
        var update = PlainUpdate()
        update.announced = somePrefixes(number)
        update.attributes = attributes(number, update.announced[0].family)
        say(update, number)
        // Who does not know an attribute says so on it (RFC 4271 §5).
        if update.attributes.unknown != nil { update.attributes.isPartial = true }
        for prefix in update.announced { reference.received[number]?[prefix] = update.attributes }
    }

    private mutating func withdraw(_ number: Int) {
        var update = PlainUpdate()
        update.withdrawn = somePrefixes(number)
        say(update, number)
        for prefix in update.withdrawn { reference.received[number]?[prefix] = nil }
    }

    /// An UPDATE whose attributes are wrong withdraws its prefixes (RFC 7606).
    private mutating func spoil(_ number: Int) {
        var update = PlainUpdate()
        update.announced = somePrefixes(number)
        update.attributes = attributes(number, update.announced[0].family)
        if Self.neighbors[number].isInternal || roll(2) == 0 {
            update.attributes.origin = 7
        } else {
            update.attributes.path.insert(65099, at: 0)
        }
        say(update, number)
        for prefix in update.announced { reference.received[number]?[prefix] = nil }
    }

    /// The neighbor sends an UPDATE, in one piece or two.
    private mutating func say(_ update: PlainUpdate, _ number: Int) {
        story.append(
            "neighbor \(number) withdraws \(update.withdrawn) announces \(update.announced) "
                + "\(update.announced.isEmpty ? "" : "\(update.attributes)")"
        )
        let bytes = update.encoded(fourOctetAS: Self.neighbors[number].fourOctetAS)
        let cut = roll(2) == 0 ? bytes.count : roll(bytes.count)
        router.deliver(Array(bytes[..<cut]), from: number)
        router.deliver(Array(bytes[cut...]), from: number)
    }

    /// One to three prefixes of one family.
    private mutating func somePrefixes(_ number: Int) -> [IPPrefix] {
        let families = Self.neighbors[number].families
        let family = families[roll(families.count)]
        let all = Self.prefixes.filter { $0.family == family }
        return Array(Set((0...roll(3)).map { _ in all[roll(all.count)] })).sorted()
    }

    private mutating func attributes(_ number: Int, _ family: AddressFamily) -> PlainAttributes {
        let neighbor = Self.neighbors[number]
        var attributes = PlainAttributes()
        attributes.origin = UInt8(roll(5) / 2)
        let others: [UInt32] = [
            65020, 65030, 70_000, 400_000, roll(4) == 0 ? PlainRouter.ownAS : 7,
        ]
        attributes.path = (0..<roll(3)).map { _ in others[roll(others.count)] }
        if !neighbor.isInternal { attributes.path.insert(neighbor.autonomousSystem, at: 0) }
        attributes.nextHop = nextHop(neighbor, family)
        if roll(2) == 0 { attributes.med = UInt32(roll(3)) }
        for community in Self.communities where roll(8) == 0 {
            attributes.communities.insert(community)
        }
        if roll(6) == 0 {
            attributes.unknown = [UInt8(roll(2))]
            attributes.isPartial = roll(2) == 0
        }
        guard neighbor.isInternal else { return attributes }
        attributes.localPreference = [100, 100, 200][roll(3)]
        if roll(3) == 0 {
            attributes.originator = roll(6) == 0 ? PlainRouter.identifier : 0x0A00_0055
            attributes.clusters = (0...roll(2)).map { _ in
                roll(8) == 0 ? PlainRouter.identifier : UInt32(0x0A00_0060 + roll(3))
            }
        }
        return attributes
    }

    private mutating func nextHop(_ neighbor: PlainNeighbor, _ family: AddressFamily) -> IPAddress {
        if family == .ipv6 {
            return IPAddress(ipv6High: 0x2001_0DB8_FFFF_0000, low: UInt64(16 + roll(3)))
        }
        let others: [UInt32] = [0x0A00_0011, 0x0A00_000B, 0x0A09_0007, 0x0A05_0007, 0x0A07_0007]
        return roll(2) == 0 ? neighbor.address : IPAddress(ipv4: others[roll(others.count)])
    }

    // MARK: Policy

    private mutating func reload() throws {
        var policy = PlainPolicy()
        policy.comparesMEDAlways = roll(2) == 0
        for prefix in Self.prefixes where roll(6) == 0 {
            policy.networks[prefix] = Self.communities[roll(Self.communities.count)]
        }
        policy.rules = [
            PlainRule(verdict: .allow, direction: .from, peers: .any),
            PlainRule(verdict: .allow, direction: .to, peers: .any),
        ]
        policy.rules += (0..<roll(6)).map { _ in rule() }
        if roll(8) == 0 { policy.rules.removeFirst() }
        story.append(
            "reload: \(policy.statements), \(policy.rules.map { $0.text(Self.neighbors) })"
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
            peers: [.any, .internals, .externals, .one(roll(Self.neighbors.count))][roll(4)]
        )
        let prefix = Self.prefixes[roll(Self.prefixes.count)]
        let conditions: [PlainRule.Condition] = [
            .none, .exactly(prefix), .within(IPPrefix(prefix.address, length: 12)),
            .community(Self.communities[roll(Self.communities.count)]), .passesThrough(70_000),
            .comesFrom(65020), .isLonger(than: 1 + roll(3)),
        ]
        rule.condition = conditions[roll(conditions.count)]
        if verdict == .deny { return rule }
        let number = UInt32(1 + roll(3))
        let actions: [PlainRule.Action] = [
            .none, .localPreference(100 * number), .raiseLocalPreference(number),
            .metric(number), .raiseMetric(number), .weight(number), .prependSelf(Int(number)),
            .community(Self.communities[roll(Self.communities.count)]),
            .deleteCommunity(65010 << 16), .origin(UInt8(number) - 1),
            .nextHop([.ours, .kept, .blackhole][roll(3)]),
        ]
        rule.action = actions[roll(actions.count)]
        return rule
    }

    mutating func roll(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
}
