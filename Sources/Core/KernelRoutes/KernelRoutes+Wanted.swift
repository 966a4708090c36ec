package import Addressing
import Tables

extension KernelRoutes {
    /// Gives the number of a next hop set and holds it until ``release(_:)``.
    package mutating func intern(_ set: NextHopSet) -> NextHopSetID {
        NextHopSetID(row: sets.retain(set))
    }

    /// Ends a hold of ``intern(_:)``; routes that use the set keep it.
    package mutating func release(_ id: NextHopSetID) {
        sets.release(number: id.row)
    }

    /// The set with that number.
    package func nextHopSet(_ id: NextHopSetID) -> NextHopSet {
        sets[id.row]
    }

    /// From now on the prefix is to be in the kernel with these next hops.
    package mutating func want(_ prefix: IPPrefix, _ set: NextHopSetID) {
        guard !isWithdrawing else { return }
        let number = ownRow(for: prefix)
        guard own[number].wanted != set.row else { return }
        sets.retain(number: set.row)
        let previous = own[number].wanted
        change(number) { row in
            row.wanted = set.row
            row.flags.subtract([.drifted, .refused, .suspended])
        }
        sets.release(number: previous)
        let word = own[number].word
        if word != set.row, sets.fulfils(word, set.row) { relabel(number) }
        if own[number].flags.contains(.leftover), word != .max {
            if own[number].word == set.row { counts.adopted += 1 }
            own[number].flags.remove(.leftover)
        }
        settleNote(number)
        if own[number].word != own[number].wanted { enqueue(number) }
    }

    /// From now on the prefix is not to be in the kernel.
    package mutating func unwant(_ prefix: IPPrefix) {
        guard let number = findOwn(prefix), own[number].wanted != .max else { return }
        unwant(row: number)
    }

    mutating func unwant(row number: UInt32) {
        let previous = own[number].wanted
        change(number) { row in
            row.wanted = .max
            row.flags.subtract([.drifted, .refused, .suspended, .leftover])
        }
        sets.release(number: previous)
        freeNote(number)
        if own[number].word != .max { enqueue(number) } else { dropIfIdle(number) }
    }

    /// The RIB is complete: strays are deleted from here on.
    package mutating func firstConvergenceReached() {
        guard !hasConverged else { return }
        hasConverged = true
        var strays = 0
        for number in 0..<own.endRow where isLive(number) && own[number].flags.contains(.leftover) {
            strays += 1
            enqueue(number)
        }
        if strays > 0 || counts.adopted > 0 {
            report(.swept(adopted: counts.adopted, strays: strays))
        }
    }

    /// Nothing is wanted any more: all of ours are deleted, in the order in which they came, and counted.
    package mutating func withdrawAll() {
        isWithdrawing = true
        hasConverged = true
        // A store whose last row is freed gives all of them back: the end is asked for each time.
        var number: UInt32 = 0
        while number < own.endRow {
            defer { number += 1 }
            guard isLive(number) else { continue }
            if own[number].wanted != .max {
                unwant(row: number)
            } else if own[number].word != .max {
                change(number) { $0.flags.remove(.suspended) }
                enqueue(number)
            }
        }
    }

    /// How far ``withdrawAll()`` has come; nil before it.
    ///
    /// Without programming nothing is deleted and it is finished at once.
    package var withdrawal: KernelWithdrawal? {
        guard isWithdrawing else { return nil }
        return KernelWithdrawal(
            done: withdrawn,
            total: withdrawn + (isProgramming ? counts.ours : 0),
            isFinished: outstanding.isEmpty && (queue.isEmpty || !isProgramming)
        )
    }

    /// How that prefix stands; nil where we neither want nor have it.
    package func state(of prefix: IPPrefix) -> KernelRouteState? {
        guard let number = findOwn(prefix) else { return nil }
        return state(number)
    }

    func state(_ number: UInt32) -> KernelRouteState? {
        let row = own[number]
        if row.wanted == .max { return row.word == .max ? nil : .stray }
        if row.flags.contains(.doubled) { return .different }
        if row.word == row.wanted { return row.flags.contains(.inFlight) ? .pending : .installed }
        if row.flags.contains(.refused), row.note != .max {
            let note = notes[row.note]
            if note.errno == 17, collidingForeign(with: mark(row.prefix)) != nil { return .foreign }
            return .refused(KernelRefusal(errno: note.errno, text: texts[note.text]))
        }
        guard row.flags.contains(.drifted) else { return .pending }
        return row.word == .max ? .missing : .different
    }

