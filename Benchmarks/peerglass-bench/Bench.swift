import Foundation

/// Measures Peerglass: beside other daemons, in small, in slices, over many cycles, or by soaking it.
@main
struct Bench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        // The bench runs itself for the neighbors, in their network namespace.
        if let code = play(words) { exit(code) }
        guard let options = Options(words) else {
            print(Options.usage)
            exit(64)
        }
        if case .microscope = options.task {
            exit(Microscope(options.prefixes ?? 200_000).run())
        }
        if case .questions = options.task {
            exit(Questions(options.prefixes ?? 1_000_000).run())
        }
        guard geteuid() == 0 else {
            print("skipped: making network namespaces needs root")
            exit(77)
        }
        guard isAlone() else {
            print("another bench runs: both would use the same namespaces, and disturb each other")
            exit(75)
        }
        Cleanup.onInterruption()
        let isWell = run(options, Cleanup.makeFolder())
        Cleanup.cleanUp()
        exit(isWell ? 0 : 1)
    }

    /// Takes the lock that this process then holds to its end; false where another one has it.
    private static func isAlone() -> Bool {
        let descriptor = open("/run/peerglass-bench.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        return descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    private static func run(_ options: Options, _ folder: URL) -> Bool {
        switch options.task {
        case .microscope, .questions: return true
        case .scenarios(let scenarios):
            let report = Comparison(options, scenarios, folder).run()
            if let results = options.results {
                keep(report, as: name(of: scenarios), in: results)
            }
            return true
        case .cycles(let cycles):
            return Cycles(
                program: options.program,
                count: options.prefixes ?? 100_000,
                cycles: cycles,
                folder: folder
            ).run()
        case .soak(let seconds):
            goFirst()
            Cleanup.after(seconds: 2 * seconds + 900)
            return Soak(
                options.program,
                seconds: seconds,
                tableCount: options.prefixes ?? 1_000_000,
                folder
            ).run()
        case .slices:
            goFirst()
            Cleanup.after(seconds: 1800)
            let report = Slices(options.program, options.prefixes ?? 1_000_000, folder).run()
            print(report)
            if let results = options.results { keep(report, as: "slices", in: results) }
            return true
        }
    }

    /// What else the machine does disturbs less, for the daemon and for who measures it.
    private static func goFirst() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10)
    }

    /// Plays a neighbor, where the words say so.
    private static func play(_ words: [String]) -> Int32? {
        let numbers = words.dropFirst().map { Int($0) ?? 0 }
        switch (words.first, numbers.count) {
        case ("--send", 2):
            return Peer.send(as: BenchNeighbor(number: numbers[0]), count: numbers[1])
        case ("--receive", 2):
            return Peer.receive(as: BenchNeighbor(number: numbers[0]), count: numbers[1])
        case ("--probe", 0): return Peer.probe()
        case ("--clients", 1): return Clients.routeServer(count: numbers[0])
        case ("--flap", 1): return Clients.flap(count: numbers[0])
        case ("--step", 3): return Microscope.play(words[1], count: numbers[1], times: numbers[2])
        case ("--play", 2):
            guard let role = SoakRole(rawValue: words[1]) else { return 64 }
            return SoakPlayer(role, tableCount: numbers[1]).run()
        case ("--attack", 1):
            guard let attack = SoakAttack(rawValue: words[1]) else { return 64 }
            return SoakAttacker(attack).run()
        default: return nil
        }
    }

    /// Scenarios and the day.
    private static func name(of scenarios: [Scenario]) -> String {
        let isAll = scenarios == Scenario.allCases
        let what = isAll ? "scenarios" : scenarios.map(\.rawValue).joined(separator: "-")
        return what + "-" + Date.now.formatted(.iso8601.year().month().day())
    }

    /// Keeps a report under a name.
    private static func keep(_ report: String, as name: String, in folder: String) {
        let file = URL(filePath: folder).appending(path: "\(name).txt")
        do {
            try report.write(to: file, atomically: true, encoding: .utf8)
            print("kept as \(file.path)")
        } catch {
            print("not kept: \(error)")
        }
    }
}
