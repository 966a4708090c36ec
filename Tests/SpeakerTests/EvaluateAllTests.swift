import Addressing
import BGPWire
import Configuration
import Control
import Routing
import Testing

@testable import Speaker

/// `rde evaluate all`: where output policy refuses the best path, the next one is offered.
struct EvaluateAllTests {
    private static let prefix = IPPrefix(ipv4: 0x0A00_0000, length: 24)
    private static let refusesFirst = "allow from any\nallow to any\ndeny to any AS 65101\n"

    private func lan(_ rules: String = refusesFirst, all: String = "rde evaluate all") throws -> LAN
    {
        let lan = try LAN(
            neighbors: 4,
            of: [4: "rde evaluate default"],
            statements: all,
            rules: rules
        )
        lan.announce([Self.prefix], path: [65101], from: 1)
        lan.announce([Self.prefix], path: [65102, 9], from: 2)
        lan.readAll()
        return lan
    }

    private func path(_ lan: LAN, to number: Int) -> [UInt32]? {
        lan.tables[number]?[Self.prefix]?.path
    }

    @Test func `the next path is told to all but its source, and followed`() throws {
        let lan = try lan()
        // Also to whom the refused path came from.
        #expect(path(lan, to: 1) == [65001, 65102, 9])
        #expect(path(lan, to: 2) == nil)
        #expect(path(lan, to: 3) == [65001, 65102, 9])
        #expect(path(lan, to: 4) == nil)
        #expect(lan.speaker.groups.map(\.members.count) == [3, 1])
        // The best path stays, the one that is told of does not.
        lan.announce([Self.prefix], path: [65102, 9, 8], from: 2)
        lan.readAll()
        #expect(path(lan, to: 3) == [65001, 65102, 9, 8])
        lan.announce([Self.prefix], path: [65103, 7], from: 3)
        lan.readAll()
        #expect(path(lan, to: 1) == [65001, 65103, 7])
        #expect(path(lan, to: 2) == [65001, 65103, 7])
        #expect(path(lan, to: 3) == nil)
        lan.withdraw([Self.prefix], from: 3)
        lan.withdraw([Self.prefix], from: 2)
        lan.readAll()
        #expect(lan.tables.values.allSatisfy { $0.isEmpty })
        lan.withdraw([Self.prefix], from: 1)
        lan.work()
        #expect(lan.speaker.routing.ipv4.prefixCount == 0)
    }

    @Test func `who gave the best path that policy allows is told of none, as by OpenBGPD`() throws
    {
        let lan = try lan("allow from any\nallow to any\n")
        #expect(path(lan, to: 1) == nil)
        #expect(path(lan, to: 2) == [65001, 65101])
        #expect(path(lan, to: 3) == [65001, 65101])
    }

    @Test func `what is kept back before policy ends the search, unless policy refuses it too`()
        throws
    {
        for (rules, expected) in [
            ("allow from any\nallow to any\n", nil),
            (Self.refusesFirst, [65001, 65102, 9]),
        ] as [(String, [UInt32]?)] {
            let lan = try lan(rules)
            lan.announce([Self.prefix], path: [65101], communities: [0xFFFF_FF01], from: 1)
            lan.readAll()
            #expect(path(lan, to: 3) == expected)
        }
    }

    @Test func `a marked path is passed over towards a provider (RFC 9234)`() throws {
        let lan = try LAN(
            neighbors: 3,
            of: [1: "role customer", 3: "role customer\nrde evaluate all"]
        )
        lan.announce([Self.prefix], path: [65101], from: 1)
        lan.announce([Self.prefix], path: [65102, 9], from: 2)
        lan.readAll()
        #expect(path(lan, to: 3) == [65001, 65102, 9])
    }

    @Test func `it is shown, counted and sent again`() throws {
        let lan = try lan()
        lan.askAgain(3)
        lan.readAll()
        #expect(lan.story[3]?.filter { $0 == "+\(Self.prefix)" }.count == 2)
        let request = RIBPageRequest(
            table: .adjRIBOut(NeighborNumber(2)),
            limit: 9,
            withAttributes: false
        )
        let page = RIBPageRequest.answer(in: lan.speaker.answer(request.question))
        #expect(
            page?.rows.map(\.asPath) == [[2, 3, 0, 0, 0xFD, 0xE9, 0, 0, 0xFE, 0x4E, 0, 0, 0, 9]]
        )
        let route = RouteRequest(prefix: Self.prefix)
        let detail = RouteRequest.answer(in: lan.speaker.answer(route.question))
        #expect(detail?.announcedTo == [NeighborNumber(0), NeighborNumber(2)])
    }

    @Test func `a reload turns it on and off, and the sessions stay`() throws {
        let lan = try lan(all: "")
        #expect(lan.tables.values.allSatisfy { $0.isEmpty })
        try lan.reload(of: [3: "rde evaluate all"], rules: Self.refusesFirst)
        lan.readAll()
        #expect(path(lan, to: 1) == nil)
        #expect(path(lan, to: 3) == [65001, 65102, 9])
        // One that the others follow too, from now on.
        lan.announce([Self.prefix], path: [65102, 8], from: 2)
        lan.readAll()
        #expect(path(lan, to: 3) == [65001, 65102, 8])
        try lan.reload(rules: Self.refusesFirst)
        lan.readAll()
        #expect(lan.tables.values.allSatisfy { $0.isEmpty })
        for number in 1...4 { #expect(lan.story[number]?.contains("NOTIFICATION") == false) }
    }

    @Test func `without it nobody looks at a prefix whose best path stays`() throws {
        for (all, count) in [("", 0), ("rde evaluate all", 1)] {
            let lan = try lan(all: all)
            lan.announce([Self.prefix], path: [65102, 7, 6], from: 2)
            let waiting = lan.speaker.groups.map {
                lan.speaker.routing.changeCount(.ipv4, for: $0.listener)
            }
            #expect(waiting.max() == count)
        }
    }
}
