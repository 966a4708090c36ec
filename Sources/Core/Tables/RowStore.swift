public import CPrefetch

/// Rows of one fixed size, named by 32-bit numbers, in memory that grows without moving.
///
/// Storage is a list of segments of 65,536 rows; a new segment is allocated when the last one is
/// full, so growing copies nothing, keeps the peak low and never stops the clock. Freed rows are
/// reused, newest first; the owner says which row is free through ``free(_:)``. With the last row
/// freed all memory goes back and numbers begin at 0 again.
///
/// - Note: `Row` must be trivial (no references): rows are neither initialised nor destroyed one by
///   one. The first four bytes of a free row hold the number of the next free one; the rest stays.
@safe
@usableFromInline
package struct RowStore<Row: BitwiseCopyable>: ~Copyable {
    @usableFromInline static var segmentShift: UInt32 { 16 }
    @usableFromInline static var segmentSize: Int { 1 << 16 }

    @usableFromInline var segments: UnsafeMutablePointer<UnsafeMutablePointer<Row>>
    @usableFromInline var segmentCapacity: Int
    @usableFromInline var segmentCount: Int
    @usableFromInline var end: UInt32
    @usableFromInline var firstFree: UInt32
    @usableFromInline var freeCount: Int

    /// An empty store; nothing is allocated but the list of segments.
    @inlinable
    package init() {
        segmentCapacity = 64
        unsafe segments = UnsafeMutablePointer.allocate(capacity: segmentCapacity)
        segmentCount = 0
        end = 0
        firstFree = .max
        freeCount = 0
        precondition(MemoryLayout<Row>.size >= 4, "a row holds at least a number")
    }

    deinit {
        for index in 0..<segmentCount { unsafe segments[index].deallocate() }
        unsafe segments.deallocate()
    }

    /// One past the highest row number ever handed out.
    @inlinable
    package var endRow: UInt32 { end }

    /// How many rows are in use.
    @inlinable
    package var count: Int { Int(end) - freeCount }

    /// Bytes that the segments take, touched or not.
    @inlinable
    package var byteCount: Int { segmentCount * Self.segmentSize * MemoryLayout<Row>.stride }

    /// Takes a row, stores `row` in it and returns its number.
    @inlinable
    package mutating func insert(_ row: Row) -> UInt32 {
        if firstFree != .max {
            let number = firstFree
            firstFree = unsafe UnsafeRawPointer(address(of: number)).load(as: UInt32.self)
            freeCount -= 1
            unsafe address(of: number).initialize(to: row)
            return number
        }
        precondition(end < UInt32.max, "a row store holds at most 2^32 - 1 rows")
        let number = end
        if Int(number >> Self.segmentShift) == segmentCount { addSegment() }
        end += 1
        self[number] = row
        return number
    }

    /// Gives a row back; its content is void from here on.
    @inlinable
    package mutating func free(_ number: UInt32) {
        precondition(number < end, "row numbers come from the store that they name rows of")
        unsafe UnsafeMutableRawPointer(address(of: number)).storeBytes(
            of: firstFree,
            as: UInt32.self
        )
        firstFree = number
        freeCount += 1
        if freeCount == Int(end) { removeAll() }
    }

    /// The row with that number; it must be below ``endRow``.
    @inlinable
    package subscript(number: UInt32) -> Row {
        get {
            precondition(number < end, "row numbers come from the store that they name rows of")
            return unsafe segments[Int(number >> Self.segmentShift)][Int(number & 0xFFFF)]
        }
        _modify {
            precondition(number < end, "row numbers come from the store that they name rows of")
            yield unsafe &segments[Int(number >> Self.segmentShift)][Int(number & 0xFFFF)]
        }
    }

    /// Asks memory for the row with that number; it must be below ``endRow``.
    @inlinable
    package func prefetch(_ number: UInt32) {
        precondition(number < end, "row numbers come from the store that they name rows of")
        unsafe cp_prefetch(address(of: number))
    }

    @inlinable
    func address(of number: UInt32) -> UnsafeMutablePointer<Row> {
        unsafe segments[Int(number >> Self.segmentShift)] + Int(number & 0xFFFF)
    }

    @usableFromInline
    mutating func removeAll() {
        for index in 0..<segmentCount { unsafe segments[index].deallocate() }
        segmentCount = 0
        end = 0
        firstFree = .max
        freeCount = 0
    }

    @usableFromInline
    mutating func addSegment() {
        if segmentCount == segmentCapacity {
            let wider = UnsafeMutablePointer<UnsafeMutablePointer<Row>>.allocate(
                capacity: segmentCapacity * 2
            )
            unsafe wider.moveInitialize(from: segments, count: segmentCount)
            unsafe segments.deallocate()
            unsafe segments = wider
            segmentCapacity *= 2
        }
        unsafe (segments + segmentCount).initialize(
            to: UnsafeMutablePointer.allocate(capacity: Self.segmentSize)
        )
        segmentCount += 1
    }
}
