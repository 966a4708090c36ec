import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `wanted routes become changes` {
    private let refusal = KernelRefusal(errno: 101, text: "Nexthop has invalid gateway")

    @Test
    func `nothing is sent before the first reading, and nothing counts before the kernel's word`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        #expect(routes.changes() == [])
        routes.read([])
        #expect(routes.changes() == ["1 add 192.0.2.0/24 via 10.0.0.2"])
        #expect(routes.state("192.0.2.0/24") == .pending)
        #expect(routes.counts.installed == 0)
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .installed)
        #expect(routes.counts.installed == 1)
        #expect(routes.counts.ours == 1)
        #expect(routes.changes() == [])
    }

    @Test func `one acknowledgement stands for all before it that were not refused`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        for third in 1...4 { routes.want("192.0.\(third).0/24", hops("10.0.0.2")) }
        #expect(routes.changes().count == 4)
        routes.handle(.refused(sequence: 2, refusal), now: .zero)
        routes.handle(.acknowledged(through: 3), now: .zero)
        #expect(routes.state("192.0.1.0/24") == .installed)
        #expect(routes.state("192.0.2.0/24") == .refused(refusal))
        #expect(routes.state("192.0.3.0/24") == .installed)
        #expect(routes.state("192.0.4.0/24") == .pending)
        #expect(routes.counts.installed == 2)
        #expect(routes.counts.refused == 1)
        #expect(routes.counts.pending == 1)
    }

    @Test func `what changes while an answer is due is sent once, in its newest state`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        #expect(routes.changes() == ["1 add 192.0.2.0/24 via 10.0.0.2"])
        for last in 3...9 { routes.want("192.0.2.0/24", hops("10.0.0.\(last)")) }
        #expect(routes.changes() == [])
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.changes() == ["2 replace 192.0.2.0/24 via 10.0.0.9"])
        routes.unwant(prefix("192.0.2.0/24"))
        routes.handle(.acknowledged(through: 2), now: .zero)
        #expect(routes.changes() == ["3 delete 192.0.2.0/24"])
        routes.handle(.acknowledged(through: 3), now: .zero)
        #expect(routes.state("192.0.2.0/24") == nil)
        #expect(
            routes.counts
                == {
                    var counts = KernelCounts()
                    counts.dumps = 1
                    return counts
                }()
        )
    }

    @Test func `a route that was never sent leaves without a change`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        routes.unwant(prefix("192.0.2.0/24"))
        #expect(routes.changes() == [])
        #expect(routes.counts.wanted == 0)
    }

    @Test func `no more than the window goes out without an answer`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        let set = routes.intern(.blackhole)
        for number in 0..<(KernelRoutes.window + 10) {
            routes.want(IPPrefix(ipv4: UInt32(number) << 8, length: 24), set)
        }
        #expect(routes.changes(limit: .max).count == KernelRoutes.window)
        #expect(routes.changes(limit: .max).isEmpty)
        routes.handle(.acknowledged(through: 4), now: .zero)
        #expect(routes.changes(limit: .max).count == 4)
    }

    @Test func `refused routes are tried again after 1, 2, 4 and at most 64 seconds`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        var now = Instant.zero
        routes.auditInterval = .seconds(3600)
        var waits: [Int64] = []
        for sequence in 1...9 as ClosedRange<UInt32> {
            #expect(routes.changes() == ["\(sequence) add 192.0.2.0/24 via 10.0.0.2"])
            routes.handle(.refused(sequence: sequence, refusal), now: now)
            routes.handle(.acknowledged(through: sequence), now: now)
            #expect(routes.changes() == [])
            waits.append((routes.nextDue - now).wholeSeconds)
            now = routes.nextDue
            #expect(routes.work(units: 10, now: now) == false)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 64, 64])
        #expect(
            routes.takeReports().filter { $0 == .refused(prefix("192.0.2.0/24"), refusal) }.count
                == 1
        )
        _ = routes.changes()
        routes.handle(.acknowledged(through: 10), now: now)
        #expect(routes.state("192.0.2.0/24") == .installed)
    }

    @Test func `a refusal of what is no longer wanted changes nothing`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        _ = routes.changes()
        routes.unwant(prefix("192.0.2.0/24"))
        routes.handle(.refused(sequence: 1, refusal), now: .zero)
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.state("192.0.2.0/24") == nil)
        #expect(routes.changes() == [])
    }

    @Test func `answers to changes of long ago are passed over`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        _ = routes.changes()
        routes.handle(.acknowledged(through: 1), now: .zero)
        routes.handle(.refused(sequence: 1, refusal), now: .zero)
        routes.handle(.acknowledged(through: 77), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .installed)
    }

    @Test func `a deletion of what is not there any more is done`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([ours("192.0.2.0/24", hops("10.0.0.2", 3))])
        routes.firstConvergenceReached()
        #expect(routes.changes() == ["1 delete 192.0.2.0/24"])
        let gone = KernelRefusal(errno: 3, text: "No such process")
        routes.handle(.refused(sequence: 1, gone), now: .zero)
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.counts.ours == 0)
        #expect(routes.state("192.0.2.0/24") == nil)
    }

    @Test
    func `without programming everything is followed and nothing sent, until it is switched on`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.isProgramming = false
        routes.read([ours("192.0.9.0/24", hops("10.0.0.2", 3))])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        #expect(routes.changes() == [])
        #expect(routes.counts.strays == 1)
        routes.isProgramming = true
        #expect(routes.changes() == ["1 add 192.0.2.0/24 via 10.0.0.2"])
    }

    @Test func `at the end ours are deleted and counted, n of m`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([
            ours("192.0.9.0/24", hops("10.0.0.2", 3)), foreign("192.0.8.0/24", hops("10.0.0.2", 3)),
        ])
        for third in 1...2 { routes.want("192.0.\(third).0/24", hops("10.0.0.2")) }
        _ = routes.changes()
        routes.handle(.acknowledged(through: 1), now: .zero)
        #expect(routes.withdrawal == nil)
        routes.withdrawAll()
        routes.want("192.0.7.0/24", hops("10.0.0.2"))
        #expect(routes.withdrawal == KernelWithdrawal(done: 0, total: 2, isFinished: false))
        #expect(routes.changes() == ["3 delete 192.0.9.0/24", "4 delete 192.0.1.0/24"])
        routes.handle(.acknowledged(through: 3), now: .zero)
        #expect(routes.withdrawal == KernelWithdrawal(done: 1, total: 3, isFinished: false))
        #expect(routes.changes() == ["5 delete 192.0.2.0/24"])
        routes.handle(.acknowledged(through: 5), now: .zero)
        #expect(routes.withdrawal == KernelWithdrawal(done: 3, total: 3, isFinished: true))
        #expect(routes.counts.foreign == 1)
    }
}
