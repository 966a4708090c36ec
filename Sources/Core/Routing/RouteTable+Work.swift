import Attributes
import Tables

/// Long work in progress, each with its cursor.
struct Chores {
    /// Neighbors whose old paths are being removed.
    var sweeps: [Sweep] = []
    /// The rows to decide again, from the last to the first, so that new ones need not be looked at.
    var review: Range<UInt32> = 0..<0
    /// The row from which on another round is needed, for what changed during this one.
    var reviewAgainFrom: UInt32?
    /// Every prefix is decided again in this round, not only those that use a changed next hop.
    var reviewsAll = false
    /// The next vacant row to give back.
    var collectCursor: UInt32 = 0
    /// A row may have become free to give back since the last round.
    var mustCollect = false

    struct Sweep {
        var neighbor: NeighborID
        var cursor: UInt32
        /// The generations that wait for removal, as bits.
        var generations: UInt8
    }
}

extension RouteTable {
    /// Does at most about that much work and returns what is left of `units`; none while work is left.
    mutating func work(
        _ units: Int,
        _ attributes: inout AttributeStore,
        _ process: borrowing DecisionProcess
    ) -> Int {
        var left = units
        while left > 0, !chores.sweeps.isEmpty { sweep(&left, &attributes, process) }
        review(&left, &attributes, process)
        collect(&left)
        putInOrder(&left)
        return left
    }

    func hasRoutes(of neighbor: NeighborID) -> Bool { members.count(of: Int(neighbor.number)) > 0 }

    // MARK: A neighbor that left

    mutating func beginSweep(
        _ neighbor: NeighborID,
        _ attributes: inout AttributeStore,
        _ process: borrowing DecisionProcess
    ) {
        guard hasRoutes(of: neighbor) else { return forgetStale(neighbor) }
        let number = Int(neighbor.number)
        let old = generationsInUse(of: neighbor)
        staleGenerations[number] = 0
        if let free = Self.generations(beside: old).first {
            generations[number] = free
            return sweep(old, of: neighbor)
        }
        // A new generation would be taken for the oldest: remove all at once, nothing is new yet.
        chores.sweeps.removeAll { $0.neighbor == neighbor }
        var cursor: UInt32 = 0
        while let prefix = nextRoute(of: neighbor, from: &cursor) {
            _ = withdraw(prefix.row, neighbor, &attributes, process)
        }
    }

    /// Has paths of these generations removed, from the first prefix on.
    private mutating func sweep(_ generations: UInt8, of neighbor: NeighborID) {
        if let running = chores.sweeps.firstIndex(where: { $0.neighbor == neighbor }) {
            chores.sweeps[running].cursor = 0
            chores.sweeps[running].generations |= generations
        } else {
            chores.sweeps.append(
                Chores.Sweep(neighbor: neighbor, cursor: 0, generations: generations)
            )
        }
    }

    private mutating func sweep(
        _ left: inout Int,
        _ attributes: inout AttributeStore,
        _ process: borrowing DecisionProcess
    ) {
        let neighbor = chores.sweeps[0].neighbor
        let generations = chores.sweeps[0].generations
        var cursor = chores.sweeps[0].cursor
        while left > 0 {
            guard let prefix = nextRoute(of: neighbor, from: &cursor) else {
                chores.sweeps.removeFirst()
                return
            }
            left -= 1
            let path = locate(prefix.row, neighbor).path
            if generations & generationBit(path) != 0 {
                _ = withdraw(prefix.row, neighbor, &attributes, process)
            }
        }
        chores.sweeps[0].cursor = cursor
    }

    private func generationBit(_ path: UInt32) -> UInt8 {
        1 << UInt8(truncatingIfNeeded: (paths[path].flags & PathRow.generationMask) >> 10)
    }

    /// The generations of a neighbor's paths, those on their way out included, as bits.
    private func generationsInUse(of neighbor: NeighborID) -> UInt8 {
        let number = Int(neighbor.number)
        let leaving = chores.sweeps.first { $0.neighbor == neighbor }?.generations ?? 0
        return leaving | staleGenerations[number] | 1 << generations[number]
    }

    /// The generations that are free beside those; there are four in all.
    private static func generations(beside used: UInt8) -> [UInt8] {
        (0..<4).filter { used & 1 << $0 == 0 }
    }

    // MARK: A neighbor that sends everything again

    /// From now on what the neighbor has sent counts as stale until it comes again.
    ///
    /// Where refreshes have begun faster than old paths can be removed, what is there stays as it is: a generation is
    /// kept for the end of the session.
    mutating func beginRefresh(_ neighbor: NeighborID) {
        guard hasRoutes(of: neighbor) else { return }
        let number = Int(neighbor.number)
        let free = Self.generations(beside: generationsInUse(of: neighbor))
        guard free.count > 1 else { return }
        staleGenerations[number] |= 1 << generations[number]
        generations[number] = free[0]
    }

