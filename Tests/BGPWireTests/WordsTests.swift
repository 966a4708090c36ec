import Addressing
import BGPWire
import Testing

struct WordsTests {
    private func update(_ body: String) -> [UInt8] {
        let body = bytes(body)
        let length = body.count + 19
        return [UInt8](repeating: 0xFF, count: 16) + [UInt8(length >> 8), UInt8(length & 255), 2]
            + body
    }

    @Test func `an UPDATE is one line`() {
        let message = update(
            "0000 001f 40010100 40020a 0202 0000fdea 0000fbf4 4003040a000002 c00804fdea0064"
                + "18cb0071 18c63364 17c60000 180a0100"
        )
        #expect(line(message) == "203.0.113.0/24 (+3)  path 65002 64500  communities 65002:100")
    }

    @Test func `a withdrawal and an End-of-RIB are one line`() {
        #expect(
            line(update("000c 18cb0071 18c63364 18c00002 0000")) == "withdraw 203.0.113.0/24 (+2)"
        )
        #expect(line(update("00000000")) == "End-of-RIB IPv4 unicast")
        #expect(line(update("0000 0006 800f03 000201")) == "End-of-RIB IPv6 unicast")
        #expect(line(update("0005 18cb0071 0000")) == "malformed: lengths do not fit")
    }

    @Test func `a NOTIFICATION says its text`() {
        var output: [UInt8] = []
        NotificationMessage.cease(2, text: "CHG-2").encode(to: &output)
        #expect(line(output) == "Cease, administratively down: \"CHG-2\"")
        #expect(
            fields(output).map(\.label) == [
                "Header", "Error code", "Error subcode", "Meaning", "Shutdown communication",
            ]
        )
    }

    @Test func `fields name every attribute and its octets`() throws {
        let message = update(
            "0000 0026 40010100 40020a 0202 0000fdea 0000fbf4 4003040a000002 c00804ffffff01 c0630101 c01100 18cb0071"
        )
        let all = fields(message)
        #expect(all.map(\.label) == ["Header", "Path attributes", "Reachable routes"])
        let list = all[1].children
        #expect(
            list.map(\.value) == ["IGP", "65002 64500", "10.0.0.2", "NO_EXPORT", "len 1: 01", ""]
        )
        #expect(list.map(\.label).last == "AS4-Path")
        #expect(list[4].label == "Unknown Attribute #99 flags [OT]")
        #expect(list[0].range == 23..<27)
        #expect(all[2].children.map(\.value) == ["203.0.113.0/24"])
    }

    @Test(arguments: [
        ("0002fde900000007", "rt 65001:7"), ("0102c000020100 07", "rt 192.0.2.1:7"),
        ("02020006 1a80 0007", "rt 400000:7"), ("4300000000000002", "ovs invalid"),
        ("0003000100000001", "soo 1:1"), ("030c000000000008", "encap 0x8"),
        ("ff00000000000001", "0xff00000000000001"), ("8008fde900000064", "flow-rt-redir 65001:100"),
        ("4004fde900000001", "0x4004fde900000001"),
    ])
    func `extended communities are named as in the configuration`(hex: String, words: String) {
        let value = bytes(hex)
        let list = AttributeText.extendedCommunities(value.span)
        #expect(list == [words])
    }

    @Test func `paths show sets and confederations in their brackets`() {
        let value = bytes(
            "0201 0000fde9 0102 00000001 00000002 0302 00000003 00000004 0401 00000005"
        )
        let path = AttributeText.asPath(value.span)
        #expect(path == "65001 { 1 2 } ( 3 4 ) [ 5 ]")
    }

    @Test func `well-known communities have names`() {
        let value = bytes("ffff0000 ffff029a ffffff01 ffffff02 ffffff03 ffffff04 fdea0064")
        let list = AttributeText.communities(value.span)
        #expect(
            list == [
                "GRACEFUL_SHUTDOWN", "BLACKHOLE", "NO_EXPORT", "NO_ADVERTISE",
                "NO_EXPORT_SUBCONFED", "NO_PEER",
                "65002:100",
            ]
        )
    }

    @Test func `reasons say who was late`() {
        let reasons: [(DownReason, String, String)] = [
            (.holdTimerExpired(silentSeconds: 90), "nothing from r2 for 90 s", "silent for 90 s"),
            (
                .ownLoopBusy(milliseconds: 4000), "our own loop was busy for 4 s: r2 was not late",
                "our loop busy 4 s"
            ),
            (
                .connectFailed(errno: 111), "refused: the host answered, nobody listens",
                "refused: nobody listens"
            ),
            (
                .received(.cease(2, text: "CHG-2")),
                "received Cease/administratively down \"CHG-2\"",
                "received Cease/administratively down"
            ),
            (
                .socketError(errno: 104), "the connection to r2 broke: Connection reset by peer",
                "Connection reset by peer"
            ),
            (
                .connectTimedOut(seconds: 30),
                "no answer from r2 in 30 s: it is silent, or packets are dropped",
                "no answer in 30 s"
            ),
            (
                .connectTimedOut(seconds: 0),
                "no answer from r2 in under 1 s: it is silent, or packets are dropped",
                "no answer in under 1 s"
            ),
            (.connectFailed(errno: 5000), "cannot connect to r2: error 5000", "error 5000"),
            (
                .maximumPrefixes(limit: 5, restartMinutes: 2),
                "r2 sent more than 5 prefixes; again in 2 min",
                "more than 5 prefixes"
            ),
            (
                .administrativeShutdown(text: "a\nb"), "taken down by the operator: \"a\\nb\"",
                "shut down"
            ),
        ]
        for (reason, sentence, short) in reasons {
            #expect(reason.sentence(neighbor: "r2") == sentence)
            #expect(reason.shortWords == short)
        }
    }

    @Test func `faults and events have words`() {
        #expect(
            AttributeFault(type: .asPath, kind: .asZero, offset: 0).words == "AS-Path: AS number 0"
        )
        #expect(
            AttributeFault(type: AttributeType(99), kind: .overrun, offset: 0).words.hasPrefix(
                "attribute 99: "
            )
        )
        #expect(SessionEvent.openReceived.name == "OPEN message received")
        #expect(Set(SessionEvent.allCases.map(\.name)).count == SessionEvent.allCases.count)
    }
}
