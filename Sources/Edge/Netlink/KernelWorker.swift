import CLinux
import Glibc
import KernelRoutes

/// What runs on the kernel thread.
final class KernelWorker {
    /// One datagram of requests: beyond 32 KiB nothing is gained.
    static let batchBytes = 32 * 1024
    /// Notifications held back during a reading; past that they count as overrun.
    static let heldEvents = 1 << 16

    let box: Mailbox
    var requests: NetlinkSocket
    var notifications: NetlinkSocket
    var encoder = NetlinkEncoder()
    var pending: [KernelEvent] = []
    private var isListening = true
    private var requestSequence: UInt32 = 0

    /// Opens both sockets in the calling thread's network namespace.
    init(box: Mailbox, notificationBytes: Int32) throws(NetlinkError) {
        self.box = box
        requests = try NetlinkSocket(
            groups: 0,
            receiveBytes: 4 << 20,
            stride: 64 << 10,
            datagrams: 16
        )
        notifications = try NetlinkSocket(
            groups: RTMGroup.followed,
            receiveBytes: notificationBytes,
            stride: 16 << 10,
            datagrams: 64
        )
        // What we do is answered; told again it would cost as much as doing it.
        notifications.ignore(port: requests.port)
    }

    /// The thread's life.
    func run() {
        cl_name_thread("kernel")
        // Signals are the core thread's.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while !box.isStopping {
            waitForWork()
            readNotifications()
            flush()
            let orders = box.takeOrders()
            if orders.isStopping { return }
            send(orders.changes)
            if let dump = orders.dump { read(dump) }
        }
    }

    /// Sleeps until an order or, while there is room for events, a notification is there.
    private func waitForWork() {
        var ready: UInt32 = 0
        let descriptors = [box.descriptor, notifications.descriptor]
        _ = cl_wait_readable(descriptors, isListening && box.hasRoom ? 2 : 1, -1, &ready)
    }

    /// Gives the events so far to the core.
    func flush() {
        box.emit(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Waits until the core has taken events; false when the thread is to end.
    func waitForRoom() -> Bool {
        var isWoken = false
        while !box.isStopping {
            if box.hasRoom {
                // The orders that woke us stay where they are until they are taken.
                if isWoken { _ = cl_wake(box.descriptor) }
                return true
            }
            var ready: UInt32 = 0
            _ = cl_wait_readable([box.descriptor], 1, -1, &ready)
            _ = cl_clear_wake(box.descriptor)
            isWoken = true
        }
        return false
    }

    // MARK: - Notifications

    /// Reads what waits on the notification socket into ``pending``, at most a thousand datagrams.
    func readNotifications() {
        var found: [KernelEvent] = []
        var isOverrun = false
        let ownPort = requests.port
        reading: for _ in 0..<(isListening ? 16 : 0) {
            let reception = notifications.receive { header, message in
                guard header.port != ownPort else { return }
                switch message {
                case .overrun, .malformed: isOverrun = true
                default:
                    if let event = Self.event(header, message) { found.append(event) }
                }
            }
            switch reception {
            case .received: continue
            case .overrun: isOverrun = true
            case .empty: break reading
            case .failed:
                // Nothing will be heard any more: changes by others show in the readings alone.
                isListening = false
                isOverrun = true
                break reading
            }
        }
        pending += found
        if isOverrun { pending.append(.overrun) }
    }

    static func event(_ header: NetlinkHeader, _ message: NetlinkMessage) -> KernelEvent? {
        switch message {
        case .route(let route):
            .routeChanged(route, isReplacement: header.flags & NLMFlag.replace != 0)
        case .routeDeleted(let route): .routeDeleted(route)
        case .link(let link): .linkChanged(link)
        case .linkDeleted(let index): .linkDeleted(index)
        case .address(let address): .addressChanged(address)
        case .addressDeleted(let address): .addressDeleted(address)
        case .overrun: .overrun
        case .answer, .done, .ignored, .malformed: nil
        }
    }

    /// The number of the next request of ours that is no change; its top bit keeps them apart.
    func nextRequest() -> UInt32 {
        requestSequence = (requestSequence &+ 1) & 0x7FFF_FFFF
        return requestSequence | 1 << 31
    }
}
