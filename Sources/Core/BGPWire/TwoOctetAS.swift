import Addressing

/// Attributes for a neighbor whose AS numbers have two octets (RFC 6793 §4.2.2).
enum TwoOctetAS {
    /// Canonical attributes with AS_PATH and AGGREGATOR cut to two octets; AS4_PATH and AS4_AGGREGATOR are
    /// added only where a number did not fit.
    static func attributes(from canonical: Span<UInt8>, markPartial: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var as4Path: [UInt8] = []
        var as4Aggregator: [UInt8] = []
        let flags =
            AttributeFlags.optional | AttributeFlags.transitive
            | (markPartial ? AttributeFlags.partial : 0)
        var offset = 0
        while let attribute = PathAttribute.next(in: canonical, at: &offset) {
            if attribute.type > .as4Aggregator {
                addAS4(flags, &as4Path, &as4Aggregator, to: &output)
            }
            switch attribute.type {
            case .asPath:
                var path: [UInt8] = []
                if appendPath(canonical, attribute.value, to: &path) {
                    as4Path.append(from: canonical, attribute.value)
                }
                output.appendAttributeHeader(flags: attribute.flags, type: 2, length: path.count)
                output += path
            case .aggregator where attribute.value.count == 8:
                let number = canonical.uint32(at: attribute.value.lowerBound)
                output.appendAttributeHeader(flags: attribute.flags, type: 7, length: 6)
                output.append(uint16: twoOctets(number))
                output.append(
                    from: canonical,
                    attribute.value.lowerBound + 4..<attribute.value.upperBound
                )
                if number > 0xFFFF { as4Aggregator.append(from: canonical, attribute.value) }
            default:
                output.append(from: canonical, attribute.whole)
            }
        }
        addAS4(flags, &as4Path, &as4Aggregator, to: &output)
        return output
    }

    private static func addAS4(
        _ flags: UInt8,
        _ path: inout [UInt8],
        _ aggregator: inout [UInt8],
        to output: inout [UInt8]
    ) {
        if !path.isEmpty {
            output.appendAttributeHeader(flags: flags, type: 17, length: path.count)
            output += path
            path.removeAll()
        }
        if !aggregator.isEmpty {
            output.appendAttributeHeader(flags: flags, type: 18, length: aggregator.count)
            output += aggregator
            aggregator.removeAll()
        }
    }

    /// Appends the path in two octets a number; true where AS_TRANS had to stand in.
    private static func appendPath(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        to output: inout [UInt8]
    ) -> Bool {
        var isCut = false
        var offset = range.lowerBound
        while offset + 2 <= range.upperBound {
            let count = Int(bytes[offset + 1])
            output.append(bytes[offset])
            output.append(bytes[offset + 1])
            offset += 2
            for _ in 0..<count where offset + 4 <= range.upperBound {
                let number = bytes.uint32(at: offset)
                if number > 0xFFFF { isCut = true }
                output.append(uint16: twoOctets(number))
                offset += 4
            }
        }
        return isCut
    }

    private static func twoOctets(_ number: UInt32) -> UInt16 {
        UInt16(number > 0xFFFF ? ASNumber.transition.value : number)
    }
}
