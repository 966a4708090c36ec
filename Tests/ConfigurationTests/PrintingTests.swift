import Addressing
import Configuration
import Foundation
import Policy
import RPKI
import Testing

struct PrintingTests {
    @Test
    func `the canonical text is complete, and secrets are not in it`() throws {
        let text = """
            me = "65000"
            AS $me
            router-id 10.0.0.1
            socket "/run/r1.sock"
            fib-metric 20
            listen on 127.0.0.1 port 1179
            roa-set { 192.0.2.0/24 maxlen 25 source-as 65001, 10/8 source-as 0 expires 5 }
            as-set many { 1 2 3 }
            prefix-set nets { 192.0.2.0/24 10.0.0.0/8 or-longer }
            network 192.0.2.0/24 set { community no_export }
            group up stream {
                neighbor 192.0.2.1 {
                    remote-as 65001
                    tcp md5sig password geheim
                    set localpref 50
                }
            }
            deny quick from { ebgp AS 5 } prefix-set nets

            """
        let configuration = try #require(read(text).configuration)
        #expect(
            configuration.canonicalText() == """
                me = "65000"
                AS 65000
                router-id 10.0.0.1
                socket "/run/r1.sock"
                fib-metric 20
                listen on 127.0.0.1 port 1179

                roa-set {
                \t10.0.0.0/8 source-as 0 expires 5
                \t192.0.2.0/24 maxlen 25 source-as 65001
                }

                as-set "many" {
                \t1 2 3\u{20}
                }

                prefix-set "nets" {
                \t10.0.0.0/8 or-longer 192.0.2.0/24 maxlen 24
                }

                network 192.0.2.0/24 set { community NO_EXPORT }

                group "up stream" {
                \tneighbor 192.0.2.1 {
                \t\tremote-as 65001
                \t\tholdtime 90
                \t\tholdtime min 3
                \t\tconnect-retry 120
                \t\tstaletime 180
                \t\tenforce neighbor-as yes
                \t\tenforce local-as yes
                \t\treject as-set yes
                \t\tlog no
                \t\ttcp md5sig password XXXXXX
                \t\tannounce IPv4 unicast
                \t\tannounce as-4byte enforce
                \t\tannounce refresh yes
                \t\tannounce enhanced refresh yes
                \t\tannounce extended message yes
                \t\tannounce extended nexthop no
                \t\tannounce restart yes
                \t\tannounce graceful notification no
                \t}
                }


                match from 192.0.2.1 set { localpref 50 }
                deny quick from { ebgp AS 5 } prefix-set "nets"\u{20}

                """
        )
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `what is printed reads back as an equal configuration`(seed: UInt64) throws {
        var writer = ConfigurationWriter(seed: seed)
        let text = writer.text()
        let reading = read(text)
        #expect(reading.errors.map(\.description) == [], "seed \(seed)")
        let configuration = try #require(reading.configuration)
        let printed = configuration.canonicalText(secrets: .plain)
        let again = read(printed)
        #expect(again.errors.map(\.description) == [], "seed \(seed)")
        #expect(again.configuration == configuration, "seed \(seed)\n\(text)\n---\n\(printed)")
        #expect(again.configuration?.canonicalText(secrets: .plain) == printed, "seed \(seed)")
    }

    @Test(
        arguments: [
            #"x\ "#, #""x" y\\ "#, #"'x\"y'"#, #""x\ \\ y""#, #"'x\'"y"'"#,
        ]
    )
    func `backslashes and quotes of a text are printed so that they read back`(text: String) throws
    {
        let reading = read("AS 65000\nm = \(text)\n")
        let configuration = try #require(reading.configuration, "\(reading.diagnostics)")
        let printed = configuration.canonicalText()
        let again = read(printed)
        #expect(again.errors.map(\.description) == [])
        #expect(again.configuration?.macros == configuration.macros, "\(printed)")
    }

    @Test
    func `thousands of ROAs are read one by one, the odd lines among them too`() throws {
        let count = 40_000
        var text = "AS 65000\nroa-set {\n"
        for index in 0..<count {
            let first = 1 + index >> 16
            if index == 1000 {
                text += "# a comment\n\n10/8 source-as 1.5, 2001:db8::/32 source-as 7\n"
            }
            text +=
                "\t\(first).\(index >> 8 & 255).\(index & 255).0/24 source-as \(index) expires 1800000000\n"
        }
        text += "}\nholdtime 2\n"
        let reading = read(text)
        #expect(reading.errors.map(\.position) == ["\(count + 7):10"])
        let good = try #require(read(text.replacing("holdtime 2\n", with: "")).configuration)
        #expect(good.roaTable.count == count + 2)
    }
}

