/// The namespaces and links of a lab, as commands of `ip -batch`.
struct LabLinks {
    /// What the names of its namespaces start with: unique to the process that made the lab.
    var prefix: String

    private static let kind = LabKind.namespaces
    private static let links: [(LabRouter, LabRouter)] = [
        (.r1, .r2), (.r1, .r3), (.r3, .collector),
    ]

    /// The name of a machine's namespace.
    func namespace(of router: LabRouter) -> String { "\(prefix)-\(router.rawValue)" }

    /// Makes all namespaces and the links between them.
    var creation: [String] {
        LabRouter.allCases.map { "netns add \(namespace(of: $0))" }
            + Self.links.map { a, b in
                "link add to-\(b.rawValue) netns \(namespace(of: a)) type veth "
                    + "peer name to-\(a.rawValue) netns \(namespace(of: b))"
            }
    }

    /// Gives a machine its addresses; to be run inside its namespace.
    func addressing(of router: LabRouter) -> [String] {
        var commands = ["link set lo up"]
        for (a, b) in Self.links where a == router || b == router {
            let other = a == router ? b : a
            let link = "to-\(other.rawValue)"
            let ipv4 = Self.kind.address(of: router, towards: other)
            let ipv6 = Self.kind.ipv6Address(of: router, towards: other)
            commands += [
                "addr add \(ipv4)/24 dev \(link)",
                // Without nodad the address is no source for some seconds.
                "addr add \(ipv6)/64 dev \(link) nodad",
                "link set \(link) up",
            ]
        }
        return commands
    }

    /// Takes all namespaces away, and the links with them.
    var removal: [String] { LabRouter.allCases.map { "netns del \(namespace(of: $0))" } }
}
