import Foundation

/// Scenarios for several daemons, one after the other and in turns, and the table of what they cost.
struct Comparison {
    let options: Options
    let scenarios: [Scenario]
    let programs: [Candidate.Program]
    private let folder: URL

    init(_ options: Options, _ scenarios: [Scenario], _ folder: URL) {
        self.options = options
        self.scenarios = scenarios
        self.folder = folder
        let wanted = options.withAll ? Candidate.Program.allCases : [.peerglass, .bird]
        programs = wanted
    }

    private var count: Int { options.prefixes ?? 1_000_000 }

    /// Runs everything and prints as it goes; the report.
    func run() -> String {
        var report = head
        print(report)
        for scenario in scenarios {
            let lines = rows(scenario, measure(scenario))
            print(lines)
            // Into a file, too, lines come as they are made.
            fflush(nil)
            report += "\n" + lines
        }
        return report + "\n"
    }

    /// What each part of a scenario cost each program.
    private func measure(_ scenario: Scenario) -> [[Cost]] {
        var runs = [[[Cost]]](repeating: [], count: programs.count)
        for number in 1...options.runs {
            for (place, program) in programs.enumerated() where program.isInstalled {
                // What was given up once is not tried again.
                if runs[place].last?.contains(where: { $0.wallSeconds == nil }) == true { continue }
                let own = folder.appending(path: "\(program)-\(scenario.rawValue)-\(number)")
                let run = Run(program, options.program, scenario, count, own)
                runs[place].append(run.measure())
                try? FileManager.default.removeItem(at: own)
            }
        }
        return runs.map { runs in
            let parts = runs.map(\.count).min() ?? 0
            let costs = (0..<parts).map { part in Cost(mediansOf: runs.map { $0[part] }) }
            let why = runs.isEmpty ? "not installed" : "not tried after that"
            return costs
                + scenario.parts[parts...].map { name, words in
                    Cost(name: name, part: words, note: why)
                }
        }
    }

    // MARK: The report

    private var head: String {
        let versions = programs.map { "\($0.rawValue): \($0.version(options.program))" }
        let kernel = Shell.output(of: ["uname", "-sr"]).trimmingCharacters(in: .newlines)
        let load = Shell.output(of: ["cut", "-d", " ", "-f", "1-3", "/proc/loadavg"])
            .trimmingCharacters(in: .newlines)
        return """
            \(Date.now.formatted(.iso8601)), \(kernel), \
            \(ProcessInfo.processInfo.processorCount) processors, load \(load) at the beginning
            \(versions.joined(separator: "\n"))
            medians of \(options.runs); x: times what BIRD takes in the same run
            \(scenarios.map { "\($0.rawValue): \($0.words(count))" }.joined(separator: "\n"))

            \(row("", "", ["CPU s", "wall s", "MB", "CPU x", "wall x", "MB x"], ""))
            """
    }

    private func rows(_ scenario: Scenario, _ costs: [[Cost]]) -> String {
        var lines: [String] = []
        let bird = programs.firstIndex(of: .bird)
        for part in scenario.parts.indices {
            let base = bird.map { costs[$0][part] }
            for (place, program) in programs.enumerated() {
                lines.append(row(costs[place][part], program, program == .bird ? nil : base))
            }
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ cost: Cost, _ program: Candidate.Program, _ base: Cost?) -> String {
        func ratio(_ value: (Cost) -> Double?) -> String {
            guard let base, let own = value(cost), let other = value(base), other > 0 else {
                return ""
            }
            return String(format: "%.2f", own / other)
        }
        func number(_ value: Double?, _ format: String) -> String {
            value.map { String(format: format, $0) } ?? "-"
        }
        let wall = number(cost.wallSeconds, (cost.wallSeconds ?? 1) < 0.1 ? "%.3f" : "%.2f")
        return row(
            "\(cost.name) \(cost.part)",
            program.rawValue,
            [
                number(cost.cpuSeconds, "%.2f"), wall, number(cost.megabytes, "%.0f"),
                ratio(\.cpuSeconds), ratio(\.wallSeconds), ratio(\.megabytes),
            ],
            cost.note
        )
    }

    private func row(_ part: String, _ program: String, _ cells: [String], _ note: String) -> String
    {
        func left(_ text: String, _ width: Int) -> String {
            text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
        }
        let numbers = cells.map { String(repeating: " ", count: max(0, 8 - $0.count)) + $0 }
        var line = left(part, 28) + left(program, 10) + numbers.joined() + "  " + note
        while line.last == " " { line.removeLast() }
        return line
    }
}
