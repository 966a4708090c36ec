import Configuration
import Policy
import Testing

/// One fault a row: the text with the mark, and the message.
struct Fault: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String

    init(_ text: String, _ message: String) {
        self.text = text
        self.message = message
    }

    var testDescription: String { message }
}

struct DiagnosticTests {
    @Test(arguments: [
        Fault("⟪frobnicate yes\n", "unexpected \"frobnicate\", expected a statement"),
        Fault(
            "⟪nieghbor 192.0.2.1\n",
            "unexpected \"nieghbor\", expected a statement; did you mean \"neighbor\"?"
        ),
        Fault("⟪{ allow from any }\n", "unexpected \"{\", expected a statement"),
        Fault("holdtime ⟪2\n", "holdtime must be between 3 and 65535"),
        Fault("holdtime ⟪fast\n", "unexpected \"fast\", expected min or a number"),
        Fault(
            "fib-update ⟪maybe\n",
            "unexpected \"maybe\", expected yes or no: either yes or no expected"
        ),
        Fault("AS ⟪0\n", "AS 0 is reserved and may not be used"),
        Fault("AS ⟪23456\n", "AS 23456 is reserved and may not be used"),
        Fault("AS ⟪4294967296\n", "AS too big: max 4294967295"),
        Fault("AS ⟪65536.1\n", "number 65536 is too large: max 65535 in asdot form"),
        Fault("router-id ⟪2001:db8::1\n", "router-id must be an IPv4 address"),
        Fault("router-id ⟪10.0.0.256\n", "could not parse address spec \"10.0.0.256\""),
        Fault("router-id ⟪$nobody\n", "macro 'nobody' not defined"),
        Fault("⟪min = \"5\"\n", "\"min\" is a reserved word and cannot name a macro"),
        Fault(
            "network ⟪10.0.0.0 set localpref 5\n",
            "\"10.0.0.0\" is an address, expected a prefix: ADDRESS/LENGTH"
        ),
        Fault("network 10.0.0.0/⟪33\n", "prefix length must be between 0 and 32"),
        Fault(
            "network 10.0.0.0/8\nnetwork ⟪10.0.0.0/8\n",
            "network 10.0.0.0/8 is announced already by line 3"
        ),
        Fault("network inet ⟪static\n", "\"static\" is not supported yet"),
        Fault(
            "prefix-set a { 10.0.0.0/8 ⟪prefixlen != 9 }\n",
            "unsupported prefixlen operation in prefix-set"
        ),
        Fault(
            "prefix-set a { 10.0.0.0/8 prefixlen ⟪4 - 9 }\n",
            "prefixlen 4 smaller than prefix, limit 8"
        ),
        Fault("prefix-set a { 10.0.0.0/8 prefixlen < ⟪8 }\n", "prefixlen 8 too big, limit 7"),
        Fault("prefix-set a { 10.0.0.0/8 prefixlen 20 ⟪}\n", "unexpected \"}\", expected - or ><"),
        Fault(
            "roa-set { 192.0.2.0/24 maxlen ⟪20 source-as 1 }\n",
            "prefixlen 24 too big, limit 20"
        ),
        Fault(
            "roa-set {\n192.0.2.0/24 source-as 1\n\n192.0.2.0/24 ⟪sauce-as 1\n}\n",
            "unexpected \"sauce-as\", expected maxlen or source-as; did you mean \"source-as\"?"
        ),
        Fault(
            "aspa-set { customer-as ⟪0 provider-as { 2 } }\n",
            "AS 0 is reserved and may not be used"
        ),
        Fault(
            "aspa-set { customer-as 1 provider-as ⟪{ } }\n",
            "provider-as needs at least one AS number, 0 for none"
        ),
        Fault(
            "aspa-set { customer-as 1 ⟪providers { 2 } }\n",
            "unexpected \"providers\", expected expires or provider-as; did you mean \"provider-as\"?"
        ),
        Fault(
            "neighbor ⟪fe80::1 {\n\tremote-as 65001\n}\n",
            "a link-local address needs its interface, as in fe80::1%eth0"
        ),
        Fault("socket ⟪\"\"\n", "the path of a socket is empty"),
        Fault("allow to group ⟪g\n", "no such group: \"g\""),
        Fault("allow from ⟪192.0.2.9\n", "no such peer: 192.0.2.9"),
        Fault("allow ⟪any\n", "unexpected \"any\", expected quick, from or to"),
        Fault("allow ⟪rib Loc-RIB from any\n", "\"rib\" is not supported yet"),
        Fault(
            "allow from ibgp ⟪to ebgp\n",
            "unexpected \"to\", expected a condition or set; quote it to use it as a name"
        ),
        Fault(
            "allow from any AS ⟪>= 100\n",
            "unexpected \">=\", expected an AS number, =, !=, neighbor-as, local-as or as-set"
        ),
        Fault("allow from any AS ⟪10 - 5\n", "start AS is bigger than end"),
        Fault("allow from any prefix-set ⟪bogons\n", "prefix-set 'bogons' not defined"),
        Fault("allow from any AS as-set ⟪nope\n", "as-set \"nope\" not defined"),
        Fault("allow from any ovs valid ⟪ovs invalid\n", "ovs already specified"),
        Fault("deny from any avs valid ⟪avs invalid\n", "avs already specified"),
        Fault(
            "deny from any avs ⟪not-found\n",
            "unexpected \"not-found\", expected unknown, valid or invalid"
        ),
        Fault(
            "match from any set { as-override ⟪as-override }\n",
            "redefining set parameter as-override"
        ),
        Fault("allow from any community ⟪1:70000\n", "community value 70000 too big: max 65535"),
        Fault(
            "allow from any ext-community rt ⟪70000:70000\n",
            "ext-community value 70000 too big: max 65535"
        ),
        Fault(
            "match from any set { localpref 1 ⟪localpref 2 }\n",
            "redefining set parameter localpref"
        ),
        Fault("match from any set { community 1:1 community ⟪1:1 }\n", "community is already set"),
        Fault("match from any set community ⟪1:*\n", "a community that is set may not hold \"*\""),
        Fault("match from any set prepend-self ⟪129\n", "bad number of prepends"),
        Fault("match to any set ⟪pftable \"t\"\n", "pftable not supported"),
        Fault("⟪rtr 192.0.2.9 {\n\tport 323\n\tdescr \"x\"\n}\n", "\"rtr\" is not supported yet"),
        Fault("⟪vpn \"D\" on mpe1 {\n rd 1:1\n}\n", "MPLS VPN is not supported"),
        Fault("⟪dump rib \"Loc-RIB\" table-mp \"/tmp/x\" 60\n", "\"dump\" is not supported yet"),
        Fault("rde ⟪rib extra no evaluate\n", "\"rib\" is not supported yet"),
        Fault("rde evaluate ⟪best\n", "unexpected \"best\", expected all or default"),
    ])
    func `a bad line gets one diagnostic at the word that is wrong`(fault: Fault) {
        let marked = MarkedText(
            "AS 65000\nrouter-id 192.0.2.254\n" + fault.text + "fib-metric 20\n"
        )
        let reading = read(marked.text)
        #expect(reading.configuration == nil)
        #expect(reading.errors.map(\.position) == marked.faults)
        #expect(reading.errors.map(\.message) == [fault.message])
    }

