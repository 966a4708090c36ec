import Addressing
import Routing
import Tables

/// Prefixes of which one member of an update group is to be told by itself: a mark for each, whatever happens to it.
///
/// For who joins with a table there, asks for it again, or reads too slowly to follow the group's log.
final class ExportBacklog {
    private enum Mark {
        /// The member is to be told of the prefix.
        static let due = 0
        /// It has been told of a route to a marked prefix.
        static let had = 1
    }

    private var ipv4 = BitSets()
    private var ipv6 = BitSets()
    private var cursors: [UInt32] = [0, 0]
    /// By how much what the member was told of is more than what it is to be told of.
    var surplusCount = 0

    var isEmpty: Bool { count(.ipv4) == 0 && count(.ipv6) == 0 }

    /// How many prefixes are marked.
    func count(_ family: AddressFamily) -> Int {
        family == .ipv4 ? ipv4.count(of: Mark.due) : ipv6.count(of: Mark.due)
    }

    func contains(_ id: PrefixID, _ family: AddressFamily) -> Bool {
        family == .ipv4
            ? ipv4.contains(id.row, in: Mark.due) : ipv6.contains(id.row, in: Mark.due)
    }

    /// True where the member has been told of a route to a marked prefix.
    func had(_ id: PrefixID, _ family: AddressFamily) -> Bool {
        family == .ipv4
            ? ipv4.contains(id.row, in: Mark.had) : ipv6.contains(id.row, in: Mark.had)
    }

    /// Marks a prefix; nothing where it is marked.
    ///
    /// - Parameters:
    ///   - id: the prefix.
    ///   - family: its family.
    ///   - had: the member has been told of a route.
    ///   - isWanted: by what the group says now it is to be told of one.
    func mark(_ id: PrefixID, _ family: AddressFamily, had: Bool, isWanted: Bool) {
        let isNew =
            family == .ipv4 ? ipv4.insert(id.row, in: Mark.due) : ipv6.insert(id.row, in: Mark.due)
        guard isNew else { return }
        if had {
            _ =
                family == .ipv4
                ? ipv4.insert(id.row, in: Mark.had) : ipv6.insert(id.row, in: Mark.had)
        }
        surplusCount += (had ? 1 : 0) - (isWanted ? 1 : 0)
    }

    /// Marks all prefixes that the group tells a member of.
    func markAll(of group: UpdateGroup, _ family: AddressFamily, for member: NeighborID, had: Bool)
    {
        group.adjRIBOut(family).forEachWord(except: member) { row, bits in
            let new =
                family == .ipv4
                ? ipv4.insert(bits, at: row, in: Mark.due)
                : ipv6.insert(bits, at: row, in: Mark.due)
            if !had {
                surplusCount -= new.nonzeroBitCount
            } else if family == .ipv4 {
                _ = ipv4.insert(new, at: row, in: Mark.had)
            } else {
                _ = ipv6.insert(new, at: row, in: Mark.had)
            }
        }
    }

    /// Marks a prefix that the group now says something else of.
    func change(_ id: PrefixID, _ family: AddressFamily, wasWanted: Bool, isWanted: Bool) {
        if contains(id, family) {
            surplusCount += (wasWanted ? 1 : 0) - (isWanted ? 1 : 0)
            // What came and went meanwhile needs no word, and no row for who does not read.
            if !isWanted, !had(id, family) { take(id, family, isWanted: false) }
        } else {
            mark(id, family, had: wasWanted, isWanted: isWanted)
        }
    }

    /// The next marked prefix, going round.
    func next(_ family: AddressFamily) -> PrefixID? {
        let place = family == .ipv4 ? 0 : 1
        let cursor = cursors[place]
        let row =
            family == .ipv4
            ? ipv4.next(from: cursor, in: Mark.due) ?? ipv4.next(from: 0, in: Mark.due)
            : ipv6.next(from: cursor, in: Mark.due) ?? ipv6.next(from: 0, in: Mark.due)
        guard let row else { return nil }
        cursors[place] = row + 1
        return PrefixID(row: row)
    }

    /// Takes a mark away since the member is told now.
    func take(_ id: PrefixID, _ family: AddressFamily, isWanted: Bool) {
        let had = had(id, family)
        if family == .ipv4 {
            ipv4.remove(id.row, in: Mark.due)
            ipv4.remove(id.row, in: Mark.had)
        } else {
            ipv6.remove(id.row, in: Mark.due)
            ipv6.remove(id.row, in: Mark.had)
        }
        surplusCount -= (had ? 1 : 0) - (isWanted ? 1 : 0)
    }

    /// Visits the marked prefixes, of those rows alone where they are given.
    func forEach(
        _ family: AddressFamily,
        in rows: Range<UInt32> = 0..<UInt32.max,
        _ visit: (PrefixID) -> Void
    ) {
        var row = rows.lowerBound
        while let next =
            family == .ipv4
            ? ipv4.next(from: row, in: Mark.due) : ipv6.next(from: row, in: Mark.due),
            next < rows.upperBound
        {
            visit(PrefixID(row: next))
            row = next + 1
        }
    }

    /// Bytes that the marks take.
    var byteCount: Int { ipv4.byteCount + ipv6.byteCount }
}
