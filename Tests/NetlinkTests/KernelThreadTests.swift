import KernelRoutes
import Testing

@testable import Netlink

/// What needs no permission: the thread reads, and is not asked to change anything.
@Suite struct `kernel thread` {
    @Test func `more than the mailbox holds is not taken, and stopping twice is stopping once`()
        throws
    {
        let thread = try KernelThread {}
        let change = KernelChange(
            sequence: 1,
            operation: .delete,
            route: KernelRoute(
                prefix: prefix("192.0.2.0/24"),
                protocolNumber: 186,
                metric: 186,
                nextHopSet: .blackhole
            )
        )
        let many = Array(repeating: change, count: KernelThread.mailboxSize + 1)
        #expect(!thread.submit(many))
        thread.stop()
        thread.stop()
    }

    @Test func `a reading names the loopback, begins and ends`() throws {
        let wakes = WakeUp()
        let thread = try KernelThread { wakes.signal() }
        defer { thread.stop() }
        let dump = KernelDump(generation: 7, tables: [KernelOwnership.mainTable])
        thread.requestDump(dump)
        var events: [KernelEvent] = []
        for _ in 0..<500 where !events.contains(.dumpEnded(dump, isComplete: true)) {
            wakes.wait(milliseconds: 20)
            events += thread.takeEvents().events
        }
        let start = try #require(events.firstIndex(of: .dumpBegan(dump)))
        let end = try #require(events.firstIndex(of: .dumpEnded(dump, isComplete: true)))
        let hasLoopback = events[start..<end].contains { event in
            if case .linkChanged(let link) = event { link.isLoopback } else { false }
        }
        #expect(hasLoopback)
    }
}
