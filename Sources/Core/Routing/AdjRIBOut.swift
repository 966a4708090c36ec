package import Attributes

/// What one group of neighbors with a common output policy has been told, in one family: a number per
/// prefix.
///
/// Never back to the sender: a member that the best path came from is left out, so the source is kept
/// too. Four bytes a prefix where all of a page came from one neighbor, else six, in pages that exist only
/// while they hold something.
@safe
package final class AdjRIBOut {
    /// Attribute numbers of 4,096 prefixes (plus one; 0 is nothing), how many they are, the source that they have in
    /// common and whether they have none; then, where they have none, the source of each.
    private typealias Page = UnsafeMutableRawPointer
    private static var pageSize: Int { 4096 }
    private static var countOffset: Int { pageSize * 4 }
    private static var commonOffset: Int { countOffset + 4 }
    private static var isMixedOffset: Int { countOffset + 6 }
    private static var sourceOffset: Int { countOffset + 8 }
    private static var mixedSize: Int { sourceOffset + pageSize * 2 }

    private var pages: [Page?] = unsafe []
    private var pageCount = 0
    private var mixedPageCount = 0
    /// Prefixes that are announced now.
    package private(set) var count = 0
    /// How many of them came from each neighbor, by its number.
    private var sourceCounts: [UInt32] = []

    /// Nothing is announced.
    package init() {}

    deinit {
        for number in unsafe pages.indices { unsafe pages[number]?.deallocate() }
    }

    /// Stores what the group is to be told about a prefix, and says what that means for its members.
    ///
    /// - Parameters:
    ///   - prefix: its number in the family's table.
    ///   - attributes: the attributes to announce; ``AttributesID/none`` for a withdrawal. The table
    ///     takes its own reference.
    ///   - source: where the path came from.
    ///   - store: where the attributes are interned.
    /// - Returns: the entry before and after.
    package func replace(
        _ prefix: PrefixID,
        with attributes: AttributesID,
        source: NeighborID,
        in store: AttributeStore
    ) -> AdjRIBOutChange {
        let number = Int(prefix.row) / Self.pageSize
        let offset = Int(prefix.row) % Self.pageSize
        let present = unsafe number < pages.count ? pages[number] : nil
        let old = unsafe present.flatMap { unsafe Self.entry(at: offset, on: $0) }
        if attributes == .none {
            guard let old, let page = unsafe present else {
                return AdjRIBOutChange(old: nil, new: nil)
            }
            unsafe page.storeBytes(of: 0, toByteOffset: offset * 4, as: UInt32.self)
            store.release(old.attributes)
            sourceCounts[Int(old.source.number)] -= 1
            count(-1, on: number)
            return AdjRIBOutChange(old: old, new: nil)
        }
        let new = AdjRIBOutEntry(attributes: attributes, source: source)
        if let old, old.attributes == attributes, old.source == source {
            return AdjRIBOutChange(old: old, new: old)
        }
        store.retain(attributes)
        let page = unsafe present ?? makePage(number)
        unsafe page.storeBytes(of: attributes.row &+ 1, toByteOffset: offset * 4, as: UInt32.self)
        unsafe setSource(source, of: prefix, on: page, isNew: old == nil)
        if let old {
            store.release(old.attributes)
            sourceCounts[Int(old.source.number)] -= 1
        } else {
            count(1, on: number)
        }
        countOne(from: source)
        return AdjRIBOutChange(old: old, new: new)
    }

    private func countOne(from source: NeighborID) {
        let number = Int(source.number)
        while sourceCounts.count <= number { sourceCounts.append(0) }
        sourceCounts[number] += 1
    }

    /// How many announced prefixes came from that neighbor.
    package func count(from source: NeighborID) -> Int {
        let number = Int(source.number)
        return number < sourceCounts.count ? Int(sourceCounts[number]) : 0
    }

    /// What is announced now for a prefix.
    package func entry(_ prefix: PrefixID) -> AdjRIBOutEntry? {
        let number = Int(prefix.row) / Self.pageSize
        guard unsafe number < pages.count, let page = unsafe pages[number] else { return nil }
        return unsafe Self.entry(at: Int(prefix.row) % Self.pageSize, on: page)
    }

    private static func entry(at offset: Int, on page: Page) -> AdjRIBOutEntry? {
        let stored = unsafe page.load(fromByteOffset: offset * 4, as: UInt32.self)
        if stored == 0 { return nil }
        let isMixed = unsafe page.load(fromByteOffset: Self.isMixedOffset, as: UInt16.self) != 0
        let source = unsafe page.load(
            fromByteOffset: isMixed ? Self.sourceOffset + offset * 2 : Self.commonOffset,
            as: UInt16.self
        )
        return AdjRIBOutEntry(attributes: AttributesID(row: stored - 1), source: NeighborID(source))
    }

    /// The next announced prefix at or after `cursor`, in order of number; moves `cursor` on.
    package func next(from cursor: inout UInt32) -> PrefixID? {
        while unsafe pages.count > Int(cursor) / Self.pageSize {
            if unsafe pages[Int(cursor) / Self.pageSize] == nil {
                cursor = (cursor / UInt32(Self.pageSize) + 1) * UInt32(Self.pageSize)
                continue
            }
            cursor += 1
            if entry(PrefixID(row: cursor - 1)) != nil { return PrefixID(row: cursor - 1) }
        }
        return nil
    }

    /// Visits what is announced and did not come from `source`, 64 rows at a time: the first of them, and a bit for each
    /// that is meant.
    package func forEachWord(
        except source: NeighborID,
        _ visit: (_ row: UInt32, _ bits: UInt64) -> Void
    ) {
        for number in unsafe pages.indices {
            guard let page = unsafe pages[number] else { continue }
            let isMixed = unsafe page.load(fromByteOffset: Self.isMixedOffset, as: UInt16.self) != 0
            let common = unsafe page.load(fromByteOffset: Self.commonOffset, as: UInt16.self)
            if !isMixed, common == source.number { continue }
            for first in stride(from: 0, to: Self.pageSize, by: 64) {
                var bits: UInt64 = 0
                for place in 0..<64 {
                    let offset = first + place
                    let stored = unsafe page.load(fromByteOffset: offset * 4, as: UInt32.self)
                    bits |= (stored == 0 ? 0 : 1) &<< UInt64(place)
                }
                if isMixed {
                    var left = bits
                    while left != 0 {
                        let place = left.trailingZeroBitCount
                        left &= left &- 1
                        let own = unsafe page.load(
                            fromByteOffset: Self.sourceOffset + (first + place) * 2,
                            as: UInt16.self
                        )
                        if own == source.number { bits &= ~(1 &<< UInt64(place)) }
                    }
                }
                if bits != 0 { visit(UInt32(number * Self.pageSize + first), bits) }
            }
        }
    }

    /// Forgets at most `units` entries and gives their references back; true while more are left.
    package func clear(units: Int, in store: AttributeStore) -> Bool {
        var cursor: UInt32 = 0
        var left = units
        while left > 0, let prefix = next(from: &cursor) {
            _ = replace(prefix, with: .none, source: .local, in: store)
            left -= 1
        }
        return count > 0
    }

    /// Bytes that the entries take.
    package var byteCount: Int {
        unsafe pages.count * 8 + pageCount * Self.sourceOffset + mixedPageCount * Self.pageSize * 2
    }

    private func makePage(_ number: Int) -> Page {
        while unsafe pages.count <= number { unsafe pages.append(nil) }
        let page = Page.allocate(byteCount: Self.sourceOffset, alignment: 8)
        unsafe page.initializeMemory(as: UInt8.self, repeating: 0, count: Self.sourceOffset)
        unsafe pages[number] = unsafe page
        pageCount += 1
        return unsafe page
    }

    /// Keeps the source of an entry: with the others' on its page, or by itself where they differ.
    private func setSource(
        _ source: NeighborID,
        of prefix: PrefixID,
        on page: Page,
        isNew: Bool
    ) {
        var page = unsafe page
        let isMixed = unsafe page.load(fromByteOffset: Self.isMixedOffset, as: UInt16.self) != 0
        if !isMixed {
            let common = unsafe page.load(fromByteOffset: Self.commonOffset, as: UInt16.self)
            if common == source.number { return }
            let others =
                unsafe Int(page.load(fromByteOffset: Self.countOffset, as: UInt32.self))
                - (isNew ? 0 : 1)
            if others == 0 {
                unsafe page.storeBytes(
                    of: source.number,
                    toByteOffset: Self.commonOffset,
                    as: UInt16.self
                )
                return
            }
            unsafe page = widened(page, common)
            unsafe pages[Int(prefix.row) / Self.pageSize] = unsafe page
            mixedPageCount += 1
        }
        unsafe page.storeBytes(
            of: source.number,
            toByteOffset: Self.sourceOffset + Int(prefix.row) % Self.pageSize * 2,
            as: UInt16.self
        )
    }

    /// The same page with room for a source of each entry; the old one is gone.
    private func widened(_ page: Page, _ common: UInt16) -> Page {
        let wider = Page.allocate(byteCount: Self.mixedSize, alignment: 8)
        unsafe wider.copyMemory(from: page, byteCount: Self.sourceOffset)
        unsafe page.deallocate()
        unsafe wider.storeBytes(of: 1, toByteOffset: Self.isMixedOffset, as: UInt16.self)
        unsafe (wider + Self.sourceOffset).initializeMemory(
            as: UInt16.self,
            repeating: common,
            count: Self.pageSize
        )
        return unsafe wider
    }

    /// Counts an entry that came, or with -1 one that went, and gives an empty page back.
    private func count(_ difference: Int, on number: Int) {
        guard let page = unsafe pages[number] else { return }
        count += difference
        let onPage =
            unsafe Int(page.load(fromByteOffset: Self.countOffset, as: UInt32.self)) + difference
        unsafe page.storeBytes(of: UInt32(onPage), toByteOffset: Self.countOffset, as: UInt32.self)
        if onPage > 0 { return }
        if unsafe page.load(fromByteOffset: Self.isMixedOffset, as: UInt16.self) != 0 {
            mixedPageCount -= 1
        }
        unsafe page.deallocate()
        unsafe pages[number] = nil
        pageCount -= 1
    }
}

