/// The type octet of a path attribute; any number is legal, the known ones have names.
package struct AttributeType: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var rawValue: UInt8

    @inlinable
    package init(_ rawValue: UInt8) {
        self.rawValue = rawValue
    }

    // Written out: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: AttributeType, right: AttributeType) -> Bool {
        left.rawValue == right.rawValue
    }

    @inlinable
    package static func < (left: AttributeType, right: AttributeType) -> Bool {
        left.rawValue < right.rawValue
    }

    package static let origin = AttributeType(1)
    package static let asPath = AttributeType(2)
    package static let nextHop = AttributeType(3)
    package static let multiExitDiscriminator = AttributeType(4)
    package static let localPreference = AttributeType(5)
    package static let atomicAggregate = AttributeType(6)
    package static let aggregator = AttributeType(7)
    package static let communities = AttributeType(8)
    package static let originatorID = AttributeType(9)
    package static let clusterList = AttributeType(10)
    package static let mpReach = AttributeType(14)
    package static let mpUnreach = AttributeType(15)
    package static let extendedCommunities = AttributeType(16)
    package static let as4Path = AttributeType(17)
    package static let as4Aggregator = AttributeType(18)
    package static let largeCommunities = AttributeType(32)
    package static let onlyToCustomer = AttributeType(35)
}

/// Bits of the flags octet of a path attribute (RFC 4271 §4.3).
package enum AttributeFlags {
    package static let optional: UInt8 = 0x80
    package static let transitive: UInt8 = 0x40
    package static let partial: UInt8 = 0x20
    package static let extendedLength: UInt8 = 0x10
}
