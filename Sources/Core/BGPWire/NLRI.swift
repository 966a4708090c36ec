public import Addressing

/// A run of prefixes of one family inside an UPDATE body, already checked by the decoder.
@usableFromInline
package struct NLRIBlock: Hashable, Sendable {
    /// The family of every prefix in it.
    @usableFromInline package var family: AddressFamily
    /// Its place in the message body.
    @usableFromInline package var range: Range<Int>
    /// How many prefixes it holds.
    @usableFromInline package var prefixCount: Int
    /// A path identifier stands before each prefix (RFC 7911 §3).
    @usableFromInline package var hasPathIDs: Bool

    @inlinable
    package init(
        family: AddressFamily,
        range: Range<Int>,
        prefixCount: Int,
        hasPathIDs: Bool = false
    ) {
        self.family = family
        self.range = range
        self.prefixCount = prefixCount
        self.hasPathIDs = hasPathIDs
    }

    /// True where it holds no prefix.
    @inlinable
    package var isEmpty: Bool { range.isEmpty }
}

/// Reading prefixes as UPDATE carries them: a length octet in bits, then the fewest octets that hold them.
@usableFromInline
package enum NLRI {
    /// Reads the IPv4 prefix at `offset` of a checked block and moves `offset` past it.
    ///
    /// Loop `while offset < block.range.upperBound`. Bits past the length are dropped (RFC 4271 §4.3).
    @inlinable
    package static func readIPv4(from body: Span<UInt8>, at offset: inout Int) -> (
        bits: UInt32, length: UInt8
    ) {
        let length = body[offset]
        let count = Int(length &+ 7) >> 3
        var bits: UInt32 = 0
        if offset + 5 <= body.count {
            // What stands behind the prefix is masked away.
            bits = UInt32(
                bigEndian: unsafe body.bytes.unsafeLoadUnaligned(
                    fromByteOffset: offset + 1,
                    as: UInt32.self
                )
            )
        } else {
            var index = 0
            while index < count {
                bits |= UInt32(body[offset + 1 + index]) &<< UInt32(24 - 8 * index)
                index += 1
            }
        }
        offset += 1 + count
        let kept: UInt32 = length == 0 ? 0 : ~0 &<< (32 - UInt32(length))
        return (bits & kept, length)
    }

    /// Reads the prefix of either family at `offset` of a checked block and moves `offset` past it.
    @inlinable
    @inline(__always)
    package static func read(_ family: AddressFamily, from body: Span<UInt8>, at offset: inout Int)
        -> IPPrefix
    {
        if family == .ipv6 { return readIPv6(from: body, at: &offset) }
        let (bits, length) = readIPv4(from: body, at: &offset)
        return IPPrefix(ipv4: bits, length: length)
    }

    @usableFromInline
    static func readIPv6(from body: Span<UInt8>, at offset: inout Int) -> IPPrefix {
        let length = body[offset]
        let count = (Int(length) + 7) >> 3
        var high: UInt64 = 0
        var low: UInt64 = 0
        var index = 0
        while index < count {
            let byte = UInt64(body[offset + 1 + index])
            if index < 8 {
                high |= byte << UInt64(56 - 8 * index)
            } else {
                low |= byte << UInt64(120 - 8 * index)
            }
            index += 1
        }
        offset += 1 + count
        return IPPrefix(IPAddress(ipv6High: high, low: low), length: length)
    }

    /// Reads the path identifier at `offset` of a checked block that has them, and moves `offset` to its prefix.
    @inlinable
    package static func readPathID(from body: Span<UInt8>, at offset: inout Int) -> UInt32 {
        var identifier: UInt32 = 0
        for index in 0..<4 { identifier = identifier << 8 | UInt32(body[offset + index]) }
        offset += 4
        return identifier
    }

    /// Counts the prefixes that fill `range` exactly; nil where a length is too large or a prefix is cut short.
    @inlinable
    package static func countPrefixes(
        _ family: AddressFamily,
        in body: Span<UInt8>,
        range: Range<Int>,
        withPathIDs: Bool = false
    ) -> Int? {
        let maximum = family.bitCount
        var offset = range.lowerBound
        var count = 0
        while offset < range.upperBound {
            if withPathIDs { offset += 4 }
            guard offset < range.upperBound else { return nil }
            let length = body[offset]
            guard length <= maximum else { return nil }
            offset += 1 + (Int(length) + 7) >> 3
            count += 1
        }
        return offset == range.upperBound ? count : nil
    }
}
