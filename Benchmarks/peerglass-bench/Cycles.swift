import Foundation

/// A table that comes and goes again and again: what the daemon holds must not grow.
struct Cycles {
    let program: String
    let count: Int
    let cycles: Int
    let folder: URL

    /// How much more than after the tenth cycle it may hold in the end.
    private static let room = 0.05
    private static let base = 10

    /// Runs them and says what it saw; false where it grew, or something did not come.
    func run() -> Bool {
        let candidate = Candidate.make(.peerglass, program, .oneReceiver, folder)
        Run.makeNetwork(for: .oneReceiver)
        let daemon = Shell.start(
            ["ip", "netns", "exec", Run.namespaces[1]] + candidate.command,
            output: false
        )
        var sizes: [Double] = []
        for cycle in 1...cycles {
            guard comeAndGo(candidate) else {
                print("cycle \(cycle): the table did not come or did not go")
                return false
            }
            sizes.append(daemon.megabytes("VmRSS"))
            if cycle % 10 == 0 {
                print(String(format: "cycle %d: %.1f MB", cycle, sizes[cycle - 1]))
            }
        }
        guard sizes.count > Self.base, let last = sizes.last else { return true }
        let first = sizes[Self.base - 1]
        print(
            String(
                format:
                    "%d cycles of %d prefixes: %.1f MB after cycle %d, %.1f MB at the end (%+.1f %%)",
                cycles,
                count,
                first,
                Self.base,
                last,
                (last / first - 1) * 100
            )
        )
        return last <= first * (1 + Self.room)
    }

    /// A neighbor sends the table, another is sent it, and both go.
    private func comeAndGo(_ candidate: Candidate) -> Bool {
        let peers = ["--send", "--receive"].enumerated().map { number, role in
            Shell.start(
                ["ip", "netns", "exec", Run.namespaces[0], CommandLine.arguments[0]]
                    + [role, "\(number)", "\(count)"],
                output: true
            )
        }
        defer { for peer in peers { Shell.end(peer) } }
        guard peers.allSatisfy({ $0.readLine() == "up" }) else { return false }
        peers[0].say("go")
        guard peers[1].readLine() == "done" else { return false }
        for peer in peers { Shell.end(peer) }
        let limit = Date() + 30
        while Date() < limit {
            if candidate.pathCount() == 0 { return true }
            usleep(20_000)
        }
        return false
    }
}
