import Addressing
import BGPSession
package import Configuration
package import Control
import KernelRoutes
import Speaker
package import Timekeeping

/// Why a simulation cannot be set up.
package enum SimulationFault: Error, Hashable, Sendable {
    /// The configuration of that machine has errors.
    case configuration(machine: String, [Diagnostic])
}

/// Many speakers, the links and the kernels between them, in one process and in virtual time.
///
/// Each speaker is driven in the order of the daemon's turn. Nothing here knows a clock or draws a random
/// number that the seed does not give: the same seed and the same calls give the same ``log``, byte for byte.
package final class Simulation {
    /// Everything that can happen by itself.
    enum Happening {
        case turn(MachineNumber)
        case kernel(MachineNumber)
        /// A piece arrives that this side of the connection has sent.
        case arrival(connection: Int, from: Side)
        /// A connection attempt finds no way.
        case noWay(connection: Int)
    }

    let seed: UInt64
    package let dials: SimulationDials
    /// The present moment; 0 is the start.
    package internal(set) var now = Instant.zero
    /// What happened, a line each: moment, machine, words.
    package internal(set) var log: [String] = []
    /// Rules that were broken while it ran, in words.
    package internal(set) var violations: [String] = []

    var random: RandomSource
    var agenda = Agenda<Happening>()
    var machines: [Machine] = []
    var links: [Link] = []
    var connections: [Connection] = []
    /// When a speaker last made an UPDATE.
    package internal(set) var lastUpdate = Instant.zero
    /// When the sessions are next looked at.
    var nextWatch = Instant.zero

    /// The date at the start: 2026-01-01 00:00:00 UTC.
    private static let epoch = WallTime(nanoseconds: 1_767_225_600_000_000_000)

    /// A world without machines.
    package init(seed: UInt64, dials: SimulationDials = SimulationDials()) {
        self.seed = seed
        self.dials = dials
        random = RandomSource(seed: seed)
    }

    var wall: WallTime { Self.epoch + (now - .zero) }

    // MARK: Building

    /// Adds a machine that is to run a speaker with that configuration.
    ///
    /// - Throws: ``SimulationFault/configuration(machine:_:)`` where the text has errors.
    package func addMachine(
        _ name: String,
        configuration text: String
    ) throws(SimulationFault) -> MachineNumber {
        let configuration = try Self.configuration(text, of: name)
        machines.append(Machine(name: name, text: text, configuration: configuration))
        return MachineNumber(machines.count - 1)
    }

    /// Lays a cable between two machines; the addresses of each end name their subnets: `10.0.0.1/30`.
    package func addLink(
        _ first: MachineNumber,
        _ firstAddresses: [String],
        _ second: MachineNumber,
        _ secondAddresses: [String],
        relation: Relation = .open
    ) -> LinkNumber {
        let name = "eth\(links.count)"
        return addLink(
            plug(first, firstAddresses, name),
            plug(second, secondAddresses, name),
            relation
        )
    }

    /// Lays a cable between two interfaces, which may have others.
    func addLink(_ first: Link.End, _ second: Link.End, _ relation: Relation) -> LinkNumber {
        let number = LinkNumber(links.count)
        let ends = Sides(first, second)
        links.append(Link(ends: ends, relation: relation))
        for side in Side.allCases {
            let machine = machines[ends[side].machine.value]
            for address in ends[side.other].addresses { machine.ways[address] = (number, side) }
        }
        return number
    }

    /// Gives a machine an interface with those addresses.
    func plug(
        _ number: MachineNumber,
        _ texts: [String],
        _ name: String
    ) -> Link.End {
        var own: [IPPrefix: IPAddress] = [:]
        for text in texts {
            guard let prefix = IPPrefix(text: text),
                let address = text.split(separator: "/").first.flatMap({ IPAddress(text: $0) })
            else { preconditionFailure("\(text) is no address with a length") }
            own[prefix] = address
        }
        let index = machines[number.value].kernel.addInterface(name: name, addresses: own)
        _ = machines[number.value].kernel.takeNews()
        return Link.End(machine: number, interface: index, prefixes: own)
    }

    /// Starts the speaker of every machine.
    package func start() {
        for number in machines.indices { start(MachineNumber(number)) }
    }

    // MARK: Running

    /// Lets that much time pass.
    package func run(for duration: Duration) {
        run(until: now + duration)
    }

    /// Lets time pass until that moment.
    package func run(until end: Instant) {
        while let next = agenda.take(until: end) {
            now = next.due
            handle(next.happening)
            watchSessions()
        }
        now = max(now, end)
        watchSessions()
    }

    /// Lets time pass until the condition holds, looking again and again; false where it never did.
    package func run(
        atMost duration: Duration,
        lookingEvery pause: Duration = .milliseconds(100),
        until condition: (Simulation) -> Bool
    ) -> Bool {
        let end = now + duration
        while !condition(self) {
            guard now < end else { return false }
            run(until: min(end, now + pause))
        }
        return true
    }

    private func handle(_ happening: Happening) {
        switch happening {
        case .turn(let number): turn(number)
        case .kernel(let number): workKernel(number)
        case .arrival(let connection, let side): arrive(connection, from: side)
        case .noWay(let connection): failForWantOfWay(connection)
        }
    }

    // MARK: Looking

    /// How many machines there are.
    package var machineNumbers: [MachineNumber] { machines.indices.map { MachineNumber($0) } }

    /// All links.
    package var linkNumbers: [LinkNumber] { links.indices.map { LinkNumber($0) } }

    /// The name of a machine.
    package func name(_ machine: MachineNumber) -> String { machines[machine.value].name }

    /// The configuration of a machine.
    package func configuration(_ machine: MachineNumber) -> Configuration {
        machines[machine.value].configuration
    }

    /// The kernel of a machine.
    package func kernel(_ machine: MachineNumber) -> SimulatedKernel {
        machines[machine.value].kernel
    }

    /// The link as it is.
    package subscript(_ link: LinkNumber) -> Link { links[link.value] }

    /// True where a speaker runs on the machine.
    package func isRunning(_ machine: MachineNumber) -> Bool {
        machines[machine.value].process.map { !$0.isStopped } ?? false
    }

    /// How many turns the running speaker of a machine has taken; 0 where none runs.
    package func turnCount(_ machine: MachineNumber) -> Int {
        machines[machine.value].process?.turnCount ?? 0
    }

    /// What the speaker of a machine answers; nil where none runs.
    ///
    /// The question is asked between two turns, as the screen does.
    package func ask<Request: ControlRequest>(
        _ machine: MachineNumber,
        _ request: Request
    ) -> Request.Answer? {
        reply(machine, request.question).flatMap { Request.answer(in: $0) }
    }

    /// What the speaker of a machine replies, a refusal included; nil where none runs.
    package func reply(_ machine: MachineNumber, _ question: Question) -> Reply? {
        guard let process = machines[machine.value].process, !process.isStopped else { return nil }
        process.speaker.beginTurn(now: now, wall: wall)
        let reply = process.speaker.answer(question)
        if question.acts {
            if question.touchesSessions {
                machines[machine.value].lastOperation = now
                disturbAll(of: machine)
            }
            process.hasBackground = true
            follow(machine, process)
            schedule(machine, at: now + dials.turn)
        }
        return reply
    }

    /// Adds a line to the log.
    func note(_ machine: MachineNumber?, _ words: String) {
        let name = machine.map { machines[$0.value].name } ?? "world"
        log.append("\(Self.text(now)) \(name): \(words)")
    }

    func violate(_ words: String) {
        let line = "\(Self.text(now)) \(words)"
        violations.append(line)
        log.append("\(line) (violation)")
    }

    /// Seconds with six decimals.
    package static func text(_ moment: Instant) -> String {
        let micro = moment.nanoseconds / 1000
        let fraction = String(micro % 1_000_000)
        return "\(micro / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count)
            + fraction
    }
}
