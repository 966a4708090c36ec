import BGPWire
import Control
import Timekeeping

/// `show log`.
struct LogPrinter {
    var book: NeighborBook
    /// Seconds that local time is ahead of UTC at a moment.
    var localOffset: (Int64) -> Int64

    func text(_ row: EventRow, to output: inout Output) {
        output.line("\(moment(row)) \(row.line(neighbor: name(row)))")
    }

    func lost(_ count: UInt64, to output: inout Output) {
        if count > 0 { output.line("\(count) older lines are no longer kept") }
    }

    func json(_ row: EventRow, to json: inout JSONWriter) {
        json.object()
        json.number("id", row.sequence)
        json.string("time", moment(row))
        json.number("time_sec", row.time.nanoseconds / 1_000_000_000)
        if let name = name(row) { json.string("neighbor", name) }
        json.string("message", row.line(neighbor: nil))
        json.end()
    }

    private func name(_ row: EventRow) -> String? {
        row.neighbor.map { book.logName($0, then: row.neighborName) }
    }

    private func moment(_ row: EventRow) -> String {
        let seconds = row.time.nanoseconds / 1_000_000_000
        return TimeText.moment(seconds, offset: localOffset(seconds))
    }
}
