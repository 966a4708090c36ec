import Foundation

extension Candidate {
    static func goBGP(_ scenario: Scenario, _ folder: URL) -> Candidate {
        let file = write(configuration(scenario), to: folder.appending(path: "gobgpd.toml"))
        let inNamespace = ["ip", "netns", "exec", Run.namespaces[1]]
        return Candidate(
            command: ["gobgpd", "-f", file, "-l", "error", "--api-hosts=127.0.0.1:50051"],
            pathCount: {
                let text = Shell.output(of: inNamespace + ["gobgp", "global", "rib", "summary"])
                return sum(text, behind: "Path:")
            },
            interval: 0.5,
            // The file read again with another policy for its neighbors, it tells them nothing.
            reload: {
                let commands = scenario.neighbors.map {
                    "gobgp neighbor \($0.address) policy add export added"
                }
                let script = commands + ["gobgp neighbor all softresetout"]
                Shell.output(of: inNamespace + ["sh", "-c", script.joined(separator: "\n")])
            },
            note: scenario == .routeServer ? "its policy is set by a command for each client" : ""
        )
    }

    /// A client of a route server has policies of its own: the global ones are not for it.
    private static func configuration(_ scenario: Scenario) -> String {
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
        return """
            [global.config]
              as = \(BenchNeighbor.daemonAS)
              router-id = "\(BenchNeighbor.daemon)"
              local-address-list = ["\(BenchNeighbor.daemon)"]
            [global.apply-policy.config]
              default-import-policy = "accept-route"
              default-export-policy = "\(export)"
            \(neighbors.joined(separator: "\n"))
            [[policy-definitions]]
              name = "added"
              [[policy-definitions.statements]]
                name = "added"
                [policy-definitions.statements.actions]
                  route-disposition = "accept-route"
                [policy-definitions.statements.actions.bgp-actions.set-community]
                  options = "add"
                [policy-definitions.statements.actions.bgp-actions.set-community.set-community-method]
                  communities-list = ["65001:777"]
            """
    }
}
