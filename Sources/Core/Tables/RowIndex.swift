public import CPrefetch

/// A hash index from keys to row numbers: it stores numbers alone, keys stay in the rows.
///
/// The caller hashes and compares, so that the key is wherever it likes:
///
///     index.find(hash: h) { rows[$0].key == key }
///
/// Ten slots share a chunk of 64 bytes, one line of the cache: the tags of the slots, then their row
/// numbers. A row stands in the chunk that its hash names, its home, or where that is full in one of the
/// next. Each chunk counts the rows that had to pass it by, so a search ends at the first chunk that none
/// passed, mostly the first of all, and touches a row only where the tag agrees.
///
/// Chunks stand in shards of at most 4,096, picked by the tag. A full shard below that size doubles; a
/// full one of that size gives half of its rows to another, so that growing never touches more than one
/// shard: the clock does not stop and the peak stays low. The tag tells which half a row belongs to, and
/// a row at home stays in a chunk of the same number: nothing but the few rows away from home is read
/// when a shard splits.
@safe
@usableFromInline
package struct RowIndex: ~Copyable {
    /// The number of the shard for each value of the top `depth` bits of the tag.
    @usableFromInline var directory: UnsafeMutablePointer<UInt32>
    @usableFromInline var depth: Int
    @usableFromInline var shards: UnsafeMutablePointer<Shard>
    var shardCount: Int
    var shardCapacity: Int
    @usableFromInline var used: Int

    /// Chunks that grow together.
    @safe
    @usableFromInline
    struct Shard {
        @usableFromInline var chunks: UnsafeMutableRawPointer
        /// The number of chunks, a power of two, less one.
        @usableFromInline var mask: Int
        @usableFromInline var used: Int
        /// How many bits of the tag its rows have in common.
        @usableFromInline var depth: Int

        /// Rows that it takes before it grows: 13 of 16 slots.
        @inlinable
        var limit: Int { (mask + 1) * RowIndex.slotCount * 13 / 16 }
    }

    @usableFromInline static var chunkSize: Int { 64 }
    @usableFromInline static var slotCount: Int { 10 }
    /// In a chunk: the tags, how many rows passed it by, which slots hold rows away from home, the rows.
    @usableFromInline static var passedOffset: Int { 20 }
    @usableFromInline static var strayOffset: Int { 22 }
    @usableFromInline static var rowOffset: Int { 24 }
    @usableFromInline static var fullShard: Int { 4096 }
    /// Tags have 15 bits of hash below the bit that says "in use".
    @usableFromInline static var tagBits: Int { 15 }

    /// An index with room for `minimum` rows before it first grows, up to the size of one shard.
    package init(minimum: Int = 32) {
        var size = 4
        while size * Self.slotCount * 13 / 16 < minimum, size < Self.fullShard { size *= 2 }
        unsafe directory = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe directory.initialize(to: 0)
        shardCapacity = 4
        unsafe shards = UnsafeMutablePointer.allocate(capacity: shardCapacity)
        unsafe shards.initialize(
            to: Shard(chunks: Self.makeChunks(size), mask: size - 1, used: 0, depth: 0)
        )
        depth = 0
        shardCount = 1
        used = 0
    }

    deinit {
        for number in 0..<shardCount { unsafe shards[number].chunks.deallocate() }
        unsafe shards.deallocate()
        unsafe directory.deallocate()
    }

    /// How many rows are indexed.
    @inlinable
    package var count: Int { used }

    /// Bytes that the chunks take.
    package var byteCount: Int {
        var total = 4 << depth
        for number in 0..<shardCount {
            total += unsafe (shards[number].mask + 1) * Self.chunkSize + MemoryLayout<Shard>.stride
        }
        return total
    }

    /// The row with that hash for which `matches` is true.
    @inlinable
    package func find(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
        let tag = Self.tag(of: hash)
        let pattern = UInt64(tag) &* 0x0001_0001_0001_0001
        let shard = unsafe shards + number(of: tag)
        let mask = unsafe shard.pointee.mask
        var place = Int(truncatingIfNeeded: hash) & mask
        for _ in 0...mask {
            let chunk = unsafe shard.pointee.chunks + place * Self.chunkSize
            var word = 0
            while word < 3 {
                var hits = unsafe Self.equalTags(in: chunk, word, to: pattern)
                while hits != 0 {
                    let row = unsafe Self.row(word * 4 + hits.trailingZeroBitCount / 16, in: chunk)
                    if matches(row) { return row }
                    hits &= hits &- 1
                }
                word += 1
            }
            if unsafe Self.passed(chunk) == 0 { return nil }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Asks memory for the chunk where a search for that hash begins.
    ///
    /// Called for many before the first is searched for, they wait for memory together.
    @inlinable
    package func prefetch(hash: UInt64) {
        let shard = unsafe shards + number(of: Self.tag(of: hash))
        let place = unsafe Int(truncatingIfNeeded: hash) & shard.pointee.mask
        unsafe cp_prefetch(shard.pointee.chunks + place * Self.chunkSize)
    }

    /// True where ``grow(hash:rehash:)`` must come before a row with that hash is added.
    @inlinable
    package func isFull(hash: UInt64) -> Bool {
        let shard = unsafe shards + number(of: Self.tag(of: hash))
        return unsafe shard.pointee.used >= shard.pointee.limit
    }

    /// Adds a row that is known to be absent, where ``isFull(hash:)`` is false.
    @inlinable
    package mutating func insert(_ row: UInt32, hash: UInt64) {
        let tag = Self.tag(of: hash)
        let shard = unsafe shards + number(of: tag)
        precondition(
            unsafe shard.pointee.used < shard.pointee.limit,
            "an index grows before it is full"
        )
        var place = unsafe Int(truncatingIfNeeded: hash) & shard.pointee.mask
        var isStray = false
        while true {
            let chunk = unsafe shard.pointee.chunks + place * Self.chunkSize
            if let slot = unsafe Self.freeSlot(in: chunk) {
                unsafe Self.store(row, tag, isStray: isStray, in: chunk, slot)
                unsafe shard.pointee.used += 1
                used += 1
                return
            }
            unsafe Self.setPassed(chunk, min(Self.passed(chunk), UInt16.max - 1) + 1)
            isStray = true
            place = unsafe (place + 1) & shard.pointee.mask
        }
    }

    /// Adds a row that is known to be absent.
    ///
    /// `rehash` gives the hash of any row that is in the index; it is called when a shard grows. Where many
    /// rows are added ``isFull(hash:)`` and ``insert(_:hash:)`` cost less: no closure is made.
    @inlinable
    package mutating func insert(_ row: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) {
        if isFull(hash: hash) { grow(hash: hash, rehash: rehash) }
        insert(row, hash: hash)
    }

    /// Takes a row out; false where it was not there.
    @discardableResult
    package mutating func remove(_ row: UInt32, hash: UInt64) -> Bool {
        let tag = Self.tag(of: hash)
        let shard = unsafe shards + number(of: tag)
        let mask = unsafe shard.pointee.mask
        let home = Int(truncatingIfNeeded: hash) & mask
        for distance in 0...mask {
            let chunk = unsafe shard.pointee.chunks + ((home + distance) & mask) * Self.chunkSize
            for slot in 0..<Self.slotCount
            where unsafe Self.slotTag(slot, in: chunk) == tag && Self.row(slot, in: chunk) == row {
                unsafe Self.clear(slot, in: chunk)
                for passed in 0..<distance {
                    let chunk =
                        unsafe shard.pointee.chunks + ((home + passed) & mask) * Self.chunkSize
                    // A count that has reached its end is not to be trusted any more.
                    let count = unsafe Self.passed(chunk)
                    if count < .max { unsafe Self.setPassed(chunk, count - 1) }
                }
                unsafe shard.pointee.used -= 1
                used -= 1
                return true
            }
            if unsafe Self.passed(chunk) == 0 { return false }
        }
        return false
    }
}
