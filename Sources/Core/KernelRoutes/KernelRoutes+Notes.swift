import Addressing
import Tables
package import Timekeeping

/// Refusals, fights and when to try again.
extension KernelRoutes {
    /// How often our route may be undone within ten minutes before repairs are spaced out.
    static let toleratedInterferences = 3
    private static let interferenceMemory: Duration = .seconds(600)

    mutating func note(_ number: UInt32, _ body: (inout NoteRow, inout RefusalTexts) -> Void) {
        if own[number].note == .max { own[number].note = notes.insert(NoteRow()) }
        body(&notes[own[number].note], &texts)
    }

    mutating func freeNote(_ number: UInt32) {
        guard own[number].note != .max else { return }
        notes.free(own[number].note)
        own[number].note = .max
    }

    /// Forgets refusals that are over; fights are remembered.
    mutating func settleNote(_ number: UInt32) {
        guard own[number].note != .max else { return }
        if notes[own[number].note].interferences == 0 {
            freeNote(number)
        } else {
            notes[own[number].note].refusals = 0
        }
    }

    mutating func suspend(_ number: UInt32, attempt: Int, now: Instant) {
        let due = retries.add(number, attempt: attempt, now: now)
        note(number) { note, _ in note.due = due }
        own[number].flags.insert(.suspended)
    }

    /// Somebody else changed our route: repairs it, at once or later.
    mutating func interfere(_ number: UInt32, now: Instant) {
        counts.interferences += 1
        change(number) { $0.flags.insert(.drifted) }
        var times = 0
        note(number) { note, _ in
            if note.lastInterference == .min
                || now - Instant(nanoseconds: note.lastInterference) > Self.interferenceMemory
            {
                note.interferences = 0
            }
            if note.interferences < .max { note.interferences += 1 }
            note.lastInterference = now.nanoseconds
            times = Int(note.interferences)
        }
        if times <= Self.toleratedInterferences {
            let prefix = own[number].prefix
            report(own[number].wanted == .max ? .intrusion(prefix) : .interference(prefix))
            enqueue(number)
        } else if !own[number].flags.contains(.suspended) {
            report(.conflict(own[number].prefix, times: times))
            suspend(number, attempt: times - Self.toleratedInterferences - 1, now: now)
        }
    }

    /// Tries those that are due; true where more are.
    mutating func retryDue(units: inout Int, now: Instant) -> Bool {
        while let entry = units > 0 ? retries.take(now: now) : nil {
            units -= 1
            resume(entry)
        }
        return units == 0 && retries.nextDue <= now
    }

    /// A link or an address came up: what was refused for want of it may work now.
    mutating func retryAll() {
        while let entry = retries.take(now: .never) { resume(entry) }
        if isHoldingBack {
            isHoldingBack = false
            enqueueDifferences()
        }
    }

    private mutating func resume(_ entry: (row: UInt32, due: Int64)) {
        let number = entry.row
        guard number < own.endRow, isLive(number), own[number].note != .max,
            own[number].flags.contains(.suspended), notes[own[number].note].due == entry.due
        else { return }
        own[number].flags.remove(.suspended)
        if needsChange(own[number]) { enqueue(number) }
    }

    /// The earliest moment at which ``work(units:now:)`` has something to do by itself.
    ///
    /// A reading that is wanted but must not begin yet counts too.
    package var nextDue: Instant {
        var due = retries.nextDue
        if isDumpWanted, !isDumping { due = min(due, earliestDump) }
        if order != nil { due = min(due, lastLook + Self.orderLifetime) }
        if let hidingDue = hiding.due { due = min(due, hidingDue) }
        if !isDumpWanted, !isDumping { due = min(due, nextAudit) }
        return due
    }

    private var nextAudit: Instant {
        guard let lastReading else { return .never }
        return lastReading.ended + max(auditInterval, lastReading.took * 1000)
    }

    /// Does background work on at most that many prefixes; true where more is left.
    package mutating func work(units: Int, now: Instant) -> Bool {
        var left = units
        let more = retryDue(units: &left, now: now)
        if now >= nextAudit, !isDumping { requestAudit() }
        if order != nil, now - lastLook >= Self.orderLifetime { order = nil }
        if hasToldRefusal, counts.refused == 0, outstanding.isEmpty, queue.isEmpty {
            hasToldRefusal = false
            report(.refusalsEnded)
        }
        tellHidden(now: now)
        return trackNextHops(units: &left) || more
    }
}
