import Addressing
import BGPWire
import Testing

/// Known incidents and CVEs, replayed: each case's messages against what must happen.
@Suite(.enabled(if: SharedData.isThere))
struct FaultCaseTests {
    /// Judged by the state machine or the routing table, not by the codec.
    static let elsewhere: Set<String> = ["fsm-update-in-openconfirm"]

    @Test(arguments: ["faults/cases.json", "faults/frr-rfc7606.json"])
    func `every fault gets the verdict that its case asks for`(file: String) throws {
        let cases = try SharedData.list(file, key: file.hasSuffix("/cases.json") ? "cases" : nil)
        #expect(cases.count > 60)
        for one in cases {
            let name = one["name"] as? String ?? ""
            if Self.elsewhere.contains(name) { continue }
            check(name, one)
        }
    }

    private func check(_ name: String, _ one: [String: Any]) {
        var session = TestSession(isIBGP: one["peer"] as? String == "ibgp")
        if name.hasPrefix("extmsg") { session.maximumLength = MessageFraming.extendedMaximum }
        for message in one["messages_hex"] as? [String] ?? [] { session.receive(bytes(message)) }
        let expected = one["session"] as? String
        let acceptable = one["acceptable_notifications"] as? [[Int]] ?? []
        switch session.outcome {
        case .up:
            #expect(expected != "reset", "\(name): session stayed up")
        case .reset(let sent):
            #expect(expected != "up", "\(name): reset with \(sent.code)/\(sent.subcode)")
            let isAcceptable =
                acceptable.isEmpty || acceptable.contains([Int(sent.code), Int(sent.subcode)])
            #expect(
                isAcceptable,
                "\(name): reset with \(sent.code)/\(sent.subcode), wanted \(acceptable)"
            )
        case .ended:
            #expect(expected != "up", "\(name): ended")
        }
        let isUp = session.outcome == .up
        for text in one["prefixes_present"] as? [String] ?? [] where isUp {
            let prefix = IPPrefix(text: text)
            #expect(prefix.flatMap { session.table[$0] } != nil, "\(name): \(text) is missing")
        }
        let excuse = one["if_attribute_not_implemented"] as? String
        for text in one["prefixes_absent"] as? [String] ?? [] where excuse == nil {
            let prefix = IPPrefix(text: text)
            #expect(prefix.flatMap { session.table[$0] } == nil, "\(name): \(text) is there")
        }
        let names =
            [
                "ATOMIC_AGGREGATE": 6, "AGGREGATOR": 7, "LOCAL_PREF": 5, "ORIGINATOR_ID": 9,
                "CLUSTER_LIST": 10, "AS4_PATH": 17,
            ] as [String: UInt8]
        for text in one["attributes_absent"] as? [String] ?? [] where excuse == nil {
            guard let type = names[text] ?? UInt8(text) else { continue }
            for (prefix, attributes) in session.table
            where prefix != IPPrefix(text: "198.51.100.0/24")
                && (type != 5 || !session.context.isIBGP)
            {
                #expect(
                    !attributeTypes(attributes).contains(type),
                    "\(name): \(prefix) has attribute \(type)"
                )
            }
        }
    }

    @Test func `the merged path of a two-octet neighbor is the one its AS4_PATH tells`() throws {
        let cases = try SharedData.list("faults/cases.json", key: "cases")
        let one = try #require(
            cases.first { $0["name"] as? String == "as2-as4-path-before-as-path" }
        )
        var session = TestSession(isIBGP: false)
        for message in one["messages_hex"] as? [String] ?? [] { session.receive(bytes(message)) }
        let prefix = try #require(IPPrefix(text: "203.0.113.0/24"))
        let attributes = try #require(session.table[prefix])
        #expect(text(.asPath, in: attributes) == "65001 400000")
    }
}
