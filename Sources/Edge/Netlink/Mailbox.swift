import CLinux
import Glibc
import KernelRoutes
import Synchronization

/// What passes between the core thread and the kernel thread: orders down, events up, both bounded.
final class Mailbox: Sendable {
    /// Orders that the kernel thread has not taken yet.
    struct Inbox {
        var changes: [KernelChange] = []
        var dump: KernelDump?
        var isStopping = false
    }

    /// Events that the core has not taken yet, in the order in which they happened.
    private struct Waiting {
        var events: [KernelEvent] = []
        /// Those before it have been taken.
        var head = 0
        var count: Int { events.count - head }

        /// Takes events with at most `limit` routes together, and one event at least.
        mutating func take(_ limit: Int) -> [KernelEvent] {
            var end = head
            var weight = 0
            while end < events.count, weight == 0 || weight + events[end].weight <= limit {
                weight += events[end].weight
                end += 1
            }
            defer {
                if end == events.count {
                    events = []
                    head = 0
                } else if end >= 4096, end * 2 >= events.count {
                    events.removeFirst(end)
                    head = 0
                } else {
                    head = end
                }
            }
            return head == 0 && end == events.count ? events : Array(events[head..<end])
        }
    }

    /// Readable when an order is there, or room for events after there was none.
    let descriptor: Int32
    private let inbox = Mutex(Inbox())
    private let events = Mutex(Waiting())
    private let waitingEvents: Int
    private let wake: @Sendable () -> Void

    init(waitingEvents: Int, wake: @escaping @Sendable () -> Void) throws(NetlinkError) {
        let result = cl_eventfd()
        guard result >= 0 else { throw .systemCall("opening an eventfd", errno: -result) }
        descriptor = result
        self.waitingEvents = waitingEvents
        self.wake = wake
    }

    deinit { close(descriptor) }

    /// Changes the orders under lock and wakes the kernel thread where `body` gives true.
    func post(_ body: (inout Inbox) -> Bool) -> Bool {
        let isPosted = inbox.withLock { body(&$0) }
        if isPosted { _ = cl_wake(descriptor) }
        return isPosted
    }

    /// Takes all orders; whether to stop is not taken but stays.
    func takeOrders() -> Inbox {
        _ = cl_clear_wake(descriptor)
        return inbox.withLock { inbox in
            let taken = inbox
            inbox.changes = []
            inbox.dump = nil
            return taken
        }
    }

    /// Whether the kernel thread is to end.
    var isStopping: Bool { inbox.withLock { $0.isStopping } }

    /// Whether events may be added: a soft bound, looked at before more is read from the kernel.
    var hasRoom: Bool { events.withLock { $0.count < waitingEvents } }

    /// Adds events, and wakes the core where none waited.
    func emit(_ new: [KernelEvent]) {
        guard !new.isEmpty else { return }
        let wasEmpty = events.withLock { events in
            let wasEmpty = events.count == 0
            events.events += new
            return wasEmpty
        }
        if wasEmpty { wake() }
    }

    /// Takes the first events that wait, and tells the kernel thread where that makes room.
    func takeEvents(limit: Int) -> (events: [KernelEvent], areLeft: Bool) {
        let (taken, areLeft, makesRoom) = events.withLock { events in
            let before = events.count
            let taken = events.take(limit)
            let left = events.count
            return (taken, left > 0, before >= waitingEvents && left < waitingEvents)
        }
        if makesRoom { _ = cl_wake(descriptor) }
        return (taken, areLeft)
    }
}

extension KernelEvent {
    /// How many routes it tells of, one at least.
    fileprivate var weight: Int {
        if case .dumpRoutes(let routes) = self { max(1, routes.count) } else { 1 }
    }
}
