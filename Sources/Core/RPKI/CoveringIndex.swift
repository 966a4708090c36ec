package import Addressing

/// Links rows that are sorted by prefix, so that all rows covering a prefix are found from one of them.
///
/// The index stores numbers alone; prefixes stay in the rows, and the caller reads them through a
/// closure. Every row knows the next one that covers it: first its twins with the same prefix, then
/// the nearest shorter prefix. A lookup is one binary search and a walk along these links.
///
///     index.forEachCovering(prefix, rows: { rows[$0].prefix }) { row in … }
package struct CoveringIndex: Sendable {
    @usableFromInline var parents: [UInt32]  // row + 1; 0 is none
    @usableFromInline var firstIPv6: Int
    /// The first row at or after each upper half of an IPv4 address; empty where that saves nothing.
    @usableFromInline var jumps: [UInt32]

    /// The index of no rows.
    package init() {
        parents = []
        firstIPv6 = 0
        jumps = []
    }

    /// The index of `count` rows; `rows` gives the prefix of each, in ascending order.
    @inlinable
    package init(count: Int, rows: (Int) -> IPPrefix) {
        precondition(count < UInt32.max, "row numbers are 32 bits wide")
        parents = []
        parents.reserveCapacity(count)
        jumps = []
        firstIPv6 = count
        var chain: [Int] = []
        for row in 0..<count {
            let prefix = rows(row)
            if prefix.family == .ipv6, firstIPv6 == count { firstIPv6 = row }
            while let last = chain.last, !rows(last).covers(prefix) { chain.removeLast() }
            parents.append(chain.last.map { UInt32($0 + 1) } ?? 0)
            if let last = chain.last, rows(last) == prefix { chain.removeLast() }
            chain.append(row)
        }
        if firstIPv6 > 4096 { fillJumps(rows) }
    }

    /// How many rows are indexed.
    @inlinable
    package var count: Int { parents.count }

    /// Bytes that the index takes.
    package var byteCount: Int { (parents.count + jumps.count) * 4 }

    /// Visits every row whose prefix covers `prefix`, the longest first, until `visit` answers false.
    @inlinable
    package func forEachCovering(
        _ prefix: IPPrefix,
        rows: (Int) -> IPPrefix,
        _ visit: (Int) -> Bool
    ) {
        var row = lastRow(notAfter: prefix, rows)
        while row >= 0 {
            if rows(row).covers(prefix), !visit(row) { return }
            row = Int(parents[row]) - 1
        }
    }

    @inlinable
    func lastRow(notAfter prefix: IPPrefix, _ rows: (Int) -> IPPrefix) -> Int {
        var low = prefix.family == .ipv4 ? 0 : firstIPv6
        var high = prefix.family == .ipv4 ? firstIPv6 : parents.count
        let floor = low
        if prefix.family == .ipv4, !jumps.isEmpty {
            let block = Int(prefix.high >> 48)
            low = Int(jumps[block])
            high = Int(jumps[block + 1])
        }
        while low < high {
            let middle = (low + high) / 2
            if prefix < rows(middle) { high = middle } else { low = middle + 1 }
        }
        return low > floor ? low - 1 : -1
    }

    @usableFromInline
    mutating func fillJumps(_ rows: (Int) -> IPPrefix) {
        jumps = Array(repeating: UInt32(firstIPv6), count: 65537)
        for row in stride(from: firstIPv6 - 1, through: 0, by: -1) {
            jumps[Int(rows(row).high >> 48)] = UInt32(row)
        }
        for block in stride(from: 65535, through: 0, by: -1) {
            jumps[block] = min(jumps[block], jumps[block + 1])
        }
    }
}
