import Glibc

/// The process that keeps a lab: makes namespaces and links, runs r2, r3 and the collector, and takes all
/// away again.
///
/// It is a child of the lab and holds the reading end of a pipe of which the lab holds the other. When the
/// lab ends, on whichever way, the pipe ends, and the keeper clears up. A router that ends is started
/// again after a while, so that its neighbors can be watched while it is gone.
package struct LabKeeper {
    private let kind: LabKind
    private let links: LabLinks
    private let folder: LabFolder
    private let isKept: Bool
    /// The process of the lab.
    private let lab = getppid()
    private var running: [LabRouter: ChildProcess] = [:]
    private var dueAgain: [LabRouter: ContinuousClock.Instant] = [:]

    /// The word of the command line that makes the program a keeper; for the lab alone.
    package static let word = "lab-keeper"
    /// What it writes when all is running.
    static let ready = "ready"

    /// How long a router that ended stays away: longer than its neighbors wait before they try to connect
    /// again (the first IdleHoldTime is 30 s), so that the attempts are seen.
    private static let pause = Duration.seconds(60)
    private static let program = "/proc/self/exe"

    /// What follows ``word`` on the command line.
    static func arguments(_ kind: LabKind, _ links: LabLinks, _ folder: LabFolder, isKept: Bool)
        -> [String]
    {
        [
            word, kind == .namespaces ? "namespaces" : "loopback", links.prefix, folder.path,
            isKept ? "keep" : "remove",
        ]
    }

    /// A keeper as its command line says; nil where a lab has not written it.
    package init?(arguments: [String]) {
        guard arguments.count == 5, arguments[0] == Self.word else { return nil }
        kind = arguments[1] == "namespaces" ? .namespaces : .loopback
        links = LabLinks(prefix: arguments[2])
        folder = LabFolder(path: arguments[3])
        isKept = arguments[4] == "keep"
    }

    /// Keeps the lab until standard input ends; the exit status.
    package mutating func run() -> Int32 {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
        defer { clearUp() }
        do throws(LabFault) {
            try build()
        } catch {
            say("\(error)")
            return 1
        }
        say(Self.ready)
        // Whoever waits for the end of what the keeper says need not wait for the keeper's.
        close(STDOUT_FILENO)
        while !inputEnds(within: .milliseconds(200)) { look() }
        return 0
    }

    private mutating func build() throws(LabFault) {
        if kind == .namespaces {
            try IPCommand.run(links.creation)
            for router in LabRouter.allCases {
                try IPCommand.run(
                    links.addressing(of: router),
                    in: links.namespace(of: router)
                )
            }
        }
        for router in LabRouter.allCases where router != .r1 { try start(router) }
    }

    private mutating func start(_ router: LabRouter) throws(LabFault) {
        let log = try folder.openLog(router.rawValue)
        defer { close(log) }
        running[router] = try ChildProcess.start(
            router.rawValue,
            Self.program,
            arguments(of: router),
            namespace: kind == .namespaces ? links.namespace(of: router) : nil,
            output: log,
            errors: log,
            endsWithUs: .bound
        )
    }

    private func arguments(of router: LabRouter) -> [String] {
        switch router {
        case .collector: LabCollector.arguments(kind)
        case .r1, .r2, .r3:
            ["run", "--headless", "-f", "\(folder.path)/\(router.rawValue).conf"]
        }
    }

    /// Sees who has ended, and starts again who has been away long enough.
    private mutating func look() {
        for router in LabRouter.allCases {
            if let child = running[router], let ending = child.ending() {
                running[router] = nil
                dueAgain[router] = .now + Self.pause
                note("\(router.rawValue) ended (\(ending)); it starts again in \(Self.pause)")
            }
            if let due = dueAgain[router], due <= .now {
                dueAgain[router] = nil
                do throws(LabFault) {
                    try start(router)
                } catch {
                    note("\(error)")
                    dueAgain[router] = .now + Self.pause
                }
            }
        }
    }

    private func clearUp() {
        ChildProcess.end(LabRouter.allCases.compactMap { running[$0] }, within: .seconds(4))
        if kind == .namespaces {
            for router in LabRouter.allCases {
                // The lab itself is in r1's, and on its way out.
                Leftovers.remove(namespace: links.namespace(of: router), sparing: lab)
            }
        }
        if !isKept { folder.remove() }
    }

    private func inputEnds(within bound: Duration) -> Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, Int32(bound / .milliseconds(1))) > 0 else { return false }
        var byte: UInt8 = 0
        return read(STDIN_FILENO, &byte, 1) == 0
    }

    /// To the lab.
    private func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// To the log.
    private func note(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