/// Writes configurations at random from a seed: every statement that is there, in many forms.
struct ConfigurationWriter {
    private var state: UInt64
    private var lines: [String] = []

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    private mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    private mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

    private mutating func maybe(_ line: String) {
        if below(2) == 0 { lines.append(line) }
    }

    private mutating func prefix() -> String {
        pick([
            "10.\(below(9)).0.0/16", "192.0.2.0/24", "2001:db8:\(below(9))::/48", "172.16/12",
            "0.0.0.0/0",
        ])
    }

    private mutating func operation(_ prefix: String) -> String {
        if prefix.hasPrefix("0.") {
            return pick(["", " prefixlen 8-24", " prefixlen >= 9", " prefixlen <= 24"])
        }
        return pick([
            "", " or-longer", " prefixlen = 30", " prefixlen 28 - 31", " prefixlen != 29",
            " prefixlen 25 >< 30",
        ])
    }

    private mutating func wide() -> String {
        let prefix = pick(["10.\(below(9)).0.0/16", "192.0.2.0/24", "0.0.0.0/0"])
        return prefix + operation(prefix)
    }

    private mutating func community() -> String {
        pick([
            "community 1:\(below(9))", "community *:5", "community neighbor-as:1",
            "community NO_EXPORT",
            "large-community 1:2:*", "large-community local-as:neighbor-as:5",
            "ext-community rt 5:*",
            "ext-community soo 70000:1", "ext-community rt 0.5:7", "ext-community rt 1.2.3.4:5",
            "ext-community ovs valid", "ext-community encap 0x10", "ext-community * *",
            "ext-community rt *",
        ])
    }

    private mutating func set() -> String {
        var actions = [pick(["localpref 5", "localpref +5", "localpref -5"])]
        if below(2) == 0 { actions.append(pick(["med 1", "metric -3", "metric 4294967295"])) }
        if below(2) == 0 { actions.append(pick(["weight 0", "weight +7"])) }
        if below(2) == 0 { actions.append("prepend-self \(below(5))") }
        if below(3) == 0 { actions.append("prepend-neighbor \(below(5))") }
        if below(3) == 0 { actions.append("as-override") }
        if below(3) == 0 { actions.append("nexthop 192.0.2.77, nexthop 2001:db8::77") }
        if below(3) == 0 {
            actions.append(pick(["nexthop self", "nexthop no-modify", "nexthop blackhole"]))
        }
        if below(2) == 0 {
            actions.append("community delete \(below(9)):*, community local-as:\(below(9))")
        }
        if below(2) == 0 { actions.append("ext-community rt neighbor-as:3") }
        if below(3) == 0 { actions.append("origin " + pick(["igp", "egp", "incomplete"])) }
        return "set { " + actions.joined(separator: " ") + " }"
    }

