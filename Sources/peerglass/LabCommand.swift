import Glibc
import Lab

/// `peerglass lab`: the example network, with its first router in this process.
enum LabCommand {
    /// Builds the network, runs r1 with the dashboard and takes the network away; the exit status.
    static func run(_ options: LabOptions) -> Int32 {
        do throws(LabFault) {
            let network = try LabNetwork.start(keptDirectory: options.keptDirectory)
            try network.enter()
            if network.isOnLoopback { StandardStreams.complain(loopbackWords) }
            let status = Run.run(
                RunOptions(
                    configurationPath: network.configurationPath,
                    theme: options.theme,
                    leavesKernelAlone: network.isOnLoopback,
                    hostName: "r1",
                    endsWithTerminal: true
                )
            )
            let directory = network.directory
            network.leave()
            if options.keptDirectory != nil {
                var output = StandardStreams.output()
                output.line("The lab's configurations and logs are in \(directory).")
                output.flush()
            }
            return status
        } catch {
            StandardStreams.complain("peerglass: \(error)")
            return 1
        }
    }

    private static let loopbackWords =
        "peerglass: not root, so the lab's routers share the loopback interface, and the kernel's "
        + "routes are left alone (--no-fib)"

    /// Runs one of the lab's own child processes where the arguments ask for it; nil where they do not.
    static func runChild(_ arguments: [String]) -> Int32? {
        if var keeper = LabKeeper(arguments: arguments) { return keeper.run() }
        if let collector = LabCollector(arguments: arguments) { collector.run() }
        return nil
    }
}
