import ArgumentParser
import Control

/// Why a command line asks for nothing that can be done.
enum CommandLineFault: Error, Equatable {
    /// An option is wrong: what to print; exit 64.
    case options(String)
    /// A word is wrong: exit 1.
    case words(WordFault)
}

/// From the words of the shell to an ``Invocation``; looks at nothing else.
enum CommandLineParser {
    static let version = "0.1.0"

    /// The text of `peerglass --help`.
    static let help = """
        A BGP router whose inside you can see.

        USAGE: peerglass [run] [-f FILE] [--headless] [--socket PATH] [--theme NAME] [--no-fib]
                         [-D NAME=VALUE]
               peerglass attach [--socket PATH] [--read-only]
               peerglass check [-v] [-f FILE]
               peerglass lab [--keep DIR]
               peerglass show [summary | neighbor | rib | fib | log] ...
               peerglass neighbor NAME up | down [REASON] | clear [REASON] | refresh | destroy
               peerglass reload [REASON]

        Without a command: attach where an instance answers on the default socket, else run.
        Commands and the words behind show and neighbor may be shortened: peerglass s su

        OPTIONS:
          --version               Show the version.
          -h, --help              Show this help; behind a command, the help of that command.

        The configuration is -f, else /etc/peerglass/bgpd.conf, else /etc/bgpd.conf.
        """

    private static let commands: [WordChoice] = [
        .keyword("attach"), .keyword("check"), .keyword("lab"), .keyword("neighbor"),
        .keyword("reload"), .keyword("run"), .keyword("show"),
    ]

    /// Options whose value is the next word.
    private static let valued: Set<String> = ["-f", "-s", "-D", "--socket", "--theme", "--keep"]

    static func parse(_ arguments: [String]) throws(CommandLineFault) -> Invocation {
        guard let place = commandPlace(in: arguments) else {
            if arguments.contains("--version") { return .version }
            if arguments.contains("--help") || arguments.contains("-h") { return .help(help) }
            let run = try options(RunArguments.self, arguments)
            switch run {
            case .parsed(let command): return .attachOrRun(command.options)
            case .help(let text): return .help(text)
            }
        }
        var words = WordReader([arguments[place]])
        let command: String
        do throws(WordFault) {
            command = try words.next(commands).word
        } catch {
            throw .words(error)
        }
        var rest = arguments
        rest.remove(at: place)
        return try invocation(of: command, rest)
    }

    /// Where the command stands: the first word that is neither an option nor an option's value.
    private static func commandPlace(in arguments: [String]) -> Int? {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if argument == "--" { return nil }
            if !argument.hasPrefix("-") { return index }
            index += valued.contains(argument) ? 2 : 1
        }
        return nil
    }

    private static func invocation(
        of command: String,
        _ arguments: [String]
    ) throws(CommandLineFault) -> Invocation {
        switch command {
        case "run":
            try options(RunArguments.self, arguments).map { .run($0.options) }
        case "attach":
            try options(AttachArguments.self, arguments).map { .attach($0.options) }
        case "check":
            try options(CheckArguments.self, arguments).map { .check($0.options) }
        case "lab":
            try options(LabArguments.self, arguments).map { .lab($0.options) }
        case "show":
            try options(ShowArguments.self, arguments).map { command throws(CommandLineFault) in
                do throws(WordFault) {
                    return .show(try ShowWords.parse(command.words), command.query.options)
                } catch {
                    throw .words(error)
                }
            }
        case "reload":
            try options(ReloadArguments.self, arguments).map { command throws(CommandLineFault) in
                do throws(WordFault) {
                    let reason = try NeighborWords.reason(command.reason)
                    return .reload(ReloadRequest(reason: reason), command.query.options)
                } catch {
                    throw .words(error)
                }
            }
        default:
            try options(NeighborArguments.self, arguments).map {
                command throws(CommandLineFault) in
                do throws(WordFault) {
                    return .neighbor(
                        try NeighborWords.parse(command.words),
                        command.query.options
                    )
                } catch {
                    throw .words(error)
                }
            }
        }
    }

    private enum Parsed<Command> {
        case parsed(Command)
        case help(String)

        func map(
            _ transform: (Command) throws(CommandLineFault) -> Invocation
        ) throws(CommandLineFault) -> Invocation {
            switch self {
            case .parsed(let command): try transform(command)
            case .help(let text): .help(text)
            }
        }
    }

    private static func options<Command: ParsableArguments>(
        _ type: Command.Type,
        _ arguments: [String]
    ) throws(CommandLineFault) -> Parsed<Command> {
        do {
            return .parsed(try Command.parse(arguments))
        } catch {
            if Command.exitCode(for: error).isSuccess {
                return .help(Command.fullMessage(for: error))
            }
            throw .options(Command.fullMessage(for: error))
        }
    }
}
