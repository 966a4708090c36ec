import Addressing
import BGPWire
import Configuration
import Policy
import RPKI
import Testing

struct LanguageTests {
    /// The configuration of a text without errors.
    private func configuration(
        _ text: String,
        definitions: [Macro] = [],
        files: [String: String] = [:]
    ) throws -> Configuration {
        let reading = read(text, definitions: definitions, files: files)
        #expect(reading.errors.map(\.description) == [])
        return try #require(reading.configuration)
    }

    @Test
    func `the example that BGP is taught with becomes what it says`() throws {
        let text = """
            ASN="65001"
            AS $ASN
            router-id 10.9.12.1
            prefix-set networks {
                192.0.2.0/24
                2001:db8:abcd::/48
            }
            include "rpki.conf"
            network prefix-set networks set large-community $ASN:1:1
            group "upstreams" {
                connect-retry 5
                neighbor 10.9.12.2 {
                    remote-as 65002
                    descr "r2"
                }
            }
            allow from group "upstreams"
            allow to any prefix-set networks

            """
        let files = [
            "rpki.conf":
                "roa-set {\n\t192.0.2.0/24 maxlen 25 source-as 65001 expires 1700000000\n}\n"
        ]
        let found = try configuration(text, files: files)
        #expect(found.localAS == ASNumber(65001))
        #expect(found.routerID == IPAddress(text: "10.9.12.1"))
        #expect(
            found.networks.map { "\($0.prefix) \($0.changes)" } == [
                "192.0.2.0/24 set { large-community 65001:1:1 }",
                "2001:db8:abcd::/48 set { large-community 65001:1:1 }",
            ]
        )
        #expect(found.roaTable.payloads.map(\.maxLength) == [25])
        #expect(found.roaTable.payloads.map(\.expires) == [1_700_000_000])
        let neighbor = try #require(found.neighbors.first)
        #expect(neighbor.name == "r2")
        #expect(neighbor.group == "upstreams")
        #expect(neighbor.connectRetry == 5)
        #expect(neighbor.holdTime == 90)
        #expect(neighbor.families == .ipv4)
        #expect(neighbor.enforceNeighborAS == true)
        #expect(neighbor.place.line == 12)
        #expect(
            found.filter.rules.map(\.description) == [
                "allow from group \"upstreams\"", "allow to any prefix-set \"networks\"",
            ]
        )
        #expect(
            found.filter.ruleCounts(for: found.policyPeer(neighbor))
                == PolicyRuleCounts(input: 1, output: 1)
        )
    }

    @Test
    func `a neighbor inherits what its group had at that line`() throws {
        let found = try configuration(
            """
            AS 65000
            holdtime 60
            group "g" {
                remote-as 65001
                holdtime 30
                neighbor 192.0.2.1
                holdtime 40
                local-address 10.0.0.1
                neighbor 192.0.2.2 {
                    remote-as 65000
                    no local-address
                }
                neighbor 192.0.2.3 { holdtime 9 }
            }
            neighbor 2001:db8::1 { remote-as 65001 }

            """
        )
        #expect(found.neighbors.map(\.holdTime) == [30, 40, 9, 60])
        #expect(found.neighbors.map(\.localIPv4) == [nil, nil, IPAddress(text: "10.0.0.1"), nil])
        #expect(found.neighbors.map(\.enforceNeighborAS) == [true, false, true, true])
        #expect(found.neighbors.map(\.families) == [.ipv4, .ipv4, .ipv4, .ipv6])
    }

    @Test
    func
        `set in groups and neighbors becomes rules before all others, output where it only makes sense there`()
        throws
    {
        let found = try configuration(
            """
            AS 65000
            neighbor 192.0.2.9 {
                remote-as 65001
                set { localpref 50 prepend-self 2 }
                set nexthop self
            }
            group "g" {
                set metric 5
                neighbor 192.0.2.1 { remote-as 65001 }
            }
            allow from any

            """
        )
        #expect(
            found.filter.rules.map(\.description) == [
                "match from group \"g\" set { metric 5 }",
                "match from 192.0.2.9 set { localpref 50 }",
                "match to 192.0.2.9 set { prepend-self 2 nexthop self }",
                "allow from any",
            ]
        )
    }

    @Test
    func `ranges may be written without blanks, and print with them`() throws {
        let found = try configuration(
            """
            AS 65000
            allow from any prefix 10.0.0.0/8 prefixlen 8-12
            allow from any inet prefixlen 8><12
            allow from any AS 64512-65534
            allow from any AS { 1 - 5, 7 >< 9, != 4, = 3 }
            allow from any prefix { 10/8 prefixlen = 9 { 172.16/12 or-longer 192.168.0.0/16 maxlen 24 } }

            """
        )
        #expect(
            found.filter.rules.map(\.description) == [
                "allow from any prefix 10.0.0.0/8 maxlen 12",
                "allow from any prefix 0.0.0.0/0 prefixlen 8 >< 12",
                "allow from any AS 64512 - 65534",
                "allow from any { AS 1 - 5, AS 7 >< 9, AS != 4, AS 3 }",
                "allow from any prefix { 10.0.0.0/8 prefixlen = 9 172.16.0.0/12 or-longer 192.168.0.0/16 maxlen 24 }",
            ]
        )
    }

    @Test
    func `macros expand where tokens start and inside words, not inside quotes nor twice`() throws {
        let found = try configuration(
            """
            as = 65000
            text = "$as"
            both = $as
            nets = "{ 10.0.0.0/8 192.0.2.0/24 }"
            AS $both
            neighbor 192.0.2.1 {
                remote-as 65001
                descr "$as"
            }
            allow from any prefix $nets community $as:1 large-community neighbor-as:$as:$as

            """
        )
        #expect(found.localAS == ASNumber(65000))
        #expect(found.neighbors.first?.description == "$as")
        #expect(
            found.macros.map(\.value) == ["65000", "$as", "65000", "{ 10.0.0.0/8 192.0.2.0/24 }"]
        )
        #expect(
            found.filter.rules.map(\.description) == [
                "allow from any prefix { 10.0.0.0/8 192.0.2.0/24 } community 65000:1 large-community neighbor-as:65000:65000"
            ]
        )
    }

    @Test
    func `a macro of the command line outranks the file's`() throws {
        let found = try configuration(
            "me = 65000\nAS $me\n",
            definitions: [Macro(name: "me", value: "65009")]
        )
        #expect(found.localAS == ASNumber(65009))
    }

    @Test
    func `lines continue after a backslash, also inside words and quotes`() throws {
        let found = try configuration(
            "AS 650\\\n00\nholdtime \\\n  30\nneighbor 192.0.2.1 { remote-as 65001 }\nneighbor 192.0.2.2 {\nremote-as 1\ndescr 'it\\'s \\\none'\n}\n"
        )
        #expect(found.localAS == ASNumber(65000))
        #expect(found.holdTime == 30)
        #expect(found.neighbors.map(\.description) == [nil, "it's one"])
        #expect(found.neighbors.map(\.place.line) == [5, 6])
    }

    @Test
    func `an included file is named in its errors, relative to the file that includes it`() {
        let reading = Configuration.read(file: "/etc/bgp/bgpd.conf") {
            name throws(UnreadableFile) in
            switch name {
            case "/etc/bgp/bgpd.conf":
                return Array("AS 65000\ninclude \"sub/a.conf\"\nholdtime 30\n".utf8)
            case "/etc/bgp/sub/a.conf": return Array("include \"b.conf\"\nholdtime 2".utf8)
            case "/etc/bgp/sub/b.conf":
                return Array("include \"/etc/bgp/bgpd.conf\"\ninclude \"c.conf\"".utf8)
            default: throw UnreadableFile(reason: "No such file or directory")
            }
        }
        let told = reading.errors.map { "\($0.place?.file ?? ""):\($0.position) \($0.message)" }
        #expect(
            told == [
                "/etc/bgp/sub/b.conf:1:9 failed to include file /etc/bgp/bgpd.conf: it includes itself",
                "/etc/bgp/sub/b.conf:2:9 failed to include file c.conf: No such file or directory",
                "/etc/bgp/sub/a.conf:2:10 holdtime must be between 3 and 65535",
            ]
        )
    }

    @Test
    func `roles are inherited, not of neighbors within the AS, and as-override is a rule`() throws {
        let reading = read(
            """
            AS 65000
            group "customers" {
            \trole provider
            \tannounce policy enforce
            \tas-override yes
            \texport default-route
            \tneighbor 192.0.2.1 { remote-as 65001 }
            \tneighbor 192.0.2.2 {
            \t\tremote-as 65002
            \t\trole none
            \t\tannounce policy no
            \t}
            \tneighbor 192.0.2.3 {
            \t\tremote-as 65000
            \t\texport none
            \t}
            }
            neighbor 192.0.2.4 {
            \tremote-as 65004
            \texport none
            }

            """
        )
        #expect(
            reading.warnings.map(\.message) == [
                "role is for EBGP neighbors: that of 192.0.2.3 is ignored"
            ]
        )
        let found = try #require(reading.configuration)
        #expect(found.neighbors.map(\.role) == [.provider, nil, nil, nil])
        #expect(found.neighbors.map(\.announcePolicy) == [.enforce, .yes, .yes, .yes])
        #expect(
            found.neighbors.map(\.exports) == [
                .defaultRoute, .defaultRoute, .nothing, .nothing,
            ]
        )
        #expect(
            found.filter.rules.map(\.description) == [
                "match from group \"customers\" set { as-override }"
            ]
        )
        let text = found.canonicalText()
        #expect(text.contains("\t\trole provider\n\t\tannounce policy enforce\n"))
        #expect(text.contains("\texport none\n"))
        #expect(text.contains("\t\texport default-route\n"))
    }

    @Test
    func `aspa-sets add up: all providers of a customer, and the later expiry`() throws {
        let found = try configuration(
            """
            AS 65000
            aspa-set {
            \tcustomer-as 64511 expires 1700000000 provider-as { 174, 3356 inet, 6939 }
            \tcustomer-as 64496 provider-as { 0 }
            }
            aspa-set { customer-as 64511 expires 1800000000 provider-as { 1299 174 } }

            """
        )
        #expect(
            found.aspaTable.entries == [
                ASPA(customer: ASNumber(64496), providers: [ASNumber(0)]),
                ASPA(
                    customer: ASNumber(64511),
                    providers: [174, 1299, 3356, 6939].map { ASNumber($0) },
                    expires: 1_800_000_000
                ),
            ]
        )
        let text = found.canonicalText()
        #expect(
            text.contains(
                """
                aspa-set {
                \tcustomer-as 64496 provider-as { 0 }
                \tcustomer-as 64511 expires 1800000000 provider-as { 174 1299 3356 6939 }
                }
                """
            )
        )
        #expect(try configuration(text).aspaTable == found.aspaTable)
    }

    @Test
    func `what is not there may be turned off`() throws {
        let found = try configuration(
            """
            AS 65000
            transparent-as no
            rde evaluate default
            rde rib Loc-RIB include filtered
            aspa-set { }
            neighbor 192.0.2.1 {
                remote-as 65001
                announce IPv4 none
                announce IPv6 unicast enforce
                announce restart no
                announce graceful notification no
                announce enhanced refresh no
                announce extended message no
                announce extended nexthop no
                announce add-path recv no
                announce add-path send no
                announce policy no
                announce as-4byte yes
                announce refresh no
                role none
                as-override no
                rib Loc-RIB
            }

            """
        )
        let neighbor = try #require(found.neighbors.first)
        #expect(neighbor.families == .ipv6)
        #expect(neighbor.enforcedFamilies == .ipv6)
        #expect(neighbor.announceAS4 == .yes)
        #expect(neighbor.announceRefresh == .no)
        #expect(neighbor.announceEnhancedRefresh == .no)
        #expect(neighbor.announceExtendedMessage == .no)
        #expect(neighbor.announceExtendedNextHop == .no)
    }

    @Test
    func `local-as is inherited, and says who is internal`() throws {
        let found = try configuration(
            """
            AS 65000
            neighbor 192.0.2.1 { remote-as 65001 }
            group "g" {
                local-as 70000 64999
                neighbor 192.0.2.2 { remote-as 70000 }
                neighbor 192.0.2.3 {
                    remote-as 65000
                    local-as 65100
                }
            }

            """
        )
        #expect(
            found.neighbors.map(\.localAS) == [
                nil, LocalAS(ASNumber(70000), short: 64999), LocalAS(ASNumber(65100), short: 65100),
            ]
        )
        let peers = found.neighbors.map { found.policyPeer($0) }
        #expect(peers.map(\.localAS.value) == [65000, 70000, 65100])
        #expect(peers.map(\.isInternal) == [false, true, false])
        #expect(found.neighbors.map(\.enforceNeighborAS) == [true, false, true])
    }

    @Test(arguments: ["0", "23456", "4294967296", "x"])
    func `local-as is an AS that somebody can have`(number: String) {
        let reading = read(
            "AS 65000\nneighbor 192.0.2.1 {\n remote-as 65001\n local-as \(number)\n}\n"
        )
        #expect(reading.errors.map { $0.place?.line } == [4])
    }

    @Test
    func
        `long messages and enhanced refresh are offered, unless a neighbor or its group says else`()
        throws
    {
        let found = try configuration(
            """
            AS 65000
            neighbor 192.0.2.1 { remote-as 65001 }
            group "g" {
                announce extended message enforce
                announce enhanced refresh no
                neighbor 192.0.2.2 { remote-as 65002 }
                neighbor 192.0.2.3 {
                    remote-as 65003
                    announce extended message no
                    announce enhanced refresh enforce
                }
            }

            """
        )
        #expect(found.neighbors.map(\.announceExtendedMessage) == [.yes, .enforce, .no])
        #expect(found.neighbors.map(\.announceEnhancedRefresh) == [.yes, .no, .enforce])
    }

    @Test(arguments: [0 as UInt64, 1, 2, 3])
    func `any bytes give a configuration or diagnostics, never a trap`(seed: UInt64) {
        let pieces = [
            "AS", "neighbor", "{", "}", "\n", " ", "10.0.0.0/8", "allow", "from", "any", "set",
            "$x", "\"", "'",
            "\\\n", "#", "prefixlen", "-", "><", "8-12", "group", "roa-set", "source-as", "65000",
            ",", "=", "x",
            "community", "1:1", "*", "include", "\u{0}", "é", "99999999999999999999", "prefix-set",
            "::1", "%",
        ]
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for _ in 0..<400 {
            var text = "AS 65000\n"
            for _ in 0..<30 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                text += pieces[Int(state % UInt64(pieces.count))] + (state % 3 == 0 ? "" : " ")
            }
            let reading = read(text)
            #expect((reading.configuration == nil) == !reading.errors.isEmpty)
            let lines = reading.errors.compactMap { $0.place?.line }
            #expect(Set(lines).count == lines.count, "seed \(seed): \(text)")
        }
    }
}
