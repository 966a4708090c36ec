import Addressing

/// Reads numbers and addresses from an array of bytes, checked: past the end it gives nil.
struct ByteReader {
    let bytes: [UInt8]
    /// The next byte to read.
    var offset: Int
    /// Where this reader ends.
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    var left: Int { end - offset }

    /// A number of up to four octets, network order.
    mutating func number(_ octets: Int) -> UInt32? {
        guard left >= octets else { return nil }
        var value: UInt32 = 0
        for index in 0..<octets { value = value << 8 | UInt32(bytes[offset + index]) }
        offset += octets
        return value
    }

    /// A number of up to four octets, least significant first.
    mutating func littleEndian(_ octets: Int) -> UInt32? {
        guard left >= octets else { return nil }
        var value: UInt32 = 0
        for index in 0..<octets { value |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
        offset += octets
        return value
    }

    /// An address of that family.
    mutating func address(_ family: AddressFamily) -> IPAddress? {
        take(family.byteCount).flatMap { IPAddress(bytes: bytes[$0]) }
    }

    /// A prefix as NLRI carries it.
    mutating func prefix(_ family: AddressFamily) -> IPPrefix? {
        guard let length = number(1), length <= UInt32(family.bitCount),
            let range = take((Int(length) + 7) / 8)
        else { return nil }
        let padding = [UInt8](repeating: 0, count: family.byteCount - range.count)
        return IPAddress(bytes: Array(bytes[range]) + padding).map {
            IPPrefix($0, length: UInt8(length))
        }
    }

    /// The place of the next `count` octets.
    mutating func take(_ count: Int) -> Range<Int>? {
        guard count >= 0, left >= count else { return nil }
        offset += count
        return offset - count..<offset
    }
}
