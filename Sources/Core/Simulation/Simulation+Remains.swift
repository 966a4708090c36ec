import Addressing
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// What must be gone once everything is withdrawn: routes, attributes, timers, sockets.
extension Simulation {
    /// How much a speaker holds of everything, by name; the order that pages keep is left out, it is made when asked for.
    package func holdings() -> [[String: UInt64]] {
        machineNumbers.map { machine in
            var counts: [String: UInt64] = [:]
            for item in ask(machine, MemoryRequest()) ?? [] where item.name != "order" {
                counts[item.name] = item.count
            }
            return counts
        }
    }

    /// What speakers hold more or less of than they did.
    ///
    /// Between sessions that are up some attribute sets may differ: for each neighbor the last one that was made for
    /// sending is kept, and what it was made of.
    package func holdingFaults(
        since start: [[String: UInt64]],
        _ when: String,
        setsPerNeighbor: Int = 0
    ) -> [String] {
        var faults: [String] = []
        let present = holdings()
        for machine in machineNumbers where isRunning(machine) {
            let slack = UInt64(setsPerNeighbor * configuration(machine).neighbors.count)
            for (name, count) in present[machine.value].sorted(by: { $0.key < $1.key }) {
                guard let before = start[machine.value][name] else { continue }
                let isOfSets = name == "attributes" || name == "nexthops"
                let allowed = isOfSets ? slack : 0
                guard count > before + allowed || count + allowed < before else { continue }
                faults.append("\(self.name(machine)): \(count) \(name), \(when) \(before)")
            }
        }
        return faults
    }

    /// Takes all sessions down, then ends all speakers; what they still hold, or what would still happen.
    package func endFaults(since start: [[String: UInt64]]) -> [String] {
        everybody { .shutDown($0) }
        run(for: .seconds(180) + timeToForget)
        var faults = self.faults() + pathFaults() + holdingFaults(since: start, "at the start")
        faults += timerFaults()
        everybody { .stop($0) }
        run(for: .seconds(60))
        for machine in machineNumbers {
            if isRunning(machine) { faults.append("\(name(machine)): does not end") }
            let mark = configuration(machine).fibPriority
            for route in kernel(machine).routes where route.protocolNumber == mark {
                faults.append("\(name(machine)): left \(route.prefix) in the kernel")
            }
        }
        if agenda.nextDue != .never { faults.append("something is to happen after the end of all") }
        return faults
    }

    /// How long the slowest may take to give back every path that it has, and to look at what becomes best meanwhile.
    private var timeToForget: Duration {
        let most = holdings().compactMap { $0["paths"] }.max() ?? 0
        return dials.turn * 4 * (Int(clamping: most) / dials.unitsPerTurn)
    }

    /// Timers and sockets of sessions, which none may have that is held down.
    package func timerFaults() -> [String] {
        var faults: [String] = []
        for machine in machineNumbers {
            guard let process = machines[machine.value].process, !process.isStopped else {
                continue
            }
            for detail in ask(machine, NeighborRequest(.all)) ?? [] {
                for timer in detail.timers {
                    faults.append("\(name(machine)): \(timer.name) of \(detail.row.name) runs")
                }
            }
            if !process.sockets.isEmpty {
                faults.append("\(name(machine)): \(process.sockets.count) sockets are open")
            }
        }
        return faults
    }
}