    @Test(arguments: [
        Fault("port ⟪70000", "port must be between 1 and 65535"),
        Fault("multihop ⟪256", "invalid multihop distance 256"),
        Fault(
            "role ⟪bogus",
            "unexpected \"bogus\", expected none, provider, customer, rs, rs-client or peer"
        ),
        Fault("announce policy ⟪maybe", "unexpected \"maybe\", expected yes, no or enforce"),
        Fault("export ⟪all", "unexpected \"all\", expected none or default-route"),
        Fault("announce IPv4 ⟪vpn", "\"vpn\" is not supported yet"),
        Fault("announce restart ⟪maybe", "unexpected \"maybe\", expected yes, no or enforce"),
        Fault("announce graceful ⟪restart yes", "unexpected \"restart\", expected notification"),
        Fault("staletime ⟪2", "staletime must be between 3 and 4095"),
        Fault("announce add-path recv ⟪all", "unexpected \"all\", expected yes, no or enforce"),
        Fault(
            "announce add-path send ⟪some",
            "unexpected \"some\", expected no, all, best, ecmp or as-wide-best"
        ),
        Fault(
            "announce add-path send no ⟪enforce",
            "\"enforce\" does not go with add-path send no"
        ),
        Fault(
            "announce add-path send all ⟪plus 1",
            "\"plus\" does not go with add-path send all"
        ),
        Fault(
            "announce add-path send best plus 2 ⟪max 3",
            "\"max\" does not go with add-path send best"
        ),
        Fault("announce add-path send ecmp max ⟪101", "max must be between 1 and 100"),
        Fault("announce add-path send best plus ⟪0", "plus must be between 1 and 100"),
        Fault("max-prefix 10 ⟪warn 80", "\"warn\" is not supported yet"),
        Fault("max-prefix 10 out restart ⟪0", "restart must be between 1 and 65535"),
        Fault("depend ⟪eth0", "unexpected \"eth0\", expected on"),
        Fault(
            "depend on ⟪averylonginterface",
            "an interface \"averylonginterface\" too long: max 15"
        ),
        Fault("⟪demote carp", "carp demote not supported"),
        Fault("⟪rib \"nope\"", "\"rib\" is not supported yet"),
        Fault("⟪ipsec ah ike", "\"ipsec\" is not supported yet"),
        Fault(
            "⟪decsr x",
            "unexpected \"decsr\", expected a statement of a neighbor; did you mean \"descr\"?"
        ),
        Fault(
            "descr ⟪group",
            "unexpected keyword \"group\", expected descr; put it in quotes to use it as one"
        ),
        Fault("passive ⟪yes", "unexpected \"yes\", expected end of line"),
        Fault("tcp md5sig key ⟪abc", "key must have an even number of hexadecimal digits"),
        Fault(
            "set ⟪lokalpref 5",
            "unexpected \"lokalpref\", expected an action; did you mean \"localpref\"?"
        ),
    ])
    func `a bad statement of a neighbor is told once, on its line of the block`(fault: Fault) {
        let marked = MarkedText(
            "AS 65000\nneighbor 192.0.2.1 {\n\tremote-as 65001\n\t\(fault.text)\n\tpassive\n}\n"
        )
        let reading = read(marked.text)
        #expect(reading.errors.map(\.position) == marked.faults)
        #expect(reading.errors.map(\.message) == [fault.message])
    }

