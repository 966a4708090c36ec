/// What one walk over the segments of an AS_PATH or AS4_PATH finds.
struct ASPathScan {
    /// The first thing that breaks the path, whoever sent it; nil for a sound one.
    var fault: AttributeFault.Kind?
    /// The length for a comparison of paths: an AS_SET counts one, confederation segments nothing.
    var pathLength = 0
    /// How many numbers stand in it.
    var numberCount = 0
    /// An AS_SET or AS_CONFED_SET is in it.
    var hasSet = false
    /// A segment of a confederation is in it.
    var hasConfederation = false
    /// The leftmost number where the path begins with an AS_SEQUENCE.
    var leftmost: UInt32?

    static let set: UInt8 = 1
    static let sequence: UInt8 = 2
    static let confederationSequence: UInt8 = 3
    static let confederationSet: UInt8 = 4

    /// Walks the segments in `range`; numbers take `width` octets.
    @inline(__always)
    init(_ body: Span<UInt8>, _ range: Range<Int>, width: Int) {
        var offset = range.lowerBound
        var isFirst = true
        while offset < range.upperBound {
            guard offset + 2 <= range.upperBound else {
                fault = .segment
                return
            }
            let type = body[offset]
            let count = Int(body[offset + 1])
            let end = offset + 2 + count * width
            guard count > 0, end <= range.upperBound, type >= Self.set,
                type <= Self.confederationSet
            else {
                fault = .segment
                return
            }
            switch type {
            case Self.sequence:
                if isFirst {
                    leftmost =
                        width == 4
                        ? body.uint32(at: offset + 2) : UInt32(body.uint16(at: offset + 2))
                }
                pathLength += count
            case Self.set:
                hasSet = true
                pathLength += 1
            case Self.confederationSequence:
                hasConfederation = true
            default:
                hasConfederation = true
                hasSet = true
            }
            numberCount += count
            isFirst = false
            offset += 2
            while offset < end {
                let number = width == 4 ? body.uint32(at: offset) : UInt32(body.uint16(at: offset))
                if number == 0, fault == nil { fault = .asZero }
                offset += width
            }
        }
    }
}

/// Writes an AS_PATH of four-octet numbers, segment by segment; AS_SEQUENCEs that meet become one.
struct ASPathWriter {
    private var lastHeader: Int?

    /// Appends `count` numbers of `width` octets that start at `offset`, as a segment of `type`.
    mutating func append(
        type: UInt8,
        count: Int,
        from body: Span<UInt8>,
        at offset: Int,
        width: Int,
        to output: inout [UInt8]
    ) {
        guard count > 0 else { return }
        if let header = lastHeader, type == ASPathScan.sequence, output[header] == type,
            Int(output[header + 1]) + count <= 255
        {
            output[header + 1] += UInt8(count)
        } else {
            lastHeader = output.count
            output.append(type)
            output.append(UInt8(count))
        }
        for index in 0..<count {
            if width == 4 {
                output.append(uint32: body.uint32(at: offset + 4 * index))
            } else {
                output.append(uint32: UInt32(body.uint16(at: offset + 2 * index)))
            }
        }
    }
}
