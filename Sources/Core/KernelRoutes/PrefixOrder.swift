import Addressing

/// Names a row of either table: ours, or with the top bit the foreign ones.
struct RouteReference: Hashable, BitwiseCopyable {
    var value: UInt32

    static func own(_ row: UInt32) -> RouteReference { RouteReference(value: row) }
    static func foreign(_ row: UInt32) -> RouteReference { RouteReference(value: row | 1 << 31) }

    var isForeign: Bool { value >> 31 == 1 }
    var row: UInt32 { value & 0x7FFF_FFFF }
    static let none = RouteReference(value: .max)
}

/// The order of both tables while somebody looks: doubly linked lists, one for each 16 bits of address.
///
/// Rows come and go in constant time; a page walks counts to the bucket where it begins and sorts
/// only the buckets that it shows. IPv6 spends its 16 bits behind 2000::/3, where its routes are.
struct PrefixOrder {
    private struct Link {
        var next = RouteReference.none
        var previous = RouteReference.none
    }

    static let familySize = 65_538
    static let bucketCount = 2 * familySize
    private static let coarseSize = 256

    private var heads: [RouteReference] = Array(repeating: .none, count: bucketCount)
    private var sizes: [UInt32] = Array(repeating: 0, count: bucketCount)
    private var coarse: [Int] = Array(repeating: 0, count: bucketCount / coarseSize + 1)
    private var ownLinks: [Link] = []
    private var foreignLinks: [Link] = []
    private(set) var count = 0
    /// The bucket that was sorted last, until it changes.
    private var sorted: (bucket: Int, rows: [RouteReference])?

    /// An empty order with room for that many rows of either table.
    init(own: Int, foreign: Int) {
        ownLinks.reserveCapacity(own)
        foreignLinks.reserveCapacity(foreign)
    }

    var byteCount: Int {
        Self.bucketCount * 8 + (ownLinks.capacity + foreignLinks.capacity)
            * MemoryLayout<Link>.stride
    }

    static func bucket(_ prefix: IPPrefix) -> Int {
        guard prefix.family == .ipv6 else { return Int(prefix.high >> 48) }
        switch prefix.high >> 61 {
        case 0: return familySize
        case 1: return familySize + 1 + Int(prefix.high >> 45 & 0xFFFF)
        default: return familySize + 65_537
        }
    }

    mutating func insert(_ row: RouteReference, _ prefix: IPPrefix) {
        let bucket = Self.bucket(prefix)
        let head = heads[bucket]
        setLink(row, Link(next: head, previous: .none))
        if head != .none { changeLink(head) { $0.previous = row } }
        heads[bucket] = row
        resize(bucket, by: 1)
    }

    mutating func remove(_ row: RouteReference, _ prefix: IPPrefix) {
        let bucket = Self.bucket(prefix)
        let link = self.link(row)
        if link.previous == .none {
            heads[bucket] = link.next
        } else {
            changeLink(link.previous) { $0.next = link.next }
        }
        if link.next != .none { changeLink(link.next) { $0.previous = link.previous } }
        resize(bucket, by: -1)
    }

    /// The bucket that holds the row at that place of all, and how many rows stand before the bucket.
    func bucket(holding place: Int) -> (bucket: Int, before: Int) {
        var before = 0
        var group = 0
        while group < coarse.count, before + coarse[group] <= place {
            before += coarse[group]
            group += 1
        }
        var bucket = group * Self.coarseSize
        while bucket < Self.bucketCount, before + Int(sizes[bucket]) <= place {
            before += Int(sizes[bucket])
            bucket += 1
        }
        return (bucket, before)
    }

    /// How many rows stand before a bucket.
    func rowsBefore(_ bucket: Int) -> Int {
        let group = bucket / Self.coarseSize
        return coarse[..<group].reduce(0, +)
            + sizes[(group * Self.coarseSize)..<bucket].reduce(0) { $0 + Int($1) }
    }

    /// The next bucket that is not empty, from `bucket` on.
    func nextOccupied(_ bucket: Int) -> Int? {
        var bucket = bucket
        while bucket < Self.bucketCount {
            if bucket % Self.coarseSize == 0, coarse[bucket / Self.coarseSize] == 0 {
                bucket += Self.coarseSize
            } else if sizes[bucket] == 0 {
                bucket += 1
            } else {
                return bucket
            }
        }
        return nil
    }

    /// The rows of a bucket, sorted.
    mutating func rows(
        _ bucket: Int,
        by areInOrder: (RouteReference, RouteReference) -> Bool
    ) -> [RouteReference] {
        if let sorted, sorted.bucket == bucket { return sorted.rows }
        var rows: [RouteReference] = []
        rows.reserveCapacity(Int(sizes[bucket]))
        var row = heads[bucket]
        while row != .none {
            rows.append(row)
            row = link(row).next
        }
        rows.sort(by: areInOrder)
        sorted = (bucket, rows)
        return rows
    }

    private mutating func resize(_ bucket: Int, by step: Int) {
        sizes[bucket] = UInt32(Int(sizes[bucket]) + step)
        coarse[bucket / Self.coarseSize] += step
        count += step
        if let sorted, sorted.bucket == bucket { self.sorted = nil }
    }

    private func link(_ row: RouteReference) -> Link {
        row.isForeign ? foreignLinks[Int(row.row)] : ownLinks[Int(row.row)]
    }

    private mutating func changeLink(_ row: RouteReference, _ body: (inout Link) -> Void) {
        if row.isForeign {
            body(&foreignLinks[Int(row.row)])
        } else {
            body(&ownLinks[Int(row.row)])
        }
    }

    private mutating func setLink(_ row: RouteReference, _ link: Link) {
        let place = Int(row.row)
        if row.isForeign {
            while foreignLinks.count <= place { foreignLinks.append(Link()) }
            foreignLinks[place] = link
        } else {
            while ownLinks.count <= place { ownLinks.append(Link()) }
            ownLinks[place] = link
        }
    }
}
