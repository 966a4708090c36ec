import Timekeeping

/// What is to happen and when: a heap by moment, then in the order of asking.
struct Agenda<Happening> {
    private struct Entry {
        var due: Instant
        var order: UInt64
        var happening: Happening

        func isBefore(_ other: Entry) -> Bool {
            due == other.due ? order < other.order : due < other.due
        }
    }

    private var heap: [Entry] = []
    private var count: UInt64 = 0

    /// When the next thing happens; ``Instant/never`` where nothing will.
    var nextDue: Instant { heap.first?.due ?? .never }

    /// Adds something that happens then, after everything that was asked for that moment before.
    mutating func add(_ happening: Happening, at due: Instant) {
        count += 1
        heap.append(Entry(due: due, order: count, happening: happening))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next thing that happens at or before `moment`.
    mutating func take(until moment: Instant) -> (due: Instant, happening: Happening)? {
        guard let first = heap.first, first.due <= moment else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.due, first.happening)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].isBefore(heap[left]) ? right : left
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
