import CTermGuard
import Canvas
import Configuration
import Control
import ControlSocket
import Daemon
import Dashboard
import Glibc
import KernelRoutes
import Logging
import Terminal

/// `peerglass run`: a router, with the dashboard unless `--headless`.
enum Run {
    /// Runs until the router has stopped; the exit status.
    static func run(_ options: RunOptions) -> Int32 {
        guard
            let loaded = ConfigurationFile.load(
                options.configurationPath,
                definitions: options.definitions
            )
        else { return 1 }
        let sockets = Paths.sockets(options.socketPath, loaded.configuration)
        if sockets.contains(where: { $0.path == Paths.defaultSocket }) {
            Paths.makeDefaultSocketFolder()
        }
        let daemonOptions = DaemonOptions(
            configuration: loaded.configuration,
            configurationPath: loaded.path,
            readConfiguration: {
                ConfigurationFile.read(loaded.path, definitions: options.definitions)
            },
            sockets: sockets,
            isFIBOff: options.leavesKernelAlone,
            version: CommandLineParser.version,
            hostName: options.hostName
        )
        return options.isHeadless
            ? headless(daemonOptions) : withScreen(daemonOptions, options)
    }

    /// Bare `peerglass`: the screen of an instance that answers on the default socket, else a router.
    static func attachOrRun(_ options: RunOptions) -> Int32 {
        let path = Paths.socket(options.socketPath, configurationPath: options.configurationPath)
        guard !options.isHeadless, ControlClient.answers(on: path) else { return run(options) }
        return Attach.run(
            AttachOptions(
                configurationPath: options.configurationPath,
                socketPath: path,
                isReadOnly: false,
                theme: options.theme
            )
        )
    }

    // MARK: Headless

    private static func headless(_ options: DaemonOptions) -> Int32 {
        SignalWait.block()
        let writer = LogWriter(descriptor: 2)
        let fileThread = Thread(name: "files") { writer.run() }
        let logger = Logger(label: "peerglass") { label in
            RingLogHandler(label: label, level: logLevel, writer: writer)
        }
        let status = headless(options, logger: logger)
        // A standard error that nobody reads does not keep the router from ending.
        if writer.close(waitingAtMost: 2000) { fileThread?.join() }
        return status
    }

    private static func headless(_ options: DaemonOptions, logger: Logger) -> Int32 {
        let daemon: Daemon
        do throws(DaemonFault) {
            daemon = try Daemon(
                options,
                logger: logger,
                onStart: { ServiceManager.notify("READY=1") }
            )
        } catch {
            logger.error("\(error.text)")
            return 1
        }
        logger.info(
            "peerglass \(CommandLineParser.version) started, configuration \(options.configurationPath)"
        )
        return serve(daemon, isHeadless: true, logger: logger)
    }

    private static var logLevel: Logger.Level {
        getenv("PEERGLASS_LOG").flatMap { Logger.Level(rawValue: String(cString: $0)) } ?? .info
    }

    /// Runs the core on its thread and minds signals on this one until the core has ended.
    private static func serve(_ daemon: Daemon, isHeadless: Bool, logger: Logger) -> Int32 {
        guard let core = startCore(daemon) else {
            logger.error("cannot start a thread")
            return 1
        }
        wait(for: core, of: daemon, isHeadless: isHeadless, logger: logger)
        return 0
    }

    private static func startCore(_ daemon: Daemon) -> Thread? {
        let waiting = pthread_self()
        return Thread(name: "core") {
            cg_protect_thread()
            daemon.run()
            SignalWait.tell(waiting)
        }
    }

    private static func wait(
        for core: consuming Thread,
        of daemon: Daemon,
        isHeadless: Bool,
        logger: Logger
    ) {
        loop: while true {
            switch SignalWait.next() {
            case .terminate:
                ServiceManager.notify("STOPPING=1")
                daemon.requestStop()
            case .hangup:
                if isHeadless { daemon.requestReload() }
            case .coreEnded:
                break loop
            }
        }
        core.join()
        logger.info("terminated")
    }

    // MARK: With the dashboard

    private static func withScreen(_ options: DaemonOptions, _ run: RunOptions) -> Int32 {
        guard let theme = ThemeChoice.load(run.theme) else { return 1 }
        let logger = Logger(label: "peerglass") { _ in SwiftLogNoOpLogHandler() }
        SignalWait.block()
        let daemon: Daemon
        do throws(DaemonFault) {
            daemon = try Daemon(options, logger: logger, wakeScreen: { Terminal.wake() })
        } catch {
            StandardStreams.complain("peerglass: \(error.text)")
            return 1
        }
        let terminal: Terminal
        do throws(TerminalError) {
            terminal = try Terminal(theme: theme)
        } catch {
            StandardStreams.complain("peerglass: \(error)")
            return 1
        }
        guard let core = startCore(daemon) else {
            terminal.close()
            StandardStreams.complain("peerglass: cannot start a thread")
            return 1
        }
        SignalWait.unblockForScreen()
        var driver = ScreenDriver(
            terminal: terminal,
            link: LocalLink(daemon.local),
            options: DashboardOptions(),
            arrangements: ArrangementFile(path: Paths.dashboardSettings)
        )
        let end = driver.run()
        SignalWait.block()
        terminal.close()
        switch end {
        case .farewell(.stopRouter), .terminate:
            daemon.requestStop()
        case .farewell(.leaveRunning), .farewell(.detach):
            sayHowToComeBack(options)
            _ = cg_detach()
        case .hangup where run.endsWithTerminal: daemon.requestStop()
        case .hangup: _ = cg_detach()
        }
        wait(for: core, of: daemon, isHeadless: false, logger: logger)
        if let withdrawal = daemon.finalWithdrawal, withdrawal.total > 0 {
            say("\(withdrawal.done) of \(withdrawal.total) kernel routes withdrawn")
        }
        return 0
    }

    private static func sayHowToComeBack(_ options: DaemonOptions) {
        let socket = options.sockets.first { !$0.isRestricted }?.path ?? ""
        let place =
            cg_is_supervised() != 0
            ? "peerglass goes on in the background (process \(getpid()))."
            : "peerglass goes on without the screen (process \(getpid()))."
        say(place)
        say("The screen again:  peerglass attach --socket \(socket)")
        say("To stop it:        kill \(getpid())")
    }

    private static func say(_ text: String) {
        var output = StandardStreams.output()
        output.line(text)
        output.flush()
    }
}
