internal import Addressing

/// Appends values in the form in which they travel over a control socket.
///
/// Every number is a base-128 varint, low groups first; text and bytes are a count and the octets;
/// lists are a count and the elements; an enum is a tag octet and what the case carries.
package struct ControlWriter {
    /// What was written so far.
    package var bytes: [UInt8]

    /// A writer that goes on behind `bytes`.
    package init(appendingTo bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    mutating func octet(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func flag(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func number(_ value: some UnsignedInteger & FixedWidthInteger) {
        var rest = UInt64(truncatingIfNeeded: value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func signed(_ value: some SignedInteger & FixedWidthInteger) {
        let wide = Int64(value)
        number(UInt64(bitPattern: wide << 1 ^ wide >> 63))
    }

    mutating func octets(_ value: [UInt8]) {
        number(UInt(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: String) {
        number(UInt(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func address(_ value: IPAddress) {
        bytes.append(value.family.rawValue)
        for index in 0..<value.family.byteCount { bytes.append(value.byte(at: index)) }
    }

    mutating func prefix(_ value: IPPrefix) {
        bytes.append(value.family.rawValue)
        bytes.append(value.length)
        let address = value.address
        for index in 0..<(Int(value.length) + 7) / 8 { bytes.append(address.byte(at: index)) }
    }

    mutating func value(_ value: some ControlCoded) {
        value.write(to: &self)
    }

    mutating func list(_ values: [some ControlCoded]) {
        number(UInt(values.count))
        for value in values { value.write(to: &self) }
    }

    mutating func optional(_ value: (some ControlCoded)?) {
        flag(value != nil)
        if let value { value.write(to: &self) }
    }
}
