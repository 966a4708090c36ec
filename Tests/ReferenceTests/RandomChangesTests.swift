import Addressing
import BGPWire
import Control
import Glibc
import KernelRoutes
import Testing

/// The whole router beside a dictionary and a sort: after every step all tables, all neighbors and the kernel are
/// what the reference computes.
///
/// What a feature adds is said in ``PlainRouter``, drawn in ``RandomChanges``, and compared here.
struct RandomChangesTests {
    /// `PEERGLASS_REFERENCE_SEEDS=9-200` says which; else some.
    private static let seeds: [UInt64] = {
        let words = getenv("PEERGLASS_REFERENCE_SEEDS").map { String(cString: $0) } ?? "1-6"
        let bounds = words.split(separator: "-").compactMap { UInt64($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return [] }
        return Array(first...last)
    }()

    @Test(arguments: seeds)
    func `whatever happens, everything is as the reference says`(seed: UInt64) throws {
        var changes = try RandomChanges(seed: seed)
        for step in 1...100 {
            try changes.step()
            let differences = try Self.differences(&changes)
            let happened = changes.story.joined(separator: "\n")
            try #require(
                differences.isEmpty,
                "step \(step)\n\(happened)\n\(differences.joined(separator: "\n"))"
            )
        }
    }

    /// Everything that is not as it must be, in words.
    private static func differences(_ changes: inout RandomChanges) throws -> [String] {
        let (router, reference) = (changes.router, changes.reference)
        let table = reference.table
        var found = router.faults
        found += try differencesInTables(router, table)
        for number in reference.neighbors.indices {
            found += try differences(at: number, router, reference, table)
        }
        let kernel = router.kernel.mapValues { route in
            let set = route.nextHopSet
            return set.type == .blackhole
                ? "blackhole" : "\(set.first?.gateway.map { "\($0)" } ?? "-")"
        }
        let wanted = reference.kernel(of: table).mapValues { $0.map { "\($0)" } ?? "blackhole" }
        found += compare("kernel", kernel, wanted)
        found += try differencesOfPages(&changes, table)
        return found
    }

    // MARK: Loc-RIB and Adj-RIB-In

    private static func differencesInTables(
        _ router: DrivenRouter,
        _ table: [IPPrefix: PlainRouter.Entry]
    ) throws -> [String] {
        var paths: [String: Shown] = [:]
        var received: [String: PlainAttributes] = [:]
        for (prefix, entry) in table {
            for path in entry.paths {
                let nlri = PlainNLRI(prefix, pathID: path.pathID)
                let name = "\(nlri) of \(path.neighbor.map { "\($0)" } ?? "ours")"
                paths[name] = shown(path, in: entry)
                if path.neighbor != nil { received[name] = path.received }
            }
        }
        let present = try rows(router, .locRIB).map { row in (name(row), shown(row)) }
        let arrived = try rows(router, .adjRIBIn).map { row in
            (name(row), PlainAttributes(canonical: row.attributes))
        }
        return compare("Loc-RIB", Dictionary(uniqueKeysWithValues: present), paths)
            + compare("Adj-RIB-In", Dictionary(uniqueKeysWithValues: arrived), received)
    }

    private static func name(_ row: RIBRow) -> String {
        let nlri = PlainNLRI(row.prefix, pathID: row.pathID)
        return "\(nlri) of \(row.neighbor == .local ? "ours" : "\(row.neighbor.value)")"
    }

    /// What a row says of a path.
    private struct Shown: Equatable, CustomStringConvertible {
        var flags: RIBFlags
        var weight: UInt32 = 0
        /// Nil where policy has refused it.
        var attributes: PlainAttributes?

        init(_ flags: RIBFlags, _ weight: UInt32, _ attributes: PlainAttributes) {
            self.flags = flags
            if flags.contains(.filtered) { return }
            self.weight = weight
            self.attributes = attributes
            self.attributes?.localPreference = attributes.localPreference ?? 100
        }

        var description: String {
            "\(flags.text) (\(flags.rawValue)) weight \(weight) \(attributes.map { "\($0)" } ?? "-")"
        }
    }

    private static func shown(_ path: PlainRouter.Path, in entry: PlainRouter.Entry) -> Shown {
        var flags: RIBFlags = []
        if path == entry.best {
            flags.insert(.selected)
        } else if entry.wide.contains(path) {
            flags.insert(entry.equalCost.contains(path) ? .equalCost : .asWide)
        }
        if path.isEligible || path.neighbor == nil { flags.insert(.valid) }
        if !path.filtered.isAccepted { flags.insert(.filtered) }
        if path.isLoop { flags.insert(.asLoop) }
        if path.isLeak { flags.insert(.leaked) }
        if path.isStale { flags.insert(.stale) }
        if path.isMalformed { flags.insert(.error) }
        if !path.isReachable { flags.insert(.nextHopUnreachable) }
        return Shown(flags, path.filtered.weight, path.attributes)
    }

