import Foundation
import Interop
import PseudoTerminal
import Testing

/// The whole program in a terminal: the lab, driven with keys.
@Suite(
    .serialized,
    .enabled(if: Namespace.arePermitted, "network namespaces are not permitted"),
    .timeLimit(.minutes(4))
)
struct LabOnScreenTests {
    @Test func `the lab shows routes, takes r2 down and up, and leaves nothing behind`() throws {
        let lab = try RunningLab()
        let terminal = lab.terminal
        try lab.waitUntilConverged()
        #expect(terminal.screen.contains("Peerglass  r1  AS 65001"))

        // r2 announces three networks: both tables are filtered to one of them.
        terminal.send("2/198.51.100.0/24\r")
        terminal.send("3/198.51.100.0/24\r")
        try terminal.wait(for: "the network of r2 in both panes") {
            rows($0, with: "198.51.100.0/24").count == 2
        }

        terminal.send("1gd")
        try terminal.wait(forText: "Take r2 down")
        terminal.send("CHG-2\r")
        terminal.send("d")
        try terminal.wait(for: "r2 held down and its routes gone") {
            $0.contains("sessions 1/2") && $0.contains("Idle held down")
                && rows($0, with: "198.51.100.0/24").isEmpty
        }
        terminal.send("gu")
        try terminal.wait(for: "r2 up again, its network in both panes", within: .seconds(40)) {
            $0.contains("sessions 2/2") && rows($0, with: "198.51.100.0/24").count == 2
        }

        #expect(try lab.stop() == .exit(0))
        #expect(terminal.screen.leftovers.isEmpty)
        #expect(terminal.settingsAreRestored)
        #expect(lab.remains == [])
    }

    @Test func `left with the router running, the lab is shown again by attach`() async throws {
        let lab = try RunningLab()
        let terminal = lab.terminal
        try lab.waitUntilConverged()
        terminal.send("q")
        try terminal.wait(forText: "leave, keep running")
        terminal.send("\r")
        #expect(try terminal.waitForExit() == .exit(0))
        #expect(terminal.screen.leftovers.isEmpty)
        #expect(terminal.settingsAreRestored)
        let command = "peerglass attach --socket \(lab.folder)/r1.sock"
        #expect(terminal.screen.contains("goes on in the background (process \(lab.router))"))
        #expect(terminal.screen.contains(command))

        let words = command.split(separator: " ").dropFirst().map(String.init)
        let second = try PseudoTerminal(
            [try Peerglass.program] + words,
            width: 120,
            height: 40
        )
        try second.wait(for: "the same router", within: .seconds(20)) {
            $0.contains("sessions 2/2") && $0.contains("proto bgp")
        }
        second.send("q")
        #expect(try second.waitForExit() == .exit(0))
        #expect(second.settingsAreRestored)
        #expect(lab.isAlive)

        kill(lab.router, SIGTERM)
        try await lab.waitUntilGone()
    }

    @Test func `while r2 is stopped its refused connections and the countdown are shown`() throws {
        let lab = try RunningLab()
        let terminal = lab.terminal
        try lab.waitUntilConverged()
        let process = try #require(lab.process(of: "r2"))
        // The messages of r3 would scroll everything away.
        terminal.send("4/r2\r")
        kill(process, SIGTERM)
        try terminal.wait(for: "the end in words", within: .seconds(20)) {
            $0.contains("sessions 1/2") && $0.contains("received Cease/administratively down")
        }
        terminal.send("1gu")
        try terminal.wait(for: "a refused connection", within: .seconds(20)) {
            $0.contains("refused: the host answered, nobody listens")
        }
        try terminal.wait(for: "the countdown", within: .seconds(20)) {
            $0.contains("Active retry ")
        }
        terminal.send("4z")
        try terminal.wait(for: "r2 up again, with its first messages", within: .seconds(100)) {
            screen in
            screen.contains("sessions 2/2")
                && ["<  OPEN ", ">  KEEPALIVE", "<  UPDATE "].allSatisfy {
                    !rows(screen, with: $0).isEmpty
                }
        }
        #expect(try lab.stop() == .exit(0))
        #expect(lab.remains == [])
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal to end stops the lab and gives the terminal back`(number: Int32) throws {
        let lab = try RunningLab(width: 80, height: 24)
        lab.terminal.signal(number)
        #expect(try lab.terminal.waitForExit(within: .seconds(40)) == .exit(0))
        #expect(lab.terminal.screen.leftovers.isEmpty)
        #expect(lab.terminal.settingsAreRestored)
        #expect(lab.remains == [])
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGKILL])
    func `a killed program gives the terminal back, and the lab goes`(number: Int32) async throws {
        let lab = try RunningLab(width: 80, height: 24)
        lab.terminal.signalDrawer(number)
        #expect(try lab.terminal.waitForExit(within: .seconds(20)) == .signal(number))
        #expect(lab.terminal.screen.leftovers.isEmpty)
        #expect(lab.terminal.settingsAreRestored)
        try await lab.waitUntilGone()
    }

    @Test(.enabled(if: Command.exists("setpriv") && geteuid() == 0, "this needs root and setpriv"))
    func `without root the lab is on loopback addresses, says so, and has all routes`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-nobody-\(UUID().uuidString.prefix(8))")
        let copy = folder.appending(path: "peerglass").path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Where the program was built, others may not look.
        try FileManager.default.copyItem(atPath: try Peerglass.program, toPath: copy)
        for path in [folder.path, copy] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let identity = ["--reuid=65534", "--regid=65534", "--clear-groups"]
        let lab = try RunningLab(command: [Command.path(of: "setpriv")] + identity + [copy, "lab"])
        try lab.terminal.wait(for: "all routes, none in the kernel", within: .seconds(40)) {
            $0.contains("sessions 2/2") && $0.contains("RIB 2") && $0.contains("kernel off")
                && $0.contains("65003 64496 ")
        }
        #expect(try lab.stop() == .exit(0))
        #expect(lab.terminal.screen.contains("share the loopback interface"))
        #expect(lab.remains == [])
    }

    private func rows(_ screen: ScreenModel, with text: String) -> [String] {
        // A pane's filter stands in its title; a row does not begin with a line.
        screen.lines.filter { $0.contains(text) && $0.hasPrefix("│") }
    }
}
