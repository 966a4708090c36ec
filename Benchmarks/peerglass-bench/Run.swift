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
        fileprivate let cpu: Double
        private let start = Date()

        init(_ daemon: Child) {
            self.daemon = daemon
            cpu = daemon.cpuSeconds
        }

        var seconds: Double { Date().timeIntervalSince(start) }
    }

    /// What a part has cost.
    private func cost(_ part: Int, _ watch: Watch, note: String = "") -> Cost {
        var cost = failed(part, note)
        cost.cpuSeconds = watch.daemon.cpuSeconds - watch.cpu
        cost.wallSeconds = watch.seconds
        cost.megabytes = watch.daemon.peakMegabytes
        return cost
    }

    /// A part that has no numbers, and why.
    private func failed(_ part: Int, _ why: String) -> Cost {
        let (name, words) = scenario.parts[part]
        return Cost(name: name, part: words, note: why)
    }

    /// A part that did not come to its end: nothing came in time, or the neighbors have ended.
    private func givenUp(_ part: Int, _ line: String? = nil) -> Cost {
        let time = "given up after \(Int(scenario.limit)) s"
        return failed(part, line == nil ? time : "given up: it ended a session")
    }

    private static let noSession = "given up: its sessions did not come up within 60 s"

    // MARK: S1, S3, S5

    private func load() -> [Cost] {
        let daemon = startDaemon()
        let commands = scenario.neighbors.map { ["--send", "\($0.number)", "\(count)"] }
        guard let peers = startPeers(commands) else { return [failed(0, Self.noSession)] }
        let empty = daemon.megabytes("VmRSS")
        let watch = Watch(daemon)
        for peer in peers { peer.say("go") }
        let all = count * scenario.senders * candidate.pathsPerRoute
        guard wait(watch, until: { $0 >= all }) else { return [givenUp(0)] }
        var loaded = cost(0, watch)
        let bytes = (daemon.megabytes("VmRSS") - empty) * 1_048_576
        loaded.note = String(format: "%.0f bytes a path", bytes / Double(count * scenario.senders))
        let left = all - count * candidate.pathsPerRoute
        let drop = Watch(daemon)
        Shell.end(peers[0])
        guard wait(drop, until: { $0 <= left }) else { return [loaded, givenUp(1)] }
        return [loaded, cost(1, drop)]
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
        guard let peers = startPeers(commands) else { return [failed(0, Self.noSession)] }
        let watch = Watch(daemon)
        peers[0].say("go")
        let line = peers[1].readLine(seconds: scenario.limit)
        return [line == "done" ? cost(0, watch) : givenUp(0, line)]
    }

    // MARK: S6

    private func start() -> [Cost] {
        guard let probe = startPeers([["--probe"]])?.first else {
            return [failed(0, "not measured: the probe did not start")]
        }
        let start = cl_monotonic_nanoseconds()
        let daemon = startDaemon()
        guard let words = probe.readLine(seconds: scenario.limit), let end = Int64(words) else {
            return [givenUp(0)]
        }
        // What is done once the port is open belongs to the start too.
        sleep(1)
        var started = failed(0, "")
        started.cpuSeconds = daemon.cpuSeconds
        started.wallSeconds = Double(end - start) / 1_000_000_000
        started.megabytes = daemon.megabytes("VmRSS")
        return [started]
    }

    // MARK: S9

    private func flap() -> [Cost] {
        let daemon = startDaemon()
        guard let peers = startPeers([["--flap", "\(count)"]]) else {
            return [failed(0, Self.noSession)]
        }
        peers[0].say("go")
        let line = peers[0].readLine(seconds: scenario.limit)
        guard line == "loaded" else { return [givenUp(0, line)] }
        let watch = Watch(daemon)
        peers[0].say("go")
        let words = peers[0].readLine(seconds: scenario.limit)
        guard let words, words.hasPrefix("done "), let silence = Double(words.dropFirst(5)) else {
            return [givenUp(0, words)]
        }
        let allowed = Double(FlapPlan.holdTime) / 3 + 1
        let verdict = silence / 1000 <= allowed ? "" : ", more than \(allowed) s"
        let note = String(format: "longest silence %.1f s", silence / 1000)
        return [cost(0, watch, note: note + verdict)]
    }

    // MARK: S10

    private func serve() -> [Cost] {
        let daemon = startDaemon()
        guard let peers = startPeers([["--clients", "\(count / 10)"]]) else {
            return [failed(0, Self.noSession)]
        }
        let watch = Watch(daemon)
        peers[0].say("go")
        let line = peers[0].readLine(seconds: scenario.limit)
        guard let line, line.hasPrefix("done") else { return [givenUp(0, line)] }
        let cold = cost(0, watch, note: candidate.note)
        let again = Watch(daemon)
        candidate.reload()
        let end = peers[0].readLine(seconds: scenario.limit)
        guard let end, end.hasPrefix("done") else { return [cold, givenUp(1, end)] }
        return [cold, cost(1, again, note: candidate.note)]
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
