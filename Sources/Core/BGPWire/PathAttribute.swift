/// Where one path attribute stands in a run of attributes.
@usableFromInline
package struct PathAttribute: Hashable, Sendable {
    /// The flags octet as it stands.
    @usableFromInline package var flags: UInt8
    /// The type.
    @usableFromInline package var type: AttributeType
    /// The value's place.
    @usableFromInline package var value: Range<Int>
    /// The place of flags, type, length and value together.
    @usableFromInline package var whole: Range<Int>

    @inlinable
    package init(flags: UInt8, type: AttributeType, value: Range<Int>, whole: Range<Int>) {
        self.flags = flags
        self.type = type
        self.value = value
        self.whole = whole
    }

    /// Reads the attribute at `offset` and moves `offset` past it; nil at the end or where it is cut short.
    ///
    /// In canonical bytes nil is the end; elsewhere compare `offset` with the count.
    @inlinable
    package static func next(in bytes: Span<UInt8>, at offset: inout Int) -> PathAttribute? {
        guard offset + 3 <= bytes.count else { return nil }
        let flags = bytes[offset]
        var start = offset + 3
        var length = Int(bytes[offset + 2])
        if flags & 0x10 != 0 {
            guard offset + 4 <= bytes.count else { return nil }
            length = length << 8 | Int(bytes[offset + 3])
            start += 1
        }
        guard start + length <= bytes.count else { return nil }
        let attribute = PathAttribute(
            flags: flags,
            type: AttributeType(bytes[offset + 1]),
            value: start..<start + length,
            whole: offset..<start + length
        )
        offset = start + length
        return attribute
    }

    /// The attribute of that type in `bytes`, or nil.
    @inlinable
    package static func first(_ type: AttributeType, in bytes: Span<UInt8>) -> PathAttribute? {
        var offset = 0
        while let attribute = next(in: bytes, at: &offset) {
            if attribute.type == type { return attribute }
        }
        return nil
    }
}
