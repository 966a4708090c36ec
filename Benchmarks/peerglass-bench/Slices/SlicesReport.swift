import Foundation

/// What the measurement of slices came to, as a table.
struct SlicesReport {
    var version: String
    var count: Int
    var phases: [SlicesPhase]

    var text: String {
        let answer = Int(SlicesPhase.longestAnswer)
        let silence = SoakPhase.limit(SlicesPhase.holdTime)
        var lines = [
            "Slices of \(version): \(count) prefixes, hold time \(SlicesPhase.holdTime) s",
            Date.now.formatted(.iso8601) + ", " + SoakReport.machine,
            "",
            row(
                "phase",
                ["wall s", "median", "p99", "longest", "loop", "own", "silence", "late"],
                ""
            ),
        ]
        for phase in phases {
            lines.append(
                row(
                    phase.name,
                    [
                        String(format: "%.2f", phase.seconds),
                        String(format: "%.1f", phase.answers.median),
                        String(format: "%.1f", phase.answers.p99),
                        String(format: "%.1f", phase.longest),
                        String(format: "%.1f", phase.largestGap),
                        String(format: "%.1f", phase.ownGap),
                        "\(phase.silence)",
                        "\(phase.lateness)",
                    ],
                    phase.isHeld ? "held" : "missed"
                )
            )
        }
        lines.append(row("target", ["", "", "", "\(answer)", "", "", "\(silence)", ""], ""))
        lines.append(
            """

            median, p99, longest: from a question on the control socket, every 20 ms, to its answer, ms; loop: the \
            largest gap of the daemon's loop by its own word, ms; own: how late at most a question was asked, ms, which \
            is the machine's doing; silence: the longest in which a neighbor heard nothing, ms; late: how much later \
            than a third of the hold time that was.

            """
        )
        for phase in phases {
            let work = phase.work.isEmpty || phase.isHeld ? [] : ["the largest gap: \(phase.work)"]
            let words = phase.notes + phase.breaches + work
            if !words.isEmpty { lines.append("\(phase.name): \(words.joined(separator: "; "))") }
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ name: String, _ cells: [String], _ verdict: String) -> String {
        var line = name.padding(toLength: 30, withPad: " ", startingAt: 0)
        for cell in cells { line += String(repeating: " ", count: max(1, 9 - cell.count)) + cell }
        return verdict.isEmpty ? line : line + "  " + verdict
    }
}
