import Addressing

/// A TCP segment found in a captured packet.
struct TCPSegment {
    var source: CapturedEndpoint
    var destination: CapturedEndpoint
    var sequence: UInt32
    var isSYN: Bool
    var payload: Range<Int>

    /// Looks through link and IP header; nil for anything but unfragmented TCP.
    init?(_ bytes: [UInt8], _ packet: CapturedPacket) {
        var reader = ByteReader(bytes, packet.range)
        guard Self.skipLink(&reader, packet.linkType), reader.left > 0 else { return nil }
        let ends: (IPAddress, IPAddress)
        let start = reader.offset
        let end: Int
        switch bytes[start] >> 4 {
        case 4:
            guard reader.left >= 20 else { return nil }
            let headerLength = Int(bytes[start] & 15) * 4
            let total = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
            let fragment = (Int(bytes[start + 6]) << 8 | Int(bytes[start + 7])) & 0x3FFF
            guard bytes[start + 9] == 6, fragment == 0, headerLength >= 20, total >= headerLength
            else { return nil }
            reader.offset = start + 12
            guard let from = reader.address(.ipv4), let to = reader.address(.ipv4) else {
                return nil
            }
            ends = (from, to)
            reader.offset = start + headerLength
            end = min(start + total, packet.range.upperBound)
        case 6:
            guard reader.left >= 40, bytes[start + 6] == 6 else { return nil }
            let total = 40 + (Int(bytes[start + 4]) << 8 | Int(bytes[start + 5]))
            reader.offset = start + 8
            guard let from = reader.address(.ipv6), let to = reader.address(.ipv6) else {
                return nil
            }
            ends = (from, to)
            end = min(start + total, packet.range.upperBound)
        default:
            return nil
        }
        let header = reader.offset
        guard header + 20 <= end, let from = reader.number(2), let to = reader.number(2),
            let sequence = reader.number(4)
        else { return nil }
        let payloadStart = header + Int(bytes[header + 12] >> 4) * 4
        guard payloadStart >= header + 20, payloadStart <= end else { return nil }
        source = CapturedEndpoint(address: ends.0, port: UInt16(from))
        destination = CapturedEndpoint(address: ends.1, port: UInt16(to))
        self.sequence = sequence
        isSYN = bytes[header + 13] & 2 != 0
        payload = payloadStart..<end
    }

    /// Moves past the link header; false for one that is not known or carries no IP.
    private static func skipLink(_ reader: inout ByteReader, _ linkType: UInt32) -> Bool {
        switch linkType {
        case 0, 108: return reader.take(4) != nil
        case 1:
            guard reader.take(12) != nil else { return false }
            return skipEtherTypes(&reader)
        case 9:
            return reader.take(4) != nil
        case 12, 14, 101, 228, 229: return true
        case 104:
            return reader.take(4) != nil
        case 113:
            guard reader.take(14) != nil else { return false }
            return skipEtherTypes(&reader)
        case 178:
            // Juniper: a magic number, flags, and extensions where the flags say so.
            guard reader.number(3) == 0x4D4743, let flags = reader.number(1) else { return false }
            if flags & 0x80 != 0 {
                guard let length = reader.number(2), reader.take(Int(length)) != nil else {
                    return false
                }
            }
            guard reader.take(12) != nil else { return false }
            return skipEtherTypes(&reader)
        case 276: return reader.take(20) != nil
        default: return false
        }
    }

    private static func skipEtherTypes(_ reader: inout ByteReader) -> Bool {
        while let type = reader.number(2) {
            switch type {
            case 0x0800, 0x86DD: return true
            case 0x8100, 0x88A8, 0x9100: guard reader.take(2) != nil else { return false }
            default: return false
            }
        }
        return false
    }
}
