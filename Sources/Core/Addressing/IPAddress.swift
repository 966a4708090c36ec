/// An IPv4 or IPv6 address as a plain value of seventeen bytes, host order.
///
/// The bits are left-aligned: an IPv4 address stands in the upper 32 bits of ``high``. So one mask
/// and one comparison serve both families. A scope (`%eth0`) is not part of the address.
@usableFromInline
package struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The first 64 bits.
    @usableFromInline package var high: UInt64
    /// The last 64 bits; zero for IPv4.
    @usableFromInline package var low: UInt64
    /// Which family the address belongs to.
    @usableFromInline package var family: AddressFamily

    /// Makes an address from left-aligned bits.
    @inlinable
    package init(family: AddressFamily, high: UInt64, low: UInt64) {
        self.family = family
        self.high = high
        self.low = low
    }

    // Written out: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.high == right.high && left.low == right.low && left.family == right.family
    }

    /// Makes an IPv4 address from its 32 bits in host order.
    @inlinable
    package init(ipv4 bits: UInt32) {
        self.init(family: .ipv4, high: UInt64(bits) << 32, low: 0)
    }

    /// Makes an IPv6 address from its bits in host order.
    @inlinable
    package init(ipv6High high: UInt64, low: UInt64) {
        self.init(family: .ipv6, high: high, low: low)
    }

    /// Reads an address from network order bytes: 4 give IPv4, 16 give IPv6, any other count nil.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self.init(ipv4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            let high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            let low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
            self.init(ipv6High: high, low: low)
        default:
            return nil
        }
    }

    /// `0.0.0.0` or `::`.
    package static func unspecified(_ family: AddressFamily) -> IPAddress {
        IPAddress(family: family, high: 0, low: 0)
    }

    /// The 32 bits of an IPv4 address in host order; of an IPv6 address the first 32.
    @inlinable
    package var ipv4Bits: UInt32 { UInt32(truncatingIfNeeded: high >> 32) }

    /// The address in network order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(family.byteCount)
        for index in 0..<family.byteCount { result.append(byte(at: index)) }
        return result
    }

    /// The byte at that place in network order; zero past the end.
    @inlinable
    package func byte(at index: Int) -> UInt8 {
        index < 8
            ? UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
            : UInt8(truncatingIfNeeded: low >> UInt64(120 - 8 * index))
    }

    /// All bits zero.
    @inlinable
    package var isUnspecified: Bool { high == 0 && low == 0 }

    /// `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool {
        family == .ipv4 ? high >> 56 == 127 : high == 0 && low == 1
    }

    /// `fe80::/10` (RFC 4291 §2.5.6); IPv4 link-local addresses do not count.
    package var isLinkLocal: Bool {
        family == .ipv6 && high >> 54 == 0xFE80 >> 6
    }

    /// `224.0.0.0/4` or `ff00::/8`.
    package var isMulticast: Bool {
        family == .ipv4 ? high >> 60 == 0xE : high >> 56 == 0xFF
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by number.
    @inlinable
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.family != right.family { return left.family.rawValue < right.family.rawValue }
        if left.high != right.high { return left.high < right.high }
        return left.low < right.low
    }
}
