package import Addressing
import BGPWire

extension AttributesEditor {
    /// Puts an AS number `count` times before the path (RFC 4271 §5.1.2), with segments of at most 255.
    ///
    /// The numbers join the first segment where that is an AS_SEQUENCE with room; what has no room
    /// there opens new segments before it.
    package mutating func prepend(_ number: ASNumber, count: Int = 1) {
        guard count > 0 else { return }
        var path = pathValue
        var left = count
        if path.count >= 2, path[0] == 2, path[1] > 0, path[1] < 255 {
            let joined = min(left, 255 - Int(path[1]))
            path[1] += UInt8(joined)
            path.insert(contentsOf: Self.repeated(number, joined), at: 2)
            left -= joined
        }
        while left > 0 {
            let segment = min(left, 255)
            path.insert(contentsOf: [2, UInt8(segment)] + Self.repeated(number, segment), at: 0)
            left -= segment
        }
        set(.asPath, flags: AttributeFlags.transitive, value: path.span)
    }

    /// Replaces every occurrence of an AS number in the path.
    package mutating func replaceAS(_ old: ASNumber, with new: ASNumber) {
        var path = pathValue
        let replacement = Self.repeated(new, 1)
        var offset = 0
        while offset + 2 <= path.count {
            let end = offset + 2 + 4 * Int(path[offset + 1])
            offset += 2
            while offset < end, offset + 4 <= path.count {
                if path.span.number32(at: offset) == old.value {
                    path.replaceSubrange(offset..<offset + 4, with: replacement)
                }
                offset += 4
            }
        }
        set(.asPath, flags: AttributeFlags.transitive, value: path.span)
    }

    private var pathValue: [UInt8] {
        PathAttribute.first(.asPath, in: bytes.span).map { Array(bytes[$0.value]) } ?? []
    }

    private static func repeated(_ number: ASNumber, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * count)
        for _ in 0..<count { bytes.append(contentsOf: networkOrder(number.value)) }
        return bytes
    }
}

extension AttributesEditor {
    static func networkOrder(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
