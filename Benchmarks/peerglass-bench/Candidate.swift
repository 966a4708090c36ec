import Foundation

/// A BGP daemon under measurement.
struct Candidate {
    var name: String
    /// The command that runs it in the foreground.
    var command: [String]
    /// The command that tells how many paths it has, and the number in what it prints.
    var question: [String]
    var count: @Sendable (String) -> Int

    static func peerglass(_ program: String, _ scenario: Scenario, _ folder: URL) -> Candidate {
        let neighbors = scenario.neighbors.map {
            "neighbor \($0.address) {\n    remote-as \($0.autonomousSystem)\n    passive\n}"
        }
        let file = write(
            """
            AS 65001
            router-id \(BenchNeighbor.daemon)
            fib-update no
            listen on \(BenchNeighbor.daemon)
            \(neighbors.joined(separator: "\n"))
            allow from any
            allow to any
            """,
            to: folder.appending(path: "bgpd.conf")
        )
        let socket = folder.appending(path: "peerglass.sock").path
        return Candidate(
            name: "Peerglass",
            command: [program, "run", "--headless", "-f", file, "--socket", socket],
            question: [program, "show", "rib", "memory", "--json", "--socket", socket],
            count: { text in
                guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
                    let memory = (object as? [String: Any])?["memory"] as? [String: Any],
                    let paths = memory["paths"] as? [String: Any]
                else { return 0 }
                return paths["count"] as? Int ?? 0
            }
        )
    }

    static func bird(_ scenario: Scenario, _ folder: URL) -> Candidate {
        let neighbors = scenario.neighbors.map { neighbor in
            """
            protocol bgp neighbor\(neighbor.number) {
                local \(BenchNeighbor.daemon) as 65001;
                neighbor \(neighbor.address) as \(neighbor.autonomousSystem);
                passive;
                ipv4 { import all; export \(scenario.hasReceiver ? "all" : "none"); };
            }
            """
        }
        let file = write(
            """
            router id \(BenchNeighbor.daemon);
            protocol device {}
            protocol direct { ipv4; }
            \(neighbors.joined(separator: "\n"))
            """,
            to: folder.appending(path: "bird.conf")
        )
        let socket = folder.appending(path: "bird.ctl").path
        let process = folder.appending(path: "bird.pid").path
        return Candidate(
            name: "BIRD",
            command: ["bird", "-f", "-c", file, "-s", socket, "-P", process],
            question: ["birdc", "-s", socket, "show", "route", "count"],
            count: { text in
                text.split(separator: "\n").compactMap { Int($0.split(separator: " ").first ?? "") }
                    .max() ?? 0
            }
        )
    }

    private static func write(_ text: String, to file: URL) -> String {
        try? (text + "\n").write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
