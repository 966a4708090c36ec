import Addressing
import Tables

/// The rows of a table in the order of their prefixes: sorted runs, merged in slices.
///
/// Nothing is here until somebody looks. Then the rows are sorted in chunks, and runs of similar size
/// are merged, so that a few remain; new rows collect as fresh ones and become a run themselves. While
/// there is an order it names rows, so a row that loses its last path stays until a merge leaves it out.
struct RouteOrder {
    /// Rows sorted at a time.
    static var chunkSize: Int { 4096 }

    var isActive = false
    /// Sorted entries: the first 32 bits of the address above the row number.
    var runs: [[UInt64]] = []
    /// New rows that are in no run yet.
    var fresh: [UInt32] = []
    /// Vacant rows that a merge left out and that are still to be given back.
    var leaving: [UInt32] = []
    /// The rows that were there at the first look and are in no run yet.
    var unread: Range<UInt32> = 0..<0
    var merge: Merge?
    /// How many runs, the largest first, are still to be rewritten without vacant rows.
    var runsToPurge = 0

    /// A merge of two runs in progress; both stay readable until it is done.
    struct Merge {
        /// The position of the first run in `runs`; the second is the last run, or none.
        var left: Int
        var right: Int?
        var leftCursor = 0
        var rightCursor = 0
        var output: [UInt64] = []
        /// Vacant rows that the output leaves out.
        var dropped: [UInt32] = []
    }

    /// Entries that are in a run.
    var sortedCount: Int { runs.reduce(0) { $0 + $1.count } }
    /// Rows that are in no run yet.
    var unsortedCount: Int { fresh.count + unread.count + leaving.count }

    var byteCount: Int {
        runs.reduce(0) { $0 + $1.capacity * 8 } + (fresh.capacity + leaving.capacity) * 4
            + (merge?.output.capacity ?? 0) * 8
    }

    /// Takes note of a row that a prefix was just given.
    mutating func noteNewRow(_ row: UInt32) {
        if isActive, !unread.contains(row) { fresh.append(row) }
    }
}

extension RouteTable {
    /// Makes an order where there is none, and puts what is fresh in order where that takes no time.
    func prepareOrder() {
        if !order.isActive {
            order.isActive = true
            order.unread = 0..<endRow
        }
        if order.unsortedCount <= RouteOrder.chunkSize {
            while order.unsortedCount > 0 { _ = sortChunk() }
        }
    }

    /// Forgets the order: nobody looks any more.
    func dropOrder() {
        order = RouteOrder()
        noteVacant(0)
    }

    /// Sorts, merges and purges until `left` is used up or all is done.
    func putInOrder(_ left: inout Int) {
        guard order.isActive else { return }
        while left > 0 {
            if order.merge != nil {
                left -= continueMerge(left)
            } else if beginMerge() {
                continue
            } else if order.unsortedCount > 0 {
                left -= sortChunk()
            } else {
                return
            }
        }
    }

    /// Makes a run of the next rows that are in none, and gives vacant ones back; returns how many rows were looked at.
    private func sortChunk() -> Int {
        var entries: [UInt64] = []
        var looked = 0
        while looked < RouteOrder.chunkSize, let row = order.unread.first {
            order.unread = row + 1..<order.unread.upperBound
            looked += 1
            if row < endRow, prefixes.heads[row].length != PrefixHead.free {
                entries.append(prefixes.orderEntry(row))
            }
        }
        while looked < RouteOrder.chunkSize, let row = order.fresh.popLast() {
            looked += 1
            entries.append(prefixes.orderEntry(row))
        }
        while looked < RouteOrder.chunkSize, let row = order.leaving.popLast() {
            looked += 1
            // A route may have come for it meanwhile.
            if mayBeFreed(row) { freeVacant(row) } else { entries.append(prefixes.orderEntry(row)) }
        }
        // A last run that is as small takes them in, so that looking often does not leave crumbs.
        if !entries.isEmpty, order.merge == nil, let last = order.runs.last,
            last.count + entries.count <= RouteOrder.chunkSize
        {
            entries += last
            order.runs.removeLast()
        }
        entries.sort { prefixes.precedes($0, $1) }
        if !entries.isEmpty { order.runs.append(entries) }
        return looked
    }

    /// Begins to merge the last two runs where they are of similar size, or to purge; false where
    /// neither is called for.
    private func beginMerge() -> Bool {
        let vacant = marks.count(of: Mark.vacant)
        if order.runsToPurge == 0, vacant > RouteOrder.chunkSize, vacant > prefixes.count / 4,
            order.unsortedCount == 0, chores.mustCollect
        {
            chores.mustCollect = false
            order.runsToPurge = order.runs.count
        }
        let last = order.runs.count - 1
        if order.runsToPurge > 0 {
            // Rewritten runs go to the end, so that the next one is always the first.
            order.runsToPurge -= 1
            guard last >= 0 else { return false }
            order.merge = RouteOrder.Merge(left: 0, right: nil)
            return true
        }
        guard last >= 1, order.runs[last - 1].count <= 2 * order.runs[last].count else {
            return false
        }
        var merge = RouteOrder.Merge(left: last - 1, right: last)
        merge.output.reserveCapacity(order.runs[last - 1].count + order.runs[last].count)
        order.merge = merge
        return true
    }

    /// Moves at most `limit` entries; returns how many.
    private func continueMerge(_ limit: Int) -> Int {
        guard var merge = order.merge.take() else { return 0 }
        var moved = 0
        while moved < limit {
            guard let entry = nextEntry(&merge) else {
                finish(merge)
                return moved + 1
            }
            moved += 1
            let row = UInt32(truncatingIfNeeded: entry)
            if mayBeFreed(row) {
                merge.dropped.append(row)
            } else {
                merge.output.append(entry)
            }
        }
        order.merge = merge
        return moved
    }

    private func nextEntry(_ merge: inout RouteOrder.Merge) -> UInt64? {
        let left =
            merge.leftCursor < order.runs[merge.left].count
            ? order.runs[merge.left][merge.leftCursor] : nil
        var right: UInt64?
        if let run = merge.right, merge.rightCursor < order.runs[run].count {
            right = order.runs[run][merge.rightCursor]
        }
        if let left, right.map({ prefixes.precedes(left, $0) }) ?? true {
            merge.leftCursor += 1
            return left
        }
        if right != nil { merge.rightCursor += 1 }
        return right
    }

    private func finish(_ merge: RouteOrder.Merge) {
        if let right = merge.right { order.runs.remove(at: right) }
        order.runs.remove(at: merge.left)
        if !merge.output.isEmpty { order.runs.append(merge.output) }
        order.leaving += merge.dropped
    }
}
