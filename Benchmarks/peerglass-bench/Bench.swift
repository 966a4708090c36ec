import Addressing
import Foundation

/// Measures Peerglass beside BIRD, in one run.
@main
struct Bench {
    static let usage = """
        usage: peerglass-bench PEERGLASS [--scenario S1|S2|S3] [PREFIXES [RUNS]]
        """

    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        // The bench runs itself for the neighbors, in their network namespace.
        if words.count == 3, let number = Int(words[1]), let count = Int(words[2]) {
            let neighbor = BenchNeighbor(number: number)
            if words[0] == "--send" { exit(Peer.send(as: neighbor, count: count)) }
            if words[0] == "--receive" { exit(Peer.receive(as: neighbor, count: count)) }
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
