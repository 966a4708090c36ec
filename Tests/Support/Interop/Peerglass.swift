package import Foundation

/// Our own program, headless, as a test runs it.
package final class Peerglass {
    /// The folder for its files.
    package let folder: URL
    private let namespace: Namespace?
    private var process: DaemonProcess?

    /// The executable: the one that `PEERGLASS_PROGRAM` names, else the one that was built beside the tests.
    package static var program: String {
        get throws {
            if let named = ProcessInfo.processInfo.environment["PEERGLASS_PROGRAM"] { return named }
            let tests =
                Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
                ?? URL(filePath: CommandLine.arguments[0])
            var folder = tests.deletingLastPathComponent()
            while folder.path != "/" {
                let program = folder.appending(path: "peerglass")
                if FileManager.default.isExecutableFile(atPath: program.path),
                    !program.hasDirectoryPath
                {
                    return program.path
                }
                folder.deleteLastPathComponent()
            }
            throw InteropError("the program peerglass is not beside the tests: swift build")
        }
    }

    /// Writes a configuration; nothing runs yet.
    package init(_ configuration: String, in namespace: Namespace?, folder: URL) throws {
        self.folder = folder
        self.namespace = namespace
        try rewrite(configuration)
    }

    /// Writes another configuration, which it knows of when it is told to read it.
    package func rewrite(_ configuration: String) throws {
        let text = "socket \"\(folder.path)/peerglass.sock\"\n" + configuration
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Its control socket.
    package var socketPath: String { "\(folder.path)/peerglass.sock" }

    private var file: URL { folder.appending(path: "peerglass.conf") }

    /// Its process id while it runs.
    package var processIdentifier: Int32? { process?.processIdentifier }

    /// Everything that it has written.
    package func log() throws -> String {
        try String(contentsOf: folder.appending(path: "peerglass.log"), encoding: .utf8)
    }

    /// Starts it; what it says goes into the log unless `errors` takes it.
    ///
    /// - Parameters:
    ///   - launcher: The words of a program that becomes ours: `prlimit`, for example.
    ///   - errors: Takes its standard error.
    /// - Throws: Where it cannot be started, or does not answer.
    package func start(by launcher: [String] = [], errors: FileHandle? = nil) async throws {
        process = try DaemonProcess(
            launcher + [Self.program, "run", "--headless", "-f", file.path],
            in: namespace,
            log: folder.appending(path: "peerglass.log"),
            errors: errors
        )
        try await waitUntil("peerglass answers", telling: { self.story }) {
            _ = try summary()
            return true
        }
    }

    /// Asks it to end, and waits; its exit status, nil where it did not end.
    @discardableResult
    package func end() -> Int32? {
        defer { process = nil }
        return process?.end()
    }

    /// Ends it as a crash does: nobody is told, nothing is tidied up.
    package func crash() {
        process = nil
    }

    /// The last lines of its log.
    package var story: String { process?.lastWords ?? "" }

    /// Runs one of its commands.
    @discardableResult
    package func ask(_ words: String...) throws -> String {
        try Command.expect(
            [Self.program] + words + ["-s", socketPath],
            in: namespace
        )
    }

    /// Runs one of its commands that may fail.
    package func attempt(_ words: String...) throws -> Command.Result {
        try Command.run([Self.program] + words + ["-s", socketPath], in: namespace)
    }

    private func object(_ words: [String]) throws -> [String: Any] {
        let text = try Command.expect(
            [Self.program] + words + ["-j", "-s", socketPath],
            in: namespace
        )
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        guard let object = value as? [String: Any] else { throw InteropError("no object: \(text)") }
        return object
    }

    private func summary() throws -> [String: Any] { try object(["show", "summary"]) }

    /// What `show neighbor` says of one neighbor.
    package func neighbor(_ address: String) throws -> [String: Any] {
        let all = try object(["show", "neighbor", address])["neighbors"] as? [[String: Any]]
        guard let neighbor = all?.first else { throw InteropError("no neighbor \(address)") }
        return neighbor
    }

    /// What `show neighbor` prints of one neighbor for people.
    package func words(on address: String) throws -> String {
        try ask("show", "neighbor", address)
    }

    /// How many prefixes it has withdrawn from a neighbor.
    package func withdraws(to address: String) throws -> Int {
        let statistics = try neighbor(address)["stats"] as? [String: Any]
        let sent = (statistics?["update"] as? [String: Any])?["sent"] as? [String: Any]
        return sent?["withdraws"] as? Int ?? 0
    }

    /// The state of a neighbor's session.
    package func state(_ address: String) throws -> String {
        try neighbor(address)["state"] as? String ?? ""
    }

    /// The paths from a neighbor that can be used, sorted.
    ///
    /// FRR sends our own routes back to us: those are loops, which stand there and are not valid.
    package func routes(from address: String) throws -> [SeenRoute] {
        try rows("neighbor", address).filter { $0["valid"] as? Bool == true }.map(Self.route)
            .sorted()
    }

    /// The prefixes that a neighbor has sent, sorted, whether they can be used or not.
    package func prefixesReceived(from address: String) throws -> [String] {
        try rows("in", "neighbor", address).compactMap { $0["prefix"] as? String }.sorted()
    }

    /// The path identifiers with which a neighbor has sent a prefix, sorted.
    package func pathIDs(of prefix: String, from address: String) throws -> [Int] {
        try rows("in", "neighbor", address).filter { $0["prefix"] as? String == prefix }
            .compactMap { $0["path_id"] as? Int }.sorted()
    }

    private func rows(_ words: String...) throws -> [[String: Any]] {
        try object(["show", "rib"] + words + ["detail"])["rib"] as? [[String: Any]] ?? []
    }

    private static func route(_ row: [String: Any]) -> SeenRoute {
        let attributes = row["attributes"] as? [[String: Any]] ?? []
        var route = SeenRoute(
            prefix: row["prefix"] as? String ?? "",
            nextHop: row["exit_nexthop"] as? String ?? "",
            asPath: row["aspath"] as? String ?? "",
            origin: row["origin"] as? String ?? "",
            med: row["metric"] as? Int,
            communities: row["communities"] as? [String] ?? [],
            largeCommunities: row["large_communities"] as? [String] ?? [],
            extendedCommunities: row["extended_communities"] as? [String] ?? []
        )
        for attribute in attributes {
            switch attribute["type"] as? String {
            case "Atomic Aggregate": route.isAtomic = true
            case "Aggregator":
                let identifier = attribute["router_id"] as? String ?? ""
                route.aggregator = "\(attribute["AS"] as? Int ?? 0) \(identifier)"
            default: break
            }
        }
        return route
    }
}
