import Addressing
import Configuration
import BGPSession
import Control
package import KernelRoutes
import Speaker
import Timekeeping

/// Faults, and what each does.
extension Simulation {
    /// Does it now.
    package func apply(_ fault: Fault) {
        note(nil, words(fault))
        disturb(by: fault)
        switch fault {
        case .linkDown(let link): setLink(link, isUp: false)
        case .linkUp(let link): setLink(link, isUp: true)
        case .silence(let link, let machine):
            guard let side = links[link.value].side(of: machine) else { return }
            links[link.value].isSilent[side] = true
        case .silenceEnds(let link):
            links[link.value].isSilent = Sides(false, false)
            resume(link)
        case .resetConnections(let link): resetConnections(over: link)
        case .interfaceDown(let machine, let link): setInterface(machine, link, isUp: false)
        case .interfaceUp(let machine, let link): setInterface(machine, link, isUp: true)
        case .interfaceGone(let machine, let link): takeOut(machine, link)
        case .interfaceBack(let machine, let link): putIn(machine, link)
        case .freeze(let machine, let milliseconds):
            machines[machine.value].frozenUntil = now + .milliseconds(milliseconds)
        case .crash(let machine): crash(machine)
        case .powerLoss(let machine): losePower(machine)
        case .restart(let machine): start(machine)
        case .clear(let machine): operate(machine, .clear(reason: ""))
        case .shutDown(let machine): operate(machine, .down(reason: ""))
        case .bringUp(let machine): operate(machine, .up)
        case .refresh(let machine): operate(machine, .refresh)
        case .reload(let machine, let variant): reload(machine, variant)
        case .stop(let machine): stop(machine)
        case .kernelRouteDeleted, .kernelRoutePut, .foreignRouteDeleted, .kernelOverrun,
            .kernelReadingTorn, .kernelAnswersLost, .kernelRefuses:
            meddle(fault)
        }
    }

    private func words(_ fault: Fault) -> String {
        switch fault {
        case .linkDown(let link): "link \(ends(link)) goes down"
        case .linkUp(let link): "link \(ends(link)) comes up"
        case .silence(let link, let machine): "silence from \(name(machine)) on \(ends(link))"
        case .silenceEnds(let link): "no more silence on \(ends(link))"
        case .resetConnections(let link): "connections over \(ends(link)) are reset"
        case .interfaceDown(let machine, let link): "\(name(machine)): no ip link to \(ends(link))"
        case .interfaceUp(let machine, let link): "\(name(machine)): ip link to \(ends(link)) is up"
        case .interfaceGone(let machine, let link): "\(name(machine)): \(ends(link)) is taken out"
        case .interfaceBack(let machine, let link): "\(name(machine)): \(ends(link)) is put in"
        case .freeze(let machine, let time): "\(name(machine)) is frozen for \(time) ms"
        case .crash(let machine): "\(name(machine)) crashes"
        case .powerLoss(let machine): "\(name(machine)) loses power"
        case .restart(let machine): "\(name(machine)) starts"
        case .clear(let machine): "\(name(machine)) clears all"
        case .shutDown(let machine): "\(name(machine)) takes all down"
        case .bringUp(let machine): "\(name(machine)) brings all up"
        case .refresh(let machine): "\(name(machine)) asks for all routes"
        case .reload(let machine, let variant): "\(name(machine)) reads its file again: \(variant)"
        case .stop(let machine): "\(name(machine)) stops"
        case .kernelRouteDeleted(let machine, let prefix):
            "\(name(machine)): somebody deletes \(prefix)"
        case .kernelRoutePut(let machine, let route):
            "\(name(machine)): somebody puts \(route.prefix) proto \(route.protocolNumber) metric \(route.metric)"
        case .foreignRouteDeleted(let machine, let prefix, let number):
            "\(name(machine)): somebody deletes \(prefix) proto \(number)"
        case .kernelOverrun(let machine): "\(name(machine)): kernel notifications overrun"
        case .kernelReadingTorn(let machine): "\(name(machine)): the next kernel reading is torn"
        case .kernelAnswersLost(let machine): "\(name(machine)): the next kernel answers are lost"
        case .kernelRefuses(let machine, let prefix, let refusal):
            "\(name(machine)): the kernel \(refusal == nil ? "takes" : "refuses") \(prefix)"
        }
    }

    private func ends(_ link: LinkNumber) -> String {
        let ends = links[link.value].ends
        return "\(name(ends.first.machine))-\(name(ends.second.machine))"
    }

    private func operate(_ machine: MachineNumber, _ action: NeighborActionRequest.Action) {
        _ = ask(machine, NeighborActionRequest(.all, action))
    }

    // MARK: Links

    private func setLink(_ link: LinkNumber, isUp: Bool) {
        links[link.value].isUp = isUp
        for side in Side.allCases {
            let end = links[link.value].ends[side]
            let isThere = isUp && !links[link.value].isMissing[side.other]
            machines[end.machine.value].kernel.setCarrier(end.interface, isThere)
            tellKernelNews(end.machine)
        }
        if isUp { resume(link) }
    }

    private func setInterface(_ machine: MachineNumber, _ link: LinkNumber, isUp: Bool) {
        guard let side = links[link.value].side(of: machine) else { return }
        let end = links[link.value].ends[side]
        machines[machine.value].kernel.setUp(end.interface, isUp)
        links[link.value].isUp = isUp
        let far = links[link.value].ends[side.other]
        machines[far.machine.value].kernel.setCarrier(far.interface, isUp)
        tellKernelNews(machine)
        tellKernelNews(far.machine)
        if isUp { resume(link) }
    }

