/// A hash index from keys to row numbers: it stores numbers alone, keys stay in the rows.
///
/// Open addressing with linear probing, at most two thirds full; four bytes a slot. The caller
/// hashes and compares, so that the key is wherever it likes:
///
///     index.find(hash: h) { rows[$0].key == key }
///
/// Growing re-reads every hash through the closure given to ``insert(_:hash:rehash:)``.
@safe
package struct RowIndex: ~Copyable {
    @usableFromInline var slots: UnsafeMutablePointer<UInt32>  // row number + 1; 0 is empty
    @usableFromInline var capacity: Int  // a power of two
    @usableFromInline var used: Int

    /// An index with room for `minimum` rows before it first grows.
    @inlinable
    package init(minimum: Int = 64) {
        var size = 64
        while size * 2 / 3 < minimum { size *= 2 }
        capacity = size
        unsafe slots = UnsafeMutablePointer.allocate(capacity: size)
        unsafe slots.initialize(repeating: 0, count: size)
        used = 0
    }

    deinit { unsafe slots.deallocate() }

    /// How many rows are indexed.
    @inlinable
    package var count: Int { used }

    /// Bytes that the slots take.
    @inlinable
    package var byteCount: Int { capacity * 4 }

    /// The row with that hash for which `matches` is true.
    @inlinable
    package func find(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
        let mask = capacity - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = unsafe slots[slot]
            if entry == 0 { return nil }
            if matches(entry - 1) { return entry - 1 }
            slot = (slot + 1) & mask
        }
    }

    /// Adds a row that is known to be absent.
    ///
    /// `rehash` gives the hash of any row that is in the index; it is called when the index grows.
    @inlinable
    package mutating func insert(_ row: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) {
        if (used + 1) * 3 > capacity * 2 { grow(rehash: rehash) }
        place(row, hash: hash)
        used += 1
    }

    /// Takes a row out; false where it was not there.
    ///
    /// `rehash` gives the hash of any row that is in the index: rows after the gap move back into it.
    @inlinable
    @discardableResult
    package mutating func remove(_ row: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) -> Bool {
        let mask = capacity - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while unsafe slots[slot] != row + 1 {
            if unsafe slots[slot] == 0 { return false }
            slot = (slot + 1) & mask
        }
        var gap = slot
        slot = (slot + 1) & mask
        while true {
            let entry = unsafe slots[slot]
            if entry == 0 { break }
            let home = Int(truncatingIfNeeded: rehash(entry - 1)) & mask
            // The entry may move back unless its home lies cyclically after the gap.
            if (slot &- home) & mask >= (slot &- gap) & mask {
                unsafe slots[gap] = entry
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        unsafe slots[gap] = 0
        used -= 1
        return true
    }

    @inlinable
    mutating func place(_ row: UInt32, hash: UInt64) {
        let mask = capacity - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while unsafe slots[slot] != 0 { slot = (slot + 1) & mask }
        unsafe slots[slot] = row + 1
    }

    @inlinable
    mutating func grow(rehash: (UInt32) -> UInt64) {
        let old = unsafe slots
        let oldCapacity = capacity
        capacity *= 2
        unsafe slots = UnsafeMutablePointer.allocate(capacity: capacity)
        unsafe slots.initialize(repeating: 0, count: capacity)
        for slot in 0..<oldCapacity {
            let entry = unsafe old[slot]
            if entry != 0 { place(entry - 1, hash: rehash(entry - 1)) }
        }
        unsafe old.deallocate()
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