    @Test
    func `every bad line of a file is told, and only those`() {
        let marked = MarkedText(
            """
            AS 65000
            holdtime ⟪1
            neighbor 192.0.2.1 {
                remote-as ⟪0
                descr "a"
                ⟪colour red
            }
            group g {
                remote-as 65001
                neighbor 192.0.2.2
                neighbor 192.0.2.3 { ⟪blue }
                holdtime ⟪70000
            }
            allow from ⟪nobody
            allow to any
            network 10.0.0.0/⟪40

            """
        )
        #expect(read(marked.text).errors.map(\.position) == marked.faults)
    }

    @Test
    func `a brace that is never closed is one error at the end, and names its line`() {
        let reading = read("AS 65000\nneighbor 192.0.2.1 {\n\tremote-as 65001\n\n")
        #expect(reading.errors.map(\.position) == ["5:1"])
        #expect(
            reading.errors.map(\.message) == [
                "unexpected end of file, expected \"}\": the \"{\" of line 2 is not closed"
            ]
        )
    }

    @Test
    func `after a list without its brace reading goes on at the next statement`() {
        let marked = MarkedText("AS 65000\nallow from { any\n⟪allow to any\nholdtime ⟪1\n")
        #expect(read(marked.text).errors.map(\.position) == marked.faults)
    }

    @Test
    func `a string without its end is one error where it begins`() {
        let marked = MarkedText(
            "AS 65000\nneighbor 192.0.2.1 {\n\tremote-as 65001\n\tdescr ⟪\"abc\n}\n"
        )
        #expect(read(marked.text).errors.map(\.position) == marked.faults)
    }

    @Test
    func `what can only be said of a whole neighbor is said at its closing brace`() {
        let text = "neighbor 192.0.2.1 {\n\tremote-as 65001\n}\n"
        let early = MarkedText("neighbor 192.0.2.1 {\n\tremote-as 65001\n⟪}\n")
        let reading = read(early.text)
        #expect(reading.errors.map(\.position) == early.faults + ["-"])
        #expect(
            reading.errors.map(\.message) == [
                "AS needs to be given before neighbor definitions",
                "configuration error: AS not given",
            ]
        )
        let twice = MarkedText("AS 65000\n\(text)neighbor 192.0.2.1 {\n\tremote-as 65001\n⟪}\n")
        #expect(read(twice.text).errors.map(\.position) == twice.faults)
        #expect(
            read(twice.text).errors.map(\.message) == [
                "duplicate neighbor 192.0.2.1, the first is at bgpd.conf:2"
            ]
        )
        let nameless = MarkedText("AS 65000\nneighbor ⟪192.0.2.1\n")
        #expect(read(nameless.text).errors.map(\.position) == nameless.faults)
    }

    @Test
    func `a diagnostic prints place, message, line and a caret under the fault, tabs kept`() {
        let reading = read("AS 65000\nneighbor 192.0.2.1 {\n\tremote-as 65001\n\tport 70000\n}\n")
        #expect(
            reading.errors.map(\.description) == [
                "bgpd.conf:4:7: port must be between 1 and 65535\n\tport 70000\n\t     ^~~~~"
            ]
        )
    }

    @Test
    func `warnings tell what probably is not meant`() {
        let text = """
            AS 65000
            unused = "x"
            prefix-set p { 10.0.0.1/8 192.0.2.0/24, 192.0.2.0/24 }
            # a comment that goes on \\
            holdtime 9
            network 198.51.100.1/24
            neighbor 192.0.2.1 { remote-as 65001 }
            deny quick from any
            allow from ebgp ovs valid
            deny to ebgp prefix 10.0.0.0/8
            allow to any

            """
        let reading = read(text)
        #expect(reading.configuration?.holdTime == 90)
        #expect(
            reading.warnings.map { "\($0.position) \($0.message)" } == [
                "3:16 10.0.0.1/8 has host bits set, 10.0.0.0/8 is meant",
                "3:12 192.0.2.0/24 stands twice in prefix-set \"p\"",
                "6:9 198.51.100.1/24 has host bits set, 198.51.100.0/24 is meant",
                "4:26 the comment ends in a backslash, so the next line belongs to it",
                "2:1 macro 'unused' is never used",
                "3:12 prefix-set \"p\" is never used",
                "9:1 this rule is never reached: line 8 matches first and is quick",
                "10:1 this rule decides nothing: line 11 decides after it for all routes",
            ]
        )
    }
}
