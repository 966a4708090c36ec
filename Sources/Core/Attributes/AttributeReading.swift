package import Addressing
package import BGPWire

/// Reading single fields of canonical attribute bytes in place.
package enum AttributeReading {
    /// True where AS_PATH holds that AS number anywhere: loop detection.
    package static func pathContains(_ number: ASNumber, in bytes: Span<UInt8>) -> Bool { false }

    /// How often AS_PATH holds that AS number.
    package static func occurrences(of number: ASNumber, in bytes: Span<UInt8>) -> Int { 0 }

    /// Visits every AS number of AS_PATH from left to right, until `visit` answers false.
    package static func forEachAS(in bytes: Span<UInt8>, _ visit: (ASPathEntry) -> Bool) {}

    /// Visits every standard community until `visit` answers false.
    package static func forEachCommunity(in bytes: Span<UInt8>, _ visit: (UInt32) -> Bool) {}

    /// Visits every extended community until `visit` answers false.
    package static func forEachExtendedCommunity(in bytes: Span<UInt8>, _ visit: (UInt64) -> Bool) {
    }

    /// Visits every large community until `visit` answers false.
    package static func forEachLargeCommunity(
        in bytes: Span<UInt8>,
        _ visit: (LargeCommunity) -> Bool
    ) {}

    /// ORIGINATOR_ID, host order, or nil.
    package static func originatorID(in bytes: Span<UInt8>) -> UInt32? { nil }

    /// True where CLUSTER_LIST holds that identifier: a reflection loop (RFC 4456 §8).
    package static func clusterListContains(_ identifier: UInt32, in bytes: Span<UInt8>) -> Bool {
        false
    }
}

/// One AS number of a path and the segment that it stands in.
package struct ASPathEntry: Equatable, Sendable, BitwiseCopyable {
    /// The number.
    package var number: ASNumber
    /// The segment's type: 1 AS_SET, 2 AS_SEQUENCE, 3 AS_CONFED_SEQUENCE, 4 AS_CONFED_SET.
    package var segmentType: UInt8
    /// The segment's place in the path, from 0.
    package var segment: Int
    /// The number's place in its segment, from 0.
    package var index: Int

    @inlinable
    package init(number: ASNumber, segmentType: UInt8, segment: Int, index: Int) {
        self.number = number
        self.segmentType = segmentType
        self.segment = segment
        self.index = index
    }
}
