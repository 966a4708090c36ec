import Attributes
import Tables

/// The generations of one neighbor's paths in a table; there are four in all.
///
/// Paths that came in one session are of one generation. Two bits in a path tell which, so that marking a million
/// routes as stale, or giving them up, costs nothing but the work in slices that follows.
struct Generations {
    /// The generation of new paths, 0 to 3.
    var current: UInt8 = 0
    /// The generations that are kept as stale, as bits.
    var stale: UInt8 = 0
    /// The generations that wait for removal, as bits.
    var leaving: UInt8 = 0
    /// How many paths each generation has.
    var counts = InlineArray<4, UInt32>(repeating: 0)

    /// The generation of new paths in its place among a path's flags.
    var flags: UInt16 { UInt16(current) << 10 }

    /// Another generation than the present one that no path has; nil where all are in use.
    var free: UInt8? {
        (0..<4).first { $0 != current && counts[Int($0)] == 0 }
    }

    /// How many other generations than the present one no path has.
    var freeCount: Int {
        (0..<4).count { $0 != current && counts[Int($0)] == 0 }
    }

    /// How many paths the generations among these bits have.
    func count(_ bits: UInt8) -> UInt32 {
        counts.indices.reduce(0) { bits & 1 << $1 != 0 ? $0 + counts[$1] : $0 }
    }

    /// True where the path's generation is among these bits.
    static func contain(_ bits: UInt8, _ path: PathRow) -> Bool {
        bits & 1 << path.generation != 0
    }
}

extension RouteTable {
    /// True for a path that is kept until its neighbor has told its routes again.
    func isStale(_ path: PathRow) -> Bool {
        Generations.contain(generations[Int(path.neighbor.number)].stale, path)
    }

    /// Begins to remove all that the neighbor has.
    func removeAll(_ neighbor: NeighborID) {
        guard hasRoutes(of: neighbor) else { return removeStale(neighbor) }
        markStale(neighbor)
        removeStale(neighbor)
    }

    /// From now on all that the neighbor has is stale.
    func markStale(_ neighbor: NeighborID) {
        guard hasRoutes(of: neighbor) else { return }
        let number = Int(neighbor.number)
        if generations[number].free == nil {
            if generations[number].count(generations[number].leaving) == 0 { removeStale(neighbor) }
            finishSweep(of: neighbor)
        }
        guard let free = generations[number].free else { return }
        if generations[number].stale == 0 { staleNeighborCount += 1 }
        generations[number].stale |= 1 << generations[number].current
        generations[number].stale &= ~(1 << free)
        generations[number].leaving &= ~(1 << free)
        generations[number].current = free
    }

    /// The neighbor sends everything again (RFC 7313): what it has sent is stale until it comes again.
    ///
    /// Where refreshes begin faster than old paths can be removed, what is there stays as it is: a generation is kept
    /// for the end of the session.
    func beginRefresh(_ neighbor: NeighborID) {
        guard hasRoutes(of: neighbor), generations[Int(neighbor.number)].freeCount > 1 else {
            return
        }
        markStale(neighbor)
    }

    /// Begins to remove what is still stale.
    func removeStale(_ neighbor: NeighborID) {
        let number = Int(neighbor.number)
        guard number < generations.count, generations[number].stale != 0 else { return }
        staleNeighborCount -= 1
        generations[number].leaving |= generations[number].stale
        generations[number].stale = 0
        if let running = chores.sweeps.firstIndex(where: { $0.neighbor == neighbor }) {
            chores.sweeps[running].cursor = 0
        } else {
            chores.sweeps.append(Chores.Sweep(neighbor: neighbor, cursor: 0))
        }
    }

    /// Removes at most `left` of what waits for removal of the first neighbor in line.
    func sweep(_ left: inout Int) {
        let neighbor = chores.sweeps[0].neighbor
        let number = Int(neighbor.number)
        let leaving = generations[number].leaving
        var cursor = chores.sweeps[0].cursor
        while left > 0 {
            guard generations[number].count(leaving) > 0,
                let prefix = nextRoute(of: neighbor, from: &cursor)
            else {
                chores.sweeps.removeFirst()
                generations[number].leaving = 0
                return
            }
            left -= 1
            let hasPathIDs = pathIDs.count > 0
            while let place = place(prefix.row, of: neighbor, among: leaving) {
                _ = remove(place, of: prefix.row)
                if !hasPathIDs { break }
                left -= 1
            }
        }
        chores.sweeps[0].cursor = cursor
    }

    /// A neighbor's first path of a prefix that is of one of these generations; nil where there is none.
    private func place(
        _ row: UInt32,
        of neighbor: NeighborID,
        among generations: UInt8
    ) -> PathPlace? {
        var place = PathPlace(path: prefixes.heads[row].first, before: PrefixHead.noPath)
        while place.path != PrefixHead.noPath {
            let entry = paths[place.path]
            if entry.neighbor == neighbor, Generations.contain(generations, entry) { return place }
            place = PathPlace(path: entry.next, before: place.path)
        }
        return nil
    }

    /// Removes at once what waits for removal: sessions ended faster than their routes could go, and no generation is left.
    private func finishSweep(of neighbor: NeighborID) {
        guard let place = chores.sweeps.firstIndex(where: { $0.neighbor == neighbor }) else {
            return
        }
        chores.sweeps.swapAt(0, place)
        chores.sweeps[0].cursor = 0
        var left = Int.max
        sweep(&left)
    }
}
