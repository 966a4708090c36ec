import Foundation

/// What a soak came to, as a table.
struct SoakReport {
    var version: String
    var tableCount: Int
    var phases: [SoakPhase] = []
    /// The phase in which nothing happened.
    var baseline: SoakPhase?
    var logSize = 0

    /// What a thousand half-open connections and some that are refused may take.
    private static let descriptorRoom = 1000 + 64
    /// What attacks may cost, megabytes.
    private static let memoryRoom = 64.0

    init(version: String, tableCount: Int) {
        self.version = version
        self.tableCount = tableCount
    }

    /// All that should not be, by phase.
    var breaches: [String] {
        phases.flatMap { phase in phase.breaches.map { "\(phase.name): \($0)" } } + bounds
    }

    /// Descriptors and memory.
    private var bounds: [String] {
        guard let baseline, let last = phases.last else { return [] }
        var found: [String] = []
        for phase in phases
        where phase.peaks.descriptors > baseline.peaks.descriptors + Self.descriptorRoom {
            found.append("\(phase.name): \(phase.peaks.descriptors) descriptors")
        }
        if last.peaks.descriptors > baseline.peaks.descriptors + 16 {
            found.append("\(last.peaks.descriptors) descriptors are left at the end")
        }
        // What the large table takes stays, once; the second time takes no more.
        guard let table = phases.firstIndex(where: { $0.name == "\(tableCount) routes" }) else {
            return found
        }
        for (index, phase) in phases.enumerated() {
            let base = index < table ? baseline : phases[table]
            if phase.peaks.megabytes > base.peaks.megabytes + Self.memoryRoom {
                found.append(
                    String(
                        format: "\(phase.name): %.0f MB, %.0f more than \(base.name)",
                        phase.peaks.megabytes,
                        phase.peaks.megabytes - base.peaks.megabytes
                    )
                )
            }
        }
        return found
    }

    func print() {
        Swift.print("Soak of \(version), \(phases.reduce(0) { $0 + Int($1.seconds) }) s")
        Swift.print("\(Self.machine)\n")
        Swift.print(
            row("phase", "s", "lost", "silence 3 s", "9 s", "(own)", "loop ms", "fds", "RSS MB")
        )
        for phase in phases {
            Swift.print(
                row(
                    phase.name,
                    "\(Int(phase.seconds))",
                    "\(phase.facts.losses)",
                    "\(phase.silence(3))",
                    "\(phase.silence(9))",
                    "\(phase.facts.ownGap)",
                    String(format: "%.1f", Double(phase.peaks.lag) / 1000),
                    "\(phase.peaks.descriptors)",
                    String(format: "%.0f", phase.peaks.megabytes)
                )
            )
        }
        Swift.print(
            """

            lost: sessions of well-behaved neighbors; silence: the longest in which one with that hold time heard \
            nothing, ms (limits \(SoakPhase.limit(3)) and \(SoakPhase.limit(9))); own: the largest gap of the \
            neighbors' own loop, ms; loop: the largest gap of the daemon's.
            """
        )
        for phase in phases {
            var notes = phase.notes
            if phase.flakyLosses > 0 {
                notes.append("\(phase.flakyLosses) sessions lost with their link")
            }
            if let work = phase.peaks.work {
                notes.append("the loop's largest gap so far: \(work)")
            }
            if !notes.isEmpty { Swift.print("\(phase.name): \(notes.joined(separator: "; "))") }
        }
        Swift.print("log: \(logSize / 1024) KB")
        Swift.print(breaches.isEmpty ? "\nall held" : "\nbroken:")
        for breach in breaches { Swift.print("  \(breach)") }
    }

    private func row(_ name: String, _ cells: String...) -> String {
        let widths = [5, 6, 13, 7, 7, 9, 6, 8]
        var line = name.padding(toLength: 24, withPad: " ", startingAt: 0)
        for (cell, width) in zip(cells, widths) {
            line += String(repeating: " ", count: max(1, width - cell.count)) + cell
        }
        return line
    }

    /// Kernel, processors and how busy they are with other things.
    static var machine: String {
        func file(_ path: String) -> String {
            (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(
                in: .whitespacesAndNewlines
            ) ?? "unknown"
        }
        let count = ProcessInfo.processInfo.processorCount
        let load = file("/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
        let release = file("/proc/sys/kernel/osrelease")
        return "Linux \(release), \(count) processors, load average at the end \(load)"
    }
}
