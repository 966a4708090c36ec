import CTermGuard
import Glibc

/// The program: what the command line asks for, done.
@main
struct Peerglass {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let status = LabCommand.runChild(arguments) { exit(status) }
        exit(run(arguments))
    }

    /// Does what the arguments ask for; the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            return perform(try CommandLineParser.parse(arguments))
        } catch {
            switch error {
            case .options(let text):
                StandardStreams.complain(text)
                return 64
            case .words(let fault):
                StandardStreams.complain(fault.text)
                return 1
            }
        }
    }

    private static func perform(_ invocation: Invocation) -> Int32 {
        // Before any thread and any child: the parent that gives the terminal back if we cannot.
        if invocation.takesTheScreen { _ = cg_supervise() }
        switch invocation {
        case .check(let options):
            return Check.run(options)
        case .show(let command, let options):
            return Query.show(command, options)
        case .neighbor(let request, let options):
            return Query.act(request, options)
        case .reload(let request, let options):
            return Query.reload(request, options)
        case .help(let text):
            say(text)
            return 0
        case .version:
            say("peerglass \(CommandLineParser.version)")
            return 0
        case .run(let options):
            return Run.run(options)
        case .attachOrRun(let options):
            return Run.attachOrRun(options)
        case .attach(let options):
            return Attach.run(options)
        case .lab(let options):
            return LabCommand.run(options)
        }
    }

    private static func say(_ text: String) {
        var output = StandardStreams.output()
        output.line(text)
        output.flush()
    }
}
