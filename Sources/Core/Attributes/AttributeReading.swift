package import Addressing
import BGPWire

/// Reading single fields of canonical attribute bytes in place.
package enum AttributeReading {
    /// True where AS_PATH holds that AS number anywhere: loop detection.
    package static func pathContains(_ number: ASNumber, in bytes: Span<UInt8>) -> Bool {
        var isThere = false
        forEachAS(in: bytes) { entry in
            isThere = entry.number == number
            return !isThere
        }
        return isThere
    }

    /// How often AS_PATH holds that AS number.
    package static func occurrences(of number: ASNumber, in bytes: Span<UInt8>) -> Int {
        var count = 0
        forEachAS(in: bytes) { entry in
            if entry.number == number { count += 1 }
            return true
        }
        return count
    }

    /// Visits every AS number of AS_PATH from left to right, until `visit` answers false.
    @inlinable
    package static func forEachAS(in bytes: Span<UInt8>, _ visit: (ASPathEntry) -> Bool) {
        guard let path = PathAttribute.first(AttributeType(2), in: bytes) else { return }
        var offset = path.value.lowerBound
        var segment = 0
        while offset + 2 <= path.value.upperBound {
            let type = bytes[offset]
            let count = Int(bytes[offset + 1])
            offset += 2
            if offset + 4 * count > path.value.upperBound { return }
            for index in 0..<count {
                let entry = ASPathEntry(
                    number: ASNumber(bytes.number32(at: offset)),
                    segmentType: type,
                    segment: segment,
                    index: index
                )
                if !visit(entry) { return }
                offset += 4
            }
            segment += 1
        }
    }

    /// Visits every standard community until `visit` answers false.
    @inlinable
    package static func forEachCommunity(in bytes: Span<UInt8>, _ visit: (UInt32) -> Bool) {
        guard let attribute = PathAttribute.first(AttributeType(8), in: bytes) else { return }
        var offset = attribute.value.lowerBound
        while offset + 4 <= attribute.value.upperBound {
            if !visit(bytes.number32(at: offset)) { return }
            offset += 4
        }
    }

    /// Visits every extended community until `visit` answers false.
    @inlinable
    package static func forEachExtendedCommunity(in bytes: Span<UInt8>, _ visit: (UInt64) -> Bool) {
        guard let attribute = PathAttribute.first(AttributeType(16), in: bytes) else { return }
        var offset = attribute.value.lowerBound
        while offset + 8 <= attribute.value.upperBound {
            if !visit(bytes.number64(at: offset)) { return }
            offset += 8
        }
    }

    /// Visits every large community until `visit` answers false.
    @inlinable
    package static func forEachLargeCommunity(
        in bytes: Span<UInt8>,
        _ visit: (LargeCommunity) -> Bool
    ) {
        guard let attribute = PathAttribute.first(AttributeType(32), in: bytes) else { return }
        var offset = attribute.value.lowerBound
        while offset + 12 <= attribute.value.upperBound {
            let community = LargeCommunity(
                bytes.number32(at: offset),
                bytes.number32(at: offset + 4),
                bytes.number32(at: offset + 8)
            )
            if !visit(community) { return }
            offset += 12
        }
    }

    /// ORIGINATOR_ID, host order, or nil.
    package static func originatorID(in bytes: Span<UInt8>) -> UInt32? {
        guard let attribute = PathAttribute.first(AttributeType(9), in: bytes),
            attribute.value.count == 4
        else { return nil }
        return bytes.number32(at: attribute.value.lowerBound)
    }

    /// The AS of Only-to-Customer (RFC 9234), or nil.
    package static func onlyToCustomer(in bytes: Span<UInt8>) -> ASNumber? {
        guard let attribute = PathAttribute.first(.onlyToCustomer, in: bytes),
            attribute.value.count == 4
        else { return nil }
        return ASNumber(bytes.number32(at: attribute.value.lowerBound))
    }

    /// True where CLUSTER_LIST holds that identifier: a reflection loop (RFC 4456 §8).
    package static func clusterListContains(_ identifier: UInt32, in bytes: Span<UInt8>) -> Bool {
        guard let attribute = PathAttribute.first(AttributeType(10), in: bytes) else {
            return false
        }
        var offset = attribute.value.lowerBound
        while offset + 4 <= attribute.value.upperBound {
            if bytes.number32(at: offset) == identifier { return true }
            offset += 4
        }
        return false
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
