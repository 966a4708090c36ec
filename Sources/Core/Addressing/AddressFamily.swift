/// An address family of IP; the raw value is the AFI of RFC 4760.
@usableFromInline
package enum AddressFamily: UInt8, CaseIterable, Sendable, Comparable, BitwiseCopyable {
    case ipv4 = 1
    case ipv6 = 2

    /// The length of an address in bits: 32 or 128.
    @inlinable
    package var bitCount: UInt8 { self == .ipv4 ? 32 : 128 }

    /// The length of an address in bytes: 4 or 16.
    @inlinable
    package var byteCount: Int { self == .ipv4 ? 4 : 16 }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: AddressFamily, right: AddressFamily) -> Bool {
        left.rawValue == right.rawValue
    }

    @inlinable
    package static func != (left: AddressFamily, right: AddressFamily) -> Bool {
        left.rawValue != right.rawValue
    }

    @inlinable
    package static func < (left: AddressFamily, right: AddressFamily) -> Bool {
        left.rawValue < right.rawValue
    }
}
