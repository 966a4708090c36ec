/// The octets of one run, taken from the front as a target needs them.
package struct FuzzInput {
    private let bytes: [UInt8]
    private var offset = 0

    /// Copies what the fuzzer lends; `start` may be null where `count` is 0.
    package init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// True where all was taken.
    package var isEmpty: Bool { offset == bytes.count }

    /// The next octet; 0 past the end.
    package mutating func octet() -> UInt8 {
        guard offset < bytes.count else { return 0 }
        offset += 1
        return bytes[offset - 1]
    }

    /// The next two octets, network order.
    package mutating func number() -> UInt16 {
        let high = octet()
        return UInt16(high) << 8 | UInt16(octet())
    }

    /// The next `count` octets, or as many as there are.
    package mutating func take(_ count: Int) -> [UInt8] {
        let end = min(offset + count, bytes.count)
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    /// All that is left.
    package mutating func rest() -> [UInt8] { take(bytes.count - offset) }
}
