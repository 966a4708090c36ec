/// The path identifiers (RFC 7911) of paths that have one other than 0, by the path's row.
///
/// In pages that exist only while they hold something: where no neighbor uses ADD-PATH it takes nothing.
struct PathIDs {
    private static var pageSize: Int { 4096 }
    private var pages: [[UInt32]] = []
    private var pageCounts: [Int] = []
    /// How many paths have an identifier here.
    private(set) var count = 0

    subscript(path: UInt32) -> UInt32 {
        pages[Int(path) / Self.pageSize][Int(path) % Self.pageSize]
    }

    mutating func insert(_ identifier: UInt32, for path: UInt32) {
        let page = Int(path) / Self.pageSize
        while pages.count <= page {
            pages.append([])
            pageCounts.append(0)
        }
        if pages[page].isEmpty { pages[page] = Array(repeating: 0, count: Self.pageSize) }
        pages[page][Int(path) % Self.pageSize] = identifier
        pageCounts[page] += 1
        count += 1
    }

    mutating func remove(_ path: UInt32) {
        let page = Int(path) / Self.pageSize
        pageCounts[page] -= 1
        count -= 1
        if pageCounts[page] == 0 { pages[page] = [] }
        if count == 0 { self = PathIDs() }
    }

    var byteCount: Int { pages.reduce(0) { $0 + $1.count * 4 } }
}
