import Addressing
import Tables

/// A prefix and the first of its paths; 12 bytes, the whole of an IPv4 prefix.
struct PrefixHead: BitwiseCopyable {
    /// The first 32 bits of the address; void in a free row.
    var bits: UInt32
    /// The first path of the list, the best one where there is one.
    var first: UInt32
    /// The length, or ``free``.
    var length: UInt8
    /// 1 where the first path is the best one.
    var hasBest: UInt8

    /// The length of a row that holds no prefix.
    static var free: UInt8 { 0xFF }
    /// The number that ends a list of paths.
    static var noPath: UInt32 { .max }
}

/// Bits 32 to 127 of an IPv6 prefix, in the row of its head.
struct PrefixTail: BitwiseCopyable, Equatable {
    var upper: UInt32
    var middle: UInt32
    var lower: UInt32
}

/// The prefixes of one family: found by hash, named by row.
final class PrefixTable {
    private let isIPv6: Bool
    private let keys: HashKeys
    var heads = RowStore<PrefixHead>()
    private var tails = RowStore<PrefixTail>()
    private var index = RowIndex()
    /// How many prefixes there are of each length: a match probes only lengths that exist.
    private var lengthCounts = InlineArray<129, UInt32>(repeating: 0)

    init(family: AddressFamily, keys: HashKeys) {
        isIPv6 = family == .ipv6
        self.keys = keys
    }

    var count: Int { index.count }

    var byteCount: Int {
        let row = MemoryLayout<PrefixHead>.stride + (isIPv6 ? MemoryLayout<PrefixTail>.stride : 0)
        return heads.count * row + index.byteCount
    }

    /// The hash by which a prefix is found.
    func hash(_ prefix: IPPrefix) -> UInt64 {
        keys.hash(prefix.high, prefix.low, with: prefix.length)
    }

    /// Asks memory for where a search for a prefix of that hash begins.
    func prefetch(hash: UInt64) { index.prefetch(hash: hash) }

    /// Asks memory for where the row stands in the index.
    func prefetchIndex(of row: UInt32) {
        index.prefetch(hash: Self.hash(row, heads, tails, keys))
    }

    func find(_ prefix: IPPrefix) -> UInt32? { find(prefix, hash: hash(prefix)) }

    /// The row of a prefix with that hash.
    func find(_ prefix: IPPrefix, hash: UInt64) -> UInt32? {
        let bits = UInt32(truncatingIfNeeded: prefix.high >> 32)
        let length = prefix.length
        if !isIPv6 {
            return index.find(hash: hash) { row in
                let head = heads[row]
                return head.bits == bits && head.length == length
            }
        }
        let tail = PrefixTail(prefix)
        return index.find(hash: hash) { row in
            let head = heads[row]
            return head.bits == bits && head.length == length && tails[row] == tail
        }
    }

    /// Adds a prefix with that hash that is known to be absent, with that path or none.
    func insert(_ prefix: IPPrefix, hash: UInt64, first: UInt32, hasBest: Bool) -> UInt32 {
        let row = heads.insert(
            PrefixHead(
                bits: UInt32(truncatingIfNeeded: prefix.high >> 32),
                first: first,
                length: prefix.length,
                hasBest: hasBest ? 1 : 0
            )
        )
        if isIPv6 {
            let tail = tails.insert(PrefixTail(prefix))
            precondition(tail == row, "head and tail of a prefix are freed together")
        }
        if index.isFull(hash: hash) { growIndex(hash) }
        index.insert(row, hash: hash)
        lengthCounts[Int(prefix.length)] += 1
        return row
    }

    @inline(never)
    private func growIndex(_ hash: UInt64) {
        index.grow(hash: hash) { Self.hash($0, heads, tails, keys) }
    }

    func free(_ row: UInt32) {
        index.remove(row, hash: Self.hash(row, heads, tails, keys))
        lengthCounts[Int(heads[row].length)] -= 1
        heads[row].length = PrefixHead.free
        heads.free(row)
        if isIPv6 { tails.free(row) }
        if index.count == 0 { index = RowIndex() }
    }

