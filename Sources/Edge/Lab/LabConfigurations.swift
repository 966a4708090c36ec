/// The configurations of the lab's routers, written as users of the language write them.
struct LabConfigurations {
    var kind: LabKind
    /// The folder in which files and sockets of the lab stand.
    var directory: String

    /// The files by their name in the folder.
    var files: [(name: String, text: String)] {
        [
            ("r1.conf", r1), ("r2.conf", r2), ("r3.conf", r3),
            ("rpki-client/openbgpd", LabTable.roaSet),
        ]
    }

    /// The control socket of a router.
    func socket(of router: LabRouter) -> String { "\(directory)/\(router.rawValue).sock" }

    /// The first line of every configuration: says which kind of lab it is for.
    var mark: String {
        switch kind {
        case .namespaces: "# Peerglass lab, each router in its own network namespace."
        case .loopback: "# Peerglass lab, all routers on loopback addresses."
        }
    }

    private var r1: String {
        """
        \(mark)
        # This router is yours: AS 65001 with two upstreams.

        ASN = "65001"

        AS $ASN
        router-id 192.0.2.1
        \(globals(.r1))
        # What rpki-client writes: who may originate which prefix.
        include "rpki-client/openbgpd"

        prefix-set networks {
        	192.0.2.0/24
        	2001:db8:1::/48
        }

        network prefix-set networks set large-community $ASN:1:1

        group "upstreams" {
        	connect-retry 5
        \(families)
        \(neighbor(.r2, of: .r1, "r2"))
        \(neighbor(.r3, of: .r1, "r3"))
        }

        allow from group "upstreams"
        allow to any prefix-set networks

        """
    }

    private var r2: String {
        """
        \(mark)
        # A neighbor with networks of its own. 203.0.113.0/24 belongs to r1 by its ROA.

        ASN = "65002"

        AS $ASN
        router-id 198.51.100.2
        \(globals(.r2))
        prefix-set networks {
        	198.51.100.0/24
        	203.0.113.0/24
        	2001:db8:2::/48
        }

        network prefix-set networks set {
        	community $ASN:100
        	large-community $ASN:1:1
        }

        group "customers" {
        	connect-retry 5
        \(families)
        \(neighbor(.r1, of: .r2, "r1"))
        }

        allow from group "customers"
        allow to any prefix-set networks

        """
    }

    private var r3: String {
        """
        \(mark)
        # The upstream: what it hears from the collector it announces to its customers.

        ASN = "65003"

        AS $ASN
        router-id 198.18.0.3
        \(globals(.r3))
        prefix-set networks {
        	198.18.0.0/24
        	2001:db8:3::/48
        }

        network prefix-set networks set large-community $ASN:1:1

        group "customers" {
        	connect-retry 5
        \(families)
        \(neighbor(.r1, of: .r3, "r1"))
        }

        group "internet" {
        	passive
        \(families)
        \(neighbor(.collector, of: .r3, "collector"))
        }

        allow from any
        allow to group "customers"

        """
    }

    private func globals(_ router: LabRouter) -> String {
        var lines = ["socket \"\(socket(of: router))\""]
        if kind == .loopback {
            let own = kind.address(of: router, towards: router)
            lines += [
                "listen on \(own) port \(kind.port)",
                "fib-update no",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var families: String {
        switch kind {
        case .namespaces: "\tannounce IPv4 unicast\n\tannounce IPv6 unicast"
        case .loopback: "\tannounce IPv4 unicast"
        }
    }

    private func neighbor(_ other: LabRouter, of router: LabRouter, _ description: String)
        -> String
    {
        var lines = [
            "\tneighbor \(kind.address(of: other, towards: router)) {",
            "\t\tremote-as \(other.autonomousSystem)",
            "\t\tdescr \"\(description)\"",
        ]
        if kind == .loopback {
            lines += [
                "\t\tlocal-address \(kind.address(of: router, towards: other))",
                "\t\tport \(kind.port)",
            ]
        }
        return (lines + ["\t}"]).joined(separator: "\n")
    }
}
