/// Memory for byte strings of any length up to 65,536, in chunks of one mebibyte.
///
/// A place is a number that counts units of eight bytes. Freed places are kept in a list per length and
/// given to the next string of that length; with the last string freed all chunks go back.
@safe
@usableFromInline
struct ByteArena: ~Copyable {
    @usableFromInline static var chunkShift: UInt32 { 17 }
    @usableFromInline static var chunkUnits: Int { 1 << 17 }
    static var longestUnits: Int { 65_536 / 8 }

    @usableFromInline var chunks: [UnsafeMutableRawPointer]
    /// The first unit of the last chunk that was never given out.
    private var nextUnit: Int
    private var usedUnits: Int
    /// The first free place for each length in units; its first four bytes name the next.
    private var freePlaces: [UInt32]

    init() {
        unsafe chunks = []
        nextUnit = Self.chunkUnits
        usedUnits = 0
        freePlaces = []
    }

    @inlinable
    deinit {
        for number in unsafe chunks.indices { unsafe chunks[number].deallocate() }
    }

    /// Bytes that the chunks take, touched or not.
    var byteCount: Int { unsafe chunks.count * Self.chunkUnits * 8 }

    /// Bytes in use, rounded up to units.
    var usedByteCount: Int { usedUnits * 8 }

    /// Where the bytes of a place stand.
    @inlinable
    func pointer(_ place: UInt32) -> UnsafeMutableRawPointer {
        unsafe chunks[Int(place >> Self.chunkShift)] + Int(place & 0x1_FFFF) * 8
    }

    /// Stores bytes and returns their place.
    mutating func insert(_ bytes: Span<UInt8>) -> UInt32 {
        let place = allocate(units: Self.units(bytes.count))
        unsafe bytes.withUnsafeBytes { source in
            if let base = source.baseAddress {
                unsafe pointer(place).copyMemory(from: base, byteCount: source.count)
            }
        }
        return place
    }

    /// Gives the place of `count` bytes back.
    mutating func free(_ place: UInt32, count: Int) {
        let units = Self.units(count)
        usedUnits -= units
        if usedUnits == 0 { return removeAll() }
        keep(place, units: units)
    }

    private static func units(_ count: Int) -> Int {
        precondition(count <= 65_536, "an attribute set fits in a message")
        return max(1, (count + 7) >> 3)
    }

    private mutating func allocate(units: Int) -> UInt32 {
        usedUnits += units
        if units < freePlaces.count, freePlaces[units] != .max {
            let place = freePlaces[units]
            freePlaces[units] = unsafe pointer(place).load(as: UInt32.self)
            return place
        }
        if nextUnit + units > Self.chunkUnits { addChunk() }
        let place = unsafe UInt32((chunks.count - 1) << Int(Self.chunkShift) | nextUnit)
        nextUnit += units
        return place
    }

    private mutating func addChunk() {
        let rest = min(Self.chunkUnits - nextUnit, Self.longestUnits)
        if rest > 0 {
            unsafe keep(UInt32((chunks.count - 1) << Int(Self.chunkShift) | nextUnit), units: rest)
        }
        unsafe chunks.append(.allocate(byteCount: Self.chunkUnits * 8, alignment: 16))
        nextUnit = 0
    }

    private mutating func keep(_ place: UInt32, units: Int) {
        while freePlaces.count <= units { freePlaces.append(.max) }
        unsafe pointer(place).storeBytes(of: freePlaces[units], as: UInt32.self)
        freePlaces[units] = place
    }

    private mutating func removeAll() {
        for number in unsafe chunks.indices { unsafe chunks[number].deallocate() }
        unsafe chunks = []
        nextUnit = Self.chunkUnits
        freePlaces = []
    }
}
