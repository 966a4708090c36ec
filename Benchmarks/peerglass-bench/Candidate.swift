import Foundation

/// A BGP daemon under measurement, configured for one scenario.
struct Candidate {
    /// Everything that is measured, in the order of the table.
    enum Program: String, CaseIterable {
        case peerglass = "Peerglass"
        case bird = "BIRD"
        case frr = "FRR"
        case openBGPD = "OpenBGPD"
        case goBGP = "GoBGP"
    }

    /// The command that runs it in the foreground.
    var command: [String]
    /// How many paths neighbors have sent that it holds, or something that grows and falls with that number.
    var pathCount: @Sendable () -> Int
    /// Paths that it holds for each that was sent: ``pathCount`` may count one more than once.
    var pathsPerRoute = 1
    /// Seconds between two questions: one that costs is asked more rarely.
    var interval = 0.025
    /// Adds the community of S10 to all that is exported, and takes the new configuration.
    var reload: @Sendable () -> Void
    /// What is to be known about this configuration beside the scenario's words.
    var note = ""

    /// That daemon for a scenario; its files are in the folder, which is its own.
    static func make(
        _ program: Program,
        _ peerglass: String,
        _ scenario: Scenario,
        _ folder: URL
    ) -> Candidate {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return switch program {
        case .peerglass: .peerglass(peerglass, scenario, folder)
        case .bird: .bird(scenario, folder)
        case .frr: .frr(scenario, folder)
        case .openBGPD: .openBGPD(scenario, folder)
        case .goBGP: .goBGP(scenario, folder)
        }
    }

    /// Writes a configuration; its path.
    @discardableResult
    static func write(_ text: String, to file: URL) -> String {
        try? (text + "\n").write(to: file, atomically: true, encoding: .utf8)
        // OpenBGPD wants nobody else to read it.
        try? FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: file.path
        )
        return file.path
    }

    /// The sum of the numbers behind a word in what a command prints.
    static func sum(_ text: String, behind word: String) -> Int {
        text.components(separatedBy: word).dropFirst().reduce(0) { sum, rest in
            sum + (Int(rest.drop { $0 == " " }.prefix { $0.isNumber }) ?? 0)
        }
    }
}

/// Which version each program is.
extension Candidate.Program {
    func version(_ peerglass: String) -> String {
        func words(_ command: [String]) -> String {
            let text = Shell.output(of: ["sh", "-c", command.joined(separator: " ") + " 2>&1"])
            return text.split(separator: "\n").first.map(String.init) ?? "not there"
        }
        func package(_ name: String) -> String {
            words(["dpkg-query", "-W", "-f", "'${Package} ${Version}'", name])
        }
        return switch self {
        case .peerglass: words([peerglass, "--version"])
        case .bird: words(["bird", "--version"])
        case .frr: package("frr")
        case .openBGPD: package("openbgpd")
        case .goBGP: package("gobgpd")
        }
    }

    /// The packages and files that it needs.
    var isInstalled: Bool {
        let names: [String] =
            switch self {
            case .peerglass: []
            case .bird: ["/usr/sbin/bird"]
            case .frr: ["/usr/lib/frr/bgpd", "/usr/bin/vtysh"]
            case .openBGPD: ["/usr/sbin/bgpd", "/usr/sbin/bgpctl"]
            case .goBGP: ["/usr/bin/gobgpd", "/usr/bin/gobgp"]
            }
        return names.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
