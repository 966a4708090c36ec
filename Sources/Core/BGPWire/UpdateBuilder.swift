package import Addressing

/// Packs prefixes into as few UPDATE messages as hold them.
///
/// Begin with ``begin(attributes:family:fourOctetAS:maximumLength:)`` or
/// ``beginWithdrawal(family:maximumLength:)``, append prefixes of that one family, then ``finish(to:)``. A full
/// message is closed and the next one opened as needed. Messages are appended to the buffer that the caller
/// lends; the same buffer must be lent until ``finish(to:)``, and nothing else appended to it meanwhile.
package struct UpdateBuilder: ~Copyable {
    package init() {}

    /// Prepares messages that announce prefixes of `family` with canonical `attributes`.
    ///
    /// IPv6 prefixes go into MP_REACH_NLRI with the 16 or 32 octets of NEXT_HOP. To a neighbor without
    /// four-octet AS numbers AS_PATH and AGGREGATOR are cut to two octets, with AS4_PATH and
    /// AS4_AGGREGATOR where AS_TRANS had to stand in (RFC 6793 §4.2.2).
    ///
    /// - Parameter markPartial: sets Partial on AS4_PATH and AS4_AGGREGATOR; false for our own networks.
    /// - Returns: false where not even one prefix fits beside the attributes; nothing may be appended then.
    package mutating func begin(
        attributes: Span<UInt8>,
        family: AddressFamily,
        fourOctetAS: Bool,
        markPartial: Bool,
        maximumLength: Int
    ) -> Bool {
        false
    }

    /// Prepares messages that withdraw prefixes of `family`.
    package mutating func beginWithdrawal(family: AddressFamily, maximumLength: Int) {}

    /// Adds one prefix of the family that was begun.
    package mutating func append(_ prefix: IPPrefix, to output: inout [UInt8]) {}

    /// Adds one IPv4 prefix by its bits in host order.
    package mutating func appendIPv4(_ bits: UInt32, length: UInt8, to output: inout [UInt8]) {}

    /// Closes the last message.
    ///
    /// - Returns: how many messages were written since begin.
    @discardableResult
    package mutating func finish(to output: inout [UInt8]) -> Int {
        0
    }

    /// Appends the End-of-RIB marker of `family` (RFC 4724 §2).
    package static func appendEndOfRIB(_ family: AddressFamily, to output: inout [UInt8]) {}
}
