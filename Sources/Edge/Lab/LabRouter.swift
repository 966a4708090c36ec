/// A machine of the lab.
enum LabRouter: String, CaseIterable {
    /// Yours: AS 65001, with the dashboard.
    case r1
    /// A neighbor with a few networks: AS 65002.
    case r2
    /// An upstream with a real table: AS 65003.
    case r3
    /// The rest of the Internet behind r3, which speaks just enough BGP to send it a table.
    case collector

    /// Its AS number; that of the collector is one for documentation (RFC 5398).
    var autonomousSystem: UInt32 {
        switch self {
        case .r1: 65001
        case .r2: 65002
        case .r3: 65003
        case .collector: 64496
        }
    }

    /// The number that its addresses end in.
    var number: Int {
        switch self {
        case .r1: 1
        case .r2: 2
        case .r3: 3
        case .collector: 4
        }
    }
}

/// How the machines of the lab reach each other.
enum LabKind: Equatable {
    /// Each in its own network namespace, with links between them; needs root.
    case namespaces
    /// All in the host's own namespace, each on a loopback address, kernel routes left alone.
    case loopback

    /// The port that all listen on.
    var port: UInt16 {
        switch self {
        case .namespaces: 179
        case .loopback: 11790
        }
    }

    /// The IPv4 address of a machine towards a neighbor of its.
    func address(of router: LabRouter, towards other: LabRouter) -> String {
        switch self {
        case .namespaces: "10.0.\(linkNumber(router, other)).\(router.number)"
        case .loopback: "127.65.0.\(router.number)"
        }
    }

    /// The IPv6 address of a machine towards a neighbor of its.
    func ipv6Address(of router: LabRouter, towards other: LabRouter) -> String {
        "2001:db8:\(linkNumber(router, other))::\(router.number)"
    }

    private func linkNumber(_ a: LabRouter, _ b: LabRouter) -> Int {
        min(a.number, b.number) * 10 + max(a.number, b.number)
    }
}
