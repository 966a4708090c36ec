package import Control

/// The newest events of the speaker, bounded; what is lost is counted.
package struct EventLog {
    private var rows: [EventRow] = []
    private let capacity: Int

    /// The newest sequence number, 0 before the first.
    package private(set) var newest: UInt64 = 0
    /// The newest event that the line above the keys shows.
    package private(set) var lastImportant: EventRow?

    /// A log that keeps between `capacity` and twice as many.
    package init(capacity: Int = 2048) {
        self.capacity = capacity
    }

    /// Adds an event and gives it its number.
    package mutating func append(_ event: EventRow) -> EventRow {
        newest += 1
        var event = event
        event.sequence = newest
        if rows.count >= capacity * 2 { rows.removeFirst(capacity) }
        rows.append(event)
        if event.isImportant { lastImportant = event }
        return event
    }

    /// The events after that number, the oldest first.
    package func page(_ request: EventsRequest) -> EventsPage {
        var page = EventsPage()
        // Whoever asks may name any number.
        guard let first = rows.first, request.after < .max else { return page }
        let expected = request.after + 1
        if expected < first.sequence { page.lost = first.sequence - expected }
        let start = expected > first.sequence ? expected - first.sequence : 0
        guard start < UInt64(rows.count) else { return page }
        page.rows = Array(rows[Int(start)...].suffix(Int(min(request.limit, 4096))))
        return page
    }
}
