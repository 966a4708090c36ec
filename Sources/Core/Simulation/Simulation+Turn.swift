import Addressing
import BGPSession
import BGPWire
import Control
import KernelRoutes
import Speaker
import Timekeeping

/// The turn of a speaker, in the order of the daemon's.
extension Simulation {
    /// Sees to a turn at that moment, unless an earlier one is due.
    func schedule(_ number: MachineNumber, at moment: Instant) {
        let machine = machines[number.value]
        guard let process = machine.process, !process.isStopped else { return }
        let due = max(moment, machine.frozenUntil, process.busyUntil)
        guard due < process.nextTurn else { return }
        process.nextTurn = due
        agenda.add(.turn(number), at: due)
    }

    func turn(_ number: MachineNumber) {
        let machine = machines[number.value]
        guard let process = machine.process, !process.isStopped, process.nextTurn == now else {
            return
        }
        process.nextTurn = .never
        if machine.frozenUntil > now { return schedule(number, at: machine.frozenUntil) }
        process.turnCount += 1
        process.busyUntil = now + dials.turn
        process.speaker.beginTurn(now: now, wall: wall)
        takeNews(number, process)
        readSockets(process)
        process.speaker.timers()
        readKernel(machine, process)
        workInput(process)
        follow(number, process)
        writeSockets(number, process)
        process.hasBackground = process.speaker.work(units: dials.unitsPerTurn)
        follow(number, process)
        writeSockets(number, process)
        giveKernel(number, machine, process)
        closeOverdue(process)
        follow(number, process)
        process.speaker.endTurn(
            took: dials.turn,
            late: .zero,
            work: ("simulation", dials.turn)
        )
        if process.isStopped { return finish(number, process) }
        schedule(number, at: nextTurn(process))
    }

    private func nextTurn(_ process: SpeakerProcess) -> Instant {
        let soon = process.busyUntil
        if process.hasBackground || !process.news.isEmpty { return soon }
        var due = process.speaker.nextDue
        process.letSleep()
        for id in process.awakeIDs {
            guard let socket = process.sockets[id] else { continue }
            if socket.hasWork || socket.end != nil && socket.isOpen { return soon }
            if case .closing(let deadline) = socket.state { due = min(due, deadline) }
        }
        return max(soon, due)
    }

    // MARK: Input

    private func takeNews(_ number: MachineNumber, _ process: SpeakerProcess) {
        let news = process.news
        process.news = []
        for item in news {
            switch item {
            case .connected(let id):
                guard case .connecting(let neighbor, let attempt) = process.sockets[id]?.state,
                    let socket = process.sockets[id]
                else { continue }
                process.attempts[neighbor] = nil
                process.sockets[id]?.state = .open
                process.wake(id)
                let ends = connections[socket.connection].ends
                process.speaker.connectionOpened(
                    id,
                    for: neighbor,
                    attempt: attempt,
                    local: ends[socket.side].endpoint,
                    remote: ends[socket.side.other].endpoint
                )
            case .refused(let id, let errno):
                guard case .connecting(let neighbor, let attempt) = process.sockets[id]?.state
                else { continue }
                process.attempts[neighbor] = nil
                process.sockets[id] = nil
                process.speaker.connectFailed(neighbor, attempt: attempt, errno: errno)
            case .arrived(let id, let local, let remote):
                process.speaker.connectionArrived(id, local: local, remote: remote)
                follow(number, process)
            }
        }
    }

    private func readSockets(_ process: SpeakerProcess) {
        for id in process.awakeIDs {
            guard var socket = process.sockets[id] else { continue }
            switch socket.state {
            case .connecting:
                continue
            case .closing:
                _ = read(socket)
                let end = connections[socket.connection].ends[socket.side]
                if end.end != nil || end.state == .absent { drop(id, process) }
            case .open:
                guard !socket.hasWork, socket.end == nil else { continue }
                let bytes = read(socket)
                if !bytes.isEmpty {
                    socket.input += bytes
                    socket.hasWork = true
                } else if let end = connections[socket.connection].ends[socket.side].end {
                    socket.end = end
                }
                process.sockets[id] = socket
                process.speaker.inputRead(
                    id,
                    drained: socket.hasWork || socket.end != nil ? .unread : .drained,
                    left: socket.hasWork ? socket.input.count : 0
                )
            }
        }
    }

    private func workInput(_ process: SpeakerProcess) {
        for id in process.awakeIDs {
            // Most sockets have nothing to do in most turns, and copying them costs.
            guard process.sockets[id]?.hasInput == true, var socket = process.sockets[id],
                socket.isOpen
            else { continue }
            if socket.hasWork {
                socket.hasWork = false
                noteHoldTime(of: &socket)
                process.sockets[id] = socket
                let used = process.speaker.received(socket.input.span, on: id)
                process.sockets[id]?.input.removeFirst(used)
                let waits = !connections[socket.connection].ends[socket.side].unread.isEmpty
                process.speaker.inputRead(id, drained: waits ? .unread : .drained, left: 0)
                process.hasBackground = true
            }
            if let end = socket.end, !socket.hasWork {
                drop(id, process)
                process.speaker.connectionClosed(id, end)
                process.hasBackground = true
            }
        }
    }

