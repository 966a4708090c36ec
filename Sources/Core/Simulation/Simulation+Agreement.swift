import Addressing
import BGPWire
import Configuration
import Control

/// What must hold inside one AS: all machines have the same networks, each from the machine that announces it.
extension Simulation {
    /// Machines whose best routes are not those of all others, a line each, and kernels that do not follow.
    ///
    /// Held against the configurations alone. The machines of the network must be one AS, each network one machine's,
    /// and policy must change nothing.
    package func agreementFaults() -> [String] {
        let origins = originsByPrefix
        let owners = addressOwners
        let identifiers = machinesByIdentifier
        var faults: [String] = []
        for machine in machineNumbers where isRunning(machine) {
            let best = bestRows(machine)
            let lacking = origins.keys.filter { best[$0] == nil }.sorted()
            let unknown = best.keys.filter { origins[$0] == nil }.sorted()
            let others = best.values.filter { row in
                guard let origin = origins[row.prefix] else { return false }
                return row.neighbor == .local
                    ? origin != machine
                    : owners[row.nextHop] != origin || !Self.isAsAnnounced(row)
                        || originator(of: row, identifiers).map { $0 != origin } ?? false
            }
            for (prefixes, words) in [
                (lacking, "lacks"), (unknown, "has, and nobody announces,"),
                (others.map(\.prefix).sorted(), "has otherwise than it is announced"),
            ] {
                guard let first = prefixes.first else { continue }
                let more = prefixes.count > 1 ? " and \(prefixes.count - 1) more" : ""
                faults.append("\(name(machine)): \(words) \(first)\(more)")
            }
            faults += kernelFaults(of: machine)
        }
        return faults
    }

    /// The machine that each address of a link is on.
    private var addressOwners: [IPAddress: MachineNumber] {
        var owners: [IPAddress: MachineNumber] = [:]
        for link in links {
            for side in Side.allCases {
                for address in link.ends[side].addresses {
                    owners[address] = link.ends[side].machine
                }
            }
        }
        return owners
    }

    private var machinesByIdentifier: [UInt32: MachineNumber] {
        var machines: [UInt32: MachineNumber] = [:]
        for machine in machineNumbers {
            machines[configuration(machine).routerID?.ipv4Bits ?? 0] = machine
        }
        return machines
    }

    /// Who has put the route into the AS, where a reflector says so (RFC 4456 §8).
    private func originator(
        of row: RIBRow,
        _ machines: [UInt32: MachineNumber]
    ) -> MachineNumber? {
        guard let range = PathAttribute.first(.originatorID, in: row.attributes.span)?.value
        else { return nil }
        return machines[row.attributes[range].reduce(0) { $0 << 8 | UInt32($1) }]
    }

    /// True where nothing on its way has changed what the decision looks at.
    private static func isAsAnnounced(_ row: RIBRow) -> Bool {
        row.asPath.isEmpty && row.localPreference == 100 && row.origin == 0 && row.med == 0
    }
}
