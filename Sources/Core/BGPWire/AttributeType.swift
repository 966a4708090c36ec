/// The type octet of a path attribute; any number is legal, the known ones have names.
@usableFromInline
package struct AttributeType: Hashable, Comparable, Sendable, BitwiseCopyable {
    @usableFromInline package var rawValue: UInt8

    @inlinable
    package init(_ rawValue: UInt8) {
        self.rawValue = rawValue
    }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: AttributeType, right: AttributeType) -> Bool {
        left.rawValue == right.rawValue
    }

    @inlinable
    package static func != (left: AttributeType, right: AttributeType) -> Bool {
        left.rawValue != right.rawValue
    }

    @inlinable
    package static func ~= (pattern: AttributeType, value: AttributeType) -> Bool {
        pattern.rawValue == value.rawValue
    }

    @inlinable
    package static func < (left: AttributeType, right: AttributeType) -> Bool {
        left.rawValue < right.rawValue
    }

    @inlinable package static var origin: AttributeType { AttributeType(1) }
    @inlinable package static var asPath: AttributeType { AttributeType(2) }
    @inlinable package static var nextHop: AttributeType { AttributeType(3) }
    @inlinable package static var multiExitDiscriminator: AttributeType { AttributeType(4) }
    @inlinable package static var localPreference: AttributeType { AttributeType(5) }
    @inlinable package static var atomicAggregate: AttributeType { AttributeType(6) }
    @inlinable package static var aggregator: AttributeType { AttributeType(7) }
    @inlinable package static var communities: AttributeType { AttributeType(8) }
    @inlinable package static var originatorID: AttributeType { AttributeType(9) }
    @inlinable package static var clusterList: AttributeType { AttributeType(10) }
    @inlinable package static var mpReach: AttributeType { AttributeType(14) }
    @inlinable package static var mpUnreach: AttributeType { AttributeType(15) }
    @inlinable package static var extendedCommunities: AttributeType { AttributeType(16) }
    @inlinable package static var as4Path: AttributeType { AttributeType(17) }
    @inlinable package static var as4Aggregator: AttributeType { AttributeType(18) }
    @inlinable package static var largeCommunities: AttributeType { AttributeType(32) }
    @inlinable package static var onlyToCustomer: AttributeType { AttributeType(35) }
}

/// Bits of the flags octet of a path attribute (RFC 4271 §4.3).
@usableFromInline
package enum AttributeFlags {
    @inlinable package static var optional: UInt8 { 0x80 }
    @inlinable package static var transitive: UInt8 { 0x40 }
    @inlinable package static var partial: UInt8 { 0x20 }
    @inlinable package static var extendedLength: UInt8 { 0x10 }
}
