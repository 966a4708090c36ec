import Addressing
import Tables
package import Timekeeping

extension KernelRoutes {
    /// Takes in what the kernel tells; routes of other tables than main and ours are passed over.
    ///
    /// Between the beginning and the end of a reading no acknowledgement may come: the kernel's side
    /// does one thing after the other, so that a reading shows every change answered before it.
    package mutating func handle(_ event: KernelEvent, now: Instant) {
        switch event {
        case .dumpBegan(let dump): beginDump(dump, now: now)
        case .dumpRoutes(let routes):
            for route in routes { learn(route, isReplacement: false, now: now) }
        case .dumpEnded(let dump, let isComplete): endDump(dump, isComplete: isComplete, now: now)
        case .routeChanged(let route, let isReplacement):
            learn(route, isReplacement: isReplacement, now: now)
        case .routeDeleted(let route): forget(route, now: now)
        case .acknowledged(let sequence): acknowledge(through: sequence, now: now)
        case .refused(let sequence, let refusal): refuse(sequence, refusal, now: now)
        case .answersLost(let sequence): loseAnswers(through: sequence)
        case .overrun:
            counts.overruns += 1
            report(.overrun)
            requestAudit()
        case .linkChanged(let link): changeLink(link)
        case .linkDeleted(let index): deleteLink(index)
        case .addressChanged(let address): changeAddress(address)
        case .addressDeleted(let address): deleteAddress(address)
        }
    }

    // MARK: - Readings

    /// The reading that is to be asked for now, if any; it counts as asked.
    ///
    /// Readings keep a distance of four times what the last one took, and of 200 ms at least.
    package mutating func takeRequestedDump(now: Instant) -> KernelDump? {
        guard isDumpWanted, !isDumping, now >= earliestDump else { return nil }
        isDumpWanted = false
        isDumping = true
        generation &+= 1
        dumpStart = now
        let main = KernelOwnership.mainTable
        return KernelDump(
            generation: generation,
            tables: ownership.table == main ? [main] : [main, ownership.table]
        )
    }

    /// Asks for a reading: `fib reconcile`, the periodic audit, a doubt.
    package mutating func requestAudit() {
        isDumpWanted = true
    }

    private mutating func beginDump(_ dump: KernelDump, now: Instant) {
        guard dump.generation == generation else { return }
        differencesFound = 0
        dumpStart = now
        namedLinks = []
        namedAddresses = []
        hasDumpBegun = true
    }

    private mutating func endDump(_ dump: KernelDump, isComplete: Bool, now: Instant) {
        guard dump.generation == generation, isDumping else { return }
        isDumping = false
        hasDumpBegun = false
        let took = now - dumpStart
        earliestDump = now + max(.milliseconds(200), took * 4)
        guard isComplete else {
            requestAudit()
            return
        }
        lastReading = (ended: now, took: took)
        isEndingDump = true
        forgetUnnamedLinks()
        isEndingDump = false
        let current = UInt8(truncatingIfNeeded: generation)
        // A store whose last row is freed gives all of them back: the end is asked for each time.
        var number: UInt32 = 0
        while number < own.endRow {
            defer { number += 1 }
            guard isLive(number) else { continue }
            if own[number].word != .max, own[number].generation != current {
                differencesFound += 1
                loseOwn(number, now: now)
            } else if needsChange(own[number]) {
                enqueue(number)
            }
        }
        number = 0
        while number < foreign.endRow {
            defer { number += 1 }
            guard foreign[number].length != .max, foreign[number].generation != current
            else { continue }
            differencesFound += 1
            removeForeign(number)
        }
        counts.dumps += 1
        if counts.dumps == 1 {
            report(.firstDump(ours: counts.ours, foreign: counts.foreign))
            reportSharedProtocol()
        } else if differencesFound > 0 {
            report(.audited(differences: differencesFound))
        }
    }

    /// Who marks routes with our protocol number may sweep ours when it starts, as zebra does.
    private mutating func reportSharedProtocol() {
        var shared = 0
        for number in 0..<foreign.endRow
        where foreign[number].length != .max
            && foreign[number].protocolNumber == ownership.protocolNumber
        {
            shared += 1
        }
        if shared > 0 { report(.sharedProtocol(routes: shared)) }
    }

    // MARK: - Routes

