import Addressing
import Control

/// What every machine's best way to every other is, computed from the network alone: no messages, no tables.
///
/// Every AS is one machine. All choose from what their neighbors have chosen until nobody changes its mind;
/// where relations are kept and nobody is its own provider, that end is one and the same from any beginning.
struct ReferenceRouting {
    /// A session as a machine has it.
    struct Session {
        var other: Int
        /// What the other is to the machine.
        var role: Role
        var address: IPAddress
        /// What the machine is to the other.
        var backRole: Role
    }

    /// The way to an origin.
    struct Way: Equatable {
        /// The machines on it, the next first, the origin last; empty at the origin.
        var machines: [Int]
        /// What the neighbor is that told of it; nil at the origin.
        var role: Role?
        /// The neighbor's address; nil at the origin.
        var address: IPAddress?
    }

    /// The sessions of each machine.
    let sessions: [[Session]]
    /// The order of the machines' BGP Identifiers.
    let identifiers: [UInt32]
    /// By machine and origin; nil where there is no way.
    private(set) var ways: [[Way?]]

    init(sessions: [[Session]], identifiers: [UInt32], origins: [Bool]) {
        self.sessions = sessions
        self.identifiers = identifiers
        ways = sessions.indices.map { machine in
            origins.indices.map { origin in
                machine == origin && origins[origin]
                    ? Way(machines: [], role: nil, address: nil) : nil
            }
        }
        var isMoving = true
        // Nobody is farther away than there are machines; the bound is for networks that never come to rest.
        for _ in 0...2 * sessions.count where isMoving {
            isMoving = false
            for machine in sessions.indices where choose(machine) { isMoving = true }
        }
    }

    /// Lets a machine choose anew; true where it does otherwise than before.
    private mutating func choose(_ machine: Int) -> Bool {
        var hasChanged = false
        for origin in ways[machine].indices where origin != machine {
            var best: Way?
            for session in sessions[machine] {
                guard let way = ways[session.other][origin],
                    session.backRole.isTold(ofRouteFrom: way.role),
                    !way.machines.contains(machine)
                else { continue }
                let offer = Way(
                    machines: [session.other] + way.machines,
                    role: session.role,
                    address: session.address
                )
                if let present = best, !isBetter(offer, than: present) { continue }
                best = offer
            }
            if best != ways[machine][origin] {
                ways[machine][origin] = best
                hasChanged = true
            }
        }
        return hasChanged
    }

    private func isBetter(_ way: Way, than other: Way) -> Bool {
        let preference = { (way: Way) in way.role?.localPreference ?? .max }
        if preference(way) != preference(other) { return preference(way) > preference(other) }
        if way.machines.count != other.machines.count {
            return way.machines.count < other.machines.count
        }
        let identifier = { (way: Way) in way.machines.first.map { identifiers[$0] } ?? 0 }
        if identifier(way) != identifier(other) { return identifier(way) < identifier(other) }
        guard let mine = way.address, let others = other.address else { return false }
        return mine < others
    }
}
