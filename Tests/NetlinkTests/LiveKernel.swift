import Addressing
import Glibc
import KernelRoutes
import Synchronization
import Testing
import Timekeeping

@testable import Netlink

/// `KernelRoutes` and a kernel thread in a namespace, driven as the core thread drives them.
final class LiveKernel {
    private let thread: KernelThread
    private let wakes: WakeUp
    private(set) var reports: [KernelReport] = []
    var routes: KernelRoutes

    init(
        _ namespace: NetworkNamespace,
        ownership: KernelOwnership = KernelOwnership(),
        configuration: KernelThreadConfiguration = KernelThreadConfiguration()
    ) throws {
        let wakes = WakeUp()
        self.wakes = wakes
        thread = try namespace.inside {
            try KernelThread(configuration: configuration) { wakes.signal() }
        }
        routes = KernelRoutes(ownership: ownership)
    }

    deinit { thread.stop() }

    private func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// One turn: events in, work, changes and readings out.
    func turn() {
        let moment = now()
        while true {
            let events = thread.takeEvents(limit: 16).events
            if events.isEmpty { break }
            for event in events { routes.handle(event, now: moment) }
        }
        while routes.work(units: 1000, now: moment) {}
        if let dump = routes.takeRequestedDump(now: moment) { thread.requestDump(dump) }
        var changes: [KernelChange] = []
        routes.takeChanges(limit: KernelRoutes.window, into: &changes)
        if !changes.isEmpty { #expect(thread.submit(changes)) }
        reports += routes.takeReports()
    }

    /// Takes turns until the condition holds, at most 20 seconds.
    func wait(
        _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        until condition: (borrowing KernelRoutes) -> Bool
    ) {
        let end = now() + .seconds(20)
        while now() < end {
            turn()
            if condition(routes) { return }
            wakes.wait(milliseconds: routes.nextDue <= now() ? 0 : 20)
        }
        Issue.record("waited in vain: \(what); \(routes.counts)", sourceLocation: sourceLocation)
    }

    func want(_ text: String, via gateway: String, _ interface: UInt32 = 0) {
        let set = routes.intern(NextHopSet(gateway: address(gateway), interface: interface))
        routes.want(prefix(text), set)
        routes.release(set)
    }

    func state(_ text: String) -> KernelRouteState? { routes.state(of: prefix(text)) }

    func page(from start: KernelPageStart) -> KernelPage {
        routes.page(from: start, count: 40, now: now())
    }
}

/// A count of wake-ups that a thread can wait for.
final class WakeUp: @unchecked Sendable {
    // sem_t is made for this; it is never moved, since the class owns the memory.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    func wait(milliseconds: Int) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        time.tv_nsec += milliseconds * 1_000_000
        if time.tv_nsec >= 1_000_000_000 {
            time.tv_sec += 1
            time.tv_nsec -= 1_000_000_000
        }
        sem_timedwait(semaphore, &time)
    }
}