    /// The neighbor's OPEN is the first message of its stream.
    private func noteHoldTime(of socket: inout Socket) {
        if socket.holdTimes.other == nil { socket.holdTimes.other = Self.holdTime(socket.input) }
    }

    private static func holdTime(_ bytes: [UInt8]) -> UInt16? {
        guard bytes.count >= 29, bytes[18] == MessageType.open.rawValue else { return nil }
        return UInt16(bytes[22]) << 8 | UInt16(bytes[23])
    }

    // MARK: Output

    /// Does what the speaker has asked for since the last time.
    func follow(_ number: MachineNumber, _ process: SpeakerProcess) {
        for effect in process.speaker.takeEffects() {
            switch effect {
            case .connect(let neighbor, let attempt, let order):
                connect(number, process, neighbor, attempt, order)
            case .cancelConnect(let neighbor, let attempt):
                guard let id = process.attempts[neighbor],
                    case .connecting(_, attempt) = process.sockets[id]?.state
                else { continue }
                process.attempts[neighbor] = nil
                drop(id, process)
            case .admit: break
            case .send(let id, let bytes):
                guard var socket = process.sockets[id] else { continue }
                if socket.holdTimes.own == nil { socket.holdTimes.own = Self.holdTime(bytes) }
                socket.output += bytes
                if bytes.count > 18, bytes[18] == MessageType.keepalive.rawValue {
                    spoke(&socket, number)
                }
                process.sockets[id] = socket
                process.wake(id)
            case .outputWaiting(let id):
                process.sockets[id]?.hasRoutesWaiting = true
                process.wake(id)
            case .close(let id): close(id, process)
            case .abort(let id): drop(id, process)
            case .event(let event):
                note(number, process.speaker.line(of: event))
                observe(event, at: number)
            case .stopped(let withdrawal):
                process.withdrawal = withdrawal
                process.isStopped = true
            }
        }
    }

    private func writeSockets(_ number: MachineNumber, _ process: SpeakerProcess) {
        for id in process.awakeIDs {
            guard process.sockets[id]?.hasOutput == true, var socket = process.sockets[id],
                socket.isOpen
            else { continue }
            if socket.hasRoutesWaiting, socket.output.count < dials.outputBuffer / 2 {
                let before = socket.output.count
                socket.hasRoutesWaiting = process.speaker.produceOutput(
                    for: id,
                    into: &socket.output,
                    limit: dials.outputBuffer
                )
                if socket.output.count > before {
                    spoke(&socket, number)
                    lastUpdate = now
                }
            }
            guard !socket.output.isEmpty else {
                process.sockets[id] = socket
                continue
            }
            let written = write(&socket)
            process.sockets[id] = socket
            if socket.output.isEmpty || written > 0 {
                process.speaker.outputProgressed(id, pending: socket.output.count)
            } else {
                process.speaker.outputStalled(id, pending: socket.output.count)
            }
            if socket.hasRoutesWaiting, socket.output.isEmpty { process.hasBackground = true }
        }
    }

    /// Holds the rule of the late KEEPALIVE against what has just been handed over.
    private func spoke(_ socket: inout Socket, _ number: MachineNumber) {
        let machine = machines[number.value]
        if let last = socket.lastSpoke, let patience = socket.patience, now - last > patience,
            machine.frozenUntil < last
        {
            violate("\(machine.name): no KEEPALIVE for \(now - last), allowed are \(patience)")
        }
        socket.lastSpoke = now
    }

    // MARK: The kernel

    private func readKernel(_ machine: Machine, _ process: SpeakerProcess) {
        let news = machine.kernel.takeNews()
        guard !news.isEmpty else { return }
        process.speaker.kernelEvents(news)
        process.hasBackground = true
    }

    private func giveKernel(
        _ number: MachineNumber,
        _ machine: Machine,
        _ process: SpeakerProcess
    ) {
        if let dump = process.speaker.takeKernelDump() {
            machine.kernel.request(dump, due: now + random.duration(in: dials.kernelDelay))
            agenda.add(.kernel(number), at: machine.kernel.lastDue)
        }
        var changes: [KernelChange] = []
        process.speaker.takeKernelChanges(limit: 8192, into: &changes)
        if !changes.isEmpty {
            if process.speaker.isDeferring {
                violate(
                    "\(machine.name): changes \(changes.count) kernel routes before its neighbors have told theirs"
                )
            }
            machine.kernel.submit(changes, due: now + random.duration(in: dials.kernelDelay))
            agenda.add(.kernel(number), at: machine.kernel.lastDue)
        }
    }

    func workKernel(_ number: MachineNumber) {
        let machine = machines[number.value]
        machine.kernel.work(now: now)
        tellKernelNews(number)
    }

    /// Wakes the speaker where its kernel has something to tell.
    func tellKernelNews(_ number: MachineNumber) {
        let machine = machines[number.value]
        guard machine.process != nil else {
            machine.kernel.forgetSpeaker()
            return
        }
        if machine.kernel.hasNews { schedule(number, at: now) }
    }
}
