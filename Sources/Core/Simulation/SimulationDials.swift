/// How a simulated world behaves where nothing is broken on purpose.
package struct SimulationDials: Hashable, Sendable {
    /// How a written stream of bytes arrives.
    package enum Segmentation: Hashable, Sendable {
        /// Each write in one piece, or in pieces of 16 KiB.
        case whole
        /// Cut anywhere, down to single bytes; pieces that meet are read together.
        case random
    }

    /// From the one end of a link to the other; drawn for every piece, order is kept.
    package var latency: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(3))
    package var segmentation: Segmentation = .random
    /// Bytes a second that a link carries in each direction; nil for as many as there are.
    package var bandwidth: Int?
    /// Bytes under way and unread on a connection, in one direction; more is not taken.
    package var window = 262_144
    /// Bytes of routes that are made before the socket is asked again.
    package var outputBuffer = 131_072
    /// How long the kernel takes for a batch of changes or a reading.
    package var kernelDelay: ClosedRange<Duration> = .microseconds(100)...(.milliseconds(2))
    /// How long a turn of a speaker takes.
    package var turn: Duration = .microseconds(50)
    /// Prefixes that a turn's background work visits.
    package var unitsPerTurn = 4096

    package init() {}
}