    func prefix(_ row: UInt32) -> IPPrefix {
        let head = heads[row]
        if !isIPv6 { return IPPrefix(ipv4: head.bits, length: head.length) }
        let tail = tails[row]
        let high = UInt64(head.bits) << 32 | UInt64(tail.upper)
        return IPPrefix(IPAddress(ipv6High: high, low: tail.low), length: head.length)
    }

    private static func hash(
        _ row: UInt32,
        _ heads: borrowing RowStore<PrefixHead>,
        _ tails: borrowing RowStore<PrefixTail>,
        _ keys: HashKeys
    ) -> UInt64 {
        let head = heads[row]
        let high = UInt64(head.bits) << 32
        // Only IPv6 has tails.
        if tails.endRow == 0 { return keys.hash(high, with: head.length) }
        let tail = tails[row]
        return keys.hash(high | UInt64(tail.upper), tail.low, with: head.length)
    }

    /// True where prefixes of that length exist.
    func hasLength(_ length: UInt8) -> Bool { lengthCounts[Int(length)] > 0 }
}

extension PrefixTail {
    init(_ prefix: IPPrefix) {
        upper = UInt32(truncatingIfNeeded: prefix.high)
        middle = UInt32(truncatingIfNeeded: prefix.low >> 32)
        lower = UInt32(truncatingIfNeeded: prefix.low)
    }

    var low: UInt64 { UInt64(middle) << 32 | UInt64(lower) }
}

extension PrefixTable {
    /// The order's entry for a row: the first 32 bits of the address above the row number.
    func orderEntry(_ row: UInt32) -> UInt64 {
        UInt64(heads[row].bits) << 32 | UInt64(row)
    }

    /// True where the prefix of the left entry comes before that of the right one.
    func precedes(_ left: UInt64, _ right: UInt64) -> Bool {
        if left >> 32 != right >> 32 { return left < right }
        let (leftRow, rightRow) = (
            UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right)
        )
        if isIPv6 {
            let (leftTail, rightTail) = (tails[leftRow], tails[rightRow])
            if leftTail.upper != rightTail.upper { return leftTail.upper < rightTail.upper }
            if leftTail.middle != rightTail.middle { return leftTail.middle < rightTail.middle }
            if leftTail.lower != rightTail.lower { return leftTail.lower < rightTail.lower }
        }
        return heads[leftRow].length < heads[rightRow].length
    }

    /// True where the prefix of the entry comes before the place that `key` names.
    func precedes(_ entry: UInt64, _ key: OrderKey) -> Bool {
        let bits = UInt32(truncatingIfNeeded: entry >> 32)
        let keyBits = UInt32(truncatingIfNeeded: key.high >> 32)
        if bits != keyBits { return bits < keyBits }
        let prefix = self.prefix(UInt32(truncatingIfNeeded: entry))
        if prefix.high != key.high { return prefix.high < key.high }
        if prefix.low != key.low { return prefix.low < key.low }
        return UInt16(prefix.length) * 2 < key.place
    }
}

/// A place in the order of prefixes: at one, right after one, or after all that lie in one.
struct OrderKey {
    var high: UInt64
    var low: UInt64
    /// Twice the length, plus one for the place right after.
    var place: UInt16

    static func at(_ prefix: IPPrefix) -> OrderKey {
        OrderKey(high: prefix.high, low: prefix.low, place: UInt16(prefix.length) * 2)
    }

    static func after(_ prefix: IPPrefix) -> OrderKey {
        OrderKey(high: prefix.high, low: prefix.low, place: UInt16(prefix.length) * 2 + 1)
    }

    static func afterInside(_ prefix: IPPrefix) -> OrderKey {
        let length = UInt64(prefix.length)
        let high = length >= 64 ? prefix.high : prefix.high | ~0 >> length
        let low = length <= 64 ? ~0 : prefix.low | ~0 >> (length - 64)
        return OrderKey(high: high, low: low, place: .max)
    }
}