    // MARK: - Rows

    /// A route with our mark and no next hops, to compare places with.
    func mark(_ prefix: IPPrefix, _ set: NextHopSet = .blackhole) -> KernelRoute {
        KernelRoute(
            prefix: prefix,
            table: ownership.table,
            protocolNumber: ownership.protocolNumber,
            metric: ownership.metric,
            nextHopSet: set
        )
    }

    func findOwn(_ prefix: IPPrefix) -> UInt32? {
        ownIndex.find(hash: keys.hash(prefix)) { own[$0].isFor(prefix) }
    }

    /// A freed row keeps no length that a prefix could have.
    func isLive(_ number: UInt32) -> Bool { own[number].length != .max }

    mutating func ownRow(for prefix: IPPrefix) -> UInt32 {
        if let number = findOwn(prefix) { return number }
        let number = own.insert(OwnRow(prefix))
        if hidingForeign(prefix) != nil { own[number].flags.insert(.hidden) }
        let hash = keys.hash(prefix)
        if ownIndex.isFull(hash: hash) { growOwnIndex(hash) }
        ownIndex.insert(number, hash: hash)
        ownLengths.add(prefix.length, prefix.family)
        order?.insert(.own(number), prefix)
        return number
    }

    @inline(never)
    private mutating func growOwnIndex(_ hash: UInt64) {
        ownIndex.grow(hash: hash) { keys.hash(own[$0].prefix) }
    }

    /// Frees a row that is neither wanted, nor in the kernel, nor on its way.
    mutating func dropIfIdle(_ number: UInt32) {
        let row = own[number]
        guard row.wanted == .max, row.word == .max,
            row.flags.isDisjoint(with: [.queued, .inFlight])
        else { return }
        freeNote(number)
        let prefix = row.prefix
        ownIndex.remove(number, hash: keys.hash(prefix))
        ownLengths.remove(prefix.length, prefix.family)
        order?.remove(.own(number), prefix)
        own[number].length = .max
        own.free(number)
    }

    /// Changes a row and keeps the counts true.
    @inline(__always)
    mutating func change(_ number: UInt32, _ body: (inout OwnRow) -> Void) {
        var row = own[number]
        let hidden = counts.hidden
        counts.count(row, by: -1)
        body(&row)
        counts.count(row, by: 1)
        own[number] = row
        if counts.hidden != hidden { hiding.latest = row.prefix }
        if counts.refused == 0 { texts.forgetReported() }
    }

    /// Sets what the kernel has; `set` is retained by the caller.
    mutating func setWord(_ number: UInt32, _ set: UInt32) {
        let previous = own[number].word
        sets.noteOwn(set)
        change(number) { $0.word = set }
        sets.release(number: previous)
    }

    /// Gives the kernel's set the number of the wanted one, which it fulfils.
    mutating func relabel(_ number: UInt32) {
        let wanted = own[number].wanted
        sets.retain(number: wanted)
        setWord(number, wanted)
    }

    /// Puts a row in line for ``takeChanges(limit:into:)``; where nothing is programmed, nothing waits.
    mutating func enqueue(_ number: UInt32) {
        guard isProgramming, own[number].flags.isDisjoint(with: [.queued, .suspended]) else {
            return
        }
        own[number].flags.insert(.queued)
        queue.append(number)
    }

    mutating func enqueueDifferences() {
        for number in 0..<own.endRow where isLive(number) && needsChange(own[number]) {
            enqueue(number)
        }
    }

    func needsChange(_ row: OwnRow) -> Bool {
        guard row.word != row.wanted || row.flags.contains(.doubled),
            row.flags.isDisjoint(with: [.queued, .inFlight, .suspended])
        else { return false }
        return row.wanted != .max || hasConverged || !row.flags.contains(.leftover)
    }
}

extension KernelCounts {
    mutating func count(_ row: OwnRow, by step: Int) {
        if row.word != .max { ours += step }
        guard row.wanted != .max else {
            if row.word != .max { strays += step }
            return
        }
        wanted += step
        if row.word == row.wanted {
            installed += step
            if row.flags.contains(.hidden) { hidden += step }
        } else if row.flags.contains(.refused) {
            refused += step
        } else if row.flags.contains(.drifted) {
            drift += step
        } else {
            pending += step
        }
    }
}
