import Foundation
import PseudoTerminal
import Testing

/// The demo program, found beside the running tests.
enum Demo {
    static func path() throws -> String {
        let test = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0) }
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let places =
            ([test] + arguments).map { $0.deletingLastPathComponent() }
            + [root.appendingPathComponent(".build/debug")]
        let found = places.map { $0.appendingPathComponent("TerminalDemo").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        return try #require(found, "TerminalDemo is built with the tests")
    }

    /// The demo on its screen, with its first frame drawn.
    static func started(
        _ arguments: String...,
        width: Int = 80,
        height: Int = 24,
        environment: [String: String] = [:],
        answers: Bool = true
    ) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            [try path()] + arguments,
            width: width,
            height: height,
            environment: environment,
            answers: answers
        )
        try terminal.wait(forText: "\(width)x\(height)")
        return terminal
    }

    static func withTemporaryFile(_ body: (String) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("peerglass-demo-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try body(file)
    }

    /// The file's content, once the program has written it; nil when it does not for ten seconds.
    static func content(of file: String) throws -> String? {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if let text = try? String(contentsOfFile: file, encoding: .utf8), text.hasSuffix("\n") {
                return text
            }
            sched_yield()
        }
        return nil
    }
}

extension PseudoTerminal {
    /// What is not as it was before the program; empty on a clean way out.
    var notGivenBack: [String] {
        screen.leftovers + (settingsAreRestored ? [] : ["terminal settings"])
    }
}
