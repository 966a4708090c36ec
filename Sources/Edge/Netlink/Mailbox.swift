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

    /// Readable when an order is there, or room for events after there was none.
    let descriptor: Int32
    private let inbox = Mutex(Inbox())
    private let events = Mutex<[KernelEvent]>([])
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
            let wasEmpty = events.isEmpty
            events += new
            return wasEmpty
        }
        if wasEmpty { wake() }
    }

    /// Takes the first events that wait, and tells the kernel thread where that makes room.
    func takeEvents(limit: Int) -> [KernelEvent] {
        let (taken, makesRoom) = events.withLock { events in
            let before = events.count
            var taken = events
            if before <= limit {
                events = []
            } else {
                taken.removeSubrange(limit...)
                events.removeFirst(limit)
            }
            return (taken, before >= waitingEvents && events.count < waitingEvents)
        }
        if makesRoom { _ = cl_wake(descriptor) }
        return taken
    }
}
