import Addressing
import BGPWire
import Testing

@testable import Lab

/// What the Internet behind r3 says.
struct CollectorTests {
    private static let nextHops: [AddressFamily: IPAddress] = [
        .ipv4: IPAddress(ipv4: 0x0A00_2204),
        .ipv6: IPAddress(ipv6High: 0x2001_0DB8_0034_0000, low: 4),
    ]

    /// How r3 sees the collector.
    private static let context = UpdateContext(
        fourOctetAS: true,
        families: [.ipv4, .ipv6],
        isIBGP: false,
        localAS: ASNumber(65003),
        remoteAS: ASNumber(64496),
        enforceNeighborAS: true,
        rejectASSet: true
    )

    /// Every prefix announced and withdrawn in those messages.
    private func prefixes(in bytes: [UInt8]) -> (announced: [IPPrefix], withdrawn: [IPPrefix]) {
        var announced: [IPPrefix] = []
        var withdrawn: [IPPrefix] = []
        var decoder = UpdateDecoder()
        var offset = 0
        while case .message(.update, let body) = MessageFraming.next(in: bytes.span, at: &offset) {
            let content = Array(bytes[body])
            switch decoder.decode(content.span, context: Self.context) {
            case .accept, .endOfRIB: break
            case .treatAsWithdraw, .reset: Issue.record("an UPDATE is refused")
            }
            append(decoder.reachable, content, to: &announced)
            append(decoder.mpReachable, content, to: &announced)
            append(decoder.withdrawn, content, to: &withdrawn)
            append(decoder.mpWithdrawn, content, to: &withdrawn)
        }
        #expect(offset == bytes.count)
        return (announced, withdrawn)
    }

    private func append(_ block: NLRIBlock, _ body: [UInt8], to prefixes: inout [IPPrefix]) {
        var offset = block.range.lowerBound
        while offset < block.range.upperBound {
            prefixes.append(NLRI.read(block.family, from: body.span, at: &offset))
        }
    }

    @Test func `the whole table goes out, every prefix once, in messages that decode`() {
        let routes = LabTable.routes
        var bytes: [UInt8] = []
        CollectorTable(routes: routes, nextHops: Self.nextHops).appendAll(to: &bytes)
        let sent = prefixes(in: bytes)
        #expect(sent.announced.sorted() == routes.map(\.prefix).sorted())
        #expect(sent.withdrawn.isEmpty)
    }

    @Test func `a family without a next hop is left out`() {
        var bytes: [UInt8] = []
        let hops = Self.nextHops.filter { $0.key == .ipv4 }
        CollectorTable(routes: LabTable.routes, nextHops: hops).appendAll(to: &bytes)
        #expect(prefixes(in: bytes).announced.allSatisfy { $0.family == .ipv4 })
    }

    @Test(arguments: [13335, 15169, 4_200_000, 1])
    func `a path starts at the collector, passes documentation ASes and ends at the origin`(
        origin: UInt32
    ) {
        let table = CollectorTable(routes: [], nextHops: Self.nextHops)
        let path = table.path(to: origin, .none)
        #expect(path.first == 64496)
        #expect(path.last == origin)
        #expect(path.dropFirst().dropLast().allSatisfy { (64497...64511).contains($0) })
        #expect(table.path(to: origin, .prepended).count == path.count + 2)
    }

    @Test func `whatever was changed is as before a few steps later, and the order is fixed`() {
        var unrest = CollectorUnrest(routeCount: 21_750)
        var again = CollectorUnrest(routeCount: 21_750)
        var changed: Set<Int> = []
        for _ in 0..<2_000 {
            let changes = unrest.next()
            #expect(changes == again.next())
            for change in changes {
                switch change {
                case .withdraw(let index), .lengthen(let index): changed.insert(index)
                case .restore(let index): changed.remove(index)
                }
            }
            #expect(changed.count <= 12)
        }
    }

    @Test func `a table without routes has no unrest`() {
        var unrest = CollectorUnrest(routeCount: 0)
        #expect(unrest.next() == [])
    }
}
