package import Addressing
package import Attributes
import Tables

/// Prefixes side by side that share all but the prefix.
package struct RouteRun: BitwiseCopyable, Sendable {
    /// One past the last of its prefixes among all that are announced together.
    package var end: Int
    /// The attributes as received.
    package var received: AttributesID
    /// The attributes after input policy; ``AttributesID/none`` for refused routes.
    package var effective: AttributesID
    /// What is known beside; refused routes carry ``PathFlags/filtered``.
    package var flags: PathFlags

    /// A run that ends before that place.
    package init(
        end: Int,
        received: AttributesID,
        effective: AttributesID,
        flags: PathFlags = PathFlags()
    ) {
        self.end = end
        self.received = received
        self.effective = effective
        self.flags = flags
    }
}

/// Searches that are made before anything is changed, so that they wait for memory together.
struct SearchAhead {
    /// The prefixes of a slice: as many searches as memory answers at a time, and more than most messages have.
    static var length: Int { 64 }

    var rows = InlineArray<64, UInt32>(repeating: PrefixHead.noPath)
    var hashes = InlineArray<64, UInt64>(repeating: 0)
    /// The best paths of ``rows``.
    var bests = InlineArray<64, UInt32>(repeating: 0)
    /// Bits of the hashes of prefixes that were new and are there by now.
    private var added = InlineArray<16, UInt64>(repeating: 0)

    /// Begins another slice.
    mutating func startOver() {
        for word in added.indices { added[word] = 0 }
    }

    /// False the first time that a prefix of that hash is added in a slice, and for others with the same bits true.
    mutating func mayHaveBeenAdded(_ hash: UInt64) -> Bool {
        let place = Int(truncatingIfNeeded: hash >> 40) & 1023
        let bit: UInt64 = 1 &<< UInt64(place & 63)
        if added[place >> 6] & bit != 0 { return true }
        added[place >> 6] |= bit
        return false
    }
}

extension RouteTable {
    /// Stores or replaces a neighbor's routes to prefixes of this family, of which those of a run share all but the prefix.
    ///
    /// The same as ``RoutingTables/announce(_:from:pathID:received:effective:flags:now:)`` for each, without path
    /// identifiers and in a fraction of the time. The last run ends with the last prefix.
    package func announce(
        _ prefixes: Span<IPPrefix>,
        _ runs: Span<RouteRun>,
        from neighbor: NeighborID,
        now: UInt32
    ) {
        precondition(
            prefixes.isEmpty || prefixes[0].family == family,
            "routes come into the table of their family"
        )
        makeRoom(for: Int(neighbor.number))
        var (start, run) = (0, 0)
        while start < prefixes.count {
            let slice = prefixes.extracting(
                start..<min(prefixes.count, start + SearchAhead.length)
            )
            search(slice)
            var place = 0
            while place < slice.count {
                let end = min(runs[run].end - start, slice.count)
                announce(slice, place..<end, runs[run], neighbor, now)
                place = end
                if runs[run].end == start + end { run += 1 }
            }
            start += slice.count
        }
    }

    /// Searches for all prefixes of a slice, and asks for the best paths that are there and what they are compared by.
    private func search(_ slice: Span<IPPrefix>) {
        ahead.startOver()
        for place in slice.indices {
            ahead.hashes[place] = prefixes.hash(slice[place])
            prefixes.prefetch(hash: ahead.hashes[place])
        }
        for place in slice.indices {
            ahead.bests[place] = PrefixHead.noPath
            guard let row = prefixes.find(slice[place], hash: ahead.hashes[place]) else {
                ahead.rows[place] = PrefixHead.noPath
                continue
            }
            ahead.rows[place] = row
            let head = prefixes.heads[row]
            if head.hasBest != 0 {
                ahead.bests[place] = head.first
                paths.prefetch(head.first)
            }
        }
        for place in slice.indices where ahead.bests[place] != PrefixHead.noPath {
            let effective = paths[ahead.bests[place]].effective
            if effective != .none { attributes.rows.prefetch(effective.row) }
        }
    }

    /// Stores the routes of one run in a slice that was searched for, and decides each.
    private func announce(
        _ slice: Span<IPPrefix>,
        _ places: Range<Int>,
        _ run: RouteRun,
        _ neighbor: NeighborID,
        _ now: UInt32
    ) {
        let route = PathRow(
            next: PrefixHead.noPath,
            received: run.received,
            effective: run.effective,
            lastUpdate: now,
            neighbor: neighbor,
            flags: run.flags.rawValue & ~PathRow.privateMask
                | generations[Int(neighbor.number)].flags
        )
        let candidate = candidate(of: route)
        let isNew = PrefixHead.noPath
        var firstCount: UInt32 = 0
        var addedCount: UInt32 = 0
        for place in places {
            let prefix = slice[place]
            let hash = ahead.hashes[place]
            var row = ahead.rows[place]
            // The same prefix twice in one slice.
            if row == isNew, ahead.mayHaveBeenAdded(hash) {
                row = prefixes.find(prefix, hash: hash) ?? isNew
            }
            if row == isNew {
                addFirst(route, to: prefix, hash: hash, isBest: candidate != nil)
                firstCount += 1
                addedCount += 1
            } else if members.contains(row, in: Int(neighbor.number)) {
                _ = announce(row, route, 0, candidate)
            } else {
                marks.remove(row, in: Mark.vacant)
                _ = addUncounted(route, 0, to: row, candidate)
                addedCount += 1
            }
        }
        count(addedCount, of: route)
        if candidate != nil { neighborCounts[Int(neighbor.number)].best += firstCount }
    }

    /// Makes a row for a new prefix, with its first path; the counts follow.
    private func addFirst(_ route: PathRow, to prefix: IPPrefix, hash: UInt64, isBest: Bool) {
        let path = paths.insert(route)
        let row = prefixes.insert(prefix, hash: hash, first: path, hasBest: isBest)
        order.noteNewRow(row)
        members.insert(row, in: Int(route.neighbor.number))
        guard isBest else { return }
        marks.insert(row, in: Mark.best)
        tell(row, from: nil, to: route.neighbor)
    }
}