    private func takeOut(_ machine: MachineNumber, _ link: LinkNumber) {
        guard let side = links[link.value].side(of: machine), !links[link.value].isMissing[side]
        else { return }
        links[link.value].isMissing[side] = true
        let ends = links[link.value].ends
        machines[machine.value].kernel.removeInterface(ends[side].interface)
        let far = ends[side.other]
        machines[far.machine.value].kernel.setCarrier(far.interface, false)
        tellKernelNews(machine)
        tellKernelNews(far.machine)
    }

    private func putIn(_ machine: MachineNumber, _ link: LinkNumber) {
        guard let side = links[link.value].side(of: machine), links[link.value].isMissing[side]
        else { return }
        links[link.value].isMissing[side] = false
        let end = links[link.value].ends[side]
        links[link.value].ends[side].interface = machines[machine.value].kernel.addInterface(
            name: "eth\(link.value)",
            addresses: end.prefixes
        )
        setLink(link, isUp: true)
    }

    private func resetConnections(over link: LinkNumber) {
        for connection in connections.indices where connections[connection].link == link {
            for side in Side.allCases where connections[connection].ends[side].state == .open {
                connections[connection].ends[side].end = .failed(errno: 104)
                connections[connection].streams[side].pieces = []
                connections[connection].streams[side].byteCount = 0
                wake(connections[connection].ends[side].machine, for: connection, side)
            }
        }
    }

    // MARK: Machines

    /// Starts the speaker of a machine, unless one runs there; where one is about to end, after it.
    package func start(_ number: MachineNumber) {
        let machine = machines[number.value]
        if isRunning(number) {
            machine.startsAgain = machine.process?.isStopping ?? false
            return
        }
        machine.startsAgain = false
        machine.isPowered = true
        disturbAll(of: number)
        machine.starts += 1
        let mixed = seed &+ UInt64(number.value) &* 1_000_003 &+ machine.starts &* 7_919
        let process = SpeakerProcess(
            Speaker(
                configuration: machine.configuration,
                environment: SpeakerEnvironment(
                    seed: mixed,
                    version: "simulated",
                    hostName: machine.name,
                    processID: Int32(machine.starts),
                    configurationPath: "\(machine.name).conf",
                    socketPath: "",
                    kernelOffReason: machine.configuration.fibUpdate ? nil : "fib-update no",
                    routerID: IPAddress(ipv4: 0x0A00_0001 + UInt32(number.value))
                ),
                now: now,
                wall: wall
            )
        )
        machine.process = process
        process.speaker.beginTurn(now: now, wall: wall)
        process.speaker.start()
        follow(number, process)
        schedule(number, at: now)
    }

    /// How many routes the last speaker of the machine withdrew from the kernel at its graceful end.
    package func withdrawal(of number: MachineNumber) -> KernelWithdrawal? {
        machines[number.value].process?.withdrawal
    }

    /// The speaker has said that it is done: its sockets are shut, what they still hold is sent.
    func finish(_ number: MachineNumber, _ process: SpeakerProcess) {
        note(number, "the speaker has ended")
        for id in process.socketIDs { drop(id, process) }
        machines[number.value].kernel.forgetSpeaker()
        if machines[number.value].startsAgain { start(number) }
    }

    private func stop(_ number: MachineNumber) {
        machines[number.value].process?.isStopping = true
        _ = ask(number, StopRequest())
    }

    private func crash(_ number: MachineNumber) {
        let machine = machines[number.value]
        guard let process = machine.process else { return }
        machine.process = nil
        machine.kernel.forgetSpeaker()
        for id in process.socketIDs {
            if let socket = process.sockets[id] { giveUp(socket) }
        }
    }

    private func losePower(_ number: MachineNumber) {
        let machine = machines[number.value]
        machine.process = nil
        machine.isPowered = false
        machine.kernel.forgetSpeaker()
        machine.kernel.loseRoutes()
        for connection in connections.indices {
            for side in Side.allCases
            where connections[connection].ends[side].machine == number {
                connections[connection].ends[side].state = .absent
                connections[connection].ends[side].unread = []
                connections[connection].streams[side].pieces = []
            }
        }
    }

    // MARK: The kernel

    private func meddle(_ fault: Fault) {
        switch fault {
        case .kernelRouteDeleted(let machine, let prefix):
            let mark = machines[machine.value].configuration.fibPriority
            machines[machine.value].kernel.remove(prefix) { $0.protocolNumber == mark }
            tellKernelNews(machine)
        case .kernelRoutePut(let machine, let route):
            machines[machine.value].kernel.put(route)
            tellKernelNews(machine)
        case .foreignRouteDeleted(let machine, let prefix, let number):
            machines[machine.value].kernel.remove(prefix) { $0.protocolNumber == number }
            tellKernelNews(machine)
        case .kernelOverrun(let machine):
            machines[machine.value].kernel.overrun()
            tellKernelNews(machine)
        case .kernelReadingTorn(let machine): machines[machine.value].kernel.tearsReading = true
        case .kernelAnswersLost(let machine): machines[machine.value].kernel.losesAnswers = true
        case .kernelRefuses(let machine, let prefix, let refusal):
            machines[machine.value].kernel.refusals[prefix] = refusal
        case .linkDown, .linkUp, .silence, .silenceEnds, .resetConnections, .interfaceDown,
            .interfaceUp, .interfaceGone, .interfaceBack, .freeze, .crash, .powerLoss, .restart,
            .clear, .shutDown, .bringUp,
            .refresh, .reload, .stop:
            preconditionFailure("not the kernel's")
        }
    }
}
