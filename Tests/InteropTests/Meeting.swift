import Foundation
import Interop

/// Our program and another daemon, each in a namespace of its own, with a link between them.
///
/// A third namespace has a speaker whose routes we pass on.
final class Meeting<Daemon: BGPDaemon> {
    let us: Peerglass
    let them: Daemon
    let feeder: Peerglass
    let opener: Plan.Opener
    let ourNamespace: Namespace
    let theirNamespace: Namespace
    private let folder: URL

    /// Makes everything; nothing runs yet.
    ///
    /// - Parameters:
    ///   - opener: Who opens the connections.
    ///   - neighbor: Lines for the IPv4 neighbor in our configuration.
    ///   - make: Makes the daemon.
    /// - Throws: Where the namespaces or files cannot be made.
    init(
        _ opener: Plan.Opener,
        neighbor: String = "",
        _ make: (Plan.Place) throws -> Daemon
    ) throws {
        self.opener = opener
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-interop-\(UUID().uuidString.prefix(8))")
        let ours = folder.appending(path: "us")
        let theirs = folder.appending(path: "them")
        let feeders = folder.appending(path: "feeder")
        for place in [ours, theirs, feeders] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        ourNamespace = try Namespace("us")
        theirNamespace = try Namespace("them")
        try Namespace.link(
            ourNamespace,
            "us",
            ["\(Plan.us.ipv4)/24", "\(Plan.us.ipv6)/64"],
            theirNamespace,
            "them",
            ["\(Plan.them.ipv4)/24", "\(Plan.them.ipv6)/64"]
        )
        let feederNamespace = try Namespace("feeder")
        try Namespace.link(
            ourNamespace,
            "toUs",
            ["\(Plan.towardsFeeder[0])/24", "\(Plan.towardsFeeder[1])/64"],
            feederNamespace,
            "feeder",
            ["\(Plan.feeder.ipv4)/24", "\(Plan.feeder.ipv6)/64"]
        )
        feeder = try Peerglass(
            Plan.feederConfiguration,
            in: feederNamespace,
            folder: feeders
        )
        us = try Peerglass(
            Plan.configuration(opener, neighbor),
            in: ourNamespace,
            folder: ours
        )
        them = try make(Plan.Place(namespace: theirNamespace, folder: theirs, opener: opener))
    }

    deinit {
        us.end()
        them.end()
        feeder.end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What both have written last.
    var story: String { us.story + "\n" + them.story }

    /// Waits until both sessions are up, as both sides tell.
    ///
    /// Where we are to connect and the daemon has sent us away, we do not wait for our idle hold time:
    /// FRR refuses who comes before its own first timer (Finite State Machine Error).
    func waitForSessions(
        within bound: Duration = .seconds(90),
        file: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        for (mine, theirs) in zip(Plan.us.addresses, Plan.them.addresses) {
            try await wait(
                "the session of \(mine) and \(theirs) is up on both sides",
                within: bound,
                file,
                line
            ) {
                let state = try us.state(theirs)
                if state == "Idle", opener == .us { try us.ask("neighbor", theirs, "up") }
                return try state == "Established" && them.isEstablished(mine)
            }
        }
    }

    /// Waits until the usable paths that we have from them are these.
    func waitForOurs(
        _ routes: [SeenRoute],
        file: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        try await waitToSee("we have", routes, file, line) {
            try Plan.them.addresses.flatMap { try us.routes(from: $0) }.sorted()
        }
    }

    /// Waits until the routes that they have from us are these.
    func waitForTheirs(
        _ routes: [SeenRoute],
        file: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        try await waitToSee("they have", routes.sorted(), file, line) { try them.routes() }
    }

    /// Waits until the kernel's routes that carry our mark are to these prefixes.
    func waitForKernel(
        _ prefixes: [String],
        file: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        try await waitToSee("our routes in the kernel are", prefixes.sorted(), file, line) {
            try KernelRoute.all(in: ourNamespace).filter(\.isOurs).map(\.prefix).sorted()
        }
    }

    /// Waits until what `look` sees is this.
    private func waitToSee<Value: Equatable>(
        _ words: String,
        _ wanted: [Value],
        _ file: StaticString,
        _ line: UInt,
        _ look: () throws -> [Value]
    ) async throws {
        var seen: [Value] = []
        try await waitUntil(
            "\(words) \(wanted)",
            within: .seconds(45),
            telling: { "\(words) \(seen)\n\(self.story)" },
            file: file,
            line: line
        ) {
            seen = try look()
            return seen == wanted
        }
    }

    /// Waits for a condition; where it does not come, tells what both sides have written.
    func wait(
        _ what: String,
        within bound: Duration = .seconds(45),
        _ file: StaticString = #fileID,
        _ line: UInt = #line,
        _ condition: () throws -> Bool
    ) async throws {
        try await waitUntil(
            what,
            within: bound,
            telling: { self.story },
            file: file,
            line: line,
            condition
        )
    }
}
