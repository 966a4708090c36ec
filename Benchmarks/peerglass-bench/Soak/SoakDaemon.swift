import Foundation

/// The Peerglass under test: its configuration, its process, and what it says of itself.
final class SoakDaemon: Sendable {
    private let program: String
    /// The path of its control socket.
    let socket: String
    private let file: URL
    private let log: URL
    private let child: Child

    /// Starts it in its namespace, with as few descriptors as many systems give a process at first.
    init(_ program: String, _ folder: URL, configuration: String = SoakDaemon.soaked) {
        self.program = program
        socket = folder.appending(path: "peerglass.sock").path
        log = folder.appending(path: "peerglass.log")
        file = folder.appending(path: "bgpd.conf")
        try? configuration.write(to: file, atomically: true, encoding: .utf8)
        let command =
            "ulimit -Sn 1024; exec \"$0\" run --headless -f \"$1\" --socket \"$2\" 2>\"$3\""
        child = Shell.start(
            ["ip", "netns", "exec", SoakNetwork.daemon, "sh", "-c", command]
                + [program, file.path, socket, log.path],
            output: false
        )
    }

    /// The soak's configuration: only the sink and the slow one are sent the large table.
    static var soaked: String {
        """
        \(head(SoakRole.allCases))
        allow from any
        allow to any community 65001:7
        allow to group "sink"
        allow to group "slow"

        """
    }

    /// A configuration with a group for each of these roles, without rules.
    static func head(_ roles: [SoakRole]) -> String {
        let groups = roles.map { role in
            let neighbors = SoakNeighbor.all(role).map { neighbor in
                let key = role == .secured ? "\n        tcp md5sig password \"soak\"" : ""
                return """
                        neighbor \(neighbor.address) {
                            remote-as \(neighbor.autonomousSystem)
                            passive\(key)
                        }
                    """
            }
            return "group \"\(role)\" {\n\(neighbors.joined(separator: "\n"))\n}"
        }
        return """
            AS \(SoakNeighbor.autonomousSystem)
            router-id \(SoakNeighbor.daemon)
            fib-update no
            \(groups.joined(separator: "\n"))
            """
    }

    /// Runs `peerglass reload` with another configuration; false where it was not taken.
    func reload(_ configuration: String) -> Bool {
        try? configuration.write(to: file, atomically: true, encoding: .utf8)
        return Shell.succeeds([program, "reload", "--socket", socket])
    }

    var isRunning: Bool { child.process.isRunning }

    /// Open descriptors.
    var descriptorCount: Int {
        let folder = "/proc/\(child.process.processIdentifier)/fd"
        return (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }

    /// Resident memory now, megabytes.
    var megabytes: Double { child.megabytes("VmRSS") }

    /// Octets of its log.
    var logSize: Int {
        (try? FileManager.default.attributesOfItem(atPath: log.path)[.size] as? Int) ?? 0
    }

    /// The last lines of its log that hold one of the words.
    func logLines(holding words: [String], limit: Int) -> [String] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { line in words.contains { line.contains($0) } }
            .suffix(limit).map(String.init)
    }

    /// What `peerglass show version` is called.
    var version: String {
        Shell.output(of: [program, "--version"]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs `peerglass neighbor ADDRESS refresh`.
    func askForRefresh(_ neighbor: SoakNeighbor) {
        Shell.output(of: [
            program, "neighbor", "\(neighbor.address)", "refresh", "--socket", socket,
        ])
    }

    /// What `show neighbor` says of one, and of the loop.
    func view(of neighbor: SoakNeighbor) -> SoakView? {
        let text = Shell.output(of: [
            program, "show", "neighbor", "\(neighbor.address)", "--json", "--socket", socket,
        ])
        return SoakLine.read(text, as: SoakView.self)
    }

    /// The dashboard's command.
    var dashboard: [String] { [program, "attach", "--socket", socket] }
}

/// `show neighbor --json`, as far as it matters here.
struct SoakView: Decodable {
    var neighbors: [Neighbor]
    var loop: Loop

    struct Neighbor: Decodable {
        var state: String
        var stats: Statistics
    }

    struct Statistics: Decodable {
        var update: Updates
    }

    struct Updates: Decodable {
        var received: Count
    }

    struct Count: Decodable {
        var updates: Int
    }

    struct Loop: Decodable {
        var lag: Int
        var largest: Int
        var work: String?

        private enum CodingKeys: String, CodingKey {
            case lag = "lag_usec"
            case largest = "largest_usec"
            case work = "largest_work"
        }
    }
}
