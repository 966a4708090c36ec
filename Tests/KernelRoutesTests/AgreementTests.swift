import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `agreement` {
    private let prefixes = (0..<24).map {
        IPPrefix(ipv4: UInt32($0) << 8 | 0xC000_0000, length: 24)
    }

    /// One turn of the core with a kernel that answers `answered` of the changes taken so far.
    private func turn(
        _ routes: inout KernelRoutes,
        _ kernel: inout SimulatedKernel,
        now: Instant,
        refusing: Bool
    ) {
        while routes.work(units: 5, now: now) {}
        var changes: [KernelChange] = []
        routes.takeChanges(limit: kernel.random(8) + 1, into: &changes)
        for change in changes {
            if refusing, kernel.random(6) == 0 {
                let refusal = KernelRefusal(errno: 12, text: "Cannot allocate memory")
                routes.handle(.refused(sequence: change.sequence, refusal), now: now)
            } else if let refusal = kernel.apply(change) {
                routes.handle(.refused(sequence: change.sequence, refusal), now: now)
            }
        }
        if let last = changes.last {
            let isLost = refusing && kernel.random(20) == 0
            routes.handle(
                isLost
                    ? .answersLost(through: last.sequence) : .acknowledged(through: last.sequence),
                now: now
            )
        }
        if let dump = routes.takeRequestedDump(now: now) {
            routes.handle(.dumpBegan(dump), now: now)
            routes.handle(.dumpRoutes(kernel.routes), now: now)
            routes.handle(.dumpEnded(dump, isComplete: true), now: now)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func
        `after any quarrel the kernel has what we want, the foreign routes are theirs, and the counts are true`(
            seed: UInt64
        )
    {
        var kernel = SimulatedKernel(seed: seed)
        var routes = KernelRoutes(ownership: KernelOwnership())
        let sets = (2...5).map { routes.intern(hops("10.0.0.\($0)", 3)) }
        var wanted: [IPPrefix: NextHopSetID] = [:]
        var now = Instant.zero
        for _ in 0..<400 {
            now = now + .milliseconds(100)
            let prefix = prefixes[kernel.random(prefixes.count)]
            switch kernel.random(5) {
            case 0, 1:
                let set = sets[kernel.random(sets.count)]
                routes.want(prefix, set)
                wanted[prefix] = set
            case 2:
                routes.unwant(prefix)
                wanted[prefix] = nil
            case 3:
                if let event = kernel.meddle(prefix) {
                    // Now and then the notification is lost, and the kernel says so.
                    routes.handle(kernel.random(8) == 0 ? .overrun : event, now: now)
                }
            default: break
            }
            turn(&routes, &kernel, now: now, refusing: true)
        }
        let foreign = kernel.routes.filter { $0.protocolNumber == 4 }
        routes.firstConvergenceReached()
        for _ in 0..<400 {
            now = now + .seconds(1)
            turn(&routes, &kernel, now: now, refusing: false)
        }
        let blocked = Set(foreign.filter { $0.metric == 186 }.map(\.prefix))
        let expected = wanted.filter { !blocked.contains($0.key) }
        let ours = kernel.routes.filter { KernelOwnership().owns($0) }
        // Ours may stand beside a foreign one that came later with the same metric, or be kept out by it.
        #expect(Set(ours.map(\.prefix)).isSuperset(of: expected.keys))
        for route in ours {
            #expect(wanted[route.prefix].map { routes.nextHopSet($0) } == route.nextHopSet)
        }
        #expect(Set(kernel.routes.filter { $0.protocolNumber == 4 }) == Set(foreign))
        #expect(routes.counts.installed == ours.count)
        #expect(routes.counts.ours == ours.count)
        #expect(routes.counts.wanted == wanted.count)
        #expect(routes.counts.refused == wanted.count - ours.count)
        #expect(routes.counts.foreign == foreign.count)
        #expect(routes.counts.pending + routes.counts.drift + routes.counts.strays == 0)

        routes.withdrawAll()
        for _ in 0..<100 {
            now = now + .seconds(1)
            turn(&routes, &kernel, now: now, refusing: false)
        }
        #expect(
            routes.withdrawal
                == KernelWithdrawal(done: ours.count, total: ours.count, isFinished: true)
        )
        #expect(Set(kernel.routes) == Set(foreign))
    }
}