/// What a group is announced for a prefix.
@usableFromInline
package struct AdjRIBOutEntry: Equatable, Sendable, BitwiseCopyable {
    /// The attributes as they are sent.
    package var attributes: AttributesID
    /// Where the path came from; that member is not sent it.
    package var source: NeighborID

    /// An entry with both its parts.
    package init(attributes: AttributesID, source: NeighborID) {
        self.attributes = attributes
        self.source = source
    }
}

/// What a replaced entry means for the members of a group.
@usableFromInline
package struct AdjRIBOutChange: Equatable, Sendable, BitwiseCopyable {
    /// What was announced before.
    package var old: AdjRIBOutEntry?
    /// What is announced from now on.
    package var new: AdjRIBOutEntry?

    /// The change from one entry to another.
    package init(old: AdjRIBOutEntry? = nil, new: AdjRIBOutEntry? = nil) {
        self.old = old
        self.new = new
    }

    /// What to send to a member, which is never sent its own path.
    package func action(for member: NeighborID) -> Action {
        Self.action(
            from: old?.source == member ? nil : old?.attributes,
            to: new?.source == member ? nil : new?.attributes
        )
    }

    /// What to send to a member that is neither the old nor the new source.
    package var actionForOthers: Action { Self.action(from: old?.attributes, to: new?.attributes) }

    private static func action(from old: AttributesID?, to new: AttributesID?) -> Action {
        if old == new { return .nothing }
        return new == nil ? .withdraw : .announce
    }

    /// What a member is sent.
    package enum Action: UInt8, Sendable, BitwiseCopyable {
        case nothing
        case announce
        case withdraw
    }
}
