import Configuration
import Timekeeping

/// A machine of a simulation: its kernel, its configuration file, and the speaker while one runs.
final class Machine {
    let name: String
    var configuration: Configuration
    var kernel = SimulatedKernel()
    var process: SpeakerProcess?
    /// False after a loss of power: it does not even answer that nobody is there.
    var isPowered = true
    /// The speaker ends gracefully, and another is to start once it has.
    var startsAgain = false
    /// How often a speaker was started here.
    var starts: UInt64 = 0
    /// Until when the speaker gets no time, and when that last ended.
    var frozenUntil = Instant.zero
    /// The next port that a connection leaves from.
    var nextPort: UInt16 = 40_000

    init(name: String, configuration: Configuration) {
        self.name = name
        self.configuration = configuration
    }

    func takePort() -> UInt16 {
        defer { nextPort = nextPort == 60_000 ? 40_000 : nextPort + 1 }
        return nextPort
    }
}
