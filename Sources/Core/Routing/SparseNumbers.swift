/// Numbers other than 0 by row, in pages that exist only while they hold something.
struct SparseNumbers {
    private static var pageSize: Int { 4096 }
    private var pages: [[UInt32]] = []
    private var pageCounts: [Int] = []
    /// How many rows have a number.
    private(set) var count = 0

    /// The number of a row; 0 where it has none.
    subscript(row: UInt32) -> UInt32 {
        get {
            let page = Int(row) / Self.pageSize
            guard page < pages.count, !pages[page].isEmpty else { return 0 }
            return pages[page][Int(row) % Self.pageSize]
        }
        set {
            let page = Int(row) / Self.pageSize
            let old = self[row]
            if old == newValue { return }
            while pages.count <= page {
                pages.append([])
                pageCounts.append(0)
            }
            if pages[page].isEmpty { pages[page] = Array(repeating: 0, count: Self.pageSize) }
            pages[page][Int(row) % Self.pageSize] = newValue
            let difference = (newValue == 0 ? 0 : 1) - (old == 0 ? 0 : 1)
            pageCounts[page] += difference
            count += difference
            if pageCounts[page] == 0 { pages[page] = [] }
            if count == 0 { self = SparseNumbers() }
        }
    }

    /// The next row at or after `cursor` that has a number; moves `cursor` on.
    func next(from cursor: inout UInt32) -> UInt32? {
        while Int(cursor) / Self.pageSize < pages.count {
            let page = pages[Int(cursor) / Self.pageSize]
            if page.isEmpty {
                cursor = (cursor / UInt32(Self.pageSize) + 1) * UInt32(Self.pageSize)
                continue
            }
            cursor += 1
            if page[Int(cursor - 1) % Self.pageSize] != 0 { return cursor - 1 }
        }
        return nil
    }

    /// Bytes that the pages take.
    var byteCount: Int { pages.reduce(0) { $0 + $1.count * 4 } }
}
