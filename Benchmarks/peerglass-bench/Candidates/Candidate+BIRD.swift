import Foundation

extension Candidate {
    static func bird(_ scenario: Scenario, _ folder: URL) -> Candidate {
        let isRouteServer = scenario == .routeServer
        @Sendable func configuration(_ export: String) -> String {
            let neighbors = scenario.neighbors.map { neighbor in
                """
                protocol bgp neighbor\(neighbor.number) from peers {
                    neighbor \(neighbor.address) as \(neighbor.autonomousSystem);
                }
                """
            }
            return """
                log stderr { warning, error, fatal };
                router id \(BenchNeighbor.daemon);
                protocol device {}
                protocol direct { ipv4; }
                filter added { bgp_community.add((65001, 777)); accept; }
                template bgp peers {
                    local \(BenchNeighbor.daemon) as \(BenchNeighbor.daemonAS);
                    passive;
                    \(isRouteServer ? "rs client;" : "")
                    ipv4 { import all; export \(export); };
                }
                \(neighbors.joined(separator: "\n"))
                """
        }
        let file = folder.appending(path: "bird.conf")
        write(configuration(scenario.isExporting ? "all" : "none"), to: file)
        let socket = folder.appending(path: "bird.ctl").path
        let process = folder.appending(path: "bird.pid").path
        return Candidate(
            command: ["bird", "-f", "-c", file.path, "-s", socket, "-P", process],
            // Not `show route count`, which walks the table.
            pathCount: {
                let text = Shell.output(of: [
                    "birdc", "-s", socket, "show", "protocols", "all", "\"neighbor*\"",
                ])
                return sum(text, behind: "Routes:")
            },
            reload: {
                write(configuration("filter added"), to: file)
                Shell.output(of: ["birdc", "-s", socket, "configure"])
            }
        )
    }
}
