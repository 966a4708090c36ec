import Foundation
import Simulation
import Timekeeping

/// Runs networks that are looked at for their size, and prints a row of each; a process for each, so that its memory
/// is that network's alone.
struct Scale {
    let names: [ScaleNetwork.Name]
    let seed: UInt64
    /// The rows alone are printed.
    let isWithoutHead: Bool

    /// Sessions that met badly wait for their timers; after that something is wrong.
    private static let patience = Duration.seconds(600)

    /// Runs them; false where one does not come to rest, or not all speakers of one have the same.
    func run() -> Bool {
        if !isWithoutHead { Storms.say(head) }
        if names.count == 1, let name = names.first { return run(name) }
        return names.filter { !runAlone($0) }.isEmpty
    }

    private func run(_ name: ScaleNetwork.Name) -> Bool {
        let network = ScaleNetwork(name, seed: seed)
        let start = ContinuousClock.now
        let simulation: Simulation
        do {
            simulation = try network.simulation()
        } catch {
            Storms.say("\(name.rawValue): \(error)")
            return false
        }
        simulation.start()
        let rest = simulation.converge(atMost: Self.patience)
        let real = ContinuousClock.now - start
        let memory = Self.residentByteCount
        // Looking at tables makes an order of them.
        let messages = Figures(simulation.messageCounts(), reflectors: network.reflectorCount)
        let tables = Figures(simulation.memoryByteCounts(), reflectors: network.reflectorCount)
        let faults = simulation.restFaults()
        let isEqual = rest != nil && faults.isEmpty
        let cells = [
            "\(network.plan.machines.count)", "\(network.plan.links.count)",
            "\(network.prefixes.count)",
            rest.map { String(format: "%.3f", ($0 - .zero) / .seconds(1)) } ?? "never",
            String(format: "%.1f", real / .seconds(1)),
            "\(messages.median)", messages.ofReflector.map { "\($0)" } ?? "",
            Self.megabytes(memory / UInt64(network.plan.machines.count)),
            Self.megabytes(tables.median),
            tables.ofReflector.map { Self.megabytes($0) } ?? "",
            isEqual ? "yes" : "no",
        ]
        Storms.say(Self.row(name.rawValue, cells))
        for fault in faults.prefix(10) { Storms.say("    \(fault)") }
        if faults.count > 10 { Storms.say("    and \(faults.count - 10) more") }
        return isEqual
    }

    /// Runs this program once more, for that network; false where it ends with anything but 0.
    private func runAlone(_ name: ScaleNetwork.Name) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--scale", name.rawValue, "--from", "\(seed)", "--no-head"]
        do {
            try process.run()
        } catch {
            Storms.say("\(name.rawValue): \(error)")
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    // MARK: Words

    private var head: String {
        func file(_ path: String) -> String {
            (try? String(contentsOfFile: path, encoding: .utf8)) ?? "unknown"
        }
        let release = file("/proc/sys/kernel/osrelease").trimmingCharacters(in: .newlines)
        let load = file("/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
        return """
            \(Date.now.formatted(.iso8601)), Linux \(release), \
            \(ProcessInfo.processInfo.processorCount) processors, load \(load) at the beginning
            seed \(seed)

            \(Self.row("", ["", "", "", "virtual", "real", "messages", "", "MB", "tables MB", "", ""]))
            \(Self.row("", ["speakers", "sessions", "networks", "s", "s", "client", "reflector", "speaker", "client", "reflector", "equal"]))
            """
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let widths = [9, 9, 9, 8, 7, 9, 10, 8, 10, 10, 6]
        return zip(cells, widths).reduce(name.padding(toLength: 11, withPad: " ", startingAt: 0)) {
            $0 + String(repeating: " ", count: max(1, $1.1 - $1.0.count)) + $1.0
        }
    }

    private static func megabytes(_ count: UInt64) -> String {
        String(format: "%.2f", Double(count) / 1_048_576)
    }

    /// The physical memory of this process.
    private static var residentByteCount: UInt64 {
        let words = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = words.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// A number of every speaker, as two: that of most, and that of a reflector.
private struct Figures {
    /// In the middle of the speakers that are no reflectors.
    let median: UInt64
    /// The largest of the reflectors'; nil where there are none.
    let ofReflector: UInt64?

    init(_ counts: [UInt64], reflectors: Int) {
        let others = counts.dropFirst(reflectors).sorted()
        median = others[others.count / 2]
        ofReflector = counts.prefix(reflectors).max()
    }
}
