/// Growing, one shard at a time.
extension RowIndex {
    /// Makes room where `hash` belongs: a wider shard, or two for one.
    ///
    /// `rehash` gives the hash of any row that is in the index.
    @usableFromInline
    package mutating func grow(hash: UInt64, rehash: (UInt32) -> UInt64) {
        while isFull(hash: hash) {
            let number = number(of: Self.tag(of: hash))
            let shard = unsafe shards[number]
            // Tags that agree in every bit will not be told apart by one more: widen instead.
            if shard.mask + 1 < Self.fullShard || shard.depth == Self.tagBits {
                widen(number, rehash)
            } else {
                split(number, rehash)
            }
        }
    }

    /// Twice as many chunks, with every row in its new home.
    private mutating func widen(_ number: Int, _ rehash: (UInt32) -> UInt64) {
        let old = unsafe shards[number]
        let size = (old.mask + 1) * 2
        unsafe shards[number].chunks = Self.makeChunks(size)
        unsafe shards[number].mask = size - 1
        unsafe shards[number].used = 0
        used -= old.used
        var rows: [UInt32] = []
        rows.reserveCapacity(old.used)
        for place in 0...old.mask {
            let chunk = unsafe old.chunks + place * Self.chunkSize
            for slot in 0..<Self.slotCount where unsafe Self.slotTag(slot, in: chunk) != 0 {
                unsafe rows.append(Self.row(slot, in: chunk))
            }
        }
        unsafe old.chunks.deallocate()
        for row in rows { insert(row, hash: rehash(row)) }
    }

    /// A new shard gets the rows whose next bit of the tag is set.
    ///
    /// First the rows away from home are taken out, then those at home are moved from chunk to chunk of
    /// the same number, then the others find new places.
    private mutating func split(_ number: Int, _ rehash: (UInt32) -> UInt64) {
        let strays = takeStrays(number, rehash)
        if unsafe shards[number].depth == depth { doubleDirectory() }
        unsafe shards[number].depth += 1
        let shard = unsafe shards[number]
        let bit: UInt16 = 1 << UInt16(Self.tagBits - shard.depth)
        let target = unsafe Self.makeChunks(shard.mask + 1)
        var moved = 0
        for place in 0...shard.mask {
            let chunk = unsafe shard.chunks + place * Self.chunkSize
            let other = unsafe target + place * Self.chunkSize
            // All rows are at home, so none passed.
            unsafe Self.setPassed(chunk, 0)
            var free = 0
            for slot in 0..<Self.slotCount {
                let tag = unsafe Self.slotTag(slot, in: chunk)
                guard tag & bit != 0 else { continue }
                let row = unsafe Self.row(slot, in: chunk)
                unsafe Self.store(row, tag, isStray: false, in: other, free)
                unsafe Self.clear(slot, in: chunk)
                free += 1
            }
            moved += free
        }
        unsafe shards[number].used -= moved
        let added = unsafe addShard(
            Shard(chunks: target, mask: shard.mask, used: moved, depth: shard.depth)
        )
        point(number, to: added, bit)
        for (row, hash) in strays { insert(row, hash: hash) }
    }

    private mutating func takeStrays(
        _ number: Int,
        _ rehash: (UInt32) -> UInt64
    ) -> [(row: UInt32, hash: UInt64)] {
        let shard = unsafe shards[number]
        var found: [(row: UInt32, hash: UInt64)] = []
        for place in 0...shard.mask {
            let chunk = unsafe shard.chunks + place * Self.chunkSize
            var strays = unsafe Self.strays(chunk)
            while strays != 0 {
                let row = unsafe Self.row(strays.trailingZeroBitCount, in: chunk)
                found.append((row, 0))
                strays &= strays &- 1
            }
        }
        // Reading the hashes together, the rows being scattered, costs a fraction of one by one.
        for index in found.indices { found[index].hash = rehash(found[index].row) }
        for stray in found { remove(stray.row, hash: stray.hash) }
        return found
    }

    private mutating func addShard(_ shard: Shard) -> Int {
        if shardCount == shardCapacity {
            let wider = UnsafeMutablePointer<Shard>.allocate(capacity: shardCapacity * 2)
            unsafe wider.moveInitialize(from: shards, count: shardCount)
            unsafe shards.deallocate()
            unsafe shards = wider
            shardCapacity *= 2
        }
        unsafe (shards + shardCount).initialize(to: shard)
        shardCount += 1
        return shardCount - 1
    }

    /// Lets the new shard stand wherever the old one stood and the bit is set.
    private mutating func point(_ old: Int, to new: Int, _ bit: UInt16) {
        for position in 0..<1 << depth
        where unsafe Int(directory[position]) == old
            && (position << (Self.tagBits - depth)) & Int(bit) != 0
        {
            unsafe directory[position] = UInt32(new)
        }
    }

    private mutating func doubleDirectory() {
        let count = 1 << depth
        let wider = UnsafeMutablePointer<UInt32>.allocate(capacity: count * 2)
        for place in 0..<count * 2 { unsafe (wider + place).initialize(to: directory[place / 2]) }
        unsafe directory.deallocate()
        unsafe directory = wider
        depth += 1
    }
}
