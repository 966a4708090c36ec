import ArgumentParser

/// `-D name=value`.
struct DefinitionArgument: ExpressibleByArgument {
    var definition: Definition

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
            return nil
        }
        definition = Definition(
            name: String(argument[..<equals]),
            value: String(argument[argument.index(after: equals)...])
        )
    }
}

struct RunArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass run",
        abstract: "Run a router, with the dashboard unless --headless."
    )

    @Option(name: .customShort("f"), help: ArgumentHelp("The configuration.", valueName: "file"))
    var file: String?
    @Flag(help: "Run without the dashboard; log to standard error.")
    var headless = false
    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp("The control socket.", valueName: "path")
    )
    var socket: String?
    @Option(help: ArgumentHelp("The colours of the dashboard.", valueName: "name"))
    var theme: String?
    @Flag(name: .customLong("no-fib"), help: "Leave the kernel's routes alone.")
    var noFIB = false
    @Option(
        name: .customShort("D"),
        help: ArgumentHelp("Define a macro; outranks the file's.", valueName: "name=value")
    )
    var define: [DefinitionArgument] = []

    var options: RunOptions {
        RunOptions(
            configurationPath: file,
            isHeadless: headless,
            socketPath: socket,
            theme: theme,
            leavesKernelAlone: noFIB,
            definitions: define.map(\.definition)
        )
    }
}

struct AttachArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass attach",
        abstract: "Show the dashboard of a running instance; leaving it stops nothing."
    )

    @Option(
        name: .customShort("f"),
        help: ArgumentHelp("The configuration that names the socket.", valueName: "file")
    )
    var file: String?
    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp("The control socket.", valueName: "path")
    )
    var socket: String?
    @Flag(help: "Offer nothing that changes the router.")
    var readOnly = false
    @Option(help: ArgumentHelp("The colours of the dashboard.", valueName: "name"))
    var theme: String?

    var options: AttachOptions {
        AttachOptions(
            configurationPath: file,
            socketPath: socket,
            isReadOnly: readOnly,
            theme: theme
        )
    }
}

struct CheckArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass check",
        abstract: "Say whether a configuration is right, and what is wrong with it."
    )

    @Flag(name: .customShort("v"), help: "Print the configuration in its canonical form.")
    var verbose = false
    @Option(name: .customShort("f"), help: ArgumentHelp("The configuration.", valueName: "file"))
    var file: String?
    @Option(
        name: .customShort("D"),
        help: ArgumentHelp("Define a macro; outranks the file's.", valueName: "name=value")
    )
    var define: [DefinitionArgument] = []

    var options: CheckOptions {
        CheckOptions(
            configurationPath: file,
            isVerbose: verbose,
            definitions: define.map(\.definition)
        )
    }
}

struct LabArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass lab",
        abstract: "Run the example network: your router, a neighbor and an upstream."
    )

    @Option(help: ArgumentHelp("Leave the configurations there.", valueName: "directory"))
    var keep: String?
    @Option(help: ArgumentHelp("The colours of the dashboard.", valueName: "name"))
    var theme: String?

    var options: LabOptions { LabOptions(keptDirectory: keep, theme: theme) }
}

struct QueryArguments: ParsableArguments {
    @Option(
        name: .customShort("f"),
        help: ArgumentHelp("The configuration that names the socket.", valueName: "file")
    )
    var file: String?
    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp("The control socket.", valueName: "path")
    )
    var socket: String?
    @Flag(name: [.customShort("j"), .long], help: "Print JSON.")
    var json = false
    @Flag(name: .customShort("n"), help: "Print addresses in place of descriptions.")
    var numeric = false

    var options: QueryOptions {
        QueryOptions(
            configurationPath: file,
            socketPath: socket,
            format: json ? .json : .text,
            isNumeric: numeric
        )
    }
}

struct ShowArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass show",
        abstract: "Ask a running instance.",
        discussion: """
            summary [terse]
            neighbor [NAME | ADDRESS | group GROUP] [messages | terse | timers]
            rib [PREFIX | ADDRESS] [in | out] [neighbor NAME] [best] [detail] ...
            rib memory
            fib [bgp] [connected] [static] [nexthop] [inet | inet6] [ADDRESS]
            log
            """
    )

    @OptionGroup var query: QueryArguments
    @Argument(help: "What to show; words may be shortened.")
    var words: [String] = []
}

struct ReloadArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass reload",
        abstract: "Make a running instance read its configuration again.",
        discussion: "A file with errors is not taken, and the running configuration stays."
    )

    @OptionGroup var query: QueryArguments
    @Argument(help: "What to write into the log about it.")
    var reason: [String] = []
}

struct NeighborArguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerglass neighbor",
        abstract: "Act on neighbors of a running instance.",
        discussion: """
            NAME | ADDRESS | group GROUP, followed by one of
            up, down [REASON], clear [REASON], refresh, destroy
            """
    )

    @OptionGroup var query: QueryArguments
    @Argument(help: "Which neighbors, and what to do.")
    var words: [String] = []
}
