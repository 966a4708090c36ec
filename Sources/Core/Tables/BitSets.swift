/// Sets of row numbers, many side by side, each in pages of 4,096 bits that exist only while used.
///
/// A set is named by a small number and empty until something is put in. An empty page costs eight
/// bytes; looking for the next member skips it in one step.
@safe
@usableFromInline
package struct BitSets: ~Copyable {
    @usableFromInline typealias Page = UnsafeMutablePointer<UInt64>

    /// The pages of one set; a page is its number of members, then 64 words of bits.
    @usableFromInline
    @safe
    struct Directory {
        @usableFromInline var pages: UnsafeMutablePointer<Page?>
        @usableFromInline var capacity: Int
        @usableFromInline var members: Int

        @usableFromInline
        init() {
            unsafe pages = UnsafeMutablePointer.allocate(capacity: 0)
            capacity = 0
            members = 0
        }
    }

    @usableFromInline var sets: UnsafeMutablePointer<Directory>
    @usableFromInline var setCount: Int
    @usableFromInline var pageCount: Int

    /// No set has a member yet.
    package init() {
        unsafe sets = UnsafeMutablePointer.allocate(capacity: 0)
        setCount = 0
        pageCount = 0
    }

    deinit {
        for set in 0..<setCount {
            let directory = unsafe sets[set]
            for page in 0..<directory.capacity { unsafe directory.pages[page]?.deallocate() }
            unsafe directory.pages.deallocate()
        }
        unsafe sets.deallocate()
    }

    /// Bytes that pages and directories take.
    package var byteCount: Int {
        var total = pageCount * 65 * 8
        for set in 0..<setCount { total += unsafe sets[set].capacity * 8 }
        return total
    }

    /// How many members a set has.
    @inlinable
    package func count(of set: Int) -> Int {
        set < setCount ? unsafe sets[set].members : 0
    }

    /// True where `row` is in the set.
    @inlinable
    package func contains(_ row: UInt32, in set: Int) -> Bool {
        guard set < setCount, unsafe Int(row >> 12) < sets[set].capacity,
            let page = unsafe sets[set].pages[Int(row >> 12)]
        else { return false }
        return unsafe page[1 + Int(row >> 6 & 63)] & (1 &<< UInt64(row & 63)) != 0
    }

    /// Puts `row` in; false where it was in already.
    @inlinable
    @discardableResult
    package mutating func insert(_ row: UInt32, in set: Int) -> Bool {
        let page = unsafe existingPage(of: row, in: set) ?? makePage(Int(row >> 12), in: set)
        let word = 1 + Int(row >> 6 & 63)
        let bit: UInt64 = 1 &<< UInt64(row & 63)
        if unsafe page[word] & bit != 0 { return false }
        unsafe page[word] |= bit
        unsafe page[0] += 1
        unsafe sets[set].members += 1
        return true
    }

    /// Puts the rows in that have a bit, of the 64 that begin with `row`; the bits of those that were not in already.
    package mutating func insert(_ bits: UInt64, at row: UInt32, in set: Int) -> UInt64 {
        precondition(row & 63 == 0, "a word begins with a row whose number 64 divides")
        if bits == 0 { return 0 }
        let page = unsafe existingPage(of: row, in: set) ?? makePage(Int(row >> 12), in: set)
        let word = 1 + Int(row >> 6 & 63)
        let added = unsafe bits & ~page[word]
        unsafe page[word] |= added
        unsafe page[0] += UInt64(added.nonzeroBitCount)
        unsafe sets[set].members += added.nonzeroBitCount
        return added
    }

    /// Takes `row` out; false where it was not in.
    @inlinable
    @discardableResult
    package mutating func remove(_ row: UInt32, in set: Int) -> Bool {
        guard let page = unsafe existingPage(of: row, in: set) else { return false }
        let word = 1 + Int(row >> 6 & 63)
        let bit: UInt64 = 1 &<< UInt64(row & 63)
        if unsafe page[word] & bit == 0 { return false }
        unsafe page[word] &= ~bit
        unsafe page[0] -= 1
        unsafe sets[set].members -= 1
        if unsafe page[0] == 0 { freePage(Int(row >> 12), in: set) }
        return true
    }

    /// Takes out the first member at or after `row`; nil where there is none.
    @inlinable
    package mutating func takeNext(from row: UInt32, in set: Int) -> UInt32? {
        guard let (next, page) = unsafe search(from: row, in: set) else { return nil }
        unsafe page[1 + Int(next >> 6 & 63)] &= ~(1 &<< UInt64(next & 63))
        unsafe page[0] -= 1
        unsafe sets[set].members -= 1
        if unsafe page[0] == 0 { freePage(Int(next >> 12), in: set) }
        return next
    }

    /// The first member at or after `row`.
    @inlinable
    package func next(from row: UInt32, in set: Int) -> UInt32? {
        unsafe search(from: row, in: set)?.row
    }

    /// The first member at or after `row`, and its page.
    @inlinable
    @inline(__always)
    func search(from row: UInt32, in set: Int) -> (row: UInt32, page: Page)? {
        guard set < setCount, unsafe sets[set].members > 0 else { return nil }
        let directory = unsafe sets[set]
        var number = Int(row >> 12)
        var word = Int(row >> 6 & 63)
        var mask: UInt64 = ~0 &<< UInt64(row & 63)
        while number < directory.capacity {
            if let page = unsafe directory.pages[number] {
                while word < 64 {
                    let bits = unsafe page[1 + word] & mask
                    if bits != 0 {
                        let bit = bits.trailingZeroBitCount
                        return unsafe (UInt32((number << 12) + (word << 6) + bit), page)
                    }
                    word += 1
                    mask = ~0
                }
            }
            number += 1
            word = 0
            mask = ~0
        }
        return nil
    }

    /// Puts every member of `source` into `set` of `target`.
    package func unite(_ source: Int, into set: Int, of target: inout BitSets) {
        guard source < setCount else { return }
        let directory = unsafe sets[source]
        for number in 0..<directory.capacity {
            guard let page = unsafe directory.pages[number] else { continue }
            let row = UInt32(number << 12)
            let other =
                unsafe target.existingPage(of: row, in: set) ?? target.makePage(number, in: set)
            var members = 0
            for word in 1...64 {
                unsafe other[word] |= page[word]
                members += unsafe other[word].nonzeroBitCount
            }
            unsafe target.sets[set].members += members - Int(other[0])
            unsafe other[0] = UInt64(members)
        }
    }

    /// Empties a set and gives its memory back.
    package mutating func removeAll(in set: Int) {
        guard set < setCount else { return }
        let capacity = unsafe sets[set].capacity
        for number in 0..<capacity where unsafe sets[set].pages[number] != nil {
            freePage(number, in: set)
        }
        unsafe sets[set].pages.deallocate()
        unsafe sets[set] = Directory()
    }

    @inlinable
    func existingPage(of row: UInt32, in set: Int) -> Page? {
        guard set < setCount, unsafe Int(row >> 12) < sets[set].capacity else { return nil }
        return unsafe sets[set].pages[Int(row >> 12)]
    }

    @usableFromInline
    mutating func makePage(_ number: Int, in set: Int) -> Page {
        if set >= setCount { widenSets(to: set + 1) }
        if unsafe number >= sets[set].capacity { unsafe widen(&sets[set], to: number + 1) }
        let page = Page.allocate(capacity: 65)
        unsafe page.initialize(repeating: 0, count: 65)
        unsafe sets[set].pages[number] = unsafe page
        pageCount += 1
        return unsafe page
    }

    @usableFromInline
    mutating func freePage(_ number: Int, in set: Int) {
        unsafe sets[set].pages[number]?.deallocate()
        unsafe sets[set].pages[number] = nil
        pageCount -= 1
    }

    private mutating func widenSets(to count: Int) {
        let wider = UnsafeMutablePointer<Directory>.allocate(capacity: max(count, setCount * 2))
        unsafe wider.moveInitialize(from: sets, count: setCount)
        let all = max(count, setCount * 2)
        for set in setCount..<all { unsafe (wider + set).initialize(to: Directory()) }
        unsafe sets.deallocate()
        unsafe sets = wider
        setCount = all
    }

    private func widen(_ directory: inout Directory, to minimum: Int) {
        let capacity = max(minimum, directory.capacity * 2, 4)
        let wider = UnsafeMutablePointer<Page?>.allocate(capacity: capacity)
        unsafe wider.initialize(repeating: nil, count: capacity)
        for page in 0..<directory.capacity { unsafe wider[page] = unsafe directory.pages[page] }
        unsafe directory.pages.deallocate()
        unsafe directory.pages = wider
        directory.capacity = capacity
    }
}
