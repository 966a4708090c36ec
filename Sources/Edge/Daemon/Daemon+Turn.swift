import BGPSession
import CLinux
import Control
import ControlSocket
package import KernelRoutes
import Logging
import Netlink
import Speaker
import Synchronization
import Timekeeping

/// The loop.
extension Daemon {
    /// Runs the speaker until it has stopped; then closes everything.
    package func run() {
        beginTurn(at: now)
        speaker.start()
        afterSpeaker()
        onStart()
        var events = [cl_poll_event](repeating: cl_poll_event(), count: 256)
        turnEnd = now
        while !isStopped { turn(&events) }
        kernel?.stop()
        control.close()
        for listener in listeners { _ = cl_close(listener.descriptor) }
        lingerConnections()
        _ = cl_close(poll)
    }

    /// How many routes were withdrawn from the kernel at the end, once ``run()`` has returned.
    package var finalWithdrawal: KernelWithdrawal? { withdrawal }

    var now: Instant {
        Instant(nanoseconds: cl_monotonic_nanoseconds() - originNanoseconds)
    }

    private func beginTurn(at now: Instant) {
        speaker.beginTurn(now: now, wall: WallTime(nanoseconds: cl_wall_nanoseconds()))
    }

    private func turn(_ events: inout [cl_poll_event]) {
        let due = nextTurn()
        let wait = max(0, (due - now).wholeNanoseconds)
        var count = cl_poll_wait(poll, &events, Int32(events.count), wait)
        let start = now
        beginTurn(at: start)
        // Timers are acted on by who has something unread: what came before their moment must be seen, also where we
        // were stopped since we looked, and from all, however many they are.
        if start >= due { count = cl_poll_wait(poll, &events, Int32(events.count), 0) }
        while Int(count) == events.count {
            events += [cl_poll_event](repeating: cl_poll_event(), count: events.count)
            count = cl_poll_wait(poll, &events, Int32(events.count), 0)
        }
        var work = WorkNames()
        for event in events.prefix(Int(max(count, 0))) { take(event) }

        readSockets()
        work.note("reading from sockets", at: now)
        speaker.timers()
        work.note("timers", at: now)
        answerQuestions()
        work.note("questions", at: now)
        readKernel()
        readSignatureDrops()
        work.note("news from the kernel", at: now)
        workInput()
        work.note("updates from neighbors", at: now)
        afterSpeaker()
        writeSockets()
        work.note("updates to neighbors", at: now)
        background()
        work.note("background work", at: now)
        afterSpeaker()
        writeSockets()
        giveKernel()
        work.note("changes to the kernel", at: now)
        closeOverdue()
        if stopRequested.load(ordering: .acquiring) { speaker.stop() }
        afterSpeaker()
        // The poll set wakes us up to a millisecond late by itself.
        let late = max(.zero, start - max(due, turnEnd) - .milliseconds(1))
        turnEnd = now
        speaker.endTurn(took: turnEnd - start, late: late, work: work.longest(since: start))
    }

    /// When there is something to do even if nothing happens; a moment that has passed while work is left.
    private func nextTurn() -> Instant {
        if hasBackground || hasKernelEvents || !postponed.isEmpty { return turnEnd }
        for connection in connections.values
        where connection.receive.hasWork || connection.end != nil && connection.isOpen {
            return turnEnd
        }
        var due = speaker.nextDue
        for connection in connections.values {
            if case .closing(let deadline) = connection.state { due = min(due, deadline) }
        }
        if let acceptPausedUntil { due = min(due, acceptPausedUntil) }
        if let controlPausedUntil { due = min(due, controlPausedUntil) }
        return due
    }

    private func take(_ event: cl_poll_event) {
        switch Tag.kind(event.tag) {
        case Tag.kind(Tag.wake):
            wakeUp.clear()
        case Tag.kind(Tag.listener(0)):
            accept(Int32(truncatingIfNeeded: Tag.value(event.tag)))
        case Tag.kind(Tag.control(0)):
            let descriptor = Int32(truncatingIfNeeded: Tag.value(event.tag))
            let asked = control.ready(
                descriptor,
                readable: event.events & 5 != 0,
                writable: event.events & 2 != 0
            )
            answer(asked)
        default:
            guard let connection = connections[ConnectionID(Tag.value(event.tag))] else { return }
            if case .connecting = connection.state {
                finishConnect(connection)
                return
            }
            if event.events & 5 != 0 { connection.isReadable = true }
        }
    }

    // MARK: Questions