    private mutating func neighbor(_ number: Int) {
        let address = below(3) == 0 ? "2001:db8::\(number)" : "192.0.2.\(number)"
        if below(4) == 0 {
            lines.append("neighbor 10.\(number).0.0/\(16 + below(9)) {")
            maybe("remote-as 65001")
        } else {
            lines.append("neighbor \(address) {")
            let remote = pick([65000, 65001, 4_200_000_000])
            lines.append("remote-as \(remote)")
            if remote == 65000, lines[1] == "AS 65000" {
                maybe("route-reflector 10.0.0.9")
            } else {
                maybe("local-as " + pick(["65100", "70000", "70000 64999", "65100 64999"]))
            }
        }
        maybe("descr \"n\(number) \(pick(["x", "it's", "a\\\"b"]))\"")
        maybe("local-address 10.0.0.\(below(9))")
        maybe("local-address 2001:db8:1::\(below(9))")
        maybe("port 1\(below(999))")
        maybe("passive")
        maybe(pick(["down", "down \"for CHG-\(below(9))\""]))
        maybe("multihop \(2 + below(200))")
        maybe("ttl-security yes")
        maybe("holdtime \(3 + below(90))")
        maybe("holdtime min 9")
        maybe("connect-retry \(1 + below(90))")
        maybe(pick(["max-prefix 5", "max-prefix 5 restart 3"]))
        maybe(pick(["max-prefix 7 out", "max-prefix 7 out restart 3"]))
        maybe("depend on \(pick(["eth0", "\"in\""]))")
        maybe(pick(["tcp md5sig password s3cret", "tcp md5sig key 00ff10"]))
        maybe("announce IPv4 " + pick(["none", "unicast", "unicast enforce"]))
        maybe("announce IPv6 " + pick(["none", "unicast", "unicast enforce"]))
        maybe("announce as-4byte " + pick(["yes", "no", "enforce"]))
        maybe("announce refresh " + pick(["yes", "no", "enforce"]))
        maybe("announce add-path recv " + pick(["yes", "no", "enforce"]))
        maybe(
            "announce add-path send "
                + pick([
                    "no", "all", "all enforce", "best plus 100", "ecmp plus 1 max 4",
                    "as-wide-best max 9 enforce",
                ])
        )
        maybe("announce enhanced refresh " + pick(["yes", "no", "enforce"]))
        maybe("announce extended message " + pick(["yes", "no", "enforce"]))
        maybe("announce extended nexthop " + pick(["yes", "no", "enforce"]))
        maybe("announce restart " + pick(["yes", "no", "enforce"]))
        maybe("announce graceful notification " + pick(["yes", "no"]))
        maybe("staletime \(3 + below(4000))")
        maybe("enforce neighbor-as " + pick(["yes", "no"]))
        maybe("enforce local-as no")
        maybe("role " + pick(["provider", "customer", "rs", "rs-client", "peer", "none"]))
        maybe("announce policy " + pick(["yes", "no", "enforce"]))
        maybe("as-override yes")
        maybe("export " + pick(["none", "default-route"]))
        maybe("rde evaluate " + pick(["all", "default"]))
        maybe("reject as-set no")
        maybe("log updates")
        maybe(set())
        lines.append("}")
    }

    private mutating func condition() -> String {
        switch below(10) {
        case 0: return "ovs " + pick(["valid", "invalid", "not-found"])
        case 1:
            return pick([
                "AS 5", "peer-as != 5", "source-as 5 - 9", "transit-as { 1 2 >< 9 neighbor-as }",
            ])
        case 2: return "{ AS 1, source-as local-as, peer-as as-set s }"
        case 3: return "max-as-len \(below(99)) max-communities 3"
        case 4: return "nexthop " + pick(["neighbor", "192.0.2.9"])
        case 6: return "avs " + pick(["valid", "invalid", "unknown"])
        case 5: return "origin-set o max-large-communities 7"
        default: return community() + " " + community()
        }
    }

    mutating func text() -> String {
        lines = ["x = \"value \(below(9))\"", "AS \(pick(["65000", "4200000000 65000", "1.5"]))"]
        maybe("router-id 10.0.0.1")
        maybe("socket \"/run/a b.sock\" restricted")
        maybe("holdtime 30")
        maybe("holdtime min 5")
        maybe("connect-retry 7")
        maybe("staletime 4095")
        maybe("fib-update no")
        maybe("rde evaluate all")
        maybe("fib-priority " + pick(["bird", "48"]))
        maybe("fib-metric 77")
        maybe("fib-multipath 4")
        maybe("nexthop qualify via " + pick(["bgp", "default"]))
        maybe("log updates")
        maybe("rde med compare always")
        maybe("rde route-age evaluate")
        maybe("reject as-set no")
        maybe("listen on 127.0.0.1 port 1179\nlisten on fe80::1%eth0")
        maybe("roa-set { \(prefix()) source-as 1 \(prefix()) source-as 2 expires 99 }")
        lines.append(
            "as-set s { \((0..<below(60)).map { "\($0 * 1000)" }.joined(separator: " ")) }"
        )
        lines.append("prefix-set p { \(prefix()), \(prefix()) }")
        lines.append("prefix-set q { 10.0.0.0/8 prefixlen 9-12 10.0.0.0/8 \(prefix()) }")
        lines.append("origin-set o { 10.0.0.0/8 maxlen 16 source-as 7 }")
        maybe("network prefix-set p \(set())")
        maybe("network 203.0.113.0/24")
        for number in 1...(1 + below(3)) { neighbor(number) }
        lines.append("group \"g \(below(9))\" {")
        maybe(set())
        maybe("holdtime 12")
        for number in 10...(11 + below(3)) { neighbor(number) }
        lines.append("}")
        if below(2) == 0 { neighbor(99) }
        for _ in 0..<below(12) {
            let peers = pick(["any", "ibgp", "{ ebgp AS 5 }", "AS 70000"])
            var rule =
                pick(["allow", "deny", "match"]) + pick([" ", " quick "]) + pick(["from ", "to "])
                + peers
            rule += pick([
                "", " inet", " inet6 prefixlen 16 - 48", " prefix \(wide())",
                " prefix { \(wide()) \(wide()) }",
                " prefix-set p or-longer", " prefix-set q",
            ])
            if below(2) == 0 { rule += " " + condition() }
            if below(2) == 0 { rule += " " + set() }
            lines.append(rule)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
