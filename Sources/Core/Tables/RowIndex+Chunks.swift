/// Chunks: ten slots in one line of the cache.
extension RowIndex {
    /// The tag of a hash: the bit that says "in use", then bits that shards and slots have in common.
    @inlinable
    static func tag(of hash: UInt64) -> UInt16 {
        UInt16(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) &>> 49) | 0x8000
    }

    /// The number of the shard for rows with that tag.
    @inlinable
    func number(of tag: UInt16) -> Int {
        let position = Int(tag & 0x7FFF) &>> (Self.tagBits &- depth)
        return unsafe Int(directory[position])
    }

    /// One bit for each slot of a word of four whose tag is that of the pattern.
    ///
    /// A slot in use whose tag differs in the lowest bit may be among them: the row is compared anyway.
    @inlinable
    static func equalTags(
        in chunk: UnsafeMutableRawPointer,
        _ word: Int,
        to pattern: UInt64
    ) -> UInt64 {
        let difference = unsafe chunk.load(fromByteOffset: word * 8, as: UInt64.self) ^ pattern
        let hits = (difference &- 0x0001_0001_0001_0001) & ~difference & 0x8000_8000_8000_8000
        // The last word has but two tags.
        return word == 2 ? hits & 0xFFFF_FFFF : hits
    }

    /// The first slot that is not in use.
    @inlinable
    static func freeSlot(in chunk: UnsafeMutableRawPointer) -> Int? {
        var word = 0
        while word < 3 {
            var free =
                unsafe ~chunk.load(fromByteOffset: word * 8, as: UInt64.self)
                & 0x8000_8000_8000_8000
            if word == 2 { free &= 0xFFFF_FFFF }
            if free != 0 { return word * 4 + free.trailingZeroBitCount / 16 }
            word += 1
        }
        return nil
    }

    @inlinable
    static func row(_ slot: Int, in chunk: UnsafeMutableRawPointer) -> UInt32 {
        unsafe chunk.load(fromByteOffset: rowOffset + slot * 4, as: UInt32.self)
    }

    @inlinable
    static func slotTag(_ slot: Int, in chunk: UnsafeMutableRawPointer) -> UInt16 {
        unsafe chunk.load(fromByteOffset: slot * 2, as: UInt16.self)
    }

    @inlinable
    static func passed(_ chunk: UnsafeMutableRawPointer) -> UInt16 {
        unsafe chunk.load(fromByteOffset: passedOffset, as: UInt16.self)
    }

    @inlinable
    static func setPassed(_ chunk: UnsafeMutableRawPointer, _ count: UInt16) {
        unsafe chunk.storeBytes(of: count, toByteOffset: passedOffset, as: UInt16.self)
    }

    /// One bit for each slot whose row is away from home.
    @inlinable
    static func strays(_ chunk: UnsafeMutableRawPointer) -> UInt16 {
        unsafe chunk.load(fromByteOffset: strayOffset, as: UInt16.self)
    }

    @inlinable
    static func store(
        _ row: UInt32,
        _ tag: UInt16,
        isStray: Bool,
        in chunk: UnsafeMutableRawPointer,
        _ slot: Int
    ) {
        unsafe chunk.storeBytes(of: tag, toByteOffset: slot * 2, as: UInt16.self)
        unsafe chunk.storeBytes(of: row, toByteOffset: rowOffset + slot * 4, as: UInt32.self)
        guard isStray else { return }
        let strays = unsafe strays(chunk) | 1 << UInt16(slot)
        unsafe chunk.storeBytes(of: strays, toByteOffset: strayOffset, as: UInt16.self)
    }

    static func clear(_ slot: Int, in chunk: UnsafeMutableRawPointer) {
        unsafe chunk.storeBytes(of: 0, toByteOffset: slot * 2, as: UInt16.self)
        let strays = unsafe strays(chunk) & ~(1 << UInt16(slot))
        unsafe chunk.storeBytes(of: strays, toByteOffset: strayOffset, as: UInt16.self)
    }

    static func makeChunks(_ count: Int) -> UnsafeMutableRawPointer {
        let chunks = UnsafeMutableRawPointer.allocate(
            byteCount: count * chunkSize,
            alignment: chunkSize
        )
        unsafe chunks.initializeMemory(as: UInt8.self, repeating: 0, count: count * chunkSize)
        return unsafe chunks
    }
}
