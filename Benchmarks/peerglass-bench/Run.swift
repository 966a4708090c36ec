import CLinux
import Foundation

/// One daemon in one scenario, once.
struct Run {
    private let program: Candidate.Program
    private let candidate: Candidate
    private let scenario: Scenario
    private let count: Int

    /// The namespaces of the neighbors and of the daemon.
    static let namespaces = ["peerglass-bench-s", "peerglass-bench-d"]

    init(
        _ program: Candidate.Program,
        _ peerglass: String,
        _ scenario: Scenario,
        _ count: Int,
        _ folder: URL
    ) {
        self.program = program
        self.scenario = scenario
        self.count = count
        candidate = .make(program, peerglass, scenario, folder)
    }

    /// What the parts of the scenario cost; a part that takes too long says so, and ends the run.
    func measure() -> [Cost] {
        Self.makeNetwork(for: scenario)
        defer { Shell.endAll() }
        return switch scenario {
        case .oneSender, .eightSenders: load()
        case .oneReceiver: forward()
        case .start: start()
        case .flapping: flap()
        case .routeServer: serve()
        }
    }

    private func startDaemon() -> Child {
        Shell.start(
            ["ip", "netns", "exec", Self.namespaces[1]] + candidate.command,
            output: false
        )
    }

    /// Starts neighbors and waits until their sessions are up.
    private func startPeers(_ commands: [[String]]) -> [Child]? {
        let peers = commands.map { words in
            Shell.start(
                ["ip", "netns", "exec", Self.namespaces[0], CommandLine.arguments[0]] + words,
                output: true
            )
        }
        for peer in peers {
            guard peer.readLine() == "up" else { return nil }
        }
        return peers
    }

    /// A stretch of time, and what the daemon does in it.
    private struct Watch {
        let daemon: Child
        private let cpu: Double
        private let start = Date()

        init(_ daemon: Child) {
            self.daemon = daemon
            cpu = daemon.cpuSeconds
        }

        var seconds: Double { Date().timeIntervalSince(start) }

        func cost(_ name: String, _ part: String, note: String = "") -> Cost {
            Cost(
                name: name,
                part: part,
                cpuSeconds: daemon.cpuSeconds - cpu,
                wallSeconds: seconds,
                megabytes: daemon.peakMegabytes,
                note: note
            )
        }
    }

    private func givenUp(_ name: String, _ part: String) -> Cost {
        Cost(name: name, part: part, note: "given up after \(Int(scenario.limit)) s")
    }

    // MARK: S1, S3, S5

    private func load() -> [Cost] {
        let daemon = startDaemon()
        let commands = scenario.neighbors.map { ["--send", "\($0.number)", "\(count)"] }
        guard let peers = startPeers(commands) else {
            return [Cost(name: scenario.rawValue, part: "load", note: "no session")]
        }
        let empty = daemon.megabytes("VmRSS")
        let watch = Watch(daemon)
        for peer in peers { peer.say("go") }
        let all = count * scenario.senders * candidate.pathsPerRoute
        guard wait(watch, until: { $0 >= all }) else { return [givenUp(scenario.rawValue, "load")] }
        var loaded = watch.cost(scenario.rawValue, "load")
        let bytes = (daemon.megabytes("VmRSS") - empty) * 1_048_576
        loaded.note = String(format: "%.0f bytes a path", bytes / Double(count * scenario.senders))
        let left = all - count * candidate.pathsPerRoute
        let part = scenario.senders == 1 ? "the neighbor drops" : "one of eight drops"
        let drop = Watch(daemon)
        Shell.end(peers[0])
        guard wait(drop, until: { $0 <= left }) else { return [loaded, givenUp("S5", part)] }
        return [loaded, drop.cost("S5", part)]
    }

    /// Asks the daemon again and again how many paths it has; false where the limit is reached before.
    private func wait(_ watch: Watch, until isReached: (Int) -> Bool) -> Bool {
        while watch.seconds < scenario.limit {
            if isReached(candidate.pathCount()) { return true }
            usleep(UInt32(candidate.interval * 1_000_000))
        }
        return false
    }