    private static func shown(_ row: RIBRow) -> Shown {
        Shown(
            row.flags.subtracting([.announced, .viaIBGP]),
            row.weight,
            PlainAttributes(canonical: row.attributes)
        )
    }

    // MARK: Neighbors

    /// What a neighbor holds, what its page shows, and its counters.
    private static func differences(
        at number: Int,
        _ router: DrivenRouter,
        _ reference: PlainRouter,
        _ table: [IPPrefix: PlainRouter.Entry]
    ) throws -> [String] {
        let isUp = reference.told[number].isUp
        let side = router.sides[number]
        let wanted = isUp ? reference.sent(of: table, to: number) : [:]
        var differences = compare(
            "held by neighbor \(number)",
            paths(side.table),
            wanted.mapValues(sorted)
        )
        let identity = NeighborNumber(UInt32(number))
        let shown = try rows(router, .adjRIBOut(identity)).map { row in
            (
                PlainNLRI(row.prefix, pathID: row.pathID),
                PlainAttributes(canonical: row.attributes)
            )
        }
        differences += compare(
            "Adj-RIB-Out of neighbor \(number)",
            Dictionary(uniqueKeysWithValues: shown),
            side.table
        )
        let ends = isUp ? reference.neighbors[number].families : []
        if side.endsOfRIB.sorted() != ends {
            differences.append("neighbor \(number) got End-of-RIB for \(side.endsOfRIB)")
        }
        if !side.owed.isEmpty || !side.refreshed.isEmpty {
            differences.append("neighbor \(number) was not sent again \(side.owed)")
        }
        let row = try #require(router.ask(NeighborRequest(.number(identity)))?.first?.row)
        let paths = table.values.flatMap(\.paths).filter { $0.neighbor == number }
        let accepted = paths.count {
            $0.filtered.isAccepted && !$0.isLoop && !$0.isLeak && !$0.isMalformed
        }
        differences += compare(
            "counters of neighbor \(number)",
            [
                "up": row.state == .established ? 1 : 0, "received": row.prefixesReceived,
                "accepted": row.prefixesAccepted, "sent": row.prefixesSent,
            ],
            [
                "up": isUp ? 1 : 0, "received": UInt64(paths.count),
                "accepted": UInt64(accepted), "sent": UInt64(wanted.values.joined().count),
            ]
        )
        return differences
    }

    /// The paths of each prefix; their identifiers are the router's own affair.
    private static func paths(
        _ table: [PlainNLRI: PlainAttributes]
    ) -> [IPPrefix: [PlainAttributes]] {
        Dictionary(grouping: table, by: \.key.prefix).mapValues { sorted($0.map(\.value)) }
    }

    private static func sorted(_ paths: [PlainAttributes]) -> [PlainAttributes] {
        paths.sorted { "\($0)" < "\($1)" }
    }

    // MARK: Pages

    /// Turns the pages of Loc-RIB, forward or backward: all of them together are the table.
    private static func differencesOfPages(
        _ changes: inout RandomChanges,
        _ table: [IPPrefix: PlainRouter.Entry]
    ) throws -> [String] {
        let isBackward = changes.roll(2) == 0
        let limit = UInt32(1 + changes.roll(6))
        var position: RIBPageRequest.Position? = isBackward ? .end : .start
        var found: [IPPrefix] = []
        while let from = position, found.count < 200 {
            let request = RIBPageRequest(
                table: .locRIB,
                position: from,
                limit: limit,
                withAttributes: false
            )
            let page = try #require(changes.router.ask(request))
            let prefixes = page.rows.map(\.prefix)
            found = isBackward ? prefixes + found : found + prefixes
            position = page.next.map { isBackward ? .before($0) : .after($0) }
        }
        let wanted = table.keys.sorted().flatMap { prefix in
            [IPPrefix](repeating: prefix, count: table[prefix]?.paths.count ?? 0)
        }
        return found == wanted ? [] : ["pages of \(limit) show \(found), not \(wanted)"]
    }

    private static func rows(
        _ router: DrivenRouter,
        _ table: RIBPageRequest.Table
    ) throws -> [RIBRow] {
        let request = RIBPageRequest(table: table, limit: 4096, withAttributes: true)
        let page = try #require(router.ask(request))
        #expect(page.next == nil && !page.isPreparing)
        return page.rows
    }

    // MARK: Comparing

    private static func compare<Key: Hashable, Value: Equatable>(
        _ what: String,
        _ found: [Key: Value],
        _ wanted: [Key: Value]
    ) -> [String] {
        Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }.map { key in
            let present = found[key].map { "\($0)" } ?? "nothing"
            let shouldBe = wanted[key].map { "\($0)" } ?? "nothing"
            return "\(what): \(key) is \(present)\n    instead of \(shouldBe)"
        }.sorted()
    }
}
