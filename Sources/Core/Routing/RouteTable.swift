package import Addressing
import Attributes
import Tables

/// One neighbor's route to a prefix; 20 bytes.
struct PathRow: BitwiseCopyable {
    /// The next path of the prefix.
    var next: UInt32
    var received: AttributesID
    var effective: AttributesID
    var lastUpdate: UInt32
    var neighbor: NeighborID
    /// ``PathFlags``, in bits 10 and 11 the generation, and in bit 15 whether a path identifier is kept beside.
    var flags: UInt16

    static var generationMask: UInt16 { 0xC00 }
    static var pathIDMask: UInt16 { 0x8000 }
    /// The bits that are not ``PathFlags``.
    static var privateMask: UInt16 { generationMask | pathIDMask }
    /// Which of its neighbor's generations it is of.
    var generation: UInt8 { UInt8(truncatingIfNeeded: (flags & Self.generationMask) >> 10) }

    var publicFlags: PathFlags { PathFlags(rawValue: flags & ~Self.privateMask) }
    var isRefused: Bool { flags & PathFlags.ineligible.rawValue != 0 }
}

/// The routes of one family: prefixes found by hash, each with the paths that neighbors announced.
///
/// One object, as all large tables are: of a large value the compiler makes copies where it is only looked at.
///
/// A prefix has its paths in a list that begins with the best one. A path that another prefix or
/// neighbor has cannot be reached from it: paths are found through the prefix, and a neighbor's
/// prefixes through a set of bits. Reading is here, and routes come in many at a time; all other changes go
/// through ``RoutingTables``.
package final class RouteTable {
    /// The family of every prefix.
    package let family: AddressFamily
    /// The sets that paths name, and what decides between paths: both tables have the same.
    let attributes: AttributeStore
    let process: DecisionProcess

    let prefixes: PrefixTable
    var paths = RowStore<PathRow>()
    /// The identifiers of paths that came with one.
    var pathIDs = SparseNumbers()
    /// The prefixes with a path of each neighbor.
    var members = BitSets()
    /// The prefixes that each listener has not taken note of.
    var changes = BitSets()
    /// The prefixes that had a best path when a listener last took note of them.
    var told = BitSets()
    /// Prefixes whose withdrawal a listener has not passed on to everybody yet, by its number.
    var held = BitSets()
    /// Sets of ``Mark``.
    var marks = BitSets()
    /// The listeners that are told of changes, and where each one's round stands.
    var listeners: [Listener] = []
    var listenerCursors: [UInt32] = []
    /// Some listener follows every path.
    var hasPathFollowers = false
    /// How often the best path of a prefix has become another one or has got other attributes, ever.
    package internal(set) var bestChanges: UInt64 = 0
    var neighborCounts: [NeighborCounts] = []
    var generations: [Generations] = []
    /// Neighbors that have stale paths.
    var staleNeighborCount = 0
    var order = RouteOrder()
    var chores = Chores()
    var contenders: [Contender] = []
    var medGroups: [MEDGroup] = []
    /// Scratch memory.
    var ahead = SearchAhead()

    /// The sets in `marks`.
    enum Mark {
        /// Prefixes with a best path.
        static var best: Int { 0 }
        /// Numbers of next hops that changed in this round of review.
        static var nextHop: Int { 2 }
        /// Prefixes without any path, whose row is not given back yet.
        static var vacant: Int { 1 }
    }

    /// Somebody who is told of best paths that change.
    struct Listener {
        var number: Int
        /// The one neighbor that it speaks to, which is never told its own path.
        var member: NeighborID?
        /// It is told of nothing.
        var isPaused = false
        /// It is told of every path that changes, not only of the best ones.
        var followsPaths = false
    }

    init(
        family: AddressFamily,
        keys: HashKeys,
        attributes: AttributeStore,
        process: DecisionProcess
    ) {
        self.family = family
        self.attributes = attributes
        self.process = process
        prefixes = PrefixTable(family: family, keys: keys)
    }

    /// Prefixes with at least one path.
    package var prefixCount: Int { prefixes.count - marks.count(of: Mark.vacant) }
    /// Prefixes with a best path.
    package var bestCount: Int { marks.count(of: Mark.best) }
    /// Paths of all neighbors.
    package var pathCount: Int { paths.count }
    /// One past the highest prefix row in use: the width of arrays by ``PrefixID``.
    package var endRow: UInt32 { prefixes.heads.endRow }

    /// What a neighbor has here.
    package func counts(of neighbor: NeighborID) -> NeighborCounts {
        let number = Int(neighbor.number)
        guard number < neighborCounts.count else { return NeighborCounts() }
        var counts = neighborCounts[number]
        counts.fresh = generations[number].count(1 << generations[number].current)
        counts.stale = generations[number].count(generations[number].stale)
        return counts
    }

    /// The number of a prefix that has paths.
    package func find(_ prefix: IPPrefix) -> PrefixID? {
        guard let row = prefixes.find(prefix), prefixes.heads[row].first != PrefixHead.noPath
        else { return nil }
        return PrefixID(row: row)
    }

    /// The longest prefix with a best path that covers `prefix`, or with any path.
    package func longestMatch(_ prefix: IPPrefix, _ scope: MatchScope = .best) -> PrefixID? {
        guard prefix.family == family else { return nil }
        var length = Int(prefix.length)
        while length >= 0 {
            if let found = match(prefix, UInt8(length)),
                scope == .any || prefixes.heads[found.row].hasBest != 0
            {
                return found
            }
            length -= 1
        }
        return nil
    }

    /// Every prefix with paths that covers `prefix`, the longest first.
    package func covering(_ prefix: IPPrefix) -> [PrefixID] {
        guard prefix.family == family else { return [] }
        return (0...prefix.length).reversed().compactMap { match(prefix, $0) }
    }

    private func match(_ prefix: IPPrefix, _ length: UInt8) -> PrefixID? {
        prefixes.hasLength(length) ? find(prefix.shortened(to: length)) : nil
    }

    /// The prefix with that number.
    package func prefix(_ id: PrefixID) -> IPPrefix { prefixes.prefix(id.row) }

    /// True where the prefix has a best path.
    package func hasBest(_ id: PrefixID) -> Bool { prefixes.heads[id.row].hasBest != 0 }

    /// The best path of a prefix.
    package func best(_ id: PrefixID) -> PathView? {
        let head = prefixes.heads[id.row]
        return head.hasBest != 0 ? view(head.first, isBest: true) : nil
    }

    /// A neighbor's path of a prefix: that with the lowest path identifier, or the next one after `last`.
    package func path(
        _ id: PrefixID,
        from neighbor: NeighborID,
        after last: UInt32? = nil
    ) -> PathView? {
        guard members.contains(id.row, in: Int(neighbor.number)) else { return nil }
        // Without identifiers it has one, of 0.
        if pathIDs.count == 0, last != nil { return nil }
        let head = prefixes.heads[id.row]
        var found: (path: UInt32, pathID: UInt32)?
        var path = head.first
        while path != PrefixHead.noPath {
            let entry = paths[path]
            if entry.neighbor == neighbor {
                let pathID = pathID(of: path, entry)
                if last.map({ pathID > $0 }) ?? true, pathID <= found?.pathID ?? .max {
                    found = (path, pathID)
                }
                if pathIDs.count == 0 { break }
            }
            path = entry.next
        }
        return found.map { view($0.path, isBest: $0.path == head.first && head.hasBest != 0) }
    }

    /// Visits all paths of a prefix, the best first.
    package func forEachPath(_ id: PrefixID, _ visit: (PathView) -> Void) {
        let head = prefixes.heads[id.row]
        var path = head.first
        var isBest = head.hasBest != 0
        while path != PrefixHead.noPath {
            visit(view(path, isBest: isBest))
            isBest = false
            path = paths[path].next
        }
    }

    /// The next prefix at or after `cursor` that has a path of that neighbor, in order of number; moves
    /// `cursor` on.
    package func nextRoute(of neighbor: NeighborID, from cursor: inout UInt32) -> PrefixID? {
        guard let row = members.next(from: cursor, in: Int(neighbor.number)) else { return nil }
        cursor = row + 1
        return PrefixID(row: row)
    }

    /// The next prefix at or after `cursor` that has a path, in order of number; moves `cursor` on.
    package func nextPrefix(from cursor: inout UInt32) -> PrefixID? {
        while cursor < endRow {
            let head = prefixes.heads[cursor]
            cursor += 1
            if head.length != PrefixHead.free, head.first != PrefixHead.noPath {
                return PrefixID(row: cursor - 1)
            }
        }
        return nil
    }

    /// Which prefixes a match looks at.
    package enum MatchScope: Sendable {
        /// Those with a best path.
        case best
        /// Those with any path.
        case any
    }

    /// A neighbor's path with that identifier in the list of a prefix, and the path before it; nil where it has none.
    func locate(_ row: UInt32, _ neighbor: NeighborID, _ pathID: UInt32) -> PathPlace? {
        var place = PathPlace(path: prefixes.heads[row].first, before: PrefixHead.noPath)
        while place.path != PrefixHead.noPath {
            let entry = paths[place.path]
            if entry.neighbor == neighbor, self.pathID(of: place.path, entry) == pathID {
                return place
            }
            place = PathPlace(path: entry.next, before: place.path)
        }
        return nil
    }

    /// The identifier of a path: what it came with by ADD-PATH, else 0.
    func pathID(of path: UInt32, _ row: PathRow) -> UInt32 {
        row.flags & PathRow.pathIDMask == 0 ? 0 : pathIDs[path]
    }

    /// How many paths of a prefix a neighbor has.
    func pathCount(_ row: UInt32, of neighbor: NeighborID) -> Int {
        var count = 0
        var path = prefixes.heads[row].first
        while path != PrefixHead.noPath {
            let entry = paths[path]
            if entry.neighbor == neighbor { count += 1 }
            path = entry.next
        }
        return count
    }

    func view(_ path: UInt32, isBest: Bool) -> PathView {
        let row = paths[path]
        return PathView(
            id: PathID(row: path),
            neighbor: row.neighbor,
            pathID: pathID(of: path, row),
            received: row.received,
            effective: row.effective,
            flags: staleNeighborCount > 0 && isStale(row)
                ? row.publicFlags.union(.stale) : row.publicFlags,
            lastUpdate: row.lastUpdate,
            isBest: isBest
        )
    }
}

/// A path in the list of its prefix, and the one before it.
struct PathPlace {
    var path: UInt32
    /// ``PrefixHead/noPath`` for the first.
    var before: UInt32
}
