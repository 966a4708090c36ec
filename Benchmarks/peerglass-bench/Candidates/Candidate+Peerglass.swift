import Foundation

extension Candidate {
    static func peerglass(_ program: String, _ scenario: Scenario, _ folder: URL) -> Candidate {
        let isRouteServer = scenario == .routeServer
        @Sendable func configuration(_ global: String, _ rules: String) -> String {
            let neighbors = scenario.neighbors.map {
                "neighbor \($0.address) {\nremote-as \($0.autonomousSystem)\npassive\n}"
            }
            return """
                AS \(BenchNeighbor.daemonAS)
                router-id \(BenchNeighbor.daemon)
                fib-update no
                listen on \(BenchNeighbor.daemon)
                \(global)
                \(neighbors.joined(separator: "\n"))
                allow from any
                \(scenario.isExporting ? "allow to any" : "")
                \(rules)
                """
        }
        let file = folder.appending(path: "bgpd.conf")
        var global = isRouteServer ? "transparent-as yes" : ""
        var note = ""
        write(configuration(global, ""), to: file)
        if isRouteServer, !Shell.succeeds([program, "check", "-f", file.path]) {
            global = ""
            note = "without transparent-as"
            write(configuration(global, ""), to: file)
        }
        let socket = folder.appending(path: "peerglass.sock").path
        let globalStatements = global
        return Candidate(
            command: [program, "run", "--headless", "-f", file.path, "--socket", socket],
            pathCount: {
                let text = Shell.output(of: [
                    program, "show", "rib", "memory", "--json", "--socket", socket,
                ])
                guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
                    let memory = (object as? [String: Any])?["memory"] as? [String: Any],
                    let paths = memory["paths"] as? [String: Any]
                else { return 0 }
                return paths["count"] as? Int ?? 0
            },
            reload: {
                write(
                    configuration(globalStatements, "match to any set community 65001:777"),
                    to: file
                )
                Shell.output(of: [program, "reload", "--socket", socket])
            },
            note: note
        )
    }
}
