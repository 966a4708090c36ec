import CLinux
import Glibc

/// The example network, alive: r2, r3 and the Internet behind r3 run, and r1 is left to the caller.
///
/// As root every router has a network namespace of its own. Otherwise all are on loopback addresses and
/// no kernel routes are programmed. The network lives as long as this value, and goes with the process.
package struct LabNetwork: ~Copyable {
    /// The configuration that r1 is to run.
    package let configurationPath: String
    /// The control socket that r1's configuration names.
    package let socketPath: String
    /// Where configurations, logs and sockets are.
    package let directory: String
    /// Whether all routers are on loopback addresses, because namespaces need root.
    package let isOnLoopback: Bool
    private let namespace: String?
    private let keeper: ChildProcess
    /// The lab's end of the pipe that the keeper waits on.
    private let lifeline: Int32

    /// Builds the network and returns when r2, r3 and the collector have been started.
    ///
    /// - Parameters:
    ///   - program: The executable of Peerglass.
    ///   - keptDirectory: Where the user wants the files to stay; files that are there already are used as they
    ///     are. Nil: they go with the network.
    /// - Returns: The running network.
    /// - Throws: ``LabFault``; then nothing is left behind.
    package static func start(
        program: String = "/proc/self/exe",
        keptDirectory: String? = nil
    ) throws(LabFault) -> LabNetwork {
        let kind: LabKind = geteuid() == 0 ? .namespaces : .loopback
        Leftovers.sweep()
        let links = LabLinks(prefix: "\(Leftovers.name)-\(getpid())")
        let folder = try keptDirectory.map(absolute) ?? .temporary(of: getpid())
        let configurations = LabConfigurations(kind: kind, directory: folder.path)
        do throws(LabFault) {
            try folder.write(configurations)
            let (keeper, lifeline) = try startKeeper(
                program,
                LabKeeper.arguments(kind, links, folder, isKept: keptDirectory != nil),
                folder
            )
            return LabNetwork(
                configurationPath: "\(folder.path)/r1.conf",
                socketPath: configurations.socket(of: .r1),
                directory: folder.path,
                isOnLoopback: kind == .loopback,
                namespace: kind == .namespaces ? links.namespace(of: .r1) : nil,
                keeper: keeper,
                lifeline: lifeline
            )
        } catch {
            if keptDirectory == nil { folder.remove() }
            throw error
        }
    }

    /// Moves the calling thread into r1's namespace; threads that it starts from then on are there too.
    package func enter() throws(LabFault) {
        guard let namespace else { return }
        let result = cl_enter_network_namespace("/run/netns/\(namespace)")
        guard result == 0 else {
            throw .network("netns exec \(namespace)", String(cString: cl_error_text(-result)))
        }
    }

    /// Ends r2, r3 and the collector, and takes the network away with all its files.
    ///
    /// Returns when nothing of it is left, after 15 s at the latest.
    package consuming func leave() {
        // deinit closes the lifeline and waits.
    }

    deinit {
        close(lifeline)
        let end = ContinuousClock.now + .seconds(15)
        while keeper.ending() == nil, kill(keeper.process, 0) == 0, ContinuousClock.now < end {
            usleep(5_000)
        }
    }

    private static func absolute(_ path: String) throws(LabFault) -> LabFolder {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .file(path, SystemWords.last)
        }
        guard let real = realpath(path, nil) else { throw .file(path, SystemWords.last) }
        defer { free(real) }
        return LabFolder(path: String(cString: real))
    }

    private static func startKeeper(
        _ program: String,
        _ arguments: [String],
        _ folder: LabFolder
    ) throws(LabFault) -> (ChildProcess, Int32) {
        let log = try folder.openLog("lab")
        defer { close(log) }
        var lifeline: [Int32] = [-1, -1]
        var report: [Int32] = [-1, -1]
        guard pipe(&lifeline) == 0, pipe(&report) == 0 else {
            throw .process("lab", SystemWords.last)
        }
        for end in [lifeline[1], report[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(lifeline[0])
            close(report[0])
        }
        let started: Result<ChildProcess, LabFault>
        do throws(LabFault) {
            started = .success(
                try ChildProcess.start(
                    "lab",
                    program,
                    arguments,
                    input: lifeline[0],
                    output: report[1],
                    errors: log,
                    endsWithUs: .free
                )
            )
        } catch {
            started = .failure(error)
        }
        close(report[1])
        let words = SystemWords.everything(from: report[0])
            .split(separator: "\n").joined(separator: "; ")
        do throws(LabFault) {
            let keeper = try started.get()
            guard words == LabKeeper.ready else {
                waitpid(keeper.process, nil, 0)
                throw .process("lab", words.isEmpty ? "see \(folder.path)/lab.log" : words)
            }
            return (keeper, lifeline[1])
        } catch {
            close(lifeline[1])
            throw error
        }
    }
}
