import Addressing
import Foundation

/// Measures Peerglass beside BIRD: scenario S1, one neighbor sends a table, no kernel.
@main
struct Bench {
    static let local = IPAddress(ipv4: 0x0A63_0001)
    static let peer = IPAddress(ipv4: 0x0A63_0002)

    static func main() {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "--send", let count = Int(arguments[2]) {
            exit(Sender.run(from: local, to: peer, count: count))
        }
        guard arguments.count >= 2 else {
            print("usage: peerglass-bench PEERGLASS [PREFIXES [RUNS]]")
            exit(64)
        }
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 1_000_000 : 1_000_000
        let runs = arguments.count > 3 ? Int(arguments[3]) ?? 3 : 3
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "peerglass-bench-\(getpid())"
        )
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let candidates = [ours(arguments[1], folder), bird(folder)]
        var costs = [[Cost]](repeating: [], count: candidates.count)
        for _ in 0..<runs {
            for (index, candidate) in candidates.enumerated() {
                guard let cost = measure(candidate, count) else {
                    print("\(candidate.name): the table did not arrive")
                    exit(1)
                }
                costs[index].append(cost)
            }
        }
        report(candidates, costs, count, runs)
    }

    private static func report(
        _ candidates: [Candidate],
        _ costs: [[Cost]],
        _ count: Int,
        _ runs: Int
    ) {
        print(
            "S1: one neighbor sends \(count) prefixes, no kernel; medians of \(runs) runs in turn"
        )
        var medians: [Cost] = []
        for (candidate, costs) in zip(candidates, costs) {
            func median(_ value: (Cost) -> Double) -> Double {
                costs.map(value).sorted()[costs.count / 2]
            }
            let cost = Cost(
                cpuSeconds: median(\.cpuSeconds),
                wallSeconds: median(\.wallSeconds),
                megabytes: median(\.megabytes)
            )
            medians.append(cost)
            print(
                candidate.name.padding(toLength: 10, withPad: " ", startingAt: 0),
                String(
                    format: "CPU %.2f s  wall %.2f s  peak %.0f MB",
                    cost.cpuSeconds,
                    cost.wallSeconds,
                    cost.megabytes
                )
            )
        }
        print(
            String(
                format: "ratio      CPU %.2f    wall %.2f    peak %.2f",
                medians[0].cpuSeconds / medians[1].cpuSeconds,
                medians[0].wallSeconds / medians[1].wallSeconds,
                medians[0].megabytes / medians[1].megabytes
            )
        )
    }

    // MARK: The candidates

    private static func ours(_ program: String, _ folder: URL) -> Candidate {
        let file = write(
            """
            AS 65001
            router-id \(peer)
            fib-update no
            listen on \(peer)
            neighbor \(local) {
                remote-as \(Sender.autonomousSystem)
                passive
            }
            allow from any
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
                    let prefixes = memory["prefixes"] as? [String: Any]
                else { return 0 }
                return prefixes["count"] as? Int ?? 0
            }
        )
    }

    private static func bird(_ folder: URL) -> Candidate {
        let file = write(
            """
            router id \(peer);
            protocol device {}
            protocol direct { ipv4; }
            protocol bgp sender {
                local \(peer) as 65001;
                neighbor \(local) as \(Sender.autonomousSystem);
                passive;
                ipv4 { import all; export none; };
            }
            """,
            to: folder.appending(path: "bird.conf")
        )
        let socket = folder.appending(path: "bird.ctl").path
        return Candidate(
            name: "BIRD",
            command: [
                "bird", "-f", "-c", file, "-s", socket, "-P",
                folder.appending(path: "bird.pid").path,
            ],
            question: ["birdc", "-s", socket, "show", "route", "count", "protocol", "sender"],
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

    // MARK: One run

    private static func measure(_ candidate: Candidate, _ count: Int) -> Cost? {
        let names = ["peerglass-bench-s", "peerglass-bench-d"]
        for name in names { Shell.run(["ip", "netns", "delete", name]) }
        for name in names { Shell.run(["ip", "netns", "add", name]) }
        defer { for name in names { Shell.run(["ip", "netns", "delete", name]) } }
        Shell.run([
            "ip", "-n", names[0], "link", "add", "sender0", "type", "veth", "peer", "name", "daemon0", "netns",
            names[1],
        ])
        for (name, link, address) in [(names[0], "sender0", local), (names[1], "daemon0", peer)] {
            Shell.run(["ip", "-n", name, "address", "add", "\(address)/24", "dev", link])
            Shell.run(["ip", "-n", name, "link", "set", "dev", link, "up"])
            Shell.run(["ip", "-n", name, "link", "set", "dev", "lo", "up"])
        }
        let daemon = Shell.start(
            ["ip", "netns", "exec", names[1]] + candidate.command,
            output: false
        )
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        let sender = Shell.start(
            ["ip", "netns", "exec", names[0], CommandLine.arguments[0], "--send", "\(count)"],
            output: true
        )
        defer {
            sender.terminate()
            sender.waitUntilExit()
        }
        // The sender says "sending" as soon as the session is up.
        _ = (sender.standardOutput as? Pipe)?.fileHandleForReading.availableData
        let start = Date()
        while Date().timeIntervalSince(start) < 120 {
            let seen = candidate.count(Shell.run(candidate.question))
            if seen >= count {
                return Cost(
                    cpuSeconds: Shell.cpuSeconds(daemon.processIdentifier),
                    wallSeconds: Date().timeIntervalSince(start),
                    megabytes: Shell.peakMegabytes(daemon.processIdentifier)
                )
            }
            usleep(100_000)
        }
        return nil
    }
}
