import Foundation
import Interop
import PseudoTerminal
import Testing

/// The whole program in a terminal: the lab, driven with keys.
@Suite(.serialized)
struct LabOnScreenTests {
    @Test(
        .enabled(if: Namespace.arePermitted, "network namespaces are not permitted"),
        .timeLimit(.minutes(3))
    )
    func `the lab shows routes, takes r2 down and up, and leaves nothing behind`() throws {
        let before = try namespaces()
        let terminal = try PseudoTerminal([try program(), "lab"], width: 120, height: 40)
        try terminal.wait(for: "both sessions up", within: .seconds(40)) {
            shows($0, "sessions 2/2")
        }
        try terminal.wait(for: "the kernel has all that the RIB has", within: .seconds(60)) {
            shows($0, " = kernel 2") && shows($0, "proto bgp")
        }

        // r2 is the first row: only it is taken down, and its three routes leave both tables.
        terminal.send("gd")
        try terminal.wait(forText: "Take r2 down")
        terminal.send("CHG-2\r")
        terminal.send("d")
        try terminal.wait(for: "r2 held down") {
            shows($0, "sessions 1/2") && shows($0, "Idle held down")
        }
        terminal.send("gu")
        try terminal.wait(for: "r2 up again", within: .seconds(40)) { shows($0, "sessions 2/2") }

        terminal.send("q")
        try terminal.wait(forText: "stop the router")
        terminal.send("s")
        let ending = try terminal.waitForExit(within: .seconds(40))
        #expect(ending == .exit(0))
        #expect(terminal.screen.leftovers.isEmpty)
        #expect(terminal.settingsAreRestored)
        #expect(try namespaces() == before)
    }

    @Test(
        .enabled(if: Namespace.arePermitted, "network namespaces are not permitted"),
        .timeLimit(.minutes(3)),
        arguments: [SIGTERM]
    )
    func `a signal from outside ends the lab and gives the terminal back`(number: Int32) throws {
        let before = try namespaces()
        let terminal = try PseudoTerminal([try program(), "lab"], width: 80, height: 24)
        try terminal.wait(for: "the overview", within: .seconds(40)) { shows($0, "sessions") }
        terminal.signal(number)
        _ = try terminal.waitForExit(within: .seconds(40))
        #expect(terminal.screen.leftovers.isEmpty)
        #expect(terminal.settingsAreRestored)
        #expect(try namespaces() == before)
    }

    private func shows(_ screen: ScreenModel, _ text: String) -> Bool {
        screen.lines.contains { $0.contains(text) }
    }

    /// The names of the network namespaces of this host.
    private func namespaces() throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        return names.filter { name in ["-r1", "-r2", "-r3"].contains { name.hasSuffix($0) } }
            .sorted()
    }

    /// The program, found beside the running tests.
    private func program() throws -> String {
        let places =
            [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()]
            + CommandLine.arguments.map { URL(fileURLWithPath: $0) }
        let found = places.map {
            $0.deletingLastPathComponent().appendingPathComponent("peerglass").path
        }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return found ?? root.appendingPathComponent(".build/debug/peerglass").path
    }
}
