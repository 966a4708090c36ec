import Addressing

/// What neighbors say of routes.
extension RandomChanges {
    static let prefixes: [IPPrefix] =
        (0..<6).map { IPPrefix(ipv4: 0xC000_0000 + $0 << 20, length: UInt8(12 + $0 * 3)) }
        + (0..<4).map { IPPrefix(ipv4: 0xC010_0000, length: UInt8(16 + $0 * 4)) }
        + AddressFamily.allCases.map { IPPrefix(.unspecified($0), length: 0) }
        + (0..<4).map { number in
            IPPrefix(
                IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | UInt64(number) << 24, low: 0),
                length: UInt8(40 + number * 8)
            )
        }

    static let communities: [UInt32] = [
        65010 << 16 | 1, 65010 << 16 | 2, 65020 << 16 | 7, 0xFFFF_FF01, 0xFFFF_FF02,
    ]

    static let largeCommunities: [[UInt32]] = [[65010, 1, 1], [65010, 1, 2], [400_000, 0, .max]]

    /// With the last of them the router's own identifiers of two neighbors' paths meet.
    private static let pathIDs: [UInt32] = [0, 1, 2, 0x0E8B_2F51]

    // MARK: UPDATEs

    mutating func announce(_ number: Int) {
        var update = PlainUpdate()
        update.announced = someNLRI(number)
        update.attributes = attributes(number, update.announced[0].prefix.family)
        if roll(2) == 0, let twin = twin(of: update.announced[0], number) {
            update.attributes = twin
        }
        say(update, number)
    }

    mutating func withdraw(_ number: Int) {
        var update = PlainUpdate()
        update.withdrawn = someNLRI(number)
        say(update, number)
    }

    /// An UPDATE whose attributes are wrong withdraws its prefixes, which stay in sight (RFC 7606).
    mutating func spoil(_ number: Int) {
        var update = PlainUpdate()
        update.announced = someNLRI(number)
        update.attributes = attributes(number, update.announced[0].prefix.family)
        switch roll(4) {
        case 0: update.attributes.origin = 7
        case 1 where !neighbors[number].isInternal:
            update.attributes.path = update.attributes.path.prepended(65099)
        case 2:
            update.attributes.largeCommunities = []
            update.brokenOctets = [0xC0, 32, 4, 0, 0, 0, 1]
        default:
            update.attributes.onlyToCustomer = nil
            update.brokenOctets = [0xC0, 35, 2, 0, 1]
        }
        say(update, number)
    }

    /// The neighbor sends an UPDATE, in one piece or two.
    mutating func say(_ update: PlainUpdate, _ number: Int) {
        story.append("neighbor \(number) \(update)")
        reference.hear(update, from: number)
        let bytes = update.encoded(fourOctetAS: neighbors[number].fourOctetAS)
        let cut = roll(2) == 0 ? bytes.count : roll(bytes.count)
        router.deliver(Array(bytes[..<cut]), from: number)
        router.deliver(Array(bytes[cut...]), from: number)
    }

    // MARK: What they say

    /// One to three prefixes of one family.
    private mutating func someNLRI(_ number: Int) -> [PlainNLRI] {
        let families = neighbors[number].families
        let family = families[roll(families.count)]
        let hasPathIDs = neighbors[number].form.pathIDs.contains(family)
        let all = Self.prefixes.filter { $0.family == family }
        let prefixes = Set((0...roll(3)).map { _ in all[roll(all.count)] }).sorted()
        return prefixes.map { prefix in
            PlainNLRI(prefix, pathID: hasPathIDs ? Self.pathIDs[roll(4)] : nil)
        }
    }

    /// What another neighbor of the same kind says of the prefix, or the same one in another path: then the last
    /// steps of the decision decide.
    private mutating func twin(of nlri: PlainNLRI, _ number: Int) -> PlainAttributes? {
        let isInternal = neighbors[number].isInternal
        var twins: [PlainAttributes] = []
        for (other, told) in reference.told.enumerated()
        where neighbors[other].isInternal == isInternal {
            let routes = told.routes.filter {
                $0.key.prefix == nlri.prefix && !(other == number && $0.key == nlri)
                    && !$0.value.isMalformed
            }
            twins += routes.sorted { $0.key.pathID ?? 0 < $1.key.pathID ?? 0 }.map(\.value)
        }
        guard !twins.isEmpty else { return nil }
        var twin = twins[roll(twins.count)]
        if !isInternal {
            twin.path.elements[0] = .one(neighbors[number].autonomousSystem)
        }
        if twin.originator != nil { twin.clusters = Array(twin.clusters.prefix(roll(3))) }
        return twin
    }

    private mutating func attributes(_ number: Int, _ family: AddressFamily) -> PlainAttributes {
        let neighbor = neighbors[number]
        var attributes = PlainAttributes()
        // Much is alike, so that every step of the decision has something to decide.
        attributes.origin = roll(5) == 0 ? UInt8(1 + roll(2)) : 0
        attributes.path = path(neighbor)
        attributes.nextHop = nextHop(neighbor, family)
        if roll(3) == 0 { attributes.med = UInt32(roll(3)) }
        for community in Self.communities where roll(8) == 0 {
            attributes.communities.insert(community)
        }
        for community in Self.largeCommunities where roll(8) == 0 {
            attributes.largeCommunities.insert(community)
        }
        if roll(8) == 0 {
            let others = [neighbor.autonomousSystem, 65020, PlainRouter.ownAS]
            attributes.onlyToCustomer = others[roll(3)]
        }
        if roll(6) == 0 {
            attributes.unknown = [UInt8(roll(2))]
            attributes.isPartial = roll(2) == 0
        }
        guard neighbor.isInternal else { return attributes }
        attributes.localPreference = roll(5) == 0 ? 200 : 100
        if roll(3) == 0 {
            attributes.originator = roll(6) == 0 ? PlainRouter.identifier : 0x0A00_0055
            attributes.clusters = (0...roll(2)).map { _ in
                roll(8) == 0 ? PlainRouter.identifier : UInt32(0x0A00_0060 + roll(3))
            }
        }
        return attributes
    }

    private mutating func path(_ neighbor: PlainNeighbor) -> PlainASPath {
        let others: [UInt32] = [
            65020, 65030, 70_000, 400_000, roll(4) == 0 ? PlainRouter.ownAS : 7,
        ]
        let length = roll(8) == 0 ? 0 : (neighbor.isInternal ? 2 : 1) + roll(4) / 3
        var path = PlainASPath((0..<length).map { _ in others[roll(others.count)] })
        if roll(neighbor.rejectsASSet ? 32 : 6) == 0 {
            let set = PlainASPath.Element.set(
                Set((0...roll(3)).map { _ in others[roll(others.count)] })
            )
            path.elements.insert(set, at: roll(path.length + 1))
        }
        return neighbor.isInternal ? path : path.prepended(neighbor.autonomousSystem)
    }

    private mutating func nextHop(_ neighbor: PlainNeighbor, _ family: AddressFamily) -> IPAddress {
        if family == .ipv6 {
            return IPAddress(ipv6High: 0x2001_0DB8_FFFF_0000, low: UInt64(16 + roll(3)))
        }
        let others: [UInt32] = [0x0A00_0011, 0x0A00_000B, 0x0A09_0007, 0x0A05_0007, 0x0A07_0007]
        return roll(2) == 0 ? neighbor.address : IPAddress(ipv4: others[roll(others.count)])
    }
}
