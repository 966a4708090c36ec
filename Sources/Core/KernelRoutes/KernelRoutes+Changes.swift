import Addressing
import Tables
import Timekeeping

extension KernelRoutes {
    /// Appends the next changes to send: at most `limit`, and no more than ``window`` without an answer.
    ///
    /// Nothing is sent before the first reading is in: what an earlier run left is taken over, not fought.
    package mutating func takeChanges(limit: Int, into changes: inout [KernelChange]) {
        guard isProgramming, counts.dumps > 0 else { return }
        var left = min(limit, Self.window - outstanding.count)
        while left > 0, let number = queue.popFirst() {
            own[number].flags.remove(.queued)
            guard own[number].flags.isDisjoint(with: [.inFlight, .suspended]) else { continue }
            guard let operation = operation(for: own[number]) else {
                dropIfIdle(number)
                continue
            }
            if operation != .delete, leadsOverDownLink(own[number].wanted) {
                isHoldingBack = true
                continue
            }
            changes.append(send(operation, number))
            left -= 1
        }
    }

    /// What brings the kernel nearer to what is wanted; nil where nothing is to be done.
    private func operation(for row: OwnRow) -> KernelChange.Operation? {
        if row.flags.contains(.doubled) { return .delete }
        if row.word == row.wanted { return nil }
        if row.wanted == .max {
            return row.flags.contains(.leftover) && !hasConverged ? nil : .delete
        }
        if row.word == .max { return .add }
        // The kernel replaces the first route of that prefix and metric, whoever made it: where a
        // foreign one stands beside ours, ours goes first and the addition is refused.
        return collidingForeign(with: mark(row.prefix)) == nil ? .replace : .delete
    }

    private mutating func send(
        _ operation: KernelChange.Operation,
        _ number: UInt32
    ) -> KernelChange {
        let sequence = nextSequence
        nextSequence = nextSequence == KernelChange.lastSequence ? 1 : nextSequence + 1
        let set = operation == .delete ? UInt32.max : own[number].wanted
        sets.retain(number: set)
        own[number].flags.insert(.inFlight)
        outstanding.append(
            OutstandingChange(
                sequence: sequence,
                row: number,
                set: set,
                operation: operation,
                isRefused: false
            )
        )
        let shown = set == .max ? own[number].word : set
        return KernelChange(
            sequence: sequence,
            operation: operation,
            route: mark(own[number].prefix, sets[shown])
        )
    }

    // MARK: - Answers

    mutating func acknowledge(through sequence: UInt32, now: Instant) {
        guard let last = place(of: sequence) else { return }
        for _ in 0...last {
            guard let change = outstanding.popFirst() else { return }
            if !change.isRefused { settle(change, now: now) }
        }
    }

    mutating func refuse(_ sequence: UInt32, _ refusal: KernelRefusal, now: Instant) {
        guard let place = place(of: sequence), !outstanding[place].isRefused else { return }
        outstanding[place].isRefused = true
        let change = outstanding[place]
        // "No such process", "no such file": what was to be deleted is not there.
        if change.operation == .delete, refusal.errno == 3 || refusal.errno == 2 {
            settle(change, now: now)
            return
        }
        let number = change.row
        sets.release(number: change.set)
        let isCurrent = change.operation == .delete || own[number].wanted == change.set
        self.change(number) { row in
            row.flags.remove(.inFlight)
            if isCurrent { row.flags.insert(.refused) }
        }
        guard isCurrent else {
            // Wanted otherwise meanwhile: the refusal is about the past.
            if own[number].word != own[number].wanted {
                enqueue(number)
            } else {
                dropIfIdle(number)
            }
            return
        }
        note(number) { note, texts in
            note.errno = refusal.errno
            note.text = texts.intern(refusal.text)
            if note.refusals < .max { note.refusals += 1 }
        }
        if !lacksWay(own[number].wanted, refusal), texts.isNews(refusal.text) {
            report(.refused(own[number].prefix, refusal))
            hasToldRefusal = true
        }
        // "File exists" although we know of nobody there: what we know is wrong.
        if refusal.errno == 17, collidingForeign(with: mark(own[number].prefix)) == nil {
            requestAudit()
        }
        suspend(number, attempt: Int(notes[own[number].note].refusals) - 1, now: now)
    }

    /// Changes up to `sequence` whose answers are lost: a reading will tell.
    mutating func loseAnswers(through sequence: UInt32) {
        if let last = place(of: sequence) {
            for _ in 0...last {
                guard let change = outstanding.popFirst(), !change.isRefused else { continue }
                sets.release(number: change.set)
                own[change.row].flags.remove(.inFlight)
                dropIfIdle(change.row)
            }
        }
        requestAudit()
    }

    private mutating func settle(_ change: OutstandingChange, now: Instant) {
        let number = change.row
        if change.operation == .delete {
            withdrawn += isWithdrawing ? 1 : 0
            if own[number].flags.contains(.leftover) { counts.swept += 1 }
        }
        setWord(number, change.set)
        self.change(number) { row in
            row.flags.subtract([.inFlight, .drifted, .refused, .leftover, .doubled])
        }
        if own[number].note != .max { settleNote(number) }
        if own[number].word != own[number].wanted {
            enqueue(number)
        } else {
            dropIfIdle(number)
        }
    }

    /// Where the change stands among those without an answer; nil for one that was answered long ago.
    private func place(of sequence: UInt32) -> Int? {
        guard !outstanding.isEmpty else { return nil }
        let distance = Int(sequence) - Int(outstanding[0].sequence)
        // Zero is left out when the numbers wrap.
        let place = distance >= 0 ? distance : distance + Int(KernelChange.lastSequence)
        return place < outstanding.count ? place : nil
    }
}
