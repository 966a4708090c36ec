import Addressing
import Control
import Timekeeping

/// Running a scenario.
extension Scenario {
    /// What came of a run.
    package struct Outcome {
        /// What is wrong, in words.
        package var faults: [String]
        /// The network as it was in the end, and its log.
        package var simulation: Simulation
    }

    /// Runs it: the storm, the calm after it, the withdrawal of everything, and the end of all speakers.
    ///
    /// Beside it runs its twin, on which no storm falls: what differs in the end was left by the storm.
    ///
    /// - Throws: ``SimulationFault`` where a file has errors.
    package func run() throws(SimulationFault) -> Outcome {
        let simulation = try plan.simulation(seed: name.seed, dials: dials)
        let twin = try plan.simulation(seed: name.seed)
        // Before its first session a speaker holds what it must hold again after its last.
        twin.start()
        twin.everybody { .shutDown($0) }
        twin.run(for: .seconds(5))
        let start = twin.holdings()
        twin.everybody { .bringUp($0) }

        simulation.start()
        simulation.run(storm)
        var faults = calmFaults(simulation)
        if faults.isEmpty { faults = differences(simulation, twin) }
        if faults.isEmpty { faults = simulation.endFaults(since: start) }
        return Outcome(faults: faults, simulation: simulation)
    }

    /// What is wrong after the storm once all sessions are up again and everything is told.
    private func calmFaults(_ simulation: Simulation) -> [String] {
        let isUp = simulation.run(atMost: patience, lookingEvery: .seconds(2)) { $0.isConnected }
        guard isUp else { return simulation.faults() }
        simulation.run(for: .seconds(20))
        let flaps = simulation.flapCount
        simulation.run(for: .seconds(180))
        var faults = simulation.faults() + simulation.pathFaults()
        if simulation.flapCount != flaps { faults.append("a session went down after the storm") }
        return faults
    }

    /// What a speaker holds, or has chosen, otherwise than its twin.
    private func differences(_ simulation: Simulation, _ twin: Simulation) -> [String] {
        _ = twin.run(atMost: .seconds(600), lookingEvery: .seconds(2)) { $0.isConnected }
        twin.run(for: .seconds(20))
        var faults: [String] = []
        for machine in simulation.machineNumbers
        where simulation.choices(machine) != twin.choices(machine) {
            faults.append("\(simulation.name(machine)): chooses otherwise than without a storm")
        }
        return faults
            + simulation.holdingFaults(
                since: twin.holdings(),
                "without a storm",
                setsPerNeighbor: 2
            )
    }
}

extension Simulation {
    /// Does that to every machine.
    package func everybody(_ fault: (MachineNumber) -> Fault) {
        for machine in machineNumbers { apply(fault(machine)) }
    }

    /// How often sessions went down, all taken together.
    var flapCount: UInt32 {
        machineNumbers.reduce(0) { sum, machine in
            let rows = ask(machine, OverviewRequest())?.neighbors ?? []
            return rows.reduce(sum) { $0 + $1.flaps }
        }
    }

    /// The selected routes of a machine.
    func choices(_ machine: MachineNumber) -> [Choice] {
        rows(machine, .locRIB).filter { $0.flags.contains(.selected) }.map {
            Choice(
                prefix: $0.prefix,
                asPath: $0.asPath,
                nextHop: $0.trueNextHop,
                neighbor: $0.neighbor
            )
        }
    }
}

/// What a speaker has chosen for a prefix.
struct Choice: Hashable {
    var prefix: IPPrefix
    var asPath: [UInt8]
    var nextHop: IPAddress?
    var neighbor: NeighborNumber
}
