import Foundation
import Interop
import PseudoTerminal
import Testing

/// A router with the dashboard, as `peerglass run` starts it; it needs no privileges.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RouterOnScreenTests {
    /// A router without neighbors, and its files.
    private final class Router {
        let folder: URL
        let terminal: PseudoTerminal
        let settings: URL
        var socket: String { folder.appending(path: "peerglass.sock").path }

        init(settingsText: String? = nil) throws {
            folder = FileManager.default.temporaryDirectory
                .appending(path: "peerglass-run-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = folder.appending(path: "bgpd.conf")
            try """
            AS 65001
            router-id 192.0.2.1
            fib-update no
            listen on 127.0.0.1 port 17917
            network 198.51.100.0/24

            """.write(to: file, atomically: true, encoding: .utf8)
            settings = folder.appending(path: "peerglass/dashboard.yaml")
            if let settingsText {
                try FileManager.default.createDirectory(
                    at: settings.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try settingsText.write(to: settings, atomically: true, encoding: .utf8)
            }
            terminal = try PseudoTerminal(
                [
                    try Peerglass.program, "run", "-f", file.path, "--socket",
                    folder.appending(path: "peerglass.sock").path,
                ],
                width: 100,
                height: 30,
                environment: ["XDG_CONFIG_HOME": folder.path]
            )
            try terminal.wait(for: "the own network") { $0.contains("198.51.100.0/24") }
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func summary() throws -> Command.Result {
            try Command.run([try Peerglass.program, "show", "rib", "--socket", socket])
        }
    }

    @Test func `what is arranged is there on the next screen, of another process too`() async throws
    {
        let router = try Router()
        let process = router.terminal.drawer
        router.terminal.send(":hide ker\t\r")
        try router.terminal.wait(for: "no kernel") { !$0.contains("3 Kernel") }
        router.terminal.send("q")
        try router.terminal.wait(forText: "leave, keep running")
        router.terminal.send("\r")
        #expect(try router.terminal.waitForExit() == .exit(0))
        let text = try String(contentsOf: router.settings, encoding: .utf8)
        #expect(text.hasSuffix("panes:\n  kernel:\n    hidden: true\n"))

        let second = try PseudoTerminal(
            [try Peerglass.program, "attach", "--read-only", "--socket", router.socket],
            environment: ["XDG_CONFIG_HOME": router.folder.path]
        )
        try second.wait(for: "the network") { $0.contains("198.51.100.0/24") }
        #expect(!second.screen.contains("3 Kernel"))
        second.send("3+")
        try second.wait(forText: "3 Kernel")
        second.send("q")
        #expect(try second.waitForExit() == .exit(0))
        #expect(try String(contentsOf: router.settings, encoding: .utf8).contains("rows: 1"))
        kill(process, SIGTERM)
        try await waitUntil("the router has ended") { kill(process, 0) != 0 }
    }

    @Test func `a wrong settings file is said on the screen and left alone`() throws {
        let text = "panes:\n  kernal: { hidden: true }\n"
        let router = try Router(settingsText: text)
        try router.terminal.wait(forText: "dashboard.yaml:2: unknown pane \"kernal\"")
        router.terminal.send("+qs")
        #expect(try router.terminal.waitForExit() == .exit(0))
        #expect(try String(contentsOf: router.settings, encoding: .utf8) == text)
    }

    @Test func `a lost terminal closes the screen, and the router goes on`() async throws {
        let router = try Router()
        let process = router.terminal.drawer
        router.terminal.signal(SIGHUP)
        #expect(try router.terminal.waitForExit() == .exit(0))
        #expect(router.terminal.screen.leftovers.isEmpty)
        #expect(router.terminal.settingsAreRestored)
        #expect(try router.summary().output.contains("198.51.100.0/24"))
        kill(process, SIGTERM)
        try await waitUntil("the router has ended") { kill(process, 0) != 0 }
        #expect(!FileManager.default.fileExists(atPath: router.socket))
    }

    @Test func `a closed window is a lost terminal`() async throws {
        let router = try Router()
        let process = router.terminal.drawer
        router.terminal.hangUp()
        try await waitUntil("the supervising parent has ended") {
            (try? router.terminal.waitForExit(within: .milliseconds(10))) != nil
        }
        #expect(try router.summary().output.contains("198.51.100.0/24"))
        kill(process, SIGTERM)
        try await waitUntil("the router has ended") { kill(process, 0) != 0 }
    }

    @Test func `stopping the router asks first, and Esc stays`() throws {
        let router = try Router()
        router.terminal.send("q")
        try router.terminal.wait(forText: "stop the router")
        router.terminal.press(.escape)
        try router.terminal.wait(for: "no question") { !$0.contains("stop the router") }
        router.terminal.send("q")
        try router.terminal.wait(forText: "stop the router")
        router.terminal.send("s")
        #expect(try router.terminal.waitForExit() == .exit(0))
        #expect(router.terminal.settingsAreRestored)
        #expect(try router.summary().status == 1)
    }

    @Test func `a second router on the same socket is refused in one line`() throws {
        let router = try Router()
        let file = router.folder.appending(path: "second.conf")
        try "AS 65001\nrouter-id 192.0.2.2\nfib-update no\nlisten on 127.0.0.1 port 17918\n"
            .write(to: file, atomically: true, encoding: .utf8)
        let second = try Command.run([
            try Peerglass.program, "run", "--headless", "-f", file.path, "--socket", router.socket,
        ])
        #expect(second.status == 1)
        #expect(second.errors.split(separator: "\n").count == 1)
        #expect(second.errors.contains(router.socket))
        #expect(try router.summary().status == 0)
    }
}
