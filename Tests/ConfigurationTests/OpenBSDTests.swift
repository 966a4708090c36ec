import Configuration
import Foundation
import Policy
import Testing

/// Small configurations with the verdict of OpenBGPD; what differs on purpose is listed by name.
struct OpenBSDTests {
    struct OneLiners: Decodable {
        struct Case: Decodable {
            var name: String
            var config: String
            var accepted: Bool
            var messages: [String]
        }
        var cases: [Case]
    }

    /// Accepted by OpenBGPD and not there yet here: the word that is refused, and its line.
    static let notYet: [String: (word: String, line: Int)] = [
        "nbr: announce IPv4 vpn": ("vpn", 5),
        "nbr: announce IPv4 flowspec": ("flowspec", 5),
        "global: network inet6 static": ("static", 3),
        "global: network inet priority 32": ("priority", 3),
        "global: rtr 192.0.2.9 { port 323 descr \"x\" }": ("rtr", 3),
        "global: rtr 192.0.2.9 { min-version 1 }": ("rtr", 3),
        "global: rde rib extra": ("rib", 3),
        "global: dump rib \"Loc-RIB\" table-mp \"/tmp/x\" 60": ("dump", 3),
        "global: flowspec inet6 from any to 2001:db8::/32": ("flowspec", 3),
        "filter: allow rib Loc-RIB from any": ("rib", 3),
    ]

    /// Accepted by OpenBGPD, refused here in other words.
    static let refusedHere = [
        "neighbor-linklocal-noscope": "a link-local address needs its interface"
    ]

    /// Refused by OpenBGPD, accepted here.
    static let acceptedHere = [
        "nbr: connect-retry 10", "filter: allow from any community { 65000:1 65000:2 }",
    ]

    @Test(.enabled(if: SharedData.exists("bgpd-conf/one-liners.json")))
    func `small configurations get OpenBGPD's verdict on its line`() throws {
        let data = Data(try SharedData.bytes("bgpd-conf/one-liners.json"))
        let cases = try JSONDecoder().decode(OneLiners.self, from: data).cases
        #expect(cases.count == 109)
        for small in cases {
            let reading = read(small.config)
            let shown = Comment(rawValue: "\(small.name): \(reading.errors.map(\.description))")
            if let expected = Self.notYet[small.name] {
                #expect(small.accepted, shown)
                #expect(reading.errors.map { $0.place?.line } == [expected.line], shown)
                let message = "\"\(expected.word)\" is not supported yet"
                #expect(reading.errors.map(\.message) == [message], shown)
            } else if let message = Self.refusedHere[small.name] {
                #expect(reading.errors.count == 1, shown)
                #expect(reading.errors.first?.message.contains(message) == true, shown)
            } else if small.accepted || Self.acceptedHere.contains(small.name) {
                #expect(reading.configuration != nil, shown)
            } else {
                #expect(reading.configuration == nil, shown)
                let lines = Set(small.messages.compactMap(Self.line))
                #expect(Set(reading.errors.compactMap { $0.place?.line }) == lines, shown)
            }
        }
    }

    private static func line(_ message: String) -> Int? {
        let parts = message.split(separator: ":")
        return parts.count > 2 && parts[0] == "bgpd.conf" ? Int(parts[1]) : nil
    }

    /// The words that are not there yet in OpenBSD's own test files, by line; everything else is accepted.
    @Test(
        .enabled(if: SharedData.exists("bgpd-conf/openbsd-regress")),
        arguments: [
            ("bgpd.conf.1.in", []),
            ("bgpd.conf.3.in", []),
            ("bgpd.conf.4.in", []),
            ("bgpd.conf.6.in", []),
            (
                "bgpd.conf.8.in",
                [17, 18, 19, 20].map { "\($0) static" }
                    + [21, 22, 23, 24].map { "\($0) connected" }
                    + [25, 26, 27, 28].map { "\($0) rtlabel" }
            ),
            ("bgpd.conf.10.in", []),
            ("bgpd.conf.12.in", []),
            ("bgpd.conf.13.in", []),
            (
                "bgpd.conf.17.in",
                [6, 10, 14, 18, 22, 27].map { "\($0) rtr" }
                    + [47, 53, 59, 60, 66, 68].map { "\($0) ipsec" }
            ),
            ("examples-bgpd.conf", []),
        ] as [(String, [String])]
    )
    func `OpenBSD's own files are accepted but for the words that are not there yet`(
        file: String,
        refused: [String]
    ) throws {
        let text = String(
            decoding: try SharedData.bytes("bgpd-conf/openbsd-regress/\(file)"),
            as: UTF8.self
        )
        let reading = read(
            text,
            files: ["/var/db/rpki-client/openbgpd": "roa-set { }\naspa-set { }\n"]
        )
        let found = reading.errors.map { error in
            let word = error.message.split(separator: "\"").first ?? ""
            return "\(error.place?.line ?? 0) \(word)"
        }
        #expect(found == refused)
        #expect(reading.errors.allSatisfy { $0.message.hasSuffix("is not supported yet") })
        #expect((reading.configuration != nil) == refused.isEmpty)
    }

    static let routeServers = [
        "arouteserver/examples/default.bgpd.conf", "arouteserver/examples/rich.bgpd.conf",
        "arouteserver/global-BasicScenario_OpenBGPDIPv4/rs.bgpd.conf",
        "arouteserver/communities-BGPCommunitiesScenario_OpenBGPDIPv4/rs.bgpd.conf",
        "arouteserver/gshut-GShutScenario_OpenBGPDIPv4/rs.bgpd.conf",
        "arouteserver/max_prefix-MaxPrefixScenario_OpenBGPDIPv4/rs.bgpd.conf",
        "arouteserver/roles-RolesScenario_OpenBGPDIPv4/rs.bgpd.conf",
    ]

    @Test(.enabled(if: SharedData.exists("arouteserver")), arguments: routeServers)
    func `a route server's file is accepted`(file: String) throws {
        let text = String(decoding: try SharedData.bytes(file), as: UTF8.self)
        let folder = SharedData.url(file).deletingLastPathComponent()
        let reading = Configuration.read(file: "bgpd.conf") { name throws(UnreadableFile) in
            if name == "bgpd.conf" { return Array(text.utf8) }
            let local = folder.appending(path: "include").appending(
                path: URL(filePath: name).lastPathComponent
            )
            guard let data = try? Data(contentsOf: local) else { return [] }
            return Array(data)
        }
        #expect(reading.errors.map(\.description) == [])
        #expect(reading.configuration != nil)
    }
}
