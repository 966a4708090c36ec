import Foundation

/// One daemon in one scenario, once.
struct Run {
    private let candidate: Candidate
    private let scenario: Scenario
    private let count: Int

    /// The namespaces of the neighbors and of the daemon.
    static let namespaces = ["peerglass-bench-s", "peerglass-bench-d"]

    init(_ candidate: Candidate, _ scenario: Scenario, _ count: Int) {
        self.candidate = candidate
        self.scenario = scenario
        self.count = count
    }

    /// What it cost until every path has arrived everywhere; nil where that takes too long.
    ///
    /// Then `ask` may ask the daemon what it likes.
    func measure(_ ask: () -> Void = {}) -> Cost? {
        makeNetwork()
        defer { Shell.endAll() }
        let daemon = Shell.start(
            ["ip", "netns", "exec", Self.namespaces[1]] + candidate.command,
            output: false
        )
        let peers = scenario.neighbors.map { neighbor in
            let role = neighbor.number < scenario.senders ? "--send" : "--receive"
            return Shell.start(
                [
                    "ip", "netns", "exec", Self.namespaces[0], CommandLine.arguments[0], role,
                    "\(neighbor.number)", "\(count)",
                ],
                output: true
            )
        }
        for peer in peers { _ = peer.readLine() }
        let start = Date()
        for peer in peers.prefix(scenario.senders) { peer.say("go") }
        if scenario.hasReceiver {
            guard let receiver = peers.last, receiver.readLine() == "done" else { return nil }
            return cost(of: daemon, since: start)
        }
        while Date().timeIntervalSince(start) < 300 {
            let seen = candidate.count(Shell.output(of: candidate.question))
            if seen >= count * scenario.senders {
                let cost = cost(of: daemon, since: start)
                ask()
                return cost
            }
            usleep(100_000)
        }
        return nil
    }

    private func cost(of daemon: Child, since start: Date) -> Cost {
        Cost(
            cpuSeconds: daemon.cpuSeconds,
            wallSeconds: Date().timeIntervalSince(start),
            megabytes: daemon.peakMegabytes
        )
    }

    private func makeNetwork() {
        Self.removeNetwork()
        for name in Self.namespaces { Shell.output(of: ["ip", "netns", "add", name]) }
        Shell.output(of: [
            "ip", "-n", Self.namespaces[0], "link", "add", "sender0", "type", "veth",
            "peer", "name", "daemon0", "netns", Self.namespaces[1],
        ])
        let addresses = [scenario.neighbors.map(\.address), [BenchNeighbor.daemon]]
        for (place, link) in ["sender0", "daemon0"].enumerated() {
            let name = Self.namespaces[place]
            for address in addresses[place] {
                Shell.output(of: ["ip", "-n", name, "address", "add", "\(address)/24", "dev", link])
            }
            Shell.output(of: ["ip", "-n", name, "link", "set", "dev", link, "up"])
            Shell.output(of: ["ip", "-n", name, "link", "set", "dev", "lo", "up"])
        }
    }

    static func removeNetwork() {
        for name in namespaces { Shell.output(of: ["ip", "netns", "delete", name]) }
    }
}
