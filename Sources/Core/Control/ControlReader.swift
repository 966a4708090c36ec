internal import Addressing

/// Takes values apart in the form in which they travel over a control socket.
///
/// The bytes may be anybody's: every length is held against what is left before anything is
/// allocated for it, and what makes no sense is a ``ControlFault``.
package struct ControlReader {
    private let bytes: [UInt8]
    private let end: Int
    /// Where the next value begins.
    package private(set) var offset: Int

    /// A reader of all of `bytes`.
    package init(_ bytes: [UInt8]) {
        self.init(bytes, in: 0..<bytes.count)
    }

    /// A reader of a part of `bytes`; offsets in faults count from the beginning of `bytes`.
    package init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(range.upperBound <= bytes.count, "the part lies within the bytes")
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    /// Octets not yet read.
    var remaining: Int { end - offset }

    /// Checks that nothing follows.
    package func finish() throws(ControlFault) {
        guard offset == end else { throw .trailingBytes(offset: offset) }
    }

    mutating func octet() throws(ControlFault) -> UInt8 {
        guard offset < end else { throw .truncated(offset: offset) }
        let value = bytes[offset]
        offset += 1
        return value
    }

    mutating func flag() throws(ControlFault) -> Bool {
        switch try octet() {
        case 0: return false
        case 1: return true
        default: throw .badValue(offset: offset - 1, type: "flag")
        }
    }

    mutating func number<Number: UnsignedInteger & FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(ControlFault) -> Number {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset < end else { throw .truncated(offset: start) }
            let byte = bytes[offset]
            offset += 1
            guard shift < 63 || (shift == 63 && byte <= 1) else {
                throw .badValue(offset: start, type: "number")
            }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        guard value <= UInt64(Number.max) else { throw .badValue(offset: start, type: "number") }
        return Number(truncatingIfNeeded: value)
    }

    mutating func signed<Number: SignedInteger & FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(ControlFault) -> Number {
        let start = offset
        let folded = try number(UInt64.self)
        let wide = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
        guard let value = Number(exactly: wide) else {
            throw .badValue(offset: start, type: "number")
        }
        return value
    }

    /// A count of things that take an octet each at least.
    mutating func count() throws(ControlFault) -> Int {
        let start = offset
        let value = try number(UInt64.self)
        guard value <= UInt64(remaining) else { throw .truncated(offset: start) }
        return Int(value)
    }

    mutating func octets() throws(ControlFault) -> [UInt8] {
        let count = try count()
        if count == 0 { return [] }
        let start = offset
        offset += count
        return Array(bytes[start..<offset])
    }

    mutating func text() throws(ControlFault) -> String {
        let count = try count()
        if count == 0 { return "" }
        let start = offset
        offset += count
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    mutating func family() throws(ControlFault) -> AddressFamily {
        guard let family = AddressFamily(rawValue: try octet()) else {
            throw .badValue(offset: offset - 1, type: "address family")
        }
        return family
    }

    mutating func address() throws(ControlFault) -> IPAddress {
        let family = try family()
        let (high, low) = try bits(family.byteCount)
        return IPAddress(family: family, high: high, low: low)
    }

    mutating func prefix() throws(ControlFault) -> IPPrefix {
        let family = try family()
        let length = try octet()
        guard length <= family.bitCount else {
            throw .badValue(offset: offset - 1, type: "prefix length")
        }
        let (high, low) = try bits((Int(length) + 7) / 8)
        return IPPrefix(IPAddress(family: family, high: high, low: low), length: length)
    }

    /// Left-aligned bits of that many octets.
    private mutating func bits(_ count: Int) throws(ControlFault) -> (high: UInt64, low: UInt64) {
        guard count <= remaining else { throw .truncated(offset: offset) }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<count {
            let byte = UInt64(bytes[offset + index])
            if index < 8 {
                high |= byte << UInt64(56 - 8 * index)
            } else {
                low |= byte << UInt64(120 - 8 * index)
            }
        }
        offset += count
        return (high, low)
    }

    mutating func value<Value: ControlCoded>(
        _ type: Value.Type = Value.self
    ) throws(ControlFault) -> Value {
        try Value(from: &self)
    }

    /// A list; memory grows with the octets that are there, not with the count that is claimed.
    mutating func list<Value: ControlCoded>(
        _ type: Value.Type = Value.self
    ) throws(ControlFault) -> [Value] {
        let count = try count()
        var values: [Value] = []
        values.reserveCapacity(min(count, remaining / 16, 4096))
        for _ in 0..<count { values.append(try Value(from: &self)) }
        return values
    }

    mutating func optional<Value: ControlCoded>(
        _ type: Value.Type = Value.self
    ) throws(ControlFault) -> Value? {
        try flag() ? try Value(from: &self) : nil
    }
}