    private mutating func learn(_ route: KernelRoute, isReplacement: Bool, now: Instant) {
        guard route.table == ownership.table || route.table == KernelOwnership.mainTable,
            !route.nextHopSet.type.isHostEntry
        else { return }
        if isReplacement { displaceOthers(of: route, now: now) }
        if ownership.owns(route) { learnOwn(route, now: now) } else { learnForeign(route) }
    }

    private mutating func learnOwn(_ route: KernelRoute, now: Instant) {
        let number = ownRow(for: route.prefix)
        let current = readingMark
        if isNamedTwice(own[number], current) {
            change(number) { $0.flags.insert(.doubled) }
            return
        }
        own[number].generation = current
        let set = sets.retain(route.nextHopSet)
        let row = own[number]
        if row.word == set || sets.fulfils(set, row.word) {
            sets.release(number: set)
            return
        }
        if isDumping, counts.dumps > 0 { differencesFound += 1 }
        let wasThere = row.word != .max
        setWord(number, set)
        if sets.fulfils(set, row.wanted) {
            relabel(number)
            if counts.dumps == 0 { counts.adopted += 1 }
            change(number) { $0.flags.subtract([.drifted, .refused, .suspended]) }
            settleNote(number)
            return
        }
        guard !row.flags.contains(.inFlight) else { return }
        if row.wanted == .max, !hasConverged || counts.dumps == 0 {
            change(number) { $0.flags.insert(.leftover) }
            if hasConverged { enqueue(number) }
        } else if counts.dumps == 0, !wasThere {
            // Left by an earlier run, and wanted otherwise before the first reading was in.
            enqueue(number)
        } else {
            interfere(number, now: now)
        }
    }

    /// True where the running reading has named the route of this prefix already.
    private func isNamedTwice(_ row: OwnRow, _ current: UInt8) -> Bool {
        hasDumpBegun && row.word != .max && row.generation == current
    }

    /// The kernel has our route no more, and it was not us.
    private mutating func loseOwn(_ number: UInt32, now: Instant) {
        setWord(number, .max)
        change(number) { $0.flags.remove(.leftover) }
        if own[number].wanted == .max {
            dropIfIdle(number)
        } else if !own[number].flags.contains(.inFlight) {
            interfere(number, now: now)
        }
    }

    private mutating func forget(_ route: KernelRoute, now: Instant) {
        if ownership.owns(route) {
            guard let number = findOwn(route.prefix), own[number].word != .max else { return }
            if let rest = remainder(of: sets[own[number].word], without: route) {
                var partial = route
                partial.nextHopSet = rest
                learnOwn(partial, now: now)
            } else {
                loseOwn(number, now: now)
            }
            return
        }
        guard let number = findForeign(route) else { return }
        if let rest = remainder(of: sets[foreign[number].set], without: route) {
            replaceForeignSet(number, rest)
        } else {
            removeForeign(number)
        }
    }

    /// IPv6 tells the end of one next hop of several as the end of a route with that next hop alone.
    private func remainder(of set: NextHopSet, without route: KernelRoute) -> NextHopSet? {
        guard route.prefix.family == .ipv6, !set.others.isEmpty else { return nil }
        let gone = route.nextHopSet.nextHops
        let rest = set.nextHops.filter { hop in
            !gone.contains { $0.gateway == hop.gateway && $0.interface == hop.interface }
        }
        return rest.isEmpty || rest.count == set.nextHops.count
            ? nil : NextHopSet(rest, type: set.type)
    }

    /// A replacement pushes out what stood at that prefix and metric, and no deletion tells of it.
    private mutating func displaceOthers(of route: KernelRoute, now: Instant) {
        var displaced: [UInt32] = []
        _ = foreignIndex.find(hash: keys.hash(route.prefix)) { number in
            if foreign[number].collides(with: route) { displaced.append(number) }
            return false
        }
        for number in displaced.sorted() { removeForeign(number) }
        var isInPlaceOfOurs = false
        if !ownership.owns(route), route.table == ownership.table, route.metric == ownership.metric,
            route.typeOfService == 0, let number = findOwn(route.prefix), own[number].word != .max
        {
            isInPlaceOfOurs = true
            loseOwn(number, now: now)
        }
        // Of several that collided only one went, and nothing tells which.
        if displaced.count + (isInPlaceOfOurs ? 1 : 0) > 1 { requestAudit() }
        if !displaced.isEmpty, ownership.owns(route), let number = findOwn(route.prefix),
            own[number].word != .max
        {
            requestAudit()
        }
    }
}
