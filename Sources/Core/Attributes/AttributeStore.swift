public import Tables

/// Attribute sets, stored once by content and named by number.
///
/// Bytes are canonical, as `UpdateDecoder` describes them. Every set is counted: ``intern(_:marks:)``
/// gives the caller one reference, each route that keeps the number takes another, and the set is freed
/// when the last one is released.
@usableFromInline
package final class AttributeStore {
    /// The next hops that sets carry, and what is known about them.
    package var nextHops: NextHopTable

    /// The rows; for this room and inlining only.
    @usableFromInline package var rows = RowStore<AttributesRow>()
    @usableFromInline var arena = ByteArena()
    private var index = RowIndex()
    private let keys: HashKeys
    @usableFromInline var references = 0

    /// An empty store that hashes with those keys.
    package init(keys: HashKeys = HashKeys(seed: 0)) {
        self.keys = keys
        nextHops = NextHopTable(keys: keys)
    }

    /// The number of the set with these bytes and marks, stored if it is new; the caller gets one reference.
    package func intern(
        _ bytes: Span<UInt8>,
        marks: AttributeMarks = AttributeMarks()
    ) -> AttributesID {
        intern(bytes, marks, hash: hash(bytes, marks))
    }

    /// The number of the set with these bytes and no marks, of which ``lookAhead(at:)`` gave the hash.
    package func intern(_ bytes: Span<UInt8>, hash: UInt32) -> AttributesID {
        intern(bytes, AttributeMarks(), hash: hash)
    }

    /// Asks memory for where the set with these bytes would be found, some time before it is interned.
    ///
    /// - Returns: the hash for ``intern(_:hash:)``.
    package func lookAhead(at bytes: Span<UInt8>) -> UInt32 {
        let hash = hash(bytes, AttributeMarks())
        index.prefetch(hash: Self.spread(hash))
        return hash
    }

    private func intern(
        _ bytes: Span<UInt8>,
        _ marks: AttributeMarks,
        hash: UInt32
    ) -> AttributesID {
        references += 1
        let found = index.find(hash: Self.spread(hash)) { row in
            let stored = rows[row]
            return Int(stored.length) == bytes.count && stored.facts.marks == marks
                && isContent(bytes, at: stored.place)
        }
        if let found {
            rows[found].references += 1
            return AttributesID(row: found)
        }
        let row = rows.insert(
            AttributesRow(
                place: arena.insert(bytes),
                references: 1,
                facts: AttributeFacts(reading: bytes, marks: marks, nextHops: &nextHops),
                length: UInt16(bytes.count)
            )
        )
        if index.isFull(hash: Self.spread(hash)) { growIndex(Self.spread(hash)) }
        index.insert(row, hash: Self.spread(hash))
        return AttributesID(row: row)
    }

    @inline(never)
    private func growIndex(_ hash: UInt64) {
        index.grow(hash: hash) { Self.spread(self.hash(of: AttributesID(row: $0))) }
    }

    /// Takes `count` more references to a set; nothing for ``AttributesID/none``.
    @inlinable
    package func retain(_ id: AttributesID, count: UInt32 = 1) {
        if id == .none { return }
        rows[id.row].references += count
        references += Int(count)
    }

    /// Gives `count` references back; the set is freed with the last one.
    @inlinable
    package func release(_ id: AttributesID, count: UInt32 = 1) {
        if id == .none { return }
        rows[id.row].references -= count
        references -= Int(count)
        if rows[id.row].references == 0 { free(id) }
    }

    /// What the decision process and export ask about a set.
    @inlinable
    package func facts(_ id: AttributesID) -> AttributeFacts {
        rows[id.row].facts
    }

    /// Lends the canonical bytes of a set, in place.
    @inlinable
    package func withBytes<Result>(_ id: AttributesID, _ use: (Span<UInt8>) -> Result) -> Result {
        let row = rows[id.row]
        return unsafe use(
            Span(
                _unsafeStart: arena.pointer(row.place).assumingMemoryBound(to: UInt8.self),
                count: Int(row.length)
            )
        )
    }

    /// The octets of a set.
    @inlinable
    package func byteCount(_ id: AttributesID) -> Int { Int(rows[id.row].length) }

    /// A copy of the canonical bytes of a set, for pages and dumps.
    package func bytes(_ id: AttributesID) -> [UInt8] {
        withBytes(id) { bytes in unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) } }
    }

    /// ORIGINATOR_ID of a set that has one, host order.
    package func originatorID(_ id: AttributesID) -> UInt32? {
        guard facts(id).flags.contains(.hasOriginatorID) else { return nil }
        return withBytes(id) { AttributeReading.originatorID(in: $0) }
    }

    /// How many references a set has.
    package func referenceCount(_ id: AttributesID) -> UInt32 { rows[id.row].references }

    /// How many references all sets have together.
    package var totalReferences: Int { references }

    /// How many sets are stored.
    package var count: Int { rows.count }

    /// Bytes that rows, index and content take.
    package var byteCount: Int {
        rows.count * MemoryLayout<AttributesRow>.stride + index.byteCount + arena.usedByteCount
    }

    @usableFromInline
    func free(_ id: AttributesID) {
        let row = rows[id.row]
        index.remove(id.row, hash: Self.spread(hash(of: id)))
        arena.free(row.place, count: Int(row.length))
        nextHops.release(row.facts.nextHop)
        rows.free(id.row)
        if rows.count == 0 { index = RowIndex() }
    }
}

