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
    }
}

extension RouteTable {
    /// Does at most about that much work and returns what is left of `units`; none while work is left.
    func work(_ units: Int) -> Int {
        var left = units
        while left > 0, !chores.sweeps.isEmpty { sweep(&left) }
        review(&left)
        collect(&left)
        putInOrder(&left)
        return left
    }

    func hasRoutes(of neighbor: NeighborID) -> Bool { members.count(of: Int(neighbor.number)) > 0 }

    // MARK: A next hop or a knob that changed

    func reconsider(_ nextHop: NextHopID) {
        marks.insert(nextHop.row, in: Mark.nextHop)
        beginReview()
    }

    func reconsiderAll() {
        chores.reviewsAll = true
        beginReview()
    }

    private func beginReview() {
        if chores.review.isEmpty {
            chores.review = 0..<endRow
        } else if chores.review.lowerBound > 0 {
            chores.reviewAgainFrom = 0
        } else {
            chores.reviewAgainFrom = min(chores.reviewAgainFrom ?? .max, chores.review.upperBound)
        }
    }

    private func review(_ left: inout Int) {
        while left > 0 {
            if let row = chores.review.last {
                left -= 1
                chores.review = chores.review.lowerBound..<row
                if row < endRow { review(row) }
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

    private func review(_ row: UInt32) {
        let head = prefixes.heads[row]
        guard head.length != PrefixHead.free, head.first != PrefixHead.noPath else { return }
        let old = bestKey(row)
        let bestIsTouched = old.effective != .none && isTouched(old.effective)
        guard bestIsTouched || chores.reviewsAll || hasTouchedPath(head.first) else {
            return
        }
        select(row)
        tellPaths(row)
        _ = noteBest(row, was: old, mustMark: bestIsTouched)
    }

    private func hasTouchedPath(_ first: UInt32)
        -> Bool
    {
        var path = first
        while path != PrefixHead.noPath {
            let row = paths[path]
            if row.effective != .none, isTouched(row.effective) { return true }
            path = row.next
        }
        return false
    }

    private func isTouched(_ id: AttributesID) -> Bool {
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

    func freeVacant(_ row: UInt32) {
        marks.remove(row, in: Mark.vacant)
        for listener in listeners { told.remove(row, in: listener.number) }
        prefixes.free(row)
    }

    /// Sees to it that the next round of collecting looks at the row.
    func noteVacant(_ row: UInt32) {
        chores.mustCollect = true
        chores.collectCursor = min(chores.collectCursor, row)
    }

    private func collect(_ left: inout Int) {
        // While there is an order it names rows, and gives the vacant ones back itself.
        if order.isActive || !chores.mustCollect { return }
        while left > 0 {
            var count = 0
            var cursor = chores.collectCursor
            // What the index has of them is asked for before the first goes: all wait for memory together.
            while count < min(left, ahead.rows.count),
                let row = marks.next(from: cursor, in: Mark.vacant)
            {
                ahead.rows[count] = row
                prefixes.prefetchIndex(of: row)
                cursor = row + 1
                count += 1
            }
            if count == 0 {
                chores.collectCursor = 0
                chores.mustCollect = false
                return
            }
            left -= count
            chores.collectCursor = cursor
            for place in 0..<count where mayBeFreed(ahead.rows[place]) {
                freeVacant(ahead.rows[place])
            }
        }
    }
}
