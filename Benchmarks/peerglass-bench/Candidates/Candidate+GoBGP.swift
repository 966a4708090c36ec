import Foundation

extension Candidate {
    static func goBGP(_ scenario: Scenario, _ folder: URL) -> Candidate {
        let neighbors = scenario.neighbors.map { neighbor in
            """
            [[neighbors]]
              [neighbors.config]
                neighbor-address = "\(neighbor.address)"
                peer-as = \(neighbor.autonomousSystem)
              [neighbors.transport.config]
                passive-mode = true
              [neighbors.route-server.config]
                route-server-client = \(scenario == .routeServer)
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "ipv4-unicast"
            """
        }
        let export = scenario.isExporting ? "accept-route" : "reject-route"
        let file = write(
            """
            [global.config]
              as = \(BenchNeighbor.daemonAS)
              router-id = "\(BenchNeighbor.daemon)"
              local-address-list = ["\(BenchNeighbor.daemon)"]
            [global.apply-policy.config]
              default-import-policy = "accept-route"
              default-export-policy = "\(export)"
            \(neighbors.joined(separator: "\n"))
            """,
            to: folder.appending(path: "gobgpd.toml")
        )
        return Candidate(
            command: ["gobgpd", "-f", file, "-l", "error", "--api-hosts=127.0.0.1:50051"],
            pathCount: {
                let text = Shell.output(of: [
                    "ip", "netns", "exec", Run.namespaces[1], "gobgp", "global", "rib", "summary",
                ])
                return sum(text, behind: "Path:")
            },
            interval: 0.5
        )
    }
}
