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
}

extension PseudoTerminal {
    /// What is not as it was before the program; empty on a clean way out.
    var notGivenBack: [String] {
        screen.leftovers + (settingsAreRestored ? [] : ["terminal settings"])
    }
}
