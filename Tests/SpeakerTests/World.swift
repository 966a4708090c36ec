import Addressing
import BGPWire
import Configuration
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

@testable import Speaker

/// The first machines of a plan, by name.
let r1 = MachineNumber(0)
let r2 = MachineNumber(1)
let r3 = MachineNumber(2)

extension NetworkPlan {
    /// Two speakers with a link; what stands in their files before the neighbor, and in their neighbor.
    static func pair(
        _ first: String = "",
        _ second: String = "",
        firstNeighbor: String = "",
        secondNeighbor: String = "",
        secondAS: UInt32 = 65002
    ) -> NetworkPlan {
        var plan = NetworkPlan.line(2)
        plan.machines[0].statements = first
        plan.machines[1].statements = second
        plan.machines[1].autonomousSystem = secondAS
        plan.links[0].firstStatements = firstNeighbor
        plan.links[0].secondStatements = secondNeighbor
        return plan
    }

    /// Speakers in a line, and what stands in their files.
    static func line(_ statements: [String]) -> NetworkPlan {
        var plan = NetworkPlan.line(statements.count)
        for (place, text) in statements.enumerated() { plan.machines[place].statements = text }
        return plan
    }

    /// The simulation with all speakers started, all sessions up and everything said.
    func settled(
        seed: UInt64 = 1,
        dials: SimulationDials = SimulationDials(),
        _ location: SourceLocation = #_sourceLocation
    ) throws -> Simulation {
        let simulation = try simulation(seed: seed, dials: dials)
        simulation.start()
        simulation.settle(location)
        return simulation
    }
}

extension Simulation {
    /// Waits until all sessions are up, then until all is said.
    func settle(_ location: SourceLocation = #_sourceLocation) {
        let isUp = run(atMost: .seconds(300)) { world in
            world.machineNumbers.allSatisfy { world.isUp($0) }
        }
        #expect(isUp, "all sessions come up", sourceLocation: location)
        run(for: .seconds(2))
    }

    /// True where all sessions of the machine are up.
    func isUp(_ machine: MachineNumber) -> Bool {
        guard let overview = ask(machine, OverviewRequest()) else { return false }
        return overview.sessionsUp == overview.sessionsTotal
    }

    /// The numbers of the first screen.
    func overview(_ machine: MachineNumber) throws -> Overview {
        try #require(ask(machine, OverviewRequest()))
    }

    /// A neighbor's row, the first unless said otherwise.
    func row(_ machine: MachineNumber, _ place: Int = 0) throws -> NeighborRow {
        try #require(try overview(machine).neighbors.dropFirst(place).first)
    }

    /// All that is known of a neighbor, the first unless said otherwise.
    func detail(_ machine: MachineNumber, _ place: UInt32 = 0) throws -> NeighborDetail {
        let request = NeighborRequest(.number(NeighborNumber(place)))
        return try #require(ask(machine, request)?.first)
    }

    /// Does something to all neighbors of the machine.
    @discardableResult
    func act(_ machine: MachineNumber, _ action: NeighborActionRequest.Action) -> ActionResult? {
        ask(machine, NeighborActionRequest(.all, action))
    }

    /// All rows of a table.
    func rows(
        _ machine: MachineNumber,
        _ table: RIBPageRequest.Table = .locRIB,
        _ filter: RIBFilter = RIBFilter()
    ) throws -> [RIBRow] {
        let request = RIBPageRequest(
            table: table,
            filter: filter,
            limit: 4096,
            withAttributes: true
        )
        let page = try #require(ask(machine, request))
        #expect(page.next == nil)
        return page.rows
    }

    /// Prefix, flags and AS path of all rows: `10.0.0.0/8 *> 65001 65003`.
    func table(
        _ machine: MachineNumber,
        _ table: RIBPageRequest.Table = .locRIB
    ) throws -> [String] {
        try rows(machine, table).map { row in
            ["\(row.prefix)", row.flags.text, ASPathText.words(row.asPath)]
                .filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    /// Our routes in a kernel with the first gateway: `10.0.0.0/8 192.0.2.1`.
    func programmed(_ machine: MachineNumber) -> [String] {
        kernel(machine).routes.filter { $0.protocolNumber == 186 }.map { route in
            "\(route.prefix) \(route.nextHopSet.first?.gateway.map { "\($0)" } ?? "-")"
        }
    }

    /// The lines of the log that hold those words.
    func lines(_ words: String) -> [String] { log.filter { $0.contains(words) } }
}

extension IPPrefix {
    /// A prefix of a test's text.
    static func of(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text: text)) }
}

/// AS paths as people write them.
enum ASPathText {
    /// The numbers of all segments, blank between them.
    static func words(_ value: [UInt8]) -> String {
        var numbers: [String] = []
        var offset = 0
        while offset + 2 <= value.count {
            let count = Int(value[offset + 1])
            offset += 2
            for _ in 0..<count {
                let number = value[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                numbers.append("\(number)")
                offset += 4
            }
        }
        return numbers.joined(separator: " ")
    }
}

extension SpeakerEnvironment {
    /// A speaker that is driven by hand and leaves the kernel alone.
    static let tested = SpeakerEnvironment(
        seed: 1,
        version: "tested",
        hostName: "r1",
        processID: 1,
        configurationPath: "r1.conf",
        socketPath: "",
        kernelOffReason: "fib-update no",
        routerID: IPAddress(ipv4: 0xC000_0201)
    )
}

extension Configuration {
    /// The configuration that a text says.
    static func tested(_ text: String) throws -> Configuration {
        let reading = Configuration.read(file: "bgpd.conf") { _ throws(UnreadableFile) in
            Array(text.utf8)
        }
        return try #require(reading.configuration, "\(reading.errors)")
    }
}
