package import Attributes
import Tables

/// What a neighbor that takes several paths of a prefix has been told of one family (RFC 7911).
///
/// Sixteen bytes a path and four a prefix, in pages that exist only while they hold something.
package final class AdjRIBOutPaths {
    /// The first path of each prefix, plus one.
    var firsts = SparseNumbers()
    var rows = RowStore<SentPathRow>()

    /// Nothing is announced.
    package init() {}

    /// Paths that are announced now.
    package var count: Int { rows.count }

    /// Bytes that the entries take.
    package var byteCount: Int { rows.count * MemoryLayout<SentPathRow>.stride + firsts.byteCount }

    /// What is announced now for a prefix.
    package func paths(_ prefix: PrefixID) -> [SentPath] {
        var paths: [SentPath] = []
        var next = firsts[prefix.row]
        while next != 0 {
            paths.append(rows[next - 1].path)
            next = rows[next - 1].next
        }
        return paths
    }

    /// The next announced prefix at or after `cursor`, in order of number; moves `cursor` on.
    package func next(from cursor: inout UInt32) -> PrefixID? {
        firsts.next(from: &cursor).map { PrefixID(row: $0) }
    }

    /// Stores what is to be announced for a prefix from now on; the table takes its own references.
    ///
    /// - Parameters:
    ///   - prefix: its number in the family's table.
    ///   - paths: the paths, each with another identifier.
    ///   - store: where the attributes are interned.
    package func replace(_ prefix: PrefixID, with paths: [SentPath], in store: AttributeStore) {
        for path in paths { store.retain(path.attributes) }
        var next = firsts[prefix.row]
        while next != 0 {
            let row = rows[next - 1]
            store.release(row.path.attributes)
            rows.free(next - 1)
            next = row.next
        }
        for path in paths.reversed() { next = rows.insert(SentPathRow(next: next, path: path)) + 1 }
        firsts[prefix.row] = next
    }

    /// Forgets at most `units` prefixes and gives their references back; true while more are left.
    package func clear(units: Int, in store: AttributeStore) -> Bool {
        var cursor: UInt32 = 0
        var left = units
        while left > 0, let prefix = next(from: &cursor) {
            replace(prefix, with: [], in: store)
            left -= 1
        }
        return count > 0
    }
}

/// A path as it is announced.
package struct SentPath: Equatable, Sendable, BitwiseCopyable {
    /// What tells it from the other paths of the prefix; 0 in a family without ADD-PATH.
    package var pathID: UInt32
    /// The attributes as they are sent.
    package var attributes: AttributesID
    /// Where the path came from.
    package var source: NeighborID

    package init(pathID: UInt32, attributes: AttributesID, source: NeighborID) {
        self.pathID = pathID
        self.attributes = attributes
        self.source = source
    }
}

/// A path as it is announced, in the list of its prefix; 16 bytes.
struct SentPathRow: BitwiseCopyable {
    /// The next path of the prefix, plus one; 0 ends the list.
    var next: UInt32
    var path: SentPath
}
