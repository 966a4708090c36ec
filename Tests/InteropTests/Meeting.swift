import Foundation
import Interop

/// Our program and another daemon, each in a namespace of its own, with a link between them.
final class Meeting<Daemon: BGPDaemon> {
    let us: Peerglass
    let them: Daemon
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
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-interop-\(UUID().uuidString.prefix(8))")
        let ours = folder.appending(path: "us")
        let theirs = folder.appending(path: "them")
        for place in [ours, theirs] {
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
        try? FileManager.default.removeItem(at: folder)
    }

    /// What both have written last.
    var story: String { us.story + "\n" + them.story }

    /// Waits until both sessions are up, as both sides tell.
    func waitForSessions(
        within bound: Duration = .seconds(60),
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws {
        for (mine, theirs) in zip(Plan.us.addresses, Plan.them.addresses) {
            try waitUntil(
                "the session of \(mine) and \(theirs) is up on both sides",
                within: bound,
                telling: { self.story },
                file: file,
                line: line
            ) {
                try us.state(theirs) == "Established" && them.isEstablished(mine)
            }
        }
    }

    /// Waits until the paths that we have from them are these.
    func waitForOurs(
        _ routes: [SeenRoute],
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws {
        var seen: [SeenRoute] = []
        try waitUntil(
            "we have \(routes)",
            telling: { "we have \(seen)\n\(self.story)" },
            file: file,
            line: line
        ) {
            seen = try Plan.them.addresses.flatMap { try us.routes(from: $0) }.sorted()
            return seen == routes
        }
    }

    /// Waits until the routes that they have from us are these.
    func waitForTheirs(
        _ routes: [SeenRoute],
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws {
        var seen: [SeenRoute] = []
        try waitUntil(
            "they have \(routes)",
            telling: { "they have \(seen)\n\(self.story)" },
            file: file,
            line: line
        ) {
            seen = try them.routes()
            return seen == routes
        }
    }
}
