package import Addressing
import Timekeeping

/// A cable between two machines, an interface on each.
package struct Link {
    /// What a link ends in.
    package struct End: Hashable, Sendable {
        package var machine: MachineNumber
        package var interface: UInt32
        /// Its addresses, by the subnets that they are in.
        let prefixes: [IPPrefix: IPAddress]
        package let addresses: [IPAddress]

        init(machine: MachineNumber, interface: UInt32, prefixes: [IPPrefix: IPAddress]) {
            self.machine = machine
            self.interface = interface
            self.prefixes = prefixes
            addresses = prefixes.values.sorted()
        }
    }

    var ends: Sides<End>
    /// Ends whose interface has been taken out.
    var isMissing = Sides(false, false)
    let relation: Relation
    /// False where the cable is cut: neither end has carrier.
    package internal(set) var isUp = true
    /// Sides from which nothing arrives although all looks well.
    var isSilent = Sides(false, false)
    /// Until when what that side has sent keeps the cable busy.
    var busyUntil = Sides(Instant.zero, Instant.zero)
    var watch = Watch()

    init(ends: Sides<End>, relation: Relation) {
        self.ends = ends
        self.relation = relation
    }

    /// True where what that side sends arrives.
    func carries(from side: Side) -> Bool {
        isUp && !isSilent[side] && !isMissing.first && !isMissing.second
    }

    /// The side of that machine; nil where the link does not touch it.
    func side(of machine: MachineNumber) -> Side? {
        Side.allCases.first { ends[$0].machine == machine }
    }

    /// The machine at the other end.
    package func neighbor(of machine: MachineNumber) -> MachineNumber? {
        side(of: machine).map { ends[$0.other].machine }
    }

    /// True where packets pass in both directions.
    package var isWhole: Bool { carries(from: .first) && carries(from: .second) }
}
