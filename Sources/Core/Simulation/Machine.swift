import Addressing
import Configuration
import Control
import Speaker
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
    /// When the operator last did something to the sessions; nil for never.
    var lastOperation: Instant?
    /// The ends of links that an address names, and our side of each.
    var ways: [IPAddress: (link: LinkNumber, side: Side)] = [:]
    /// Until when the speaker gets no time, and when that last ended.
    var frozenUntil = Instant.zero
    /// The next port that a connection leaves from.
    var nextPort: UInt16 = 40_000

    /// The file that it was made with.
    let text: String

    init(name: String, text: String, configuration: Configuration) {
        self.name = name
        self.text = text
        self.configuration = configuration
    }

    /// The links that it is at.
    var links: Set<LinkNumber> { Set(ways.values.map(\.link)) }

    /// The link that leads to a neighbor; nil where that is a template, or gone.
    func link(to neighbor: NeighborNumber) -> LinkNumber? {
        guard let address = process?.speaker.address(of: neighbor) else { return nil }
        return ways[address]?.link
    }

    func takePort() -> UInt16 {
        defer { nextPort = nextPort == 60_000 ? 40_000 : nextPort + 1 }
        return nextPort
    }
}
