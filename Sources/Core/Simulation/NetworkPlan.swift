package import Addressing

/// A network to simulate: machines, what stands in their files, and the links between them.
///
/// Every link carries a session, and an IPv4 and an IPv6 subnet of its own: that of link 3 is
/// 172.16.3.0/30, the first end `.1`, and 2001:db8:ff03::/64 (from 256 on e100 and so on); its interfaces have
/// link-local addresses too. On one segment a machine has one interface for all its links instead: `r3` is
/// 172.16.0.3/12 and 2001:db8:ff00::3/64 there. Machine 0 is `r1`, its BGP Identifier 10.0.0.1, its AS 65001
/// unless the plan says otherwise.
/// Where a link has a relation, each end keeps it valley-free: routes of customers and own networks carry the
/// large community `AS:1:1`, and nothing else goes to peers and providers.
package struct NetworkPlan: Hashable, Sendable {
    /// A machine and its file.
    package struct Machine: Hashable, Sendable {
        package var autonomousSystem: UInt32
        /// Statements before the neighbors, networks for example.
        package var statements = ""
        /// The filter rules.
        package var rules = "allow from any\nallow to any"

        package init(autonomousSystem: UInt32) {
            self.autonomousSystem = autonomousSystem
        }
    }

    /// A link with a session over it.
    package struct Link: Hashable, Sendable {
        /// The machines, by their place in the plan.
        package var first: Int
        package var second: Int
        /// Statements of the first machine about its neighbor the second, and the other way round.
        package var firstStatements = ""
        package var secondStatements = ""
        /// The family of the addresses between which the session is.
        package var transport = AddressFamily.ipv4
        package var relation = Relation.open

        package init(_ first: Int, _ second: Int, _ relation: Relation = .open) {
            self.first = first
            self.second = second
            self.relation = relation
        }
    }

    package var machines: [Machine]
    package var links: [Link]
    /// The roles of RFC 9234 alone keep the relations: no rule does.
    package var keepsRelationsByRoles = false
    /// All machines have one interface each, on the same segment.
    package var isOneSegment = false
    /// Statements of every neighbor.
    package var neighborStatements = ""

    /// That many machines, each an AS of its own, and links between these.
    package init(machines count: Int, links: [(Int, Int)]) {
        machines = (0..<count).map { Machine(autonomousSystem: 65001 + UInt32($0)) }
        self.links = links.map { Link($0.0, $0.1) }
    }

    // MARK: Addresses

    /// The IPv4 address of a link's first or second end, as the host has it.
    package static func ipv4(_ link: Int, isFirst: Bool) -> String {
        "172.\(16 + link / 256).\(link % 256).\(isFirst ? 1 : 2)"
    }

    /// The IPv6 address of a link's first or second end.
    package static func ipv6(_ link: Int, isFirst: Bool) -> String {
        let subnet = link < 256 ? 0xFF00 + link : 0xE000 + link
        return "2001:db8:\(String(subnet, radix: 16))::\(isFirst ? 1 : 2)"
    }

    /// The address of a link's first or second end by which its session reaches it.
    func address(of link: Int, isFirst: Bool) -> String {
        let transport = links[link].transport
        guard !isOneSegment else {
            return Self.segmentAddress(
                of: isFirst ? links[link].first : links[link].second,
                transport
            )
        }
        return transport == .ipv4
            ? Self.ipv4(link, isFirst: isFirst) : Self.ipv6(link, isFirst: isFirst)
    }

    /// A machine's address on the one segment.
    private static func segmentAddress(of machine: Int, _ family: AddressFamily) -> String {
        let host = machine + 1
        return family == .ipv4
            ? "172.\(16 + host / 65536).\(host / 256 % 256).\(host % 256)"
            : "2001:db8:ff00::\(String(host, radix: 16))"
    }

    // MARK: Making it

    /// The simulation of this network, not started.
    ///
    /// - Throws: ``SimulationFault`` where a statement or rule has errors.
    package func simulation(
        seed: UInt64,
        dials: SimulationDials = SimulationDials()
    ) throws(SimulationFault) -> Simulation {
        let simulation = Simulation(seed: seed, dials: dials)
        var numbers: [MachineNumber] = []
        for (machine, places) in linkPlaces.enumerated() {
            numbers.append(
                try simulation.addMachine(
                    "r\(machine + 1)",
                    configuration: configuration(of: machine, links: places)
                )
            )
        }
        if isOneSegment {
            let ends = numbers.map { number in
                simulation.plug(
                    number,
                    [
                        "\(Self.segmentAddress(of: number.value, .ipv4))/12",
                        "\(Self.segmentAddress(of: number.value, .ipv6))/64",
                        "fe80::\(String(number.value + 1, radix: 16))/64",
                    ],
                    "eth0"
                )
            }
            for link in links {
                _ = simulation.addLink(ends[link.first], ends[link.second], link.relation)
            }
            return simulation
        }
        for (number, link) in links.enumerated() {
            func addresses(_ isFirst: Bool) -> [String] {
                [
                    "\(Self.ipv4(number, isFirst: isFirst))/30",
                    "\(Self.ipv6(number, isFirst: isFirst))/64",
                    "fe80::\(String(number + 1, radix: 16)):\(isFirst ? 1 : 2)/64",
                ]
            }
            _ = simulation.addLink(
                numbers[link.first],
                addresses(true),
                numbers[link.second],
                addresses(false),
                relation: link.relation
            )
        }
        return simulation
    }
}
