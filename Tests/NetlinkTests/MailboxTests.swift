import KernelRoutes
import Synchronization
import Testing

@testable import Netlink

@Suite struct MailboxTests {
    private func route(_ number: Int) -> KernelRoute {
        KernelRoute(
            prefix: prefix("10.\(number / 256).\(number % 256).0/24"),
            protocolNumber: 4,
            metric: 0,
            nextHopSet: .blackhole
        )
    }

    @Test(arguments: [1, 7, 64, 100_000])
    func `events come out once, in order, and it is said whether more are left`(limit: Int) throws {
        let box = try Mailbox(waitingEvents: 1 << 16) {}
        let events = (0..<20_000).map { number -> KernelEvent in
            number % 100 == 0
                ? .dumpRoutes((0..<30).map { route($0) })
                : .routeChanged(route(number), isReplacement: false)
        }
        box.emit(Array(events[..<12_000]))
        var taken: [KernelEvent] = []
        var isSecondPartIn = false
        while true {
            let (some, areLeft) = box.takeEvents(limit: limit)
            taken += some
            #expect(areLeft == (taken.count < (isSecondPartIn ? events.count : 12_000)))
            if taken.count > 5000, !isSecondPartIn {
                isSecondPartIn = true
                box.emit(Array(events[12_000...]))
            } else if !areLeft {
                break
            }
        }
        #expect(taken == events)
        #expect(box.takeEvents(limit: limit).events.isEmpty)
    }

    @Test func `the core is woken when the first event comes after none`() throws {
        let wakes = Atomic<Int>(0)
        let box = try Mailbox(waitingEvents: 16) { wakes.add(1, ordering: .relaxed) }
        box.emit([.overrun])
        box.emit([.overrun])
        #expect(wakes.load(ordering: .relaxed) == 1)
        _ = box.takeEvents(limit: 1)
        box.emit([.overrun])
        #expect(wakes.load(ordering: .relaxed) == 1)
        _ = box.takeEvents(limit: 10)
        box.emit([.overrun])
        #expect(wakes.load(ordering: .relaxed) == 2)
    }
}