/// An interned set: where its bytes stand and what was read from them; 40 bytes.
///
/// Its hash is made again where it is asked for, which is seldom.
@usableFromInline
package struct AttributesRow: BitwiseCopyable {
    @usableFromInline package var place: UInt32
    @usableFromInline package var references: UInt32
    @usableFromInline package var facts: AttributeFacts
    @usableFromInline package var length: UInt16
}

extension AttributeStore {
    /// The hash by which a set is found: of its content and marks, and of the store's keys.
    package func hash(of id: AttributesID) -> UInt32 {
        withBytes(id) { hash($0, facts(id).marks) }
    }

    /// The hash of content and marks, sixteen bytes a step.
    private func hash(_ bytes: Span<UInt8>, _ marks: AttributeMarks) -> UInt32 {
        let mark = UInt64(marks.weight) << 8 | UInt64(marks.options.rawValue)
        return unsafe bytes.withUnsafeBytes { raw in
            var state = keys.adding(mark, UInt64(raw.count), to: keys.start)
            var offset = 0
            while offset + 16 <= raw.count {
                let first = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let second = unsafe raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
                state = keys.adding(first, second, to: state)
                offset += 16
            }
            var rest: (UInt64, UInt64) = (0, 0)
            if offset < raw.count, raw.count >= 16 {
                // The last sixteen: some of them once more.
                let end = raw.count
                rest.0 = unsafe raw.loadUnaligned(fromByteOffset: end - 16, as: UInt64.self)
                rest.1 = unsafe raw.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self)
            } else {
                while offset < raw.count {
                    rest.0 = rest.0 << 8 | rest.1 >> 56
                    rest.1 = rest.1 << 8 | UInt64(unsafe raw[offset])
                    offset += 1
                }
            }
            state = keys.hash(state ^ rest.0, rest.1)
            return UInt32(truncatingIfNeeded: state ^ state >> 32)
        }
    }

    /// The 32 bits as the index wants them: low bits pick a slot, all bits a shard.
    private static func spread(_ hash: UInt32) -> UInt64 {
        UInt64(hash) << 32 | UInt64(hash)
    }

    private func isContent(_ bytes: Span<UInt8>, at place: UInt32) -> Bool {
        let stored = unsafe arena.pointer(place)
        return unsafe bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset + 8 <= raw.count {
                let left = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if unsafe left != stored.load(fromByteOffset: offset, as: UInt64.self) {
                    return false
                }
                offset += 8
            }
            if offset < raw.count, raw.count >= 8 {
                let last = raw.count - 8
                return unsafe raw.loadUnaligned(fromByteOffset: last, as: UInt64.self)
                    == stored.loadUnaligned(fromByteOffset: last, as: UInt64.self)
            }
            while offset < raw.count {
                if unsafe raw[offset] != stored.load(fromByteOffset: offset, as: UInt8.self) {
                    return false
                }
                offset += 1
            }
            return true
        }
    }
}
