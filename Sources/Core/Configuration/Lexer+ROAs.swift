import Addressing
import RPKI

/// The short way through a `roa-set`: rpki-client writes half a million lines of one shape.
extension Lexer {
    /// Goes past all entries that stand plainly on lines of their own, as numbers straight from the bytes.
    ///
    /// Stops before the first line that is anything else, a wrong one too: the parser takes it from
    /// there. Called when the end of a line has just been read.
    mutating func takePlainROAs(into payloads: inout [VRP]) {
        guard frame.macroUse == nil else { return }
        var reader = PlainReader(offset: frame.offset)
        var lines = 0
        let file = frame.bytes
        let bytes = file.span
        while true {
            let start = reader.offset
            guard let payload = reader.payload(bytes), reader.endOfLine(bytes) else {
                reader.offset = start
                break
            }
            lines += 1
            payloads.append(payload)
        }
        frame.line += lines
        frame.offset = reader.offset
        frame.lineStart = reader.offset
    }
}

/// Reads ROA entries from bytes without tokens.
private struct PlainReader {
    var offset: Int

    init(offset: Int) {
        self.offset = offset
    }

    @inline(__always)
    private func byte(_ bytes: Span<UInt8>) -> UInt8 {
        offset < bytes.count ? bytes[offset] : 0
    }

    @inline(__always)
    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while byte(bytes) == 32 || byte(bytes) == 9 { offset += 1 }
    }

    /// Goes past blanks, one comma and the newline.
    mutating func endOfLine(_ bytes: Span<UInt8>) -> Bool {
        skipBlanks(bytes)
        if byte(bytes) == UInt8(ascii: ",") {
            offset += 1
            skipBlanks(bytes)
        }
        guard byte(bytes) == UInt8(ascii: "\n") else { return false }
        offset += 1
        return true
    }

    /// One entry with canonical numbers; nil for anything else.
    mutating func payload(_ bytes: Span<UInt8>) -> VRP? {
        skipBlanks(bytes)
        guard let address = address(bytes), byte(bytes) == UInt8(ascii: "/") else { return nil }
        offset += 1
        let bits = UInt64(address.family.bitCount)
        guard let length = number(bytes), length <= bits else { return nil }
        let prefix = IPPrefix(address, length: UInt8(length))
        guard prefix.address == address else { return nil }
        var maxLength = length
        skipBlanks(bytes)
        if word("maxlen", bytes) {
            guard let longest = number(bytes), longest >= length, longest <= bits else {
                return nil
            }
            maxLength = longest
            skipBlanks(bytes)
        }
        guard word("source-as", bytes), let origin = number(bytes), origin <= 0xFFFF_FFFF
        else { return nil }
        var expires: UInt64 = 0
        skipBlanks(bytes)
        if word("expires", bytes) {
            guard let seconds = number(bytes), seconds <= UInt64(Int64.max) else { return nil }
            expires = seconds
        }
        return VRP(
            prefix: prefix,
            maxLength: UInt8(maxLength),
            origin: ASNumber(UInt32(origin)),
            expires: expires
        )
    }

    /// That word and the blanks after it.
    private mutating func word(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset + count < bytes.count else { return false }
        let start = offset
        let isEqual = text.withUTF8Buffer { letters in
            for index in 0..<count where unsafe letters[index] != bytes[start + index] {
                return false
            }
            return true
        }
        guard isEqual, bytes[offset + count] == 32 || bytes[offset + count] == 9 else {
            return false
        }
        offset += count
        skipBlanks(bytes)
        return true
    }

    /// A number of at most 18 digits that ends at a blank, a comma or the end of the line.
    private mutating func number(_ bytes: Span<UInt8>) -> UInt64? {
        let start = offset
        var value: UInt64 = 0
        while byte(bytes).isDigit {
            value = value &* 10 &+ UInt64(byte(bytes) - 48)
            offset += 1
        }
        guard (1...18).contains(offset - start) else { return nil }
        switch byte(bytes) {
        case 32, 9, UInt8(ascii: ","), UInt8(ascii: "\n"): return value
        default: return nil
        }
    }

    private mutating func address(_ bytes: Span<UInt8>) -> IPAddress? {
        let start = offset
        if let bits = dotted(bytes) { return IPAddress(ipv4: bits) }
        offset = start
        return groups(bytes)
    }

    private mutating func dotted(_ bytes: Span<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        for part in 0..<4 {
            if part > 0 {
                guard byte(bytes) == UInt8(ascii: ".") else { return nil }
                offset += 1
            }
            let start = offset
            var value: UInt32 = 0
            while byte(bytes).isDigit, offset - start < 4 {
                value = value * 10 + UInt32(byte(bytes) - 48)
                offset += 1
            }
            guard offset > start, value <= 255, offset == start + 1 || bytes[start] != 48
            else { return nil }
            bits = bits << 8 | value
        }
        return bits
    }

    /// Groups of hexadecimal digits with at most one gap `::`; the dotted ending is left to the parser.
    private mutating func groups(_ bytes: Span<UInt8>) -> IPAddress? {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var count = 0
        var gap: Int?
        if byte(bytes) == UInt8(ascii: ":") {
            guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: ":") else {
                return nil
            }
            offset += 2
            gap = 0
        }
        while let group = hexGroup(bytes) {
            guard count < 8 else { return nil }
            high = high << 16 | low >> 48
            low = low << 16 | group
            count += 1
            guard byte(bytes) == UInt8(ascii: ":") else { break }
            offset += 1
            if byte(bytes) == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = count
                offset += 1
            } else if hexDigit(byte(bytes)) == nil {
                return nil
            }
        }
        guard let gap else {
            return count == 8 ? IPAddress(ipv6High: high, low: low) : nil
        }
        guard count < 8 else { return nil }
        return spread(high, low, count: count, gap: gap)
    }

    /// Moves the groups before the gap to the front.
    private func spread(_ high: UInt64, _ low: UInt64, count: Int, gap: Int) -> IPAddress {
        var result = IPAddress(ipv6High: 0, low: 0)
        for index in 0..<count {
            let fromEnd = count - 1 - index
            let group =
                (fromEnd < 4 ? low >> UInt64(16 * fromEnd) : high >> UInt64(16 * (fromEnd - 4)))
                & 0xFFFF
            let place = index < gap ? index : 8 - count + index
            if place < 4 {
                result.high |= group << UInt64(48 - 16 * place)
            } else {
                result.low |= group << UInt64(48 - 16 * (place - 4))
            }
        }
        return result
    }

    private mutating func hexGroup(_ bytes: Span<UInt8>) -> UInt64? {
        let start = offset
        var value: UInt64 = 0
        while offset - start < 4, let digit = hexDigit(byte(bytes)) {
            value = value << 4 | UInt64(digit)
            offset += 1
        }
        return offset > start ? value : nil
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        if byte.isDigit { return byte - 48 }
        let lower = byte | 0x20
        return lower >= 97 && lower <= 102 ? lower - 87 : nil
    }
}
