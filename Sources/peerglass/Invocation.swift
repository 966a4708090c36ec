import Addressing
import Control

/// What the command line asks for; made without any effect on the world.
enum Invocation: Equatable {
    /// Run a router.
    case run(RunOptions)
    /// Bare `peerglass`: attach where an instance answers on the default socket, else run.
    case attachOrRun(RunOptions)
    case attach(AttachOptions)
    case check(CheckOptions)
    case lab(LabOptions)
    case show(ShowCommand, QueryOptions)
    case neighbor(NeighborActionRequest, QueryOptions)
    case reload(ReloadRequest, QueryOptions)
    /// `--help` of the program or of a command: the text.
    case help(String)
    case version

    /// Whether the dashboard is shown, on the terminal of standard input and output.
    var takesTheScreen: Bool {
        switch self {
        case .run(let options), .attachOrRun(let options): !options.isHeadless
        case .attach, .lab: true
        case .check, .show, .neighbor, .reload, .help, .version: false
        }
    }
}

/// A macro of the command line: `-D name=value`.
struct Definition: Equatable {
    var name: String
    var value: String
}

/// How a router runs.
struct RunOptions: Equatable {
    /// `-f`, nil for the default paths.
    var configurationPath: String?
    var isHeadless = false
    /// `--socket`, nil for the configuration's or the default.
    var socketPath: String?
    var theme: String?
    /// `--no-fib`: as `fib-update no`.
    var leavesKernelAlone = false
    /// What the router is called on screens; nil for the host's name.
    ///
    /// Only the lab gives one.
    var hostName: String?
    /// A lost terminal ends the router too; otherwise it goes on in the background.
    var endsWithTerminal = false
    var definitions: [Definition] = []
}

/// How the dashboard joins a running instance.
struct AttachOptions: Equatable {
    var configurationPath: String?
    var socketPath: String?
    var isReadOnly = false
    var theme: String?
}

/// What is checked.
struct CheckOptions: Equatable {
    var configurationPath: String?
    /// `-v`: print the canonical text.
    var isVerbose = false
    var definitions: [Definition] = []
}

/// How the lab runs.
struct LabOptions: Equatable {
    /// `--keep`: where the configurations stay.
    var keptDirectory: String?
    var theme: String?
}

/// Whom to ask and how to print.
struct QueryOptions: Equatable {
    var configurationPath: String?
    var socketPath: String?
    var format = OutputFormat.text
    /// `-n`: addresses in place of descriptions.
    var isNumeric = false
}

/// How answers are printed.
enum OutputFormat: Equatable {
    case text, json
}

/// What `show` shows.
enum ShowCommand: Equatable {
    case summary(SummaryForm)
    case neighbor(NeighborSelector, NeighborForm)
    case rib(RIBCommand)
    case ribMemory
    case fib(KernelPageRequest.Filter)
    case log
    case whatIf(WhatIfCommand)

    enum SummaryForm: Equatable {
        case table, terse
    }

    enum NeighborForm: Equatable {
        case messages, timers, terse
    }
}

/// What `show rib` shows.
struct RIBCommand: Equatable {
    var table = Table.locRIB
    var filter = RIBFilter()
    var form = Form.table
    /// Prefixes that are shown at most; nil for all.
    var limit: UInt32?
    /// Only what stands behind that prefix.
    var after: IPPrefix?

    enum Table: Equatable {
        case locRIB, adjRIBIn
        /// Of the filter's neighbors, or of every neighbor in turn.
        case adjRIBOut
    }

    enum Form: Equatable {
        case table, detail
        /// `detail` with `;` for newline.
        case semicolons
        /// Why each path is the best one or not.
        case why
    }
}

/// What `show what-if` shows.
struct WhatIfCommand: Equatable {
    var neighbor: NeighborSelector
    var change: WhatIfRequest.Change
    /// Every prefix by name, not only how many there are.
    var listsPrefixes = false
}
