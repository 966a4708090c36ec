package import Addressing
package import Attributes
import Tables

/// Prefixes that came in one message with the same attributes.
extension RouteTable {
    /// Stores or replaces a neighbor's routes to prefixes of this family that share all but the prefix.
    ///
    /// The same as ``RoutingTables/announce(_:from:pathID:received:effective:flags:now:)`` for each, without path
    /// identifiers and in a fraction of the time.
    package func announce(
        _ prefixes: Span<IPPrefix>,
        from neighbor: NeighborID,
        received: AttributesID,
        effective: AttributesID,
        flags: PathFlags = PathFlags(),
        now: UInt32
    ) {
        let route = PathRow(
            next: PrefixHead.noPath,
            received: received,
            effective: effective,
            lastUpdate: now,
            neighbor: neighbor,
            flags: flags.rawValue & ~PathRow.privateMask
        )
        announce(prefixes, route)
    }

    /// Stores or replaces routes that are alike but for the prefix, and decides each.
    ///
    /// What a search costs is waiting for memory: the searches of a slice are made before anything is
    /// changed, so that they wait together. What the routes share is looked at once.
    func announce(_ block: Span<IPPrefix>, _ route: PathRow) {
        makeRoom(for: Int(route.neighbor.number))
        var route = route
        route.flags |= generations[Int(route.neighbor.number)].flags
        let candidate = candidate(of: route)
        let isNew = PrefixHead.noPath
        var addedCount: UInt32 = 0
        var start = 0
        while start < block.count {
            let count = min(block.count - start, foundRows.count)
            for place in 0..<count {
                let prefix = block[start + place]
                foundHashes[place] = prefixes.hash(prefix)
                foundRows[place] = prefixes.find(prefix, hash: foundHashes[place]) ?? isNew
            }
            if candidate != nil { readBestAhead(count) }
            let addedBefore = addedCount
            for place in 0..<count {
                let prefix = block[start + place]
                // The same prefix twice in one slice.
                var row = foundRows[place]
                if row == isNew, addedCount > addedBefore,
                    mayStand(prefix, in: block, from: start, through: place)
                {
                    row = prefixes.find(prefix) ?? isNew
                }
                if row == isNew {
                    addFirst(route, to: prefix, hash: foundHashes[place], isBest: candidate != nil)
                    addedCount += 1
                } else {
                    _ = announce(row, route, 0, candidate)
                }
            }
            start += count
        }
        count(addedCount, of: route, isBest: candidate != nil)
    }

    /// False where a prefix is none of those before it in the slice; of a long one that is not looked at.
    private func mayStand(
        _ prefix: IPPrefix,
        in block: Span<IPPrefix>,
        from start: Int,
        through place: Int
    ) -> Bool {
        if place > 12 { return true }
        for before in start..<start + place where block[before] == prefix { return true }
        return false
    }

    /// Reads the best paths of the rows that were found, and what they will be compared by: all wait together.
    private func readBestAhead(_ count: Int) {
        for place in 0..<count where foundRows[place] != PrefixHead.noPath {
            let head = prefixes.heads[foundRows[place]]
            bestAhead[place] =
                head.hasBest != 0 ? paths[head.first].effective.row : AttributesID.none.row
        }
        var words: UInt64 = 0
        for place in 0..<count
        where foundRows[place] != PrefixHead.noPath && bestAhead[place] != AttributesID.none.row {
            words ^= UInt64(attributes.rows[bestAhead[place]].facts.localPreference)
        }
        readWords = words
    }

    /// Makes a row for a new prefix, with its first path; ``count(_:of:isBest:)`` follows.
    private func addFirst(_ route: PathRow, to prefix: IPPrefix, hash: UInt64, isBest: Bool) {
        let path = paths.insert(route)
        let row = prefixes.insert(prefix, hash: hash, first: path, hasBest: isBest)
        order.noteNewRow(row)
        members.insert(row, in: Int(route.neighbor.number))
        guard isBest else { return }
        marks.insert(row, in: Mark.best)
        tell(row, from: nil, to: route.neighbor)
    }

    /// Takes the references of new routes to new prefixes, and counts the routes.
    private func count(_ added: UInt32, of route: PathRow, isBest: Bool) {
        guard added > 0 else { return }
        attributes.retain(route.received, count: added)
        attributes.retain(route.effective, count: added)
        let neighbor = Int(route.neighbor.number)
        neighborCounts[neighbor].received += added
        generations[neighbor].counts[Int(route.generation)] += added
        if !route.isRefused { neighborCounts[neighbor].accepted += added }
        if isBest { neighborCounts[neighbor].best += added }
    }
}
