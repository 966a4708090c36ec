/// A hash index from keys to row numbers: it stores numbers alone, keys stay in the rows.
///
/// Open addressing with linear probing, at most two thirds full; five bytes a slot: the row number
/// and a tag of eight bits of the hash. A search runs over the tags, which stay in the cache, and
/// touches numbers and rows only where the tag agrees. The caller hashes and compares, so that the
/// key is wherever it likes:
///
///     index.find(hash: h) { rows[$0].key == key }
///
/// Slots stand in shards of at most 65,536, picked by the hash. A full shard below that size doubles;
/// a full one of that size splits in two, so that growing never touches more than one shard: the clock
/// does not stop and the peak stays low. Growing re-reads hashes through the closure given to
/// ``insert(_:hash:rehash:)``.
@safe
@usableFromInline
package struct RowIndex: ~Copyable {
    /// The shard for each value of the top `depth` bits of the scattered hash.
    @usableFromInline var directory: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>>
    @usableFromInline var depth: UInt64
    @usableFromInline var used: Int
    @usableFromInline var slotCount: Int

    // A shard is four numbers, then the row number of each slot, then the tag of each, 0 where empty.
    @usableFromInline static var usedField: Int { 0 }
    @usableFromInline static var depthField: Int { 1 }
    @usableFromInline static var maskField: Int { 2 }
    @usableFromInline static var headerSize: Int { 4 }
    @usableFromInline static var fullShard: Int { 1 << 16 }
    @usableFromInline static var deepest: UInt32 { 20 }

    /// An index with room for `minimum` rows before it first grows, up to the size of one shard.
    @inlinable
    package init(minimum: Int = 32) {
        var size = 64
        while size * 2 / 3 < minimum, size < Self.fullShard { size *= 2 }
        unsafe directory = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe directory.initialize(to: Self.makeShard(size, depth: 0))
        depth = 0
        used = 0
        slotCount = size
    }

    deinit {
        var position = 0
        while position < 1 << Int(depth) {
            let shard = unsafe directory[position]
            let span = unsafe 1 << (Int(depth) - Int(shard[Self.depthField]))
            unsafe shard.deallocate()
            position += span
        }
        unsafe directory.deallocate()
    }

    /// How many rows are indexed.
    @inlinable
    package var count: Int { used }

    /// Bytes that the slots take.
    @inlinable
    package var byteCount: Int { slotCount * 5 + (8 << Int(depth)) }

    /// The row with that hash for which `matches` is true.
    @inlinable
    package func find(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
        let shard = unsafe shard(of: hash)
        let mask = unsafe Int(shard[Self.maskField])
        let tags = unsafe Self.tags(of: shard)
        let tag = Self.tag(of: hash)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let present = unsafe tags[slot]
            if present == 0 { return nil }
            if present == tag {
                let row = unsafe shard[Self.headerSize + slot]
                if matches(row) { return row }
            }
            slot = (slot + 1) & mask
        }
    }

    /// Adds a row that is known to be absent.
    ///
    /// `rehash` gives the hash of any row that is in the index; it is called when a shard grows.
    @inlinable
    package mutating func insert(_ row: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) {
        var target = unsafe shard(of: hash)
        while unsafe (target[Self.usedField] + 1) * 3 > (target[Self.maskField] + 1) * 2 {
            grow(hash: hash, rehash: rehash)
            unsafe target = shard(of: hash)
        }
        unsafe Self.place(row, hash: hash, in: target)
        used += 1
    }

    /// Takes a row out; false where it was not there.
    ///
    /// `rehash` gives the hash of any row that is in the index: rows after the gap move back into it.
    @inlinable
    @discardableResult
    package mutating func remove(_ row: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) -> Bool {
        let shard = unsafe shard(of: hash)
        let mask = unsafe Int(shard[Self.maskField])
        let slots = unsafe shard + Self.headerSize
        let tags = unsafe Self.tags(of: shard)
        let tag = Self.tag(of: hash)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let present = unsafe tags[slot]
            if present == 0 { return false }
            if unsafe present == tag && slots[slot] == row { break }
            slot = (slot + 1) & mask
        }
        var gap = slot
        slot = (slot + 1) & mask
        while true {
            if unsafe tags[slot] == 0 { break }
            let home = Int(truncatingIfNeeded: unsafe rehash(slots[slot])) & mask
            // The entry may move back unless its home lies cyclically after the gap.
            if (slot &- home) & mask >= (slot &- gap) & mask {
                unsafe slots[gap] = slots[slot]
                unsafe tags[gap] = tags[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        unsafe tags[gap] = 0
        unsafe shard[Self.usedField] -= 1
        used -= 1
        return true
    }

    @inlinable
    func position(of hash: UInt64) -> Int {
        let scattered = hash &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: (scattered &>> 1) &>> (63 &- depth))
    }

    @inlinable
    func shard(of hash: UInt64) -> UnsafeMutablePointer<UInt32> {
        unsafe directory[position(of: hash)]
    }

    @inlinable
    static func tags(of shard: UnsafeMutablePointer<UInt32>) -> UnsafeMutablePointer<UInt8> {
        let end = unsafe shard + headerSize + Int(shard[maskField]) + 1
        return unsafe UnsafeMutableRawPointer(end).assumingMemoryBound(to: UInt8.self)
    }

    /// Eight bits of the hash that no slot number holds, never 0.
    @inlinable
    static func tag(of hash: UInt64) -> UInt8 {
        max(1, UInt8(truncatingIfNeeded: hash &>> 48))
    }

    @inlinable
    static func place(_ row: UInt32, hash: UInt64, in shard: UnsafeMutablePointer<UInt32>) {
        let mask = unsafe Int(shard[maskField])
        let tags = unsafe tags(of: shard)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while unsafe tags[slot] != 0 { slot = (slot + 1) & mask }
        unsafe tags[slot] = tag(of: hash)
        unsafe shard[headerSize + slot] = row
        unsafe shard[usedField] += 1
    }

    @usableFromInline
    static func makeShard(_ size: Int, depth: UInt32) -> UnsafeMutablePointer<UInt32> {
        let shard = UnsafeMutablePointer<UInt32>.allocate(capacity: headerSize + size + size / 4)
        unsafe shard[usedField] = 0
        unsafe shard[depthField] = depth
        unsafe shard[maskField] = UInt32(size - 1)
        // Row numbers are read only where a tag says that there is one.
        unsafe tags(of: shard).initialize(repeating: 0, count: size)
        return unsafe shard
    }

    /// Makes room where `hash` belongs: a wider shard, or two for one.
    @usableFromInline
    mutating func grow(hash: UInt64, rehash: (UInt32) -> UInt64) {
        let old = unsafe shard(of: hash)
        let size = unsafe Int(old[Self.maskField]) + 1
        let oldDepth = unsafe old[Self.depthField]
        // Hashes that agree in so many bits will not be told apart by one more: widen instead.
        if size < Self.fullShard || oldDepth >= Self.deepest {
            let wider = unsafe Self.makeShard(size * 2, depth: oldDepth)
            unsafe assign(wider, around: hash, depth: oldDepth)
            slotCount += size
        } else {
            if UInt64(oldDepth) == depth { doubleDirectory() }
            let (low, high) = unsafe (
                Self.makeShard(size, depth: oldDepth + 1), Self.makeShard(size, depth: oldDepth + 1)
            )
            let width = 1 << (Int(depth) - Int(oldDepth))
            let start = position(of: hash) & ~(width - 1)
            for place in 0..<width {
                unsafe directory[start + place] = place < width / 2 ? low : high
            }
            slotCount += size
        }
        unsafe moveRows(from: old, size: size, rehash: rehash)
        unsafe old.deallocate()
    }

    /// Places the rows of a shard that was replaced.
    ///
    /// Many hashes are read before the first is placed: the rows lie scattered, and reads that do not
    /// wait for one another cost a fraction.
    private func moveRows(
        from old: UnsafeMutablePointer<UInt32>,
        size: Int,
        rehash: (UInt32) -> UInt64
    ) {
        let tags = unsafe Self.tags(of: old)
        var rows = InlineArray<64, UInt32>(repeating: 0)
        var hashes = InlineArray<64, UInt64>(repeating: 0)
        var slot = 0
        while slot < size {
            var count = 0
            while slot < size, count < 64 {
                rows[count] = unsafe old[Self.headerSize + slot]
                if unsafe tags[slot] != 0 { count += 1 }
                slot += 1
            }
            for position in 0..<count { hashes[position] = rehash(rows[position]) }
            for position in 0..<count {
                let hash = hashes[position]
                unsafe Self.place(rows[position], hash: hash, in: shard(of: hash))
            }
        }
    }

    private mutating func assign(
        _ shard: UnsafeMutablePointer<UInt32>,
        around hash: UInt64,
        depth shardDepth: UInt32
    ) {
        let width = 1 << (Int(depth) - Int(shardDepth))
        let start = position(of: hash) & ~(width - 1)
        for place in 0..<width { unsafe directory[start + place] = unsafe shard }
    }

    private mutating func doubleDirectory() {
        let count = 1 << Int(depth)
        let wider = UnsafeMutablePointer<UnsafeMutablePointer<UInt32>>.allocate(capacity: count * 2)
        for place in 0..<count * 2 {
            unsafe (wider + place).initialize(to: directory[place / 2])
        }
        unsafe directory.deallocate()
        unsafe directory = wider
        depth += 1
    }
}

/// Mixes the bits of a key so that the low ones can pick a slot.
@inlinable
package func mixedHash(_ high: UInt64, _ low: UInt64 = 0) -> UInt64 {
    var value = (high ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    value ^= value >> 32
    value = (value ^ low) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 29)
}
