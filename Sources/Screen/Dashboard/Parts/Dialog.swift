import Control

/// A question that must be answered before anything else.
enum Dialog: Hashable, Sendable {
    /// Taking a neighbor down: first the reason is typed, then it is confirmed.
    case down(DownDialog)
    case clear(NeighborNumber)
    case quit

    /// The neighbor whose session it is about.
    var neighbor: NeighborNumber? {
        switch self {
        case .down(let down): down.neighbor
        case .clear(let number): number
        case .quit: nil
        }
    }

    /// What is typed and how far the dialog has come.
    struct DownDialog: Hashable, Sendable {
        var neighbor: NeighborNumber
        var reason = LineEditor()
        var isConfirming = false

        /// What RFC 9003 allows.
        static let byteLimit = 255
    }
}
