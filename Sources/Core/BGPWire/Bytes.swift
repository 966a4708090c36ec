/// Reading and writing network order, checked.
extension Span where Element == UInt8 {
    /// The two octets at `offset`.
    @inline(__always)
    func uint16(at offset: Int) -> UInt16 {
        UInt16(
            bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
        )
    }

    /// The four octets at `offset`.
    @inline(__always)
    func uint32(at offset: Int) -> UInt32 {
        UInt32(
            bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        )
    }

    /// The eight octets at `offset`, in the host's order.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// The octets of `range` as an array; those past the end are left out.
    func copy(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.append(from: self, range.clamped(to: 0..<count))
        return result
    }
}

extension [UInt8] {
    /// Appends the octets of `range` in one copy.
    @inline(__always)
    mutating func append(from bytes: Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends two octets.
    @inline(__always)
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends four octets.
    @inline(__always)
    mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
        append(uint16: UInt16(truncatingIfNeeded: value))
    }

    /// Overwrites two octets at `offset`.
    @inline(__always)
    mutating func put(uint16 value: Int, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Appends flags, type and length of an attribute; Extended Length where the length asks for it.
    @inline(__always)
    mutating func appendAttributeHeader(flags: UInt8, type: UInt8, length: Int) {
        if length > 255 {
            append(flags | AttributeFlags.extendedLength)
            append(type)
            append(uint16: UInt16(truncatingIfNeeded: length))
        } else {
            append(flags & ~AttributeFlags.extendedLength)
            append(type)
            append(UInt8(truncatingIfNeeded: length))
        }
    }
}
