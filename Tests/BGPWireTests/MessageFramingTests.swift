import Addressing
import BGPWire
import Testing

struct MessageFramingTests {
    static let marker = String(repeating: "ff", count: 16)

    @Test func `a whole message is found and consumed, what follows is left`() {
        let stream = bytes(Self.marker + "001304" + Self.marker + "0013")
        let (found, consumed) = frame(stream)
        #expect(found == .message(.keepalive, body: 19..<19))
        #expect(consumed == 19)
    }

    @Test(arguments: [0, 1, 18]) func `a header that is not there yet is incomplete`(count: Int) {
        let stream = Array(bytes(Self.marker + "001304").prefix(count))
        let (found, consumed) = frame(stream)
        #expect(found == .incomplete)
        #expect(consumed == 0)
    }

    @Test func `a body that is not there yet is incomplete`() {
        #expect(frame(bytes(Self.marker + "00170200000000").dropLast()).found == .incomplete)
    }

    @Test(arguments: [
        ("0012", "04"), ("001c", "01"), ("0016", "02"), ("1001", "02"), ("0014", "03"),
        ("0014", "04"),
        ("ffff", "02"),
    ])
    func `a length that cannot be right is 1/2 with the length as data`(
        length: String,
        type: String
    ) {
        let fault = NotificationMessage(.header, 2, data: bytes(length))
        #expect(frame(bytes(Self.marker + length + type)).found == .fault(fault))
    }

    @Test(arguments: 0..<16) func `a marker that is not all ones is 1/1`(octet: Int) {
        var stream = bytes(Self.marker + "001304")
        stream[octet] = 0xFE
        #expect(frame(stream).found == .fault(NotificationMessage(.header, 1)))
    }

    @Test func `an unknown type is 1/3 with the type as data`() {
        let fault = NotificationMessage(.header, 3, data: [255])
        #expect(frame(bytes(Self.marker + "0013ff")).found == .fault(fault))
    }

    @Test func `extended messages may be long, but not OPEN`() {
        let update = bytes(Self.marker + "138802") + [UInt8](repeating: 0, count: 5000 - 19)
        #expect(frame(update, maximumLength: 65535).found == .message(.update, body: 19..<5000))
        let open = bytes(Self.marker + "138801")
        let fault = NotificationMessage(.header, 2, data: [0x13, 0x88])
        #expect(frame(open, maximumLength: 65535).found == .fault(fault))
    }
}

struct SmallMessageTests {
    private func body(_ message: [UInt8]) -> [UInt8] { Array(message.dropFirst(19)) }

    private func notification(_ message: [UInt8]) -> NotificationMessage? {
        NotificationMessage.decode(body(message).span)
    }

    private func refresh(_ body: [UInt8]) -> Decoded<RouteRefreshMessage> {
        RouteRefreshMessage.decode(body.span)
    }

    @Test(arguments: ["CHG-2 linecard swap", "Wartung fürs Netz", "a"])
    func `a shutdown communication goes out and comes back`(text: String) {
        var output: [UInt8] = []
        NotificationMessage.cease(2, text: text).encode(to: &output)
        #expect(frame(output).found == .message(.notification, body: 19..<output.count))
        let message = notification(output)
        #expect(message?.shutdownText == text)
        #expect(message?.words == "Cease, administratively down")
    }

    @Test func `a text longer than 255 octets is cut between characters`() {
        let message = NotificationMessage.cease(2, text: String(repeating: "é", count: 200))
        #expect(message.data.first == 254)
        #expect(message.shutdownText == String(repeating: "é", count: 127))
    }

    @Test func `control characters in a peer's text are escaped, bytes that are no UTF-8 too`() {
        let message = NotificationMessage(
            .cease,
            2,
            data: [7, 0x61, 0x0A, 0x1B, 0x5B, 0x62, 0xC3, 0x28]
        )
        #expect(message.shutdownText == "a\\n\\033[b\\303(")
        #expect(NotificationMessage(.cease, 2, data: [9, 0x61]).shutdownText == nil)
        #expect(NotificationMessage(.cease, 2).shutdownText == nil)
        #expect(NotificationMessage(.cease, 4, data: [1, 0x61]).shutdownText == "a")
        #expect(NotificationMessage(.cease, 3, data: [1, 0x61]).shutdownText == nil)
    }

    @Test func `a Hard Reset (RFC 8538 §3) says what is in it, and only once`() {
        let reset = NotificationMessage(.cease, 9, data: [6, 2, 1, 0x61])
        #expect(reset.words == "Cease, hard reset: Cease, administratively down")
        #expect(reset.shutdownText == "a")
        #expect(
            NotificationMessage(.cease, 9, data: [4, 0]).words
                == "Cease, hard reset: HoldTimer expired"
        )
        for data in [[], [6], [6, 9, 6, 2]] as [[UInt8]] {
            let plain = NotificationMessage(.cease, 9, data: data)
            #expect(plain.words == "Cease, hard reset")
            #expect(plain.shutdownText == nil)
        }
    }

    @Test func `route refresh goes out and comes back`() {
        var output: [UInt8] = []
        RouteRefreshMessage(.ipv6).encode(to: &output)
        #expect(output == bytes(String(repeating: "ff", count: 16) + "0017 05 0002 00 01"))
        #expect(refresh(body(output)) == .message(RouteRefreshMessage(.ipv6)))
    }

    @Test func `a route refresh of wrong length is 7/1 with the message as data`() {
        let message = bytes(String(repeating: "ff", count: 16) + "0016 05 000100")
        #expect(
            refresh(body(message)) == .fault(NotificationMessage(.routeRefresh, 1, data: message))
        )
        guard case .fault(let fault) = refresh(bytes("0001 01 01 ff")) else {
            Issue.record("a beginning of refresh with more than four octets passed")
            return
        }
        #expect(fault.code == 7)
        #expect(refresh(bytes("0001 00 01 01 80 00 ff")) == .message(RouteRefreshMessage(.ipv4)))
    }

    @Test func `error codes have the words of OpenBGPD`() {
        #expect(
            NotificationMessage(.open, 7).words == "error in OPEN message, unsupported capability"
        )
        #expect(NotificationMessage(.open, 11).words == "error in OPEN message, role mismatch")
        #expect(NotificationMessage(.holdTimerExpired).words == "HoldTimer expired")
        #expect(NotificationMessage(.cease, 10).words == "Cease, BFD down")
        #expect(NotificationMessage(.cease, 77).words == "Cease, unknown subcode 77")
        #expect(
            NotificationMessage(code: 99, subcode: 1).words == "unknown error code 99, subcode 1"
        )
    }
}