    // MARK: S2

    private func forward() -> [Cost] {
        let daemon = startDaemon()
        let commands = scenario.neighbors.map { neighbor in
            let role = neighbor.number < scenario.senders ? "--send" : "--receive"
            return [role, "\(neighbor.number)", "\(count)"]
        }
        guard let peers = startPeers(commands) else {
            return [Cost(name: "S2", part: "load and export", note: "no session")]
        }
        let watch = Watch(daemon)
        peers[0].say("go")
        guard peers[1].readLine(seconds: scenario.limit) == "done" else {
            return [givenUp("S2", "load and export")]
        }
        return [watch.cost("S2", "load and export")]
    }

    // MARK: S6

    private func start() -> [Cost] {
        guard let probe = startPeers([["--probe"]])?.first else { return [] }
        let start = cl_monotonic_nanoseconds()
        let daemon = startDaemon()
        guard let words = probe.readLine(seconds: scenario.limit), let end = Int64(words) else {
            return [givenUp("S6", "start to listening")]
        }
        // What is done once the port is open belongs to the start too.
        sleep(1)
        return [
            Cost(
                name: "S6",
                part: "start to listening",
                cpuSeconds: daemon.cpuSeconds,
                wallSeconds: Double(end - start) / 1_000_000_000,
                megabytes: daemon.megabytes("VmRSS")
            )
        ]
    }

    // MARK: S9

    private func flap() -> [Cost] {
        let part = "a minute of flapping"
        let daemon = startDaemon()
        guard let peers = startPeers([["--flap", "\(count)"]]) else {
            return [Cost(name: "S9", part: part, note: "no session")]
        }
        peers[0].say("go")
        guard peers[0].readLine(seconds: scenario.limit) == "loaded" else {
            return [givenUp("S9", part)]
        }
        let watch = Watch(daemon)
        peers[0].say("go")
        let limit = Double(FlapPlan.seconds) + 60
        guard let words = peers[0].readLine(seconds: limit), words.hasPrefix("done "),
            let silence = Double(words.dropFirst(5))
        else { return [Cost(name: "S9", part: part, note: "a session was lost, or given up")] }
        let allowed = Double(FlapPlan.holdTime) / 3 + 1
        let verdict = silence / 1000 <= allowed ? "" : ", more than \(allowed) s"
        return [
            watch.cost(
                "S9",
                part,
                note: String(format: "longest silence %.1f s", silence / 1000) + verdict
            )
        ]
    }

    // MARK: S10

    private func serve() -> [Cost] {
        let daemon = startDaemon()
        guard let peers = startPeers([["--clients", "\(count / 10)"]]) else {
            return [Cost(name: "S10", part: "cold start", note: "no sessions")]
        }
        let watch = Watch(daemon)
        peers[0].say("go")
        guard let words = peers[0].readLine(seconds: scenario.limit), words.hasPrefix("done") else {
            return [givenUp("S10", "cold start")]
        }
        let cold = watch.cost("S10", "cold start", note: candidate.note)
        guard let reload = candidate.reload else { return [cold] }
        let again = Watch(daemon)
        reload()
        guard let words = peers[0].readLine(seconds: scenario.limit), words.hasPrefix("done") else {
            return [cold, givenUp("S10", "reload")]
        }
        return [cold, again.cost("S10", "reload")]
    }

    // MARK: The network

    /// The two namespaces with a link, and the neighbors' addresses.
    static func makeNetwork(for scenario: Scenario) {
        removeNetwork()
        for name in namespaces { Shell.output(of: ["ip", "netns", "add", name]) }
        Shell.output(of: [
            "ip", "-n", namespaces[0], "link", "add", "sender0", "type", "veth",
            "peer", "name", "daemon0", "netns", namespaces[1],
        ])
        let addresses = [scenario.neighbors.map(\.address), [BenchNeighbor.daemon]]
        for (place, link) in ["sender0", "daemon0"].enumerated() {
            let name = namespaces[place]
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
