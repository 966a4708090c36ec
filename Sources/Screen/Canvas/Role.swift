/// What a cell means: the theme gives each role its colours and attributes.
///
/// Drawing code names roles alone; no colour is known outside the theme.
package enum Role: String, CaseIterable, Hashable, Sendable {
    case text
    case dim
    case title
    case border
    case borderFocused = "border.focused"
    case header
    case selection
    case selectionUnfocused = "selection.unfocused"
    case key
    case stateUp = "state.up"
    case stateDown = "state.down"
    case stateBetween = "state.between"
    case routeBest = "route.best"
    case routeValid = "route.valid"
    case routeStale = "route.stale"
    case routeInvalid = "route.invalid"
    case rovValid = "rov.valid"
    case rovInvalid = "rov.invalid"
    case rovNotFound = "rov.notfound"
    case kernelOurs = "kernel.ours"
    case kernelForeign = "kernel.foreign"
    case kernelDrift = "kernel.drift"
    case messageIn = "message.in"
    case messageOut = "message.out"
    case messageNotification = "message.notification"
    case graphLow = "graph.low"
    case graphMid = "graph.mid"
    case graphHigh = "graph.high"
    case warning
    case error
    case searchHit = "search.hit"
    case dialog
    case button
    case buttonDanger = "button.danger"

    /// The role's name in theme files, as `state.up`.
    package var name: String { rawValue }

    /// The role that gives what a theme leaves out: the dotted parent where it is a role, then `text`.
    package var parent: Role? {
        switch self {
        case .text: nil
        case .borderFocused: .border
        case .selectionUnfocused: .selection
        case .buttonDanger: .button
        case .dim, .title, .border, .header, .selection, .key, .stateUp, .stateDown, .stateBetween,
            .routeBest, .routeValid, .routeStale, .routeInvalid, .rovValid, .rovInvalid,
            .rovNotFound, .kernelOurs, .kernelForeign, .kernelDrift, .messageIn, .messageOut,
            .messageNotification, .graphLow, .graphMid, .graphHigh, .warning, .error, .searchHit,
            .dialog, .button:
            .text
        }
    }
}

/// How a cell is to look: a role, and where the cell lies on something, the role of that ground.
///
/// `Style(.stateDown, on: .selection)` keeps the colour of the state on the ground of the
/// selection: the background and the attributes of the ground are added. Plain `text` on a ground
/// takes the ground's foreground.
package struct Style: Hashable, Sendable {
    /// What the cell says.
    package var role: Role
    /// What it lies on: a selected row, the header, a dialog; nil on the bare screen.
    package var ground: Role?

    /// Makes a style.
    package init(_ role: Role, on ground: Role? = nil) {
        self.role = role
        self.ground = ground
    }

    /// Plain text on the bare screen.
    package static let text = Style(.text)
}
