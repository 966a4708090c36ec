import Addressing
import Control

/// What would become of the best paths, as text and JSON.
struct WhatIfPrinter {
    var book: NeighborBook

    func header(to output: inout Output) {
        output.append("destination          from                 to\n" as StaticString)
    }

    func row(_ row: WhatIfRow, to output: inout Output) {
        output.left(20) { $0.append(row.prefix) }
        output.append(UInt8(ascii: " "))
        output.left(book.name(row.from), 20)
        output.append(UInt8(ascii: " "))
        output.line(row.to.map { book.name($0) } ?? "unreachable")
    }

    func summary(_ result: WhatIfResult, isUp: Bool, to output: inout Output) {
        let name = result.number.map { book.name($0) } ?? "?"
        guard result.change == .down else {
            output.line(result.wordsForUp(name, isUp: isUp))
            return
        }
        let count = NumberText.counted(result.prefixCount, "prefix")
        output.line("if \(name) goes down, of the \(count) that it has a path of:")
        func line(_ label: String, _ count: UInt64) {
            output.left("  " + label, 30)
            output.append(UInt8(ascii: " "))
            output.right(NumberText.grouped(count), 12)
            output.line()
        }
        line("move to another path", result.moved)
        for move in result.moves { line("  to \(book.name(move.neighbor))", move.count) }
        line("become unreachable", result.unreachable)
        line("stay as they are", result.looked - result.moved - result.unreachable)
        if result.isMixed {
            output.line("best paths changed meanwhile: the numbers are of more than one moment")
        }
    }

    func json(_ row: WhatIfRow, to json: inout JSONWriter) {
        json.compactObject()
        json.string("prefix", row.prefix.description)
        json.string("from", book.name(row.from))
        if let to = row.to { json.string("to", book.name(to)) }
        json.end()
    }

    /// The members of the open object.
    func json(_ result: WhatIfResult, isUp: Bool, to json: inout JSONWriter) {
        let number = result.number ?? .local
        json.compactObject("neighbor")
        describe(number, to: &json)
        json.end()
        json.string("change", result.change == .down ? "down" : "up")
        json.bool("known", result.change == .down || isUp || result.prefixCount > 0)
        json.number("paths", result.prefixCount)
        json.number("moved", result.moved)
        if !result.moves.isEmpty {
            json.array("moved_to")
            for move in result.moves {
                json.compactObject()
                describe(move.neighbor, to: &json)
                json.number("count", move.count)
                json.end()
            }
            json.end()
        }
        json.number("unreachable", result.unreachable)
        if result.isMixed { json.bool("changed_meanwhile", true) }
    }

    private func describe(_ number: NeighborNumber, to json: inout JSONWriter) {
        let entry = book.entry(number)
        if !entry.descr.isEmpty { json.string("description", entry.descr) }
        json.string("remote_addr", entry.addressText)
    }
}
