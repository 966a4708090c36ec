import Dispatch
import Glibc
import Simulation
import Synchronization
import Timekeeping

/// Runs simulated networks in storms, many seeds in all cores, and makes those that fail small.
///
/// `peerglass-storm --storm N` runs N seeds of up to twelve speakers, `--region N` N of 24 ASes, `--graph N` N of
/// 200 ASes, `--from SEED` where they begin (1), `--workers N` so many at a time; `--replay NAME` one alone,
/// `--log FILE` with the machines' files, the event log and everything that is wrong.
/// `--scale` lets large networks of one AS come to rest and compares their speakers; with `mesh100`, `reflect1000` or
/// `reflect5000` behind it that one alone, with `--no-head` its row alone.
/// Ends with 1 where one failed, with 2 where the words are wrong.
@main
struct Storms {
    var seeds: [ScenarioName] = []
    var workers = 1
    var log: String?
    var scale: Scale?

    static func main() {
        guard let storms = Storms(Array(CommandLine.arguments.dropFirst())) else {
            say(
                "usage: peerglass-storm [--storm N] [--region N] [--graph N] [--from SEED] [--workers N] | --replay NAME [--log FILE] | --scale [\(ScaleNetwork.Name.allCases.map(\.rawValue).joined(separator: "|"))] [--from SEED] [--no-head]"
            )
            exit(2)
        }
        if let scale = storms.scale { exit(scale.run() ? 0 : 1) }
        exit(storms.run() ? 0 : 1)
    }

    /// What the words of the command line ask for; nil where they are wrong.
    init?(_ words: [String]) {
        var counts: [(kind: ScenarioName.Kind, count: UInt64)] = []
        var first: UInt64 = 1
        var sizes: [ScaleNetwork.Name] = []
        var isWithoutHead = false
        var place = 0
        while place < words.count {
            if words[place] == "--scale" {
                place += 1
                guard place < words.count, !words[place].hasPrefix("--") else {
                    sizes = ScaleNetwork.Name.allCases
                    continue
                }
                guard let name = ScaleNetwork.Name(rawValue: words[place]) else { return nil }
                sizes = [name]
                place += 1
                continue
            }
            if words[place] == "--no-head" {
                isWithoutHead = true
                place += 1
                continue
            }
            guard place + 1 < words.count else { return nil }
            let value = words[place + 1]
            switch (words[place], UInt64(value)) {
            case ("--storm", let count?): counts.append((.storm, count))
            case ("--region", let count?): counts.append((.region, count))
            case ("--graph", let count?): counts.append((.graph, count))
            case ("--from", let seed?): first = seed
            case ("--workers", let count?) where count > 0: workers = Int(clamping: count)
            case ("--log", _): log = value
            case ("--replay", _):
                guard let name = ScenarioName(value), Scenario(name) != nil else { return nil }
                seeds.append(name)
            default: return nil
            }
            place += 2
        }
        for (kind, count) in counts {
            seeds += (first..<first + count).map { ScenarioName(kind, seed: $0) }
        }
        if !sizes.isEmpty {
            scale = Scale(names: sizes, seed: first, isWithoutHead: isWithoutHead)
        }
        if seeds.isEmpty == sizes.isEmpty { return nil }
    }

    /// Runs them; false where one failed.
    private func run() -> Bool {
        let progress = Mutex(Progress())
        let start = ContinuousClock.now
        Deaths.watch(workers: workers)
        let seeds = seeds
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while let next = progress.withLock({ $0.take(of: seeds.count) }) {
                Deaths.present(seeds[next], worker: worker)
                let hasFailed = run(seeds[next])
                let done = progress.withLock { $0.finish(hasFailed: hasFailed) }
                if seeds.count >= 20, done.isMultiple(of: seeds.count / 20) {
                    Self.say("\(done) of \(seeds.count) in \(Self.words(since: start))")
                }
            }
        }
        let failed = progress.withLock(\.failed)
        Self.say(
            "\(seeds.count) seeds in \(Self.words(since: start)) on \(workers) cores, \(failed) failed"
        )
        return failed == 0
    }

    /// True where it fails: said then, and what is left of it once it is small.
    private func run(_ name: ScenarioName) -> Bool {
        guard let scenario = Scenario(name) else { return true }
        let outcome = Self.outcome(of: scenario)
        if let log, let simulation = outcome.simulation {
            let files = scenario.plan.machines.indices.map {
                "--- r\($0 + 1) ---\n" + scenario.plan.configuration(of: $0)
            }
            let faults = outcome.faults.map { "FAULT \($0)" }
            let lines = files + simulation.log + faults
            Self.write(lines.joined(separator: "\n") + "\n", to: log)
        }
        guard !outcome.faults.isEmpty else { return false }
        Self.tell(scenario, outcome.faults)
        guard name.cut == nil else { return true }
        let runs = name.kind == .graph ? 200 : 1000
        var shrinker = Shrinker(scenario, runs: runs) { !Self.outcome(of: $0).faults.isEmpty }
        let small = shrinker.smallest(from: scenario.whole)
        if small.name.cut != nil { Self.tell(small, Self.outcome(of: small).faults) }
        return true
    }

    private static func outcome(
        of scenario: Scenario
    ) -> (faults: [String], simulation: Simulation?) {
        do {
            let outcome = try scenario.run()
            return (outcome.faults, outcome.simulation)
        } catch {
            return (["\(error)"], nil)
        }
    }

    // MARK: Words

    private static func tell(_ scenario: Scenario, _ faults: [String]) {
        let lines = faults.prefix(10).map { "    \($0)" }
        let rest = faults.count > 10 ? ["    and \(faults.count - 10) more"] : []
        let head =
            "FAILED \(scenario.name) (\(scenario.words)): script/test --replay \(scenario.name)"
        let small = scenario.storm.breaks.count <= 12 && scenario.name.cut != nil
        let steps = small ? scenario.storm.steps.map { "    at \($0.after): \($0.fault)" } : []
        say(([head] + lines + rest + steps).joined(separator: "\n"))
    }

    private static func words(since start: ContinuousClock.Instant) -> String {
        "\((ContinuousClock.now - start).components.seconds) s"
    }

    static func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private static func write(_ text: String, to path: String) {
        guard let file = fopen(path, "w") else {
            say("\(path): \(String(cString: strerror(errno)))")
            exit(2)
        }
        fputs(text, file)
        fclose(file)
    }
}

/// Which seeds were begun, how many are done, and how many of these failed.
private struct Progress {
    var begun = 0
    var done = 0
    var failed = 0

    /// The next to run; nil where all are begun.
    mutating func take(of count: Int) -> Int? {
        guard begun < count else { return nil }
        defer { begun += 1 }
        return begun
    }

    /// How many are done now.
    mutating func finish(hasFailed: Bool) -> Int {
        done += 1
        if hasFailed { failed += 1 }
        return done
    }
}
