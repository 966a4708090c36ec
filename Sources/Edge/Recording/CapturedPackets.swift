/// A packet's place in a capture file and how its first octets are to be read.
struct CapturedPacket {
    var linkType: UInt32
    var range: Range<Int>
}

/// The packets of a pcap or pcapng file; a file that is cut off gives those before the cut.
enum CapturedPackets {
    static func read(_ bytes: [UInt8]) throws(CaptureError) -> [CapturedPacket] {
        var reader = ByteReader(bytes, 0..<bytes.count)
        switch reader.number(4) {
        case 0xA1B2_C3D4, 0xA1B2_3C4D: return pcap(bytes, isLittle: false)
        case 0xD4C3_B2A1, 0x4D3C_B2A1: return pcap(bytes, isLittle: true)
        case 0x0A0D_0D0A: return pcapng(bytes)
        default: throw .unknownFormat
        }
    }

    private static func pcap(_ bytes: [UInt8], isLittle: Bool) -> [CapturedPacket] {
        var reader = ByteReader(bytes, 20..<max(bytes.count, 20))
        guard let linkType = number(&reader, isLittle) else { return [] }
        var packets: [CapturedPacket] = []
        while reader.take(8) != nil, let captured = number(&reader, isLittle),
            reader.take(4) != nil,
            let range = reader.take(Int(captured))
        {
            packets.append(CapturedPacket(linkType: linkType & 0xFFFF, range: range))
        }
        return packets
    }

    private static func pcapng(_ bytes: [UInt8]) -> [CapturedPacket] {
        var packets: [CapturedPacket] = []
        var linkTypes: [UInt32] = []
        var isLittle = true
        var start = 0
        while start + 12 <= bytes.count {
            var reader = ByteReader(bytes, start..<bytes.count)
            guard let rawType = reader.take(4) else { break }
            if Array(bytes[rawType]) == [0x0A, 0x0D, 0x0D, 0x0A] {
                isLittle = Array(bytes[start + 8..<start + 12]) == [0x4D, 0x3C, 0x2B, 0x1A]
                linkTypes = []
            }
            var typeReader = ByteReader(bytes, rawType)
            guard let type = number(&typeReader, isLittle), let length = number(&reader, isLittle),
                length >= 12, start + Int(length) <= bytes.count
            else { break }
            switch type {
            case 1:
                let linkType = isLittle ? reader.littleEndian(2) : reader.number(2)
                linkTypes.append(linkType ?? 0)
            case 6:
                if let interface = number(&reader, isLittle), reader.take(8) != nil,
                    let captured = number(&reader, isLittle), reader.take(4) != nil,
                    let range = reader.take(Int(captured)), Int(interface) < linkTypes.count
                {
                    packets.append(
                        CapturedPacket(linkType: linkTypes[Int(interface)], range: range)
                    )
                }
            case 3:
                if let original = number(&reader, isLittle), let linkType = linkTypes.first {
                    let captured = min(Int(original), Int(length) - 16)
                    if let range = reader.take(captured) {
                        packets.append(CapturedPacket(linkType: linkType, range: range))
                    }
                }
            default:
                break
            }
            start += Int(length)
        }
        return packets
    }

    private static func number(_ reader: inout ByteReader, _ isLittle: Bool) -> UInt32? {
        isLittle ? reader.littleEndian(4) : reader.number(4)
    }
}
