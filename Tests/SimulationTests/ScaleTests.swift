import Simulation
import Testing
import Timekeeping

/// Small ones of the networks that `script/test --scale` runs, and what it looks at.
struct ScaleTests {
    /// Runs a network until it has come to rest.
    func rested(_ network: ScaleNetwork) throws -> Simulation {
        let simulation = try network.simulation()
        simulation.start()
        let rest = try #require(simulation.converge(atMost: .seconds(300)))
        #expect(rest > .zero && rest < simulation.now)
        return simulation
    }

    enum Shape: CaseIterable {
        case mesh
        case reflection

        var network: ScaleNetwork {
            switch self {
            case .mesh: .mesh(8, networks: 20, seed: 1)
            case .reflection: .reflection(clients: 12, networks: 20, seed: 2)
            }
        }
    }

    @Test(arguments: Shape.allCases)
    func `in one AS all speakers come to have the same best routes`(shape: Shape) throws {
        let network = shape.network
        let simulation = try rested(network)
        #expect(simulation.restFaults() == [])
        #expect(simulation.faults() == [])
        let counts = simulation.messageCounts()
        #expect(counts.count == network.plan.machines.count && counts.allSatisfy { $0 > 20 })
        #expect(simulation.memoryByteCounts().allSatisfy { $0 > 0 })
    }

    @Test func `the seed says who announces what`() {
        let networks = [1, 1, 2].map {
            ScaleNetwork.reflection(clients: 50, networks: 20, seed: $0)
        }
        #expect(networks[0] == networks[1])
        #expect(networks[0].plan != networks[2].plan)
    }

    @Test(arguments: [
        ("deny from any prefix 20.0.3.0/24", "r9: lacks 20.0.3.0/24"),
        (
            "match from any prefix 20.0.3.0/24 set localpref 120",
            "r9: has otherwise than it is announced 20.0.3.0/24"
        ),
    ])
    func `a speaker whose table differs is named`(rule: String, fault: String) throws {
        var network = Shape.reflection.network
        network.plan.machines[8].rules += "\n\(rule)"
        let simulation = try rested(network)
        #expect(simulation.restFaults() == [fault])
    }
}
