import Addressing
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// What must hold of the whole network: every table as a reference has it that knows the topology alone, and every
/// packet delivered.
extension Simulation {
    /// Networks that somebody lacks, reaches by another way than it should, hears of from nowhere, or sends in circles.
    ///
    /// Where some machines are one AS, with a session between any two or a reflector, and where neighbors are sent
    /// several paths, only the number of ASes is held against the reference, and policy must let everything pass.
    package func pathFaults() -> [String] {
        let origins = originsByPrefix
        let ends = machineNumbers.map { isRunning($0) ? bestRows($0) : [:] }
        var faults =
            hasInnerSessions || sendsSeveralPaths ? distanceFaults(ends) : wayFaults(ends)
        for machine in machineNumbers {
            for prefix in ends[machine.value].keys.sorted() {
                guard let origin = origins[prefix] else {
                    faults.append("\(name(machine)): \(prefix) is there, and nobody has it")
                    continue
                }
                if !reaches(origin, from: machine, prefix) {
                    faults.append("\(name(machine)): packets to \(prefix) do not arrive")
                }
            }
        }
        return faults
    }

    /// The running machine whose own each network is.
    var originsByPrefix: [IPPrefix: MachineNumber] {
        var origins: [IPPrefix: MachineNumber] = [:]
        for machine in machineNumbers where isRunning(machine) {
            for network in configuration(machine).networks { origins[network.prefix] = machine }
        }
        return origins
    }

    func bestRows(_ machine: MachineNumber) -> [IPPrefix: RIBRow] {
        var best: [IPPrefix: RIBRow] = [:]
        for row in rows(machine, .locRIB) where row.flags.contains(.selected) {
            best[row.prefix] = row
        }
        return best
    }

    /// True where a link is inside an AS.
    private var hasInnerSessions: Bool {
        links.contains { link in
            configuration(link.ends.first.machine).localAS
                == configuration(link.ends.second.machine).localAS
        }
    }

    /// True where a neighbor is sent more than the best path.
    private var sendsSeveralPaths: Bool {
        machineNumbers.contains { machine in
            configuration(machine).neighbors.contains { $0.addPathSend.paths != .none }
        }
    }

    // MARK: Ways

    private func wayFaults(_ ends: [[IPPrefix: RIBRow]]) -> [String] {
        let reference = reference()
        var faults: [String] = []
        for machine in machineNumbers where isRunning(machine) {
            let addresses = Dictionary(
                uniqueKeysWithValues: (ask(machine, OverviewRequest())?.neighbors ?? []).map {
                    ($0.number, $0.address)
                }
            )
            for origin in machineNumbers where isRunning(origin) {
                let way = reference.ways[machine.value][origin.value]
                let path = way.map { asPath($0.machines) }
                for network in configuration(origin).networks {
                    let row = ends[machine.value][network.prefix]
                    guard
                        row?.asPath != path
                            || row.flatMap({ addresses[$0.neighbor] }) != way?.address
                    else { continue }
                    let words = { (path: [UInt8]?) in path.map { Self.words($0) } ?? "gone" }
                    faults.append(
                        "\(name(machine)): \(network.prefix) is \(words(row?.asPath)), should be \(words(path))"
                    )
                }
            }
        }
        return faults
    }

    /// The reference for the network as it is: whole links between running speakers whose sessions may be up.
    private func reference() -> ReferenceRouting {
        var sessions = machines.map { _ in [ReferenceRouting.Session]() }
        for number in openLinks {
            let ends = links[number.value].ends
            let relation = links[number.value].relation
            for side in Side.allCases {
                let far = ends[side.other]
                let neighbors = machines[ends[side].machine.value].configuration.neighbors
                guard
                    let address = neighbors.map(\.address).first(where: far.addresses.contains)
                else { continue }
                sessions[ends[side].machine.value].append(
                    ReferenceRouting.Session(
                        other: far.machine.value,
                        role: relation.role(of: side.other),
                        address: address,
                        backRole: relation.role(of: side)
                    )
                )
            }
        }
        return ReferenceRouting(
            sessions: sessions,
            identifiers: machines.map { $0.configuration.routerID?.ipv4Bits ?? 0 },
            origins: machineNumbers.map { isRunning($0) }
        )
    }

    /// The AS_PATH over these machines, in octets as tables have it.
    private func asPath(_ way: [Int]) -> [UInt8] {
        guard !way.isEmpty else { return [] }
        return [2, UInt8(way.count)]
            + way.flatMap { machine in
                let number = machines[machine].configuration.localAS.value
                return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
            }
    }

    private static func words(_ path: [UInt8]) -> String {
        let numbers = stride(from: 2, to: path.count - 3, by: 4).map { place in
            "\(path[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })"
        }
        return numbers.isEmpty ? "own" : numbers.joined(separator: " ")
    }

    // MARK: Distances

    private func distanceFaults(_ ends: [[IPPrefix: RIBRow]]) -> [String] {
        var faults: [String] = []
        let open = openLinks
        for origin in machineNumbers where isRunning(origin) {
            let distances = distances(from: origin, over: open)
            for network in configuration(origin).networks {
                for machine in machineNumbers where isRunning(machine) {
                    let best = ends[machine.value][network.prefix]
                    let length = best.map { ReferenceDecision.pathLength($0.asPath) }
                    guard length != distances[machine] else { continue }
                    let words = { (length: Int?) in length.map { "\($0)" } }
                    faults.append(
                        "\(name(machine)): \(network.prefix) is \(words(length) ?? "not there") ASes away, should be \(words(distances[machine]) ?? "gone")"
                    )
                }
            }
        }
        return faults
    }

    /// How many ASes each machine is away over these links; those out of reach are left out.
    private func distances(
        from origin: MachineNumber,
        over open: [LinkNumber]
    ) -> [MachineNumber: Int] {
        var distances = [origin: 0]
        var border = [origin]
        while !border.isEmpty {
            var next: [MachineNumber] = []
            for machine in border {
                for link in open {
                    guard let other = links[link.value].neighbor(of: machine) else { continue }
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

    // MARK: Packets

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
            guard let hop = route?.nextHopSet.first, let gateway = hop.gateway,
                let way = machines[place.value].ways[gateway],
                links[way.link.value].ends[way.side].interface == hop.interface
            else { return false }
            place = links[way.link.value].ends[way.side.other].machine
        }
        return place == origin
    }
}
