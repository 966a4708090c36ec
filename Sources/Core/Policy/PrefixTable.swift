import Addressing
import RPKI

/// A prefix-set laid out for look-up: sorted ranges with links to the next one that covers each.
struct PrefixTable: Sendable {
    private let ranges: [PrefixRange]
    private let index: CoveringIndex

    init(_ members: [PrefixRange]) {
        let sorted = members.sorted { $0.prefix < $1.prefix }
        ranges = sorted
        index = CoveringIndex(count: sorted.count) { sorted[$0].prefix }
    }

    /// True where a member means that prefix, or holds it if everything inside counts.
    func contains(_ prefix: IPPrefix, orLonger: Bool) -> Bool {
        var found = false
        index.forEachCovering(prefix, rows: { ranges[$0].prefix }) { row in
            found = orLonger || ranges[row].hasLength(prefix.length)
            return !found
        }
        return found
    }
}

extension PrefixRange {
    /// True where that length is meant, whatever the prefix.
    @inline(__always)
    func hasLength(_ length: UInt8) -> Bool {
        (length >= shortest && length <= longest) != isOutside
    }

    /// True where the prefix is meant.
    func contains(_ other: IPPrefix) -> Bool {
        hasLength(other.length) && prefix.covers(other)
    }
}
