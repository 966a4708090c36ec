import BGPWire
import Control
import ControlSocket
import Glibc

/// `show what-if`: asks slice after slice, prints the prefixes as they come and the numbers in the end.
struct ShowWhatIf {
    private let command: WhatIfCommand
    private let options: QueryOptions
    private let neighbors: [NeighborRow]
    private let book: NeighborBook

    /// Prefixes of a slice that are told by name.
    private static let sliceLength: UInt32 = 2000
    /// Microseconds until a table whose order is being made is asked again.
    private static let pause: UInt32 = 20_000

    init(
        _ command: WhatIfCommand,
        _ options: QueryOptions,
        _ client: inout ControlClient
    ) throws(ControlSocketFault) {
        self.command = command
        self.options = options
        let instance = try client.ask(InstanceRequest(), timeout: Query.patience)
        neighbors = try client.ask(OverviewRequest(), timeout: Query.patience).neighbors
        book = NeighborBook(neighbors, instance: instance, isNumeric: options.isNumeric)
    }

    func run(_ client: inout ControlClient, _ output: inout Output) throws(ControlSocketFault) {
        let printer = WhatIfPrinter(book: book)
        guard options.format == .json else {
            var isFirst = true
            let result = try slices(&client) { row in
                if isFirst { printer.header(to: &output) }
                isFirst = false
                printer.row(row, to: &output)
                output.flushIfLarge()
            }
            if !isFirst { output.line() }
            printer.summary(result, isUp: isUp(result), to: &output)
            return
        }
        try output.json { json throws(ControlSocketFault) in
            json.object("what_if")
            if command.listsPrefixes { json.array("prefixes") }
            let result = try slices(&client) { row in
                printer.json(row, to: &json)
                json.output.flushIfLarge()
            }
            if command.listsPrefixes { json.end() }
            printer.json(result, isUp: isUp(result), to: &json)
            json.end()
        }
    }

    private func isUp(_ result: WhatIfResult) -> Bool {
        neighbors.first { $0.number == result.number }?.state == .established
    }

    /// All slices, added up; `print` gets the prefixes.
    private func slices(
        _ client: inout ControlClient,
        _ print: (WhatIfRow) -> Void
    ) throws(ControlSocketFault) -> WhatIfResult {
        var result = WhatIfResult(command.neighbor, command.change, rowLimit: 0)
        var progress = SearchProgress()
        defer { progress.clear() }
        while var request = result.nextRequest {
            if command.listsPrefixes { request.limit = Self.sliceLength }
            let slice = try client.ask(request, timeout: Query.patience)
            if slice.isPreparing { usleep(Self.pause) }
            result.take(slice)
            if slice.rows.isEmpty { progress.show(result.share) } else { progress.clear() }
            if !slice.isPreparing { for row in slice.rows { print(row) } }
        }
        return result
    }
}
