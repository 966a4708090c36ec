/// An IPv4 or IPv6 prefix as a plain value; bits past the length are zero.
@usableFromInline
package struct IPPrefix: Hashable, Sendable, BitwiseCopyable {
    /// The first 64 bits of the network address; IPv4 stands in the upper 32.
    @usableFromInline package internal(set) var high: UInt64
    /// The last 64 bits of the network address; zero for IPv4.
    @usableFromInline package internal(set) var low: UInt64
    /// The length in bits: at most 32 or 128.
    @usableFromInline package internal(set) var length: UInt8
    /// Which family the prefix belongs to.
    @usableFromInline package internal(set) var family: AddressFamily

    /// The prefix of that length that holds `address`; host bits are dropped, the length is cut to the family's.
    @inlinable
    package init(_ address: IPAddress, length: UInt8) {
        let bits = min(length, address.family.bitCount)
        self.init(family: address.family, high: address.high, low: address.low, length: bits)
    }

    @inlinable
    init(family: AddressFamily, high: UInt64, low: UInt64, length: UInt8) {
        self.family = family
        self.length = length
        self.high = high & Self.mask(UInt64(min(length, 64)))
        self.low = length > 64 ? low & Self.mask(UInt64(length - 64)) : 0
    }

    /// The IPv4 prefix with those 32 bits in host order.
    @inlinable
    package init(ipv4 bits: UInt32, length: UInt8) {
        family = .ipv4
        self.length = min(length, 32)
        high = UInt64(bits) << 32 & Self.mask(UInt64(self.length))
        low = 0
    }

    // Written out: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: IPPrefix, right: IPPrefix) -> Bool {
        left.high == right.high && left.low == right.low && left.length == right.length
            && left.family == right.family
    }

    /// `0.0.0.0/0` or `::/0`.
    package static func all(_ family: AddressFamily) -> IPPrefix {
        IPPrefix(.unspecified(family), length: 0)
    }

    @inlinable
    static func mask(_ bits: UInt64) -> UInt64 {
        bits == 0 ? 0 : ~0 &<< (64 - bits)
    }

    /// The network address.
    @inlinable
    package var address: IPAddress { IPAddress(family: family, high: high, low: low) }

    /// False for what no host on a network can have: loopback, multicast, link-local, "this network", class E.
    ///
    /// Such a prefix in an UPDATE is to be ignored (RFC 4271 §6.3).
    package var canBeRouted: Bool {
        let first = high >> 56
        switch family {
        case .ipv4: return first < 224 && first != 127 && (first != 0 || length < 8)
        case .ipv6:
            if first == 0xFF { return false }
            if high >> 54 == 0xFE80 >> 6, length >= 10 { return false }
            return !(length == 128 && high == 0 && low <= 1)
        }
    }

    /// The last address inside, for IPv4 the broadcast address of a network.
    package var lastAddress: IPAddress {
        switch family {
        case .ipv4:
            IPAddress(ipv4: UInt32((high | ~Self.mask(UInt64(length))) >> 32))
        case .ipv6:
            length <= 64
                ? IPAddress(family: .ipv6, high: high | ~Self.mask(UInt64(length)), low: ~0)
                : IPAddress(family: .ipv6, high: high, low: low | ~Self.mask(UInt64(length) - 64))
        }
    }

    /// True where the address lies in the prefix.
    package func contains(_ address: IPAddress) -> Bool {
        address.family == family && IPPrefix(address, length: length) == self
    }

    /// True where `other` is this prefix or lies in it.
    package func covers(_ other: IPPrefix) -> Bool {
        other.family == family && other.length >= length
            && IPPrefix(other.address, length: length) == self
    }

    /// The same address bits cut to a shorter length.
    package func shortened(to length: UInt8) -> IPPrefix {
        IPPrefix(address, length: min(length, self.length))
    }
}

extension IPPrefix: Comparable {
    /// IPv4 before IPv6, then by address, the shorter first.
    @inlinable
    package static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        if left.family != right.family { return left.family < right.family }
        if left.high != right.high { return left.high < right.high }
        if left.low != right.low { return left.low < right.low }
        return left.length < right.length
    }
}

extension IPPrefix: CustomStringConvertible {
    @usableFromInline package var description: String { "\(address)/\(length)" }

    /// Reads `ADDRESS/LENGTH`; host bits are dropped; nil for anything else.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(text: parts[0]),
            !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let length = UInt8(parts[1]), length <= address.family.bitCount
        else { return nil }
        self.init(address, length: length)
    }
}
