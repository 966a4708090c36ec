import Foundation

/// What the ways of a route through the core cost: nanoseconds, and instructions, which other work on the machine
/// does not change.
///
/// Each step runs in a process of its own. Instructions are counted by valgrind, as the difference between a process
/// that does a step three times and one that does it once: what comes before the step is left out so.
struct Microscope {
    /// Prefixes of the table for times; instructions need fewer, valgrind being slow.
    private let count: Int
    private static let countedPrefixes = 20_000
    private static let times = 5

    init(_ count: Int) { self.count = count }

    /// Prints the table; 0.
    func run() -> Int32 {
        let hasValgrind = FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind")
        print("\(count) prefixes, the best of \(Self.times); instructions: ", terminator: "")
        print(hasValgrind ? "\(Self.countedPrefixes) prefixes, callgrind" : "valgrind is not there")
        print("step                                     ns a prefix  instructions a prefix")
        var instructions: [MicroStep: Double] = [:]
        for step in MicroStep.allCases {
            let time = nanoseconds(step)
            if hasValgrind { instructions[step] = self.instructions(step) }
            let own = instructions[step].map { all in
                step.own(all, instructions)
            }
            print(
                step.words.padding(toLength: 40, withPad: " ", startingAt: 0),
                time.map { String(format: "%11.1f", $0) } ?? "          -",
                own.map { String(format: "%22.0f", $0) } ?? "                     -"
            )
        }
        return 0
    }

    private func nanoseconds(_ step: MicroStep) -> Double? {
        let text = Shell.output(of: command(step, count, Self.times))
        return Double(text.trimmingCharacters(in: .newlines))
    }

    private func command(_ step: MicroStep, _ count: Int, _ times: Int) -> [String] {
        [CommandLine.arguments[0], "--step", step.rawValue, "\(count)", "\(times)"]
    }

    /// Instructions of everything that a repetition does, for each prefix of the table.
    private func instructions(_ step: MicroStep) -> Double? {
        func collected(_ times: Int) -> Double? {
            let words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
            let line = (words + command(step, Self.countedPrefixes, times)).joined(separator: " ")
            let text = Shell.output(of: ["sh", "-c", line + " 2>&1"])
            guard let place = text.range(of: "Collected : ") else { return nil }
            return Double(text[place.upperBound...].prefix { $0.isNumber })
        }
        guard let once = collected(1), let thrice = collected(3) else { return nil }
        return (thrice - once) / 2 / Double(Self.countedPrefixes)
    }

    /// Plays one step that often, and prints its nanoseconds a prefix.
    static func play(_ name: String, count: Int, times: Int) -> Int32 {
        guard let step = MicroStep(rawValue: name) else { return 64 }
        let bench = MicroBench(count)
        let best = (0..<times).map { _ in bench.measure(step) }.min() ?? 0
        print(best / Double(count * step.pathsPerPrefix))
        return 0
    }
}

/// The steps, in the order in which a route takes them.
enum MicroStep: String, CaseIterable {
    case parse, intern, insert, decide, load, export, drop

    var words: String {
        switch self {
        case .parse: "parse an UPDATE and its prefixes"
        case .intern: "intern its attributes"
        case .insert: "insert the first path of a prefix"
        case .decide: "insert one of seven more, and decide"
        case .load: "all of it: octets to best routes"
        case .export: "export to a neighbor"
        case .drop: "drop the neighbor's routes"
        }
    }

    /// Paths for each prefix that the time is of.
    var pathsPerPrefix: Int { self == .decide ? MicroBench.senders - 1 : 1 }

    /// Of the instructions of a repetition those that are the step's own, for each path.
    func own(_ all: Double, _ others: [MicroStep: Double]) -> Double {
        switch self {
        case .parse, .intern, .load: all
        case .insert: all - (others[.intern] ?? 0)
        case .decide:
            (all - (others[.insert] ?? 0)) / Double(pathsPerPrefix) - (others[.intern] ?? 0)
        case .export, .drop: all - (others[.load] ?? 0)
        }
    }
}
