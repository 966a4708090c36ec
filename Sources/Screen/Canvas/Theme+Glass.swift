extension Theme {
    /// The default, for dark terminals, built in so that the program needs no file.
    ///
    /// Equal to `themes/glass.yaml`. Colour is for state and for what acts; everything else is
    /// quiet. Every foreground reaches WCAG AA (4.5) on a dark background and on its grounds.
    package static let glass = Theme(
        name: "glass",
        faces: [
            .text: Face(
                foreground: Color(hex: 0xD5DCE6),
                background: .terminalDefault,
                attributes: []
            ),
            .dim: Face(foreground: Color(hex: 0xA3B0C3)),
            .title: Face(foreground: Color(hex: 0xE8EEF6), attributes: .bold),
            .border: Face(foreground: Color(hex: 0x7F8FA6)),
            .borderFocused: Face(foreground: Color(hex: 0x7CC7FF), attributes: .bold),
            .header: Face(foreground: Color(hex: 0xF2F5FA), background: Color(hex: 0x1F2D42)),
            .selection: Face(
                foreground: Color(hex: 0xFFFFFF),
                background: Color(hex: 0x2B3F5C),
                attributes: .bold
            ),
            .selectionUnfocused: Face(
                foreground: Color(hex: 0xD5DCE6),
                background: Color(hex: 0x26303D),
                attributes: []
            ),
            .key: Face(foreground: Color(hex: 0x7CC7FF), attributes: .bold),
            .stateUp: Face(foreground: Color(hex: 0x6FD98B)),
            .stateDown: Face(foreground: Color(hex: 0xFF8F85), attributes: .bold),
            .stateBetween: Face(foreground: Color(hex: 0xF2C35C)),
            .routeBest: Face(foreground: Color(hex: 0xE8EEF6), attributes: .bold),
            .routeStale: Face(foreground: Color(hex: 0xD9B36A)),
            .routeInvalid: Face(foreground: Color(hex: 0xFF8F85)),
            .rovValid: Face(foreground: Color(hex: 0x6FD98B)),
            .rovInvalid: Face(foreground: Color(hex: 0xFF8F85), attributes: .bold),
            .rovNotFound: Face(foreground: Color(hex: 0xA3B0C3)),
            .kernelForeign: Face(foreground: Color(hex: 0xF2C35C)),
            .kernelDrift: Face(foreground: Color(hex: 0xFF8F85), attributes: .bold),
            .messageIn: Face(foreground: Color(hex: 0x8FC8FF)),
            .messageOut: Face(foreground: Color(hex: 0xC9B2FF)),
            .messageNotification: Face(foreground: Color(hex: 0xFF8F85), attributes: .bold),
            .graphLow: Face(foreground: Color(hex: 0x6FD98B)),
            .graphMid: Face(foreground: Color(hex: 0xF2C35C)),
            .graphHigh: Face(foreground: Color(hex: 0xFF8F85)),
            .warning: Face(foreground: Color(hex: 0xF2C35C)),
            .error: Face(foreground: Color(hex: 0xFF8F85), attributes: .bold),
            .searchHit: Face(foreground: Color(hex: 0x14181F), background: Color(hex: 0xF2C35C)),
            .dialog: Face(foreground: Color(hex: 0xE8EEF6), background: Color(hex: 0x1F2836)),
            .button: Face(foreground: Color(hex: 0xFFFFFF), background: Color(hex: 0x35507A)),
            .buttonDanger: Face(
                foreground: Color(hex: 0xFFFFFF),
                background: Color(hex: 0x8F2F2B),
                attributes: .bold
            ),
        ]
    )
}
