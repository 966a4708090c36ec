import Addressing
import Routing

/// Members on their way from one update group to another, prefix by prefix.
///
/// What the move has come past they are to be told as the new group says, the rest they have been told as the old one
/// says; where the two differ, and what changes meanwhile, is marked in each member's backlog. Nothing is sent to them
/// until all is compared.
final class GroupMove {
    /// What becomes of the new group's entries.
    enum Purpose {
        /// It has its own; members are told the difference.
        case join
        /// It begins with those of the old group, and nothing differs at first.
        case part
    }

    let old: UpdateGroup
    let new: UpdateGroup
    let purpose: Purpose
    var members: [Neighbor]
    private(set) var family = AddressFamily.ipv4
    /// The first row that is still to be compared.
    private(set) var row: UInt32 = 0

    init(_ members: [Neighbor], from old: UpdateGroup, to new: UpdateGroup, _ purpose: Purpose) {
        self.members = members
        self.old = old
        self.new = new
        self.purpose = purpose
    }

    /// True where the new group already speaks of the prefix.
    func isPast(_ id: PrefixID, _ family: AddressFamily) -> Bool {
        family == self.family ? id.row < row : family == .ipv4
    }

    /// The next rows that are to be compared of a table that ends there, at most so many; empty where there are no more.
    func nextRows(_ count: Int, endRow: UInt32) -> Range<UInt32> {
        row..<max(row, min(endRow, row + UInt32(clamping: count)))
    }

    /// Those rows have been compared.
    func pass(_ rows: Range<UInt32>) {
        row = rows.upperBound
    }

    /// Goes on with the other family; false where both are done.
    func nextFamily() -> Bool {
        guard family == .ipv4 else { return false }
        family = .ipv6
        row = 0
        return true
    }
}
