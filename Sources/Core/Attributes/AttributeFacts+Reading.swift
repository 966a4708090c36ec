import Addressing
import BGPWire

extension AttributeFacts {
    /// Reads canonical bytes; the set takes a reference to its next hop.
    init(reading bytes: Span<UInt8>, marks: AttributeMarks, nextHops: inout NextHopTable) {
        self.init()
        self.marks = marks
        var offset = 0
        while let attribute = PathAttribute.next(in: bytes, at: &offset) {
            let value = attribute.value
            switch attribute.type.rawValue {
            case 1 where value.count == 1:
                flags.rawValue |= UInt16(bytes[value.lowerBound] & 3)
            case 2:
                readPath(bytes, value)
            case 3:
                if let nextHop = NextHop(reading: bytes, value) {
                    self.nextHop = nextHops.intern(nextHop)
                }
            case 4 where value.count == 4:
                med = bytes.number32(at: value.lowerBound)
                flags.insert(.hasMED)
            case 5 where value.count == 4:
                localPreference = bytes.number32(at: value.lowerBound)
                flags.insert(.hasLocalPreference)
            case 8:
                readCommunities(bytes, value)
            case 9:
                flags.insert(.hasOriginatorID)
            case 10:
                clusterCount = UInt8(min(value.count / 4, 255))
            case 35:
                flags.insert(.hasOTC)
            default:  // other types carry nothing that is asked for on every route
                break
            }
        }
    }

    private mutating func readPath(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var offset = value.lowerBound
        var length = 0
        var isFirst = true
        while offset + 2 <= value.upperBound {
            let type = bytes[offset]
            let count = Int(bytes[offset + 1])
            let start = offset + 2
            offset = start + 4 * count
            if offset > value.upperBound { break }
            if count == 0 { continue }
            flags.remove(.endsInASSet)
            switch type {
            case 1:
                length += 1
                flags.formUnion([.hasASSet, .endsInASSet])
            case 2:
                length += count
                if isFirst { neighborAS = ASNumber(bytes.number32(at: start)) }
                originAS = ASNumber(bytes.number32(at: offset - 4))
            case 4:
                flags.insert(.hasASSet)
            default:  // a confederation sequence counts nothing
                break
            }
            isFirst = false
        }
        pathLength = UInt16(min(length, Int(UInt16.max)))
    }

    private mutating func readCommunities(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var offset = value.lowerBound
        while offset + 4 <= value.upperBound {
            switch bytes.number32(at: offset) {
            case 0xFFFF_FF01: flags.insert(.noExport)
            case 0xFFFF_FF02: flags.insert(.noAdvertise)
            case 0xFFFF_FF03: flags.insert(.noExportSubconfed)
            default: break  // not well-known
            }
            offset += 4
        }
    }
}

extension NextHop {
    /// Reads the value of a NEXT_HOP attribute of 4, 16 or 32 octets; nil for any other length.
    init?(reading bytes: Span<UInt8>, _ value: Range<Int>) {
        let start = value.lowerBound
        switch value.count {
        case 4: self.init(IPAddress(ipv4: bytes.number32(at: start)))
        case 16: self.init(bytes.ipv6(at: start))
        case 32: self.init(bytes.ipv6(at: start), linkLocal: bytes.ipv6(at: start + 16))
        default: return nil
        }
    }
}

extension Span<UInt8> {
    /// The four bytes at `offset` in network order.
    @inlinable
    func number32(at offset: Int) -> UInt32 {
        UInt32(
            bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        )
    }

    /// The eight bytes at `offset` in network order.
    @inlinable
    func number64(at offset: Int) -> UInt64 {
        UInt64(
            bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        )
    }

    /// The sixteen bytes at `offset` as an address.
    func ipv6(at offset: Int) -> IPAddress {
        IPAddress(ipv6High: number64(at: offset), low: number64(at: offset + 8))
    }
}
