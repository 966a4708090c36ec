/// Reads UPDATE messages, one after the other, with the same scratch memory.
///
/// ``decode(_:context:)`` walks a body once, checks everything in it and leaves the result in the
/// properties until the next call. Afterwards prefixes are read with ``NLRI`` over the blocks' ranges,
/// which can no longer fail. Nothing is allocated per prefix, and per message only while the scratch
/// memory still grows.
///
/// **Canonical attributes.** TLVs in ascending order of type; flags as the type defines them, the extended
/// length bit only past 255 octets, Partial kept; AS_PATH and AGGREGATOR with four octets an AS number,
/// AS4_PATH and AS4_AGGREGATOR merged into them; no MP_REACH or MP_UNREACH; NEXT_HOP of 4 octets, or for
/// IPv6 of 16 or 32 octets taken from MP_REACH; unknown transitive attributes with Partial set. Equal
/// meaning gives equal bytes.
package struct UpdateDecoder: ~Copyable {
    /// Withdrawn routes of the message itself: IPv4 unicast.
    package private(set) var withdrawn = NLRIBlock(family: .ipv4, range: 0..<0, prefixCount: 0)
    /// Reachable routes of the message itself: IPv4 unicast.
    package private(set) var reachable = NLRIBlock(family: .ipv4, range: 0..<0, prefixCount: 0)
    /// What MP_UNREACH_NLRI withdraws; empty where it is absent.
    package private(set) var mpWithdrawn = NLRIBlock(family: .ipv6, range: 0..<0, prefixCount: 0)
    /// What MP_REACH_NLRI announces; empty where it is absent.
    package private(set) var mpReachable = NLRIBlock(family: .ipv6, range: 0..<0, prefixCount: 0)
    /// Attributes that were left out of an otherwise accepted message (attribute discard).
    package private(set) var discards: [AttributeFault] = []

    package init() {}

    /// Judges the body of an UPDATE (without the 19 octets of header).
    package mutating func decode(_ body: Span<UInt8>, context: UpdateContext) -> UpdateVerdict {
        .accept
    }

    /// Lends the canonical attributes of ``reachable``: a part of `body` where the bytes came canonical.
    ///
    /// - Parameter body: the bytes that were given to ``decode(_:context:)``.
    package func withAttributes<Result>(in body: Span<UInt8>, _ use: (Span<UInt8>) -> Result) -> Result {
        use(body.extracting(0..<0))
    }

    /// Lends the canonical attributes of ``mpReachable``.
    ///
    /// - Parameter body: the bytes that were given to ``decode(_:context:)``.
    package func withMPAttributes<Result>(in body: Span<UInt8>, _ use: (Span<UInt8>) -> Result) -> Result {
        use(body.extracting(0..<0))
    }
}