    /// Has the paths removed that are still stale.
    mutating func endRefresh(_ neighbor: NeighborID) {
        let number = Int(neighbor.number)
        guard number < staleGenerations.count, staleGenerations[number] != 0 else { return }
        sweep(staleGenerations[number], of: neighbor)
        staleGenerations[number] = 0
    }

    private mutating func forgetStale(_ neighbor: NeighborID) {
        let number = Int(neighbor.number)
        if number < staleGenerations.count { staleGenerations[number] = 0 }
    }

    /// True where the path has not come again since its neighbor began to send everything again.
    func isStale(_ path: UInt32) -> Bool {
        let stale = staleGenerations[Int(paths[path].neighbor.number)]
        return stale != 0 && stale & generationBit(path) != 0
    }

    // MARK: A next hop or a knob that changed

    mutating func reconsider(_ nextHop: NextHopID) {
        marks.insert(nextHop.row, in: Mark.nextHop)
        beginReview()
    }

    mutating func reconsiderAll() {
        chores.reviewsAll = true
        beginReview()
    }

    private mutating func beginReview() {
        if chores.review.isEmpty {
            chores.review = 0..<endRow
        } else if chores.review.lowerBound > 0 {
            chores.reviewAgainFrom = 0
        } else {
            chores.reviewAgainFrom = min(chores.reviewAgainFrom ?? .max, chores.review.upperBound)
        }
    }

    private mutating func review(
        _ left: inout Int,
        _ attributes: inout AttributeStore,
        _ process: borrowing DecisionProcess
    ) {
        while left > 0 {
            if let row = chores.review.last {
                left -= 1
                chores.review = chores.review.lowerBound..<row
                if row < endRow { review(row, &attributes, process) }
            } else if let again = chores.reviewAgainFrom {
                chores.reviewAgainFrom = nil
                chores.review = min(again, endRow)..<endRow
            } else {
                chores.reviewsAll = false
                marks.removeAll(in: Mark.nextHop)
                return
            }
        }
    }

    private mutating func review(
        _ row: UInt32,
        _ attributes: inout AttributeStore,
        _ process: borrowing DecisionProcess
    ) {
        let head = prefixes.heads[row]
        guard head.length != PrefixHead.free, head.first != PrefixHead.noPath else { return }
        let old = bestKey(row)
        let bestIsTouched = old.effective != .none && isTouched(old.effective, &attributes)
        guard bestIsTouched || chores.reviewsAll || hasTouchedPath(head.first, &attributes) else {
            return
        }
        select(row, &attributes, process)
        _ = noteBest(row, was: old, mustMark: bestIsTouched)
    }

    private mutating func hasTouchedPath(_ first: UInt32, _ attributes: inout AttributeStore)
        -> Bool
    {
        var path = first
        while path != PrefixHead.noPath {
            let row = paths[path]
            if row.effective != .none, isTouched(row.effective, &attributes) { return true }
            path = row.next
        }
        return false
    }

    private mutating func isTouched(_ id: AttributesID, _ attributes: inout AttributeStore) -> Bool
    {
        let nextHop = attributes.rows[id.row].facts.nextHop
        return nextHop != .none && marks.contains(nextHop.row, in: Mark.nextHop)
    }

    // MARK: Rows to give back

    /// True where nobody needs the row any more: no path, and every listener has taken note and passed it on.
    func mayBeFreed(_ row: UInt32) -> Bool {
        prefixes.heads[row].first == PrefixHead.noPath
            && !listeners.contains {
                changes.contains(row, in: $0.number) || held.contains(row, in: $0.number)
            }
    }

    mutating func freeVacant(_ row: UInt32) {
        marks.remove(row, in: Mark.vacant)
        for listener in listeners { told.remove(row, in: listener.number) }
        prefixes.free(row)
    }

    /// Sees to it that the next round of collecting looks at the row.
    mutating func noteVacant(_ row: UInt32) {
        chores.mustCollect = true
        chores.collectCursor = min(chores.collectCursor, row)
    }

    private mutating func collect(_ left: inout Int) {
        // While there is an order it names rows, and gives the vacant ones back itself.
        if order.isActive || !chores.mustCollect { return }
        while left > 0 {
            guard let row = marks.next(from: chores.collectCursor, in: Mark.vacant) else {
                chores.collectCursor = 0
                chores.mustCollect = false
                return
            }
            left -= 1
            chores.collectCursor = row + 1
            if mayBeFreed(row) { freeVacant(row) }
        }
    }
}
