package import Addressing
import BGPWire

/// One direction of a TCP connection of BGP, put together from a capture.
package struct CapturedStream: Hashable, Sendable {
    /// Who sent it.
    package var source: CapturedEndpoint
    /// Who received it.
    package var destination: CapturedEndpoint
    /// The octets in order; where the capture lacks some, what follows stands right behind.
    package var bytes: [UInt8]
    /// The whole BGP messages in ``bytes``.
    package var messages: [Range<Int>]
    /// Octets that belong to no whole message: malformed, or cut off by the capture.
    package var strayByteCount: Int
}

/// An address and a TCP port.
package struct CapturedEndpoint: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16
}

/// Why a capture cannot be read at all.
package enum CaptureError: Error, Hashable, Sendable {
    /// Neither pcap nor pcapng.
    case unknownFormat
}

/// Reads the BGP messages of a pcap or pcapng file.
package enum PacketCapture {
    /// The port of BGP.
    package static let port: UInt16 = 179

    /// Every direction of every connection to port 179, in order of its first packet.
    ///
    /// - Throws: ``CaptureError/unknownFormat`` where the first octets name no known format.
    package static func streams(in bytes: [UInt8]) throws(CaptureError) -> [CapturedStream] {
        var assembly = TCPAssembly()
        for packet in try CapturedPackets.read(bytes) {
            guard let segment = TCPSegment(bytes, packet) else { continue }
            guard segment.source.port == port || segment.destination.port == port else { continue }
            assembly.add(segment, from: bytes)
        }
        return assembly.finished.map(cut)
    }

    private static func cut(_ direction: TCPAssembly.Direction) -> CapturedStream {
        var messages: [Range<Int>] = []
        var offset = 0
        var covered = 0
        let bytes = direction.bytes
        while offset + MessageFraming.headerLength <= bytes.count {
            let start = offset
            switch MessageFraming.next(
                in: bytes.span,
                at: &offset,
                maximumLength: MessageFraming.extendedMaximum
            ) {
            case .message(_, let body):
                messages.append(start..<body.upperBound)
                covered += body.upperBound - start
            case .incomplete, .fault:
                offset = nextMarker(bytes, after: start)
            }
        }
        return CapturedStream(
            source: direction.source,
            destination: direction.destination,
            bytes: bytes,
            messages: messages,
            strayByteCount: bytes.count - covered
        )
    }

    /// Where the next sixteen octets of all ones begin; the end where there are none.
    private static func nextMarker(_ bytes: [UInt8], after start: Int) -> Int {
        var run = 0
        for index in start + 1..<bytes.count {
            run = bytes[index] == 0xFF ? run + 1 : 0
            if run == 16 { return index - 15 }
        }
        return bytes.count
    }
}
