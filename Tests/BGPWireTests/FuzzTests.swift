import Addressing
import BGPWire
import Testing

/// Bytes cut anywhere and bits flipped anywhere give a message or a verdict, never a trap.
struct FuzzTests {
    static let messages: [[UInt8]] = [
        bytes(
            "ffffffffffffffffffffffffffffffff00330104fde9005a0a000002160214010400010001010400020001020041040000fde9"
        ),
        bytes(
            "ffffffffffffffffffffffffffffffff003c02000000214001010040020602010000fde94003040a000002c0110a02020000fde900061a8018cb0071"
        ),
        bytes(
            "ffffffffffffffffffffffffffffffff0071020004180a0000 0052 4001010040020e02030000fde90000fde80000fdea"
                + "800e1e00020110200100000000000000000000000000010020 20010db8 00 c0070800 00fde90a000001"
                + "c00808fde90064ffffff01 c010080002fde900000007 18cb0071"
        ),
        bytes("ffffffffffffffffffffffffffffffff0022030602064348472d32200a1b"),
        bytes("ffffffffffffffffffffffffffffffff00170500010001"),
    ]

    private func read(_ message: [UInt8], _ decoder: inout UpdateDecoder) -> Int {
        var offset = 0
        var made = 0
        if case .message = MessageFraming.next(in: message.span, at: &offset) { made += 1 }
        for fourOctetAS in [true, false] {
            made += MessageText.line(message.span, fourOctetAS: fourOctetAS).utf8.count
            made += inside(
                MessageText.fields(message.span, fourOctetAS: fourOctetAS),
                message.count
            )
            guard message.count > 19 else { continue }
            let body = Array(message[19...])
            _ = OpenMessage.decode(body.span)
            _ = RouteRefreshMessage.decode(body.span)
            made += NotificationMessage.decode(body.span)?.shutdownText?.count ?? 0
            let context = UpdateContext(
                fourOctetAS: fourOctetAS,
                families: [.ipv4, .ipv6],
                isIBGP: false,
                localAS: ASNumber(65000),
                remoteAS: ASNumber(65001),
                enforceNeighborAS: false,
                rejectASSet: false
            )
            let span = body.span
            if decoder.decode(span, context: context) == .accept {
                for block in [
                    decoder.withdrawn, decoder.reachable, decoder.mpWithdrawn, decoder.mpReachable,
                ] {
                    made += TestSession.prefixes(body, block).count
                    #expect(TestSession.prefixes(body, block).count == block.prefixCount)
                }
                made += decoder.withAttributes(in: span) { $0.count }
                made += decoder.withMPAttributes(in: span) { $0.count }
            }
        }
        return made
    }

    /// Counts the fields and checks that their octets lie in the message.
    private func inside(_ fields: [DecodedField], _ count: Int) -> Int {
        fields.reduce(0) { sum, field in
            #expect(
                field.range.lowerBound >= 0 && field.range.upperBound <= count,
                "\(field.label)"
            )
            return sum + 1 + inside(field.children, count)
        }
    }

    @Test(arguments: messages.indices)
    func `a message cut anywhere is never a trap`(index: Int) {
        let message = Self.messages[index]
        var decoder = UpdateDecoder()
        for end in message.indices {
            let whole = read(Array(message[..<end]), &decoder)
            #expect(whole > 0)
            // The same with a header that claims the shorter length.
            var claimed = Array(message[..<end])
            if claimed.count >= 19 {
                claimed[17] = UInt8(claimed.count)
                claimed[16] = 0
            }
            let made = read(claimed, &decoder)
            #expect(made > 0)
        }
    }

    @Test(arguments: messages.indices)
    func `a message with any one bit flipped is never a trap`(index: Int) {
        var decoder = UpdateDecoder()
        for bit in 0..<Self.messages[index].count * 8 {
            var message = Self.messages[index]
            message[bit / 8] ^= 1 << UInt8(bit % 8)
            let made = read(message, &decoder)
            #expect(made > 0)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `any octets behind a header are never a trap`(seed: UInt64) {
        var state = seed
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var decoder = UpdateDecoder()
        for _ in 0..<3000 {
            var message = Self.messages[draw(Self.messages.count)]
            for _ in 0...draw(6) { message[draw(message.count)] = UInt8(draw(256)) }
            let made = read(message, &decoder)
            #expect(made > 0)
        }
    }
}
