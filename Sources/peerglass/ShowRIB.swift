import Addressing
import Control
import ControlSocket
import Glibc

/// `show rib`: pages of a table, printed while the next one is under way.
struct ShowRIB {
    private let command: RIBCommand
    private let options: QueryOptions
    private let neighbors: [NeighborRow]
    private let book: NeighborBook

    /// Prefixes of a page: large enough that asking costs little, small enough for a short turn.
    private static let pageLength: UInt32 = 1000
    /// Microseconds until a table whose order is being made is asked again.
    private static let pause: UInt32 = 20_000

    init(
        _ command: RIBCommand,
        _ options: QueryOptions,
        _ client: inout ControlClient
    ) throws(ControlSocketFault) {
        self.command = command
        self.options = options
        let instance = try client.ask(InstanceRequest(), timeout: Query.patience)
        neighbors = try client.ask(OverviewRequest(), timeout: Query.patience).neighbors
        book = NeighborBook(neighbors, instance: instance, isNumeric: options.isNumeric)
    }

    mutating func run(
        _ client: inout ControlClient,
        _ output: inout Output
    ) throws(ControlSocketFault) {
        // Told before anything is printed.
        if command.filter.neighbor != nil, receivers().isEmpty { throw .refused(.noSuchNeighbor) }
        guard options.format == .json else {
            var printer = RIBPrinter(book: book, form: command.form)
            printer.header(to: &output)
            try tables(&client) { row in
                printer.row(row, to: &output)
                output.flushIfLarge()
                return !output.isClosed
            }
            return
        }
        var rows = RIBJSON(book: book, form: command.form, table: command.table)
        try output.json { json throws(ControlSocketFault) in
            try tables(&client) { row in
                rows.row(row, to: &json)
                json.output.flushIfLarge()
                return !json.output.isClosed
            }
        }
    }

    /// The rows of the table that is meant; for `out` of every neighbor that is meant.
    private func tables(
        _ client: inout ControlClient,
        _ print: (RIBRow) -> Bool
    ) throws(ControlSocketFault) {
        var request = RIBPageRequest(
            table: .locRIB,
            filter: command.filter,
            limit: Self.pageLength,
            withAttributes: command.form != .table,
            withReasons: command.form == .why
                || options.format == .json && command.form != .table
        )
        if let after = command.after { request.position = .after(after) }
        switch command.table {
        case .locRIB:
            try pages(request, &client, print)
        case .adjRIBIn:
            // Nothing has been decided there.
            request.table = .adjRIBIn
            try pages(request, &client) { row in
                var row = row
                row.flags.subtract([.valid, .selected, .filtered])
                return print(row)
            }
        case .adjRIBOut:
            let selected = receivers()
            request.filter.conditions.removeAll { condition in
                if case .neighbor = condition.test { !condition.isNegated } else { false }
            }
            for neighbor in selected {
                request.table = .adjRIBOut(neighbor.number)
                try pages(request, &client) { row in
                    var row = row
                    row.flags.subtract([.selected, .filtered])
                    row.flags.insert(.valid)
                    return print(row)
                }
            }
        }
    }

    /// The neighbors that are meant.
    private func receivers() -> [NeighborRow] {
        let all = neighbors.filter { $0.templateLength == nil }
        switch command.filter.neighbor ?? .all {
        case .all: return all
        case .number(let number): return all.filter { $0.number == number }
        case .address(let address): return all.filter { $0.address == address }
        case .descr(let descr): return all.first { $0.descr == descr }.map { [$0] } ?? []
        case .group(let name): return all.filter { $0.group == name }
        }
    }

    /// Asks for the next page before this one is printed; ends early where `print` says so.
    private func pages(
        _ request: RIBPageRequest,
        _ client: inout ControlClient,
        _ print: (RIBRow) -> Bool
    ) throws(ControlSocketFault) {
        var request = request
        var left = command.limit
        if let left { request.limit = min(left, request.limit) }
        var progress = SearchProgress()
        defer { progress.clear() }
        var token = try client.send(request.question)
        while true {
            let reply = try client.wait(for: token, timeout: Query.patience)
            let page: RIBPage
            do {
                page = try RIBPageRequest.unwrap(reply)
            } catch {
                switch error {
                case .refused(let result): throw .refused(result)
                case .otherAnswer: throw .lost(path: client.path)
                }
            }
            if page.isPreparing {
                usleep(Self.pause)
                token = try client.send(request.question)
                continue
            }
            if let some = left { left = some - min(some, Self.prefixCount(of: page)) }
            let next = left == 0 ? nil : page.next
            if let next {
                request.position = .after(next)
                if let left { request.limit = min(left, request.limit) }
                token = try client.send(request.question)
            }
            if page.rows.isEmpty { progress.show(page.reached) } else { progress.clear() }
            for row in page.rows {
                guard print(row) else { return }
            }
            if next == nil { return }
        }
    }

    private static func prefixCount(of page: RIBPage) -> UInt32 {
        var count: UInt32 = 0
        var last: IPPrefix?
        for row in page.rows where row.prefix != last {
            last = row.prefix
            count += 1
        }
        return count
    }
}