    private func answerQuestions() {
        for (token, question) in local.questions.take() {
            if case .reload(let request) = question {
                beginReload(.screen(token: token), reason: request.reason)
            } else {
                local.replies.put((token, speaker.answer(question)))
            }
        }
        followReload()
        followControl()
    }

    private func answer(_ asked: [ControlServer.Asked]) {
        var waiting = asked
        // Answering may free room for the next question of the same client; a bounded number a turn.
        var left = 64
        while left > 0, !waiting.isEmpty {
            left -= 1
            let next = waiting.removeFirst()
            if case .reload(let request) = next.question {
                beginReload(.client(next.address), reason: request.reason)
                continue
            }
            waiting += control.reply(speaker.answer(next.question), to: next.address)
        }
        for late in waiting { postponed.append(late) }
    }

    /// Tells the poll set what the control sockets want.
    private func followControl() {
        let late = postponed
        postponed = []
        if !late.isEmpty { answer(late) }
        pauseControl()
        for change in control.takeInterestChanges() {
            switch change {
            case .watch(let descriptor, let readable, let writable):
                let events = (readable ? 1 : 0) | (writable ? 2 : 0) as UInt32
                _ = cl_poll_add(poll, descriptor, events, Tag.control(descriptor))
            case .change(let descriptor, let readable, let writable):
                let events = (readable ? 1 : 0) | (writable ? 2 : 0) as UInt32
                _ = cl_poll_change(poll, descriptor, events, Tag.control(descriptor))
            case .forget:
                break
            }
        }
    }

    /// Leaves clients of the control sockets waiting for a second where none could be taken.
    private func pauseControl() {
        if let until = controlPausedUntil {
            guard until <= now else { return }
            controlPausedUntil = nil
            control.acceptAgain()
        } else if let errno = control.acceptFault {
            controlPausedUntil = now + .seconds(1)
            let reason = String(cString: cl_error_text(errno))
            logger.error("cannot accept control clients: \(reason); trying again in 1 s")
        }
    }

    // MARK: The kernel

    /// About four milliseconds' worth.
    private static let kernelRoutesPerTurn = 8192

    private func readKernel() {
        guard let kernel else { return }
        let (events, areLeft) = kernel.takeEvents(limit: Self.kernelRoutesPerTurn)
        hasKernelEvents = areLeft
        if !events.isEmpty { speaker.kernelEvents(events) }
    }

    /// Every five seconds while there is something that the counters could explain.
    private func readSignatureDrops() {
        let present = now
        guard signaturesDue <= present else { return }
        signaturesDue = present + .seconds(5)
        guard speaker.wantsSignatureDrops, let drops = SignatureDrops.read() else { return }
        speaker.take(drops)
    }

    private func giveKernel() {
        guard let kernel else {
            // Nobody can read: the wish would wake us again and again.
            _ = speaker.takeKernelDump()
            return
        }
        if let dump = speaker.takeKernelDump() { kernel.requestDump(dump) }
        if pendingChanges.isEmpty { speaker.takeKernelChanges(limit: 8192, into: &pendingChanges) }
        if !pendingChanges.isEmpty, kernel.submit(pendingChanges) { pendingChanges = [] }
    }

    // MARK: Background work

    /// Works for about four milliseconds, in slices.
    ///
    /// A prefix can cost a hundred times what the one before did, where other work begins: so the slices stay small, and
    /// the clock is asked after each.
    private func background() {
        let start = now
        var end = start
        repeat {
            hasBackground = speaker.work(units: backgroundUnits)
            let sliceEnd = now
            let took = (sliceEnd - end).wholeNanoseconds
            if took > 4_000_000 {
                backgroundUnits = max(256, backgroundUnits / 2)
            } else if took < 1_000_000 {
                backgroundUnits = min(4096, backgroundUnits * 2)
            }
            end = sliceEnd
        } while hasBackground && (end - start).wholeNanoseconds < 3_000_000
    }
}

/// What a turn spent its time on.
private struct WorkNames {
    private var parts: [(name: String, end: Instant)] = []

    mutating func note(_ name: String, at moment: Instant) {
        parts.append((name, moment))
    }

    /// The part that took longest, and for how long.
    func longest(since start: Instant) -> (name: String, took: Duration) {
        var previous = start
        var best: (name: String, took: Duration) = ("", .zero)
        for part in parts {
            if part.end - previous > best.took { best = (part.name, part.end - previous) }
            previous = part.end
        }
        return best
    }
}
