package import Addressing
import Control
package import Timekeeping

/// A network of one AS that is looked at for its size, and the networks that its machines announce: all from a seed.
package struct ScaleNetwork: Hashable, Sendable {
    /// The sizes that have a name.
    package enum Name: String, CaseIterable, Sendable {
        /// A session between any two of 100 speakers.
        case mesh100
        /// Two reflectors and 1,000 clients of both.
        case reflect1000
        /// Two reflectors and 5,000 clients of both.
        case reflect5000
    }

    package let seed: UInt64
    package var plan: NetworkPlan
    /// How many of the first machines are reflectors.
    package let reflectorCount: Int
    package let prefixes: [IPPrefix]

    /// The network of that name: 1,000 networks in all, 500 among the most speakers, so that they fit in 8 GB.
    package init(_ name: Name, seed: UInt64) {
        switch name {
        case .mesh100: self = .mesh(100, networks: 1000, seed: seed)
        case .reflect1000: self = .reflection(clients: 1000, networks: 1000, seed: seed)
        case .reflect5000: self = .reflection(clients: 5000, networks: 500, seed: seed)
        }
    }

    /// A session between any two; all announce networks.
    package static func mesh(_ count: Int, networks: Int, seed: UInt64) -> ScaleNetwork {
        ScaleNetwork(
            .innerMesh(count),
            reflectors: 0,
            announcers: count,
            networks: networks,
            seed: seed
        )
    }

    /// Two reflectors and clients of both; every fifth client announces networks, where there are so many.
    package static func reflection(clients: Int, networks: Int, seed: UInt64) -> ScaleNetwork {
        ScaleNetwork(
            .reflection(clients: clients),
            reflectors: 2,
            announcers: min(networks, max(1, clients / 5)),
            networks: networks,
            seed: seed
        )
    }

    private init(
        _ plan: NetworkPlan,
        reflectors: Int,
        announcers: Int,
        networks: Int,
        seed: UInt64
    ) {
        self.seed = seed
        self.plan = plan
        reflectorCount = reflectors
        prefixes = (0..<networks).map { IPPrefix(ipv4: 0x1400_0000 + UInt32($0) << 8, length: 24) }
        var random = RandomSource(seed: seed &* 0x9E37_79B9)
        var places = Array(plan.machines.indices.dropFirst(reflectors))
        for announcer in 0..<announcers {
            places.swapAt(announcer, random.number(in: announcer..<places.count))
            let own = stride(from: announcer, to: networks, by: announcers).map { prefixes[$0] }
            self.plan.announce(own, from: places[announcer])
        }
    }

    /// The simulation of this network, not started; streams arrive as they were written.
    ///
    /// - Throws: ``SimulationFault`` where a file has errors.
    package func simulation() throws(SimulationFault) -> Simulation {
        var dials = SimulationDials()
        dials.segmentation = .whole
        return try plan.simulation(seed: seed, dials: dials)
    }
}

extension Simulation {
    /// Lets time pass until all sessions are up and nobody has said anything new for ten seconds.
    ///
    /// - Returns: the moment of the last UPDATE; nil where it does not come to rest.
    package func converge(atMost duration: Duration) -> Instant? {
        let isCalm = run(atMost: duration, lookingEvery: .seconds(1)) { simulation in
            simulation.now - simulation.lastUpdate >= .seconds(10) && simulation.hasAllSessions
        }
        return isCalm ? lastUpdate : nil
    }

    /// True where every configured session is up.
    private var hasAllSessions: Bool {
        machineNumbers.allSatisfy { machine in
            ask(machine, OverviewRequest()).map { $0.sessionsUp == $0.sessionsTotal } ?? false
        }
    }

    /// How many messages each speaker has received and sent.
    package func messageCounts() -> [UInt64] {
        machineNumbers.map { machine in
            (ask(machine, OverviewRequest())?.neighbors ?? []).reduce(0) {
                $0 + $1.messagesReceived + $1.messagesSent
            }
        }
    }

    /// The bytes that each speaker says it uses for its tables.
    package func memoryByteCounts() -> [UInt64] {
        machineNumbers.map { machine in
            (ask(machine, MemoryRequest()) ?? []).reduce(0) { $0 + $1.byteCount }
        }
    }

    /// What is wrong with a network that has come to rest without a fault: rules that were broken, sessions that went
    /// down, tables that differ.
    package func restFaults() -> [String] {
        let flaps = flapCount
        return violations + (flaps > 0 ? ["\(flaps) times a session went down"] : [])
            + agreementFaults()
    }
}
