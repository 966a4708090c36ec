import Addressing

/// Text on its way out: collected, and handed on in large pieces.
struct Output {
    private(set) var bytes: [UInt8] = []
    /// True once nobody reads any more (`| head`).
    private(set) var isClosed = false
    private let sink: ([UInt8]) -> Bool

    private static let pieceLength = 1 << 16

    /// - Parameter sink: Takes a piece; false where nobody reads any more.
    init(sink: @escaping ([UInt8]) -> Bool) {
        self.sink = sink
    }

    /// Hands on what is left.
    mutating func flush() {
        guard !bytes.isEmpty else { return }
        if !isClosed, !sink(bytes) { isClosed = true }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Hands on what has been collected where it is enough to be worth it.
    mutating func flushIfLarge() {
        if bytes.count >= Self.pieceLength { flush() }
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ other: [UInt8]) {
        bytes += other
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    @_disfavoredOverload
    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(repeating byte: UInt8, count: Int) {
        for _ in 0..<max(count, 0) { bytes.append(byte) }
    }

    mutating func line(_ text: String = "") {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A number in decimal.
    mutating func append(number: UInt64) {
        if number < 10 {
            bytes.append(48 + UInt8(number))
            return
        }
        let start = bytes.count
        var rest = number
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(48 + UInt8(digit))
            rest = quotient
        }
        var left = start
        var right = bytes.count - 1
        while left < right {
            bytes.swapAt(left, right)
            left += 1
            right -= 1
        }
    }

    mutating func append(_ address: IPAddress) {
        guard address.family == .ipv4 else {
            append(address.description)
            return
        }
        let bits = address.ipv4Bits
        append(number: UInt64(bits >> 24))
        bytes.append(UInt8(ascii: "."))
        append(number: UInt64(bits >> 16 & 255))
        bytes.append(UInt8(ascii: "."))
        append(number: UInt64(bits >> 8 & 255))
        bytes.append(UInt8(ascii: "."))
        append(number: UInt64(bits & 255))
    }

    mutating func append(_ prefix: IPPrefix) {
        append(prefix.address)
        bytes.append(UInt8(ascii: "/"))
        append(number: UInt64(prefix.length))
    }

    /// What `write` appends, filled with blanks to `width` octets.
    mutating func left(_ width: Int, _ write: (inout Output) -> Void) {
        let start = bytes.count
        write(&self)
        append(repeating: UInt8(ascii: " "), count: width - (bytes.count - start))
    }

    /// `%-WIDTHs`.
    mutating func left(_ text: String, _ width: Int) {
        append(text)
        append(repeating: UInt8(ascii: " "), count: width - text.count)
    }

    /// `%WIDTHs`.
    mutating func right(_ text: String, _ width: Int) {
        append(repeating: UInt8(ascii: " "), count: width - text.count)
        append(text)
    }

    /// `%WIDTHu`.
    mutating func right(_ number: UInt64, _ width: Int) {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        append(repeating: UInt8(ascii: " "), count: width - digits)
        append(number: number)
    }
}
