import Foundation

extension Candidate {
    /// bgpd alone: no zebra, no kernel.
    static func frr(_ scenario: Scenario, _ folder: URL) -> Candidate {
        let sockets = folder.appending(path: "vty")
        try? FileManager.default.createDirectory(at: sockets, withIntermediateDirectories: true)
        let isRouteServer = scenario == .routeServer
        let neighbors = scenario.neighbors.map { neighbor in
            """
             neighbor \(neighbor.address) remote-as \(neighbor.autonomousSystem)
             neighbor \(neighbor.address) peer-group all
            """
        }
        let file = write(
            """
            route-map NONE deny 10
            router bgp \(BenchNeighbor.daemonAS)
             bgp router-id \(BenchNeighbor.daemon)
             no bgp ebgp-requires-policy
             no bgp network import-check
             bgp disable-ebgp-connected-route-check
             neighbor all peer-group
             neighbor all passive
            \(neighbors.joined(separator: "\n"))
             address-family ipv4 unicast
              \(isRouteServer ? "neighbor all route-server-client" : "")
              \(scenario.isExporting ? "" : "neighbor all route-map NONE out")
             exit-address-family
            """,
            to: folder.appending(path: "bgpd.conf")
        )
        Shell.output(of: ["chown", "-R", "frr:frr", folder.path])
        @Sendable func ask(_ commands: [String]) -> String {
            Shell.output(
                of: ["vtysh", "--vty_socket", sockets.path] + commands.flatMap { ["-c", $0] }
            )
        }
        return Candidate(
            command: [
                "/usr/lib/frr/bgpd", "-Z", "-n", "-l", "\(BenchNeighbor.daemon)", "-f", file,
                "-i", folder.appending(path: "bgpd.pid").path, "--vty_socket", sockets.path,
            ],
            pathCount: { sum(ask(["show bgp ipv4 unicast summary json"]), behind: "\"pfxRcd\":") },
            reload: {
                _ = ask([
                    "configure terminal", "route-map ADDED permit 10",
                    "set community 65001:777 additive", "exit",
                    "router bgp \(BenchNeighbor.daemonAS)", "address-family ipv4 unicast",
                    "neighbor all route-map ADDED out",
                ])
            }
        )
    }
}
