/// An autonomous system number of four octets (RFC 6793), host order.
@usableFromInline
package struct ASNumber: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The number.
    @usableFromInline package var value: UInt32

    /// AS_TRANS, which stands for a number that two octets cannot hold (RFC 6793 §9).
    package static let transition = ASNumber(23456)

    /// The autonomous system with that number.
    @inlinable
    package init(_ value: UInt32) {
        self.value = value
    }

    /// Reads `65001` or the asdot form `3.10`; nil for anything else or out of range.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        if parts.count == 1, let number = UInt32(parts[0]) {
            value = number
        } else if parts.count == 2, let high = UInt16(parts[0]), let low = UInt16(parts[1]) {
            value = UInt32(high) << 16 | UInt32(low)
        } else {
            return nil
        }
    }

    @inlinable
    package static func < (left: ASNumber, right: ASNumber) -> Bool {
        left.value < right.value
    }

    @usableFromInline package var description: String { String(value) }
}
