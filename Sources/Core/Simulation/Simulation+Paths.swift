import Addressing
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// What must hold of the whole network where every AS is one machine, or several with a session between any two,
/// and where policy lets everything pass.
extension Simulation {
    /// Networks that somebody lacks, reaches by a detour, hears of from nowhere, or sends in circles.
    package func pathFaults() -> [String] {
        var faults: [String] = []
        for origin in machineNumbers where isRunning(origin) {
            let distances = distances(from: origin)
            for network in configuration(origin).networks {
                for machine in machineNumbers where isRunning(machine) {
                    let best = ask(machine, RouteRequest(prefix: network.prefix))?.paths.first {
                        $0.flags.contains(.selected)
                    }
                    let length = best.map { ReferenceDecision.pathLength($0.asPath) }
                    if length != distances[machine] {
                        faults.append(
                            "\(name(machine)): \(network.prefix) is \(length.map { "\($0)" } ?? "not there") ASes away, should be \(distances[machine].map { "\($0)" } ?? "gone")"
                        )
                    } else if length != nil, !reaches(origin, from: machine, network.prefix) {
                        faults.append(
                            "\(name(machine)): packets to \(network.prefix) do not arrive"
                        )
                    }
                }
            }
        }
        return faults
    }

    /// How many ASes each machine is away, over whole links and running speakers; those out of reach are left out.
    private func distances(from origin: MachineNumber) -> [MachineNumber: Int] {
        var distances = [origin: 0]
        var border = [origin]
        while !border.isEmpty {
            var next: [MachineNumber] = []
            for machine in border {
                for link in links where link.isWhole {
                    guard let other = link.neighbor(of: machine), isRunning(other) else { continue }
                    let isInside = configuration(machine).localAS == configuration(other).localAS
                    let distance = (distances[machine] ?? 0) + (isInside ? 0 : 1)
                    if let known = distances[other], known <= distance { continue }
                    distances[other] = distance
                    next.append(other)
                }
            }
            border = next
        }
        return distances
    }

    /// Follows a packet from kernel to kernel.
    private func reaches(
        _ origin: MachineNumber,
        from start: MachineNumber,
        _ prefix: IPPrefix
    ) -> Bool {
        var place = start
        for _ in machines {
            if place == origin { return true }
            let mark = configuration(place).fibPriority
            let route = kernel(place).routes(of: prefix).first { $0.protocolNumber == mark }
            guard let gateway = route?.nextHopSet.first?.gateway,
                let next = neighbor(of: place, at: gateway)
            else { return false }
            place = next
        }
        return place == origin
    }

    private func neighbor(of machine: MachineNumber, at address: IPAddress) -> MachineNumber? {
        for link in links {
            guard let side = link.side(of: machine) else { continue }
            let far = link.ends[side.other]
            if far.addresses.contains(address) { return far.machine }
        }
        return nil
    }
}
