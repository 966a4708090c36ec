import Timekeeping

/// Rows that wait for their next try: one first-in first-out line for each delay, 1 s to 64 s.
///
/// All in a line wait equally long, so the earliest stands first and nothing is sorted. An entry
/// whose row has moved on since is recognised by its due time and skipped.
struct RetryQueue {
    static let lineCount = 7
    private struct Entry {
        var row: UInt32
        var due: Int64
    }
    private var lines: [[Entry]] = Array(repeating: [], count: lineCount)
    private var heads: [Int] = Array(repeating: 0, count: lineCount)

    /// How long the try with that number (from 0) waits.
    static func delay(attempt: Int) -> Duration {
        .seconds(1 << min(max(attempt, 0), lineCount - 1))
    }

    /// Puts a row in line and returns when it is due.
    mutating func add(_ row: UInt32, attempt: Int, now: Instant) -> Int64 {
        let line = min(max(attempt, 0), Self.lineCount - 1)
        let due = (now + Self.delay(attempt: attempt)).nanoseconds
        lines[line].append(Entry(row: row, due: due))
        return due
    }

    /// When the next entry is due.
    var nextDue: Instant {
        var earliest = Instant.never
        for line in 0..<Self.lineCount where heads[line] < lines[line].count {
            earliest = min(earliest, Instant(nanoseconds: lines[line][heads[line]].due))
        }
        return earliest
    }

    /// Takes the next entry that is due; with ``Instant/never`` any entry.
    mutating func take(now: Instant) -> (row: UInt32, due: Int64)? {
        for line in 0..<Self.lineCount where heads[line] < lines[line].count {
            let entry = lines[line][heads[line]]
            guard entry.due <= now.nanoseconds else { continue }
            heads[line] += 1
            if heads[line] == lines[line].count {
                lines[line].removeAll(keepingCapacity: lines[line].count <= 1024)
                heads[line] = 0
            }
            return (entry.row, entry.due)
        }
        return nil
    }
}
