import CLinux
import Control
import ControlSocket

/// One `show`: which questions it takes and which printer gets the answers.
struct Show {
    var options: QueryOptions

    /// Rows of a kernel page, lines of a log page.
    private static let pageLength: UInt32 = 2000

    func run(
        _ command: ShowCommand,
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        switch command {
        case .summary(let form): try summary(form, &client, &output)
        case .neighbor(let selector, let form): try neighbor(selector, form, &client, &output)
        case .rib(let command):
            var show = try ShowRIB(command, options, &client)
            try show.run(&client, &output)
        case .ribMemory: try memory(&client, &output)
        case .fib(let filter): try fib(filter, &client, &output)
        case .log: try log(&client, &output)
        case .whatIf(let command):
            try ShowWhatIf(command, options, &client).run(&client, &output)
        }
    }

    /// Seconds that local time is ahead of UTC at a moment.
    static func localOffset(_ seconds: Int64) -> Int64 { cl_local_offset(seconds) }

    private func summary(
        _ form: ShowCommand.SummaryForm,
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        let rows = try client.ask(OverviewRequest(), timeout: Query.patience).neighbors
        switch (options.format, form) {
        case (.json, _): output.json { SummaryPrinter.json(rows, to: &$0) }
        case (.text, .table):
            SummaryPrinter.table(rows, isNumeric: options.isNumeric, to: &output)
        case (.text, .terse):
            SummaryPrinter.terse(rows, isNumeric: options.isNumeric, to: &output)
        }
    }

    private func neighbor(
        _ selector: NeighborSelector,
        _ form: ShowCommand.NeighborForm,
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        let neighbors = try client.ask(NeighborRequest(selector), timeout: Query.patience)
        if neighbors.isEmpty, selector != .all { throw .refused(.noSuchNeighbor) }
        let lag = try client.ask(OverviewRequest(), timeout: Query.patience).lag
        guard options.format == .text else {
            output.json { NeighborJSON.write(neighbors, lag, form: form, to: &$0) }
            return
        }
        let printer = NeighborPrinter(localOffset: Self.localOffset)
        for neighbor in neighbors {
            switch form {
            case .messages: printer.full(neighbor, to: &output)
            case .timers: printer.timers(neighbor, to: &output)
            case .terse: printer.terse(neighbor, to: &output)
            }
        }
        if form != .terse, !neighbors.isEmpty { printer.loop(lag, to: &output) }
    }

    private func memory(
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        let items = try client.ask(MemoryRequest(), timeout: Query.patience)
        switch options.format {
        case .text: MemoryPrinter.text(items, to: &output)
        case .json: output.json { MemoryPrinter.json(items, to: &$0) }
        }
    }

    private func fib(
        _ filter: KernelPageRequest.Filter,
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        let instance = try client.ask(InstanceRequest(), timeout: Query.patience)
        var printer = FIBPrinter(ownProtocol: 186)
        if case .on(_, let number, _) = instance.kernelUpdates { printer.ownProtocol = number }
        guard options.format == .json else {
            printer.header(to: &output)
            try kernelPages(filter, &client) { row in
                printer.row(row, to: &output)
                output.flushIfLarge()
            }
            return
        }
        try output.json { json throws(ControlSocketFault) in
            var isOpen = false
            try kernelPages(filter, &client) { row in
                if !isOpen { json.array("fib") }
                isOpen = true
                printer.json(row, to: &json)
                json.output.flushIfLarge()
            }
        }
    }

    private func kernelPages(
        _ filter: KernelPageRequest.Filter,
        _ client: inout ControlClient,
        _ print: (KernelRow) -> Void
    ) throws(ControlSocketFault) {
        var position = RIBPageRequest.Position.start
        while true {
            let page = try client.ask(
                KernelPageRequest(position: position, filter: filter, limit: Self.pageLength),
                timeout: Query.patience
            )
            for row in page.rows { print(row) }
            guard let next = page.next else { return }
            position = .after(next)
        }
    }

    private func log(
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        let overview = try client.ask(OverviewRequest(), timeout: Query.patience)
        let instance = try client.ask(InstanceRequest(), timeout: Query.patience)
        let book = NeighborBook(
            overview.neighbors,
            instance: instance,
            isNumeric: options.isNumeric
        )
        let printer = LogPrinter(book: book, localOffset: Self.localOffset)
        guard options.format == .json else {
            try events(&client) { page in
                printer.lost(page.lost, to: &output)
                for row in page.rows { printer.text(row, to: &output) }
                output.flushIfLarge()
            }
            return
        }
        try output.json { json throws(ControlSocketFault) in
            var isOpen = false
            try events(&client) { page in
                for row in page.rows {
                    if !isOpen { json.array("log") }
                    isOpen = true
                    printer.json(row, to: &json)
                }
                json.output.flushIfLarge()
            }
        }
    }

    /// All that is kept; what comes while it is printed is the next call's.
    private func events(
        _ client: inout ControlClient,
        _ print: (EventsPage) -> Void
    ) throws(ControlSocketFault) {
        var after: UInt64 = 0
        while true {
            let page = try client.ask(
                EventsRequest(after: after, limit: Self.pageLength),
                timeout: Query.patience
            )
            print(page)
            guard let last = page.rows.last, page.rows.count >= Int(Self.pageLength) else {
                return
            }
            after = last.sequence
        }
    }
}
