import Addressing
import Foundation

/// Measures Peerglass beside BIRD, in one run; or soaks it.
@main
struct Bench {
    static let usage = """
        usage: peerglass-bench PEERGLASS [--scenario S1|S2|S3] [PREFIXES [RUNS]]
               peerglass-bench PEERGLASS --soak [SECONDS [PREFIXES]]
               peerglass-bench PEERGLASS --questions [PREFIXES]
        """

    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        // The bench runs itself for the neighbors, in their network namespace.
        if words.count == 3, let number = Int(words[1]), let count = Int(words[2]) {
            let neighbor = BenchNeighbor(number: number)
            if words[0] == "--send" { exit(Peer.send(as: neighbor, count: count)) }
            if words[0] == "--receive" { exit(Peer.receive(as: neighbor, count: count)) }
        }
        if words.count == 3, words[0] == "--play", let role = SoakRole(rawValue: words[1]) {
            exit(SoakPlayer(role, tableCount: Int(words[2]) ?? 0).run())
        }
        if words.count == 2, words[0] == "--attack", let attack = SoakAttack(rawValue: words[1]) {
            exit(SoakAttacker(attack).run())
        }
        if words.count >= 2, words.count <= 4, words[1] == "--soak" {
            let numbers = words.dropFirst(2).map { Int($0) ?? 0 }
            guard numbers.allSatisfy({ $0 > 0 }) else { refuse() }
            exit(soak(words[0], seconds: numbers.first ?? 300, numbers.dropFirst().first))
        }
        if words.count >= 2, words.count <= 3, words[1] == "--questions" {
            let count = words.count == 3 ? Int(words[2]) ?? 0 : 1_000_000
            guard count > 0 else { refuse() }
            exit(ask(words[0], count))
        }
        var scenario = Scenario.all[0]
        if let place = words.firstIndex(of: "--scenario") {
            let name = place + 1 < words.count ? words[place + 1] : ""
            guard let named = Scenario.all.first(where: { $0.name == name }) else { refuse() }
            scenario = named
            words.removeSubrange(place...(place + 1))
        }
        guard let program = words.first, words.count <= 3 else { refuse() }
        let numbers = words.dropFirst().map { Int($0) ?? 0 }
        guard numbers.allSatisfy({ $0 > 0 }) else { refuse() }
        let count = numbers.first ?? 1_000_000
        let runs = numbers.count > 1 ? numbers[1] : 3
        Cleanup.onInterruption()
        let folder = Cleanup.makeFolder()
        let candidates = [
            Candidate.peerglass(program, scenario, folder), Candidate.bird(scenario, folder),
        ]
        var costs = [[Cost]](repeating: [], count: candidates.count)
        for _ in 0..<runs {
            for (index, candidate) in candidates.enumerated() {
                guard let cost = Run(candidate, scenario, count).measure() else {
                    print("\(candidate.name): the table did not arrive")
                    Cleanup.cleanUp()
                    exit(1)
                }
                costs[index].append(cost)
            }
        }
        Cleanup.cleanUp()
        print(
            "\(scenario.name): \(scenario.words) \(count) prefixes, no kernel; medians of \(runs)"
        )
        report(candidates, costs.map { Cost(mediansOf: $0) })
    }

    /// 0 where all held, 1 where something did not, 77 where it could not be tried.
    private static func soak(_ program: String, seconds: Int, _ prefixes: Int?) -> Int32 {
        guard geteuid() == 0 else {
            print("soak: skipped, making network namespaces needs root")
            return 77
        }
        // What else the machine does disturbs less, for the daemon and for who measures it.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10)
        Cleanup.onInterruption()
        Cleanup.after(seconds: 2 * seconds + 900)
        let soak = Soak(
            program,
            seconds: seconds,
            tableCount: prefixes ?? 1_000_000,
            Cleanup.makeFolder()
        )
        let isWell = soak.run()
        Cleanup.cleanUp()
        return isWell ? 0 : 1
    }

    /// Asks a speaker with two full tables, and tells how long its answers took; 0 where it could be asked.
    private static func ask(_ program: String, _ count: Int) -> Int32 {
        Cleanup.onInterruption()
        let folder = Cleanup.makeFolder()
        let scenario = Scenario(
            name: "Q",
            words: "two neighbors send, each with other paths,",
            senders: 2,
            hasReceiver: false
        )
        let candidate = Candidate.peerglass(program, scenario, folder)
        var isAnswered = false
        let cost = Run(candidate, scenario, count).measure {
            isAnswered = Questions(folder.appending(path: "peerglass.sock").path).ask()
        }
        Cleanup.cleanUp()
        if cost == nil { print("the table did not arrive") }
        return cost != nil && isAnswered ? 0 : 1
    }

    private static func refuse() -> Never {
        print(usage)
        exit(64)
    }

    private static func report(_ candidates: [Candidate], _ costs: [Cost]) {
        for (candidate, cost) in zip(candidates, costs) {
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
                costs[0].cpuSeconds / costs[1].cpuSeconds,
                costs[0].wallSeconds / costs[1].wallSeconds,
                costs[0].megabytes / costs[1].megabytes
            )
        )
    }
}
