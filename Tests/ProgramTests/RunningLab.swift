import Foundation
import Interop
import PseudoTerminal

/// The lab in a terminal, and what it leaves on this host.
final class RunningLab {
    let terminal: PseudoTerminal
    /// The process of r1, behind the supervising parent.
    let router: pid_t
    private let spacesBefore: Set<String>

    /// Starts it and waits for the first picture.
    ///
    /// - Parameters:
    ///   - width: Columns of the window.
    ///   - height: Rows of the window.
    ///   - command: What runs, where it is not the program with `lab`.
    /// - Throws: Where it cannot be started, or shows nothing in time.
    init(width: Int = 120, height: Int = 40, command: [String]? = nil) throws {
        spacesBefore = Self.namespaces()
        terminal = try PseudoTerminal(
            try command ?? [Peerglass.program, "lab"],
            width: width,
            height: height
        )
        try terminal.wait(for: "the overview", within: .seconds(40)) { $0.contains("sessions") }
        router = terminal.drawer
    }

    deinit {
        kill(router, SIGTERM)
        // What is left here would be found by the next test.
        for _ in 0..<1000 where !remains.isEmpty { usleep(20_000) }
    }

    /// The folder of its sockets and configurations.
    var folder: String { "/tmp/peerglass-lab-\(router)" }

    /// Waits until both sessions are up and the kernel has all routes.
    func waitUntilConverged() throws {
        try terminal.wait(for: "both sessions up", within: .seconds(40)) {
            $0.contains("sessions 2/2")
        }
        try terminal.wait(for: "the kernel has all that the RIB has", within: .seconds(60)) {
            $0.contains(" = kernel 2") && $0.contains("proto bgp")
        }
    }

    /// Presses keys to stop the router, and waits for the end.
    func stop() throws -> Ending {
        terminal.send("q")
        try terminal.wait(forText: "stop the router")
        terminal.send("s")
        return try terminal.waitForExit(within: .seconds(40))
    }

    /// The process of another router of the lab; nil while it does not run.
    func process(of router: String) -> pid_t? {
        Self.processes { $0.contains("\(folder)/\(router).conf") }.first
    }

    /// Whether a process of r1 is there.
    var isAlive: Bool { kill(router, 0) == 0 }

    /// What is left of it: namespaces, processes, files.
    var remains: [String] {
        var found = Self.namespaces().subtracting(spacesBefore).sorted()
        if isAlive { found.append("process \(router)") }
        found += Self.processes { $0.contains(folder) }.map { "process \($0)" }
        if FileManager.default.fileExists(atPath: folder) { found.append(folder) }
        return found
    }

    /// Waits until nothing of it is left.
    func waitUntilGone() async throws {
        try await waitUntil(
            "nothing is left of the lab",
            within: .seconds(30),
            telling: { self.remains.joined(separator: ", ") }
        ) {
            remains.isEmpty
        }
    }

    /// The lab's network namespaces on this host.
    private static func namespaces() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        return Set(names.filter { name in ["-r1", "-r2", "-r3"].contains { name.hasSuffix($0) } })
    }

    /// The processes whose command line is as wanted.
    private static func processes(where isWanted: (String) -> Bool) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let line = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline")) else {
                return false
            }
            return isWanted(String(decoding: line.map { $0 == 0 ? 32 : $0 }, as: UTF8.self))
        }
    }
}
