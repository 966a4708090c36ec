import Addressing
import BGPWire
import Recording
import Testing

/// Real captures: every message found, and those of our families taken round.
@Suite(.enabled(if: SharedData.isThere))
struct PacketCaptureTests {
    /// Captures where some messages are malformed on purpose, and so cannot be told apart from what follows.
    static let malformed = ["oobr", "MD5"]

    @Test func `captures hold the messages that tshark counts`() throws {
        var compared = 0
        for one in try SharedData.list("pcap/index.json") {
            guard let file = one["file"] as? String,
                let counts = one["bgp_messages_by_type"] as? [String: Int]
            else { continue }
            if Self.malformed.contains(where: { file.contains($0) }) { continue }
            var found: [String: Int] = [:]
            for stream in try PacketCapture.streams(in: try SharedData.bytes("pcap/\(file)")) {
                for range in stream.messages {
                    found["\(stream.bytes[range.lowerBound + 18])", default: 0] += 1
                }
            }
            #expect(found == counts, "\(file)")
            compared += 1
        }
        #expect(compared > 30)
    }

    @Test func `every update of our families in a capture goes round`() throws {
        var roundTrip = RoundTrip()
        for one in try SharedData.list("pcap/index.json") {
            guard let file = one["file"] as? String else { continue }
            for stream in try PacketCapture.streams(in: try SharedData.bytes("pcap/\(file)")) {
                // Both ends offered four octets, or the bytes tell by parsing so.
                var isFour = true
                for range in stream.messages {
                    let message = Array(stream.bytes[range])
                    let body = Array(message[19...])
                    #expect(!MessageText.fields(message.span, fourOctetAS: isFour).isEmpty)
                    switch message[18] {
                    case 1:
                        if case .message(let open) = OpenMessage.decode(body.span) {
                            isFour = open.capabilities.fourOctetAS != nil
                            var again: [UInt8] = []
                            open.encode(to: &again)
                            let reread = OpenMessage.decode(Array(again[19...]).span)
                            #expect(reread == .message(open), "\(file)")
                        }
                    case 2:
                        let verdict = roundTrip.run(body, fourOctetAS: isFour, file)
                        if case .treatAsWithdraw(let fault) = verdict, fault.kind == .segment {
                            isFour.toggle()
                            _ = roundTrip.run(body, fourOctetAS: isFour, file)
                        }
                    case 3:
                        let notification = NotificationMessage.decode(body.span)
                        var again: [UInt8] = []
                        notification?.encode(to: &again)
                        #expect(again == message, "\(file)")
                    default: break
                    }
                }
            }
        }
        let differences = roundTrip.differences
        #expect(differences.isEmpty, "\(differences.prefix(3))")
        let count = roundTrip.count
        #expect(count > 50)
    }

    @Test func `a message split over several segments is put together`() throws {
        let streams = try PacketCapture.streams(
            in: try SharedData.bytes("pcap/misc/bgp_fragmented.pcap")
        )
        #expect(streams.contains { !$0.messages.isEmpty })
        #expect(streams.allSatisfy { $0.strayByteCount == 0 })
    }

    @Test func `a capture cut or changed anywhere is never a trap`() throws {
        let whole = try SharedData.bytes("pcap/tcpdump/bgp-role.pcapng")
        for end in stride(from: 4, to: whole.count, by: 3) {
            let streams = try PacketCapture.streams(in: Array(whole[..<end]))
            #expect(streams.allSatisfy { $0.bytes.count <= end })
        }
        for bit in stride(from: 32, to: whole.count * 8, by: 5) {
            var flipped = whole
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let streams = try PacketCapture.streams(in: flipped)
            #expect(streams.allSatisfy { $0.bytes.count <= whole.count })
        }
        #expect(throws: CaptureError.unknownFormat) { try PacketCapture.streams(in: [1, 2, 3, 4]) }
    }
}
