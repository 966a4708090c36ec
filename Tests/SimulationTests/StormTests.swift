import Foundation
import Simulation
import Testing

/// Networks that break at random, mend, and must then be as if nothing had happened.
///
/// `PEERGLASS_SEED=17` runs one seed alone, `PEERGLASS_STORMS=500` the first five hundred;
/// `PEERGLASS_LOG=FILE` writes what happened, the last seed's where there are several.
struct StormTests {
    @Test(arguments: StormSeeds.chosen)
    func `after any storm all sessions are up, tables agree, kernels follow, packets arrive`(
        seed: UInt64
    ) throws {
        var storm = try RandomStorm(seed: seed)
        let faults = storm.run()
        #expect(faults.isEmpty, "\(storm.words): \(StormSeeds.replay(seed))")
        if let path = ProcessInfo.processInfo.environment["PEERGLASS_LOG"] {
            let text = storm.simulation.log.joined(separator: "\n")
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test(arguments: [3, 13] as [UInt64])
    func `the same seed gives the same log, byte for byte`(seed: UInt64) throws {
        var first = try RandomStorm(seed: seed)
        var second = try RandomStorm(seed: seed)
        _ = first.run()
        _ = second.run()
        #expect(first.simulation.log.count > 30)
        let isSame = first.simulation.log == second.simulation.log
        #expect(isSame)
        var other = try RandomStorm(seed: seed + 1)
        _ = other.run()
        let differs = first.simulation.log != other.simulation.log
        #expect(differs)
    }
}

/// The seeds that are run.
enum StormSeeds {
    /// Those that the environment asks for, else a few.
    static var chosen: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["PEERGLASS_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        let count = environment["PEERGLASS_STORMS"].flatMap { UInt64($0) } ?? 24
        return Array(1...max(1, count))
    }

    /// The command that runs a seed again.
    static func replay(_ seed: UInt64) -> String {
        "run again with PEERGLASS_SEED=\(seed) swift test --filter SimulationTests.StormTests"
    }
}
