import Foundation

extension Candidate {
    static func openBGPD(_ scenario: Scenario, _ folder: URL) -> Candidate {
        // Its processes lock themselves into this folder; Debian makes it when the service starts.
        try? FileManager.default.createDirectory(
            atPath: "/run/openbgpd",
            withIntermediateDirectories: true
        )
        let socket = folder.appending(path: "bgpd.sock").path
        @Sendable func configuration(_ rules: String) -> String {
            let neighbors = scenario.neighbors.map {
                "neighbor \($0.address) {\nremote-as \($0.autonomousSystem)\npassive\n}"
            }
            return """
                AS \(BenchNeighbor.daemonAS)
                router-id \(BenchNeighbor.daemon)
                listen on \(BenchNeighbor.daemon)
                fib-update no
                socket "\(socket)"
                \(scenario == .routeServer ? "transparent-as yes" : "")
                \(neighbors.joined(separator: "\n"))
                allow from any
                \(scenario.isExporting ? "allow to any" : "")
                \(rules)
                """
        }
        let file = folder.appending(path: "bgpd.conf")
        write(configuration(""), to: file)
        return Candidate(
            command: ["bgpd", "-d", "-f", file.path],
            pathCount: {
                let text = Shell.output(of: ["bgpctl", "-s", socket, "show", "rib", "mem"])
                return text.split(separator: "\n").first { $0.contains(" prefix entries") }
                    .flatMap { Int($0.split(separator: " ")[0]) } ?? 0
            },
            // In Adj-RIB-In and in Loc-RIB.
            pathsPerRoute: 2,
            reload: {
                write(configuration("match to any set community 65001:777"), to: file)
                Shell.output(of: ["bgpctl", "-s", socket, "reload"])
            }
        )
    }
}
