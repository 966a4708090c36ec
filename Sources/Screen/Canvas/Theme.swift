/// A colour as a theme says it.
package enum Color: Hashable, Sendable {
    /// What the terminal itself uses.
    case terminalDefault
    /// Red, green, blue.
    case rgb(UInt8, UInt8, UInt8)
}

/// What a terminal adds to characters besides colour.
package struct TextAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let bold = TextAttributes(rawValue: 1)
    package static let dim = TextAttributes(rawValue: 2)
    package static let italic = TextAttributes(rawValue: 4)
    package static let underline = TextAttributes(rawValue: 8)
    package static let reverse = TextAttributes(rawValue: 16)

    /// The names that theme files use, in order.
    package static let names: [(name: String, attribute: TextAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
        ("reverse", .reverse),
    ]
}

/// What a theme says about one role; nil where it says nothing.
package struct Face: Hashable, Sendable {
    /// Colour of the characters.
    package var foreground: Color?
    /// Colour behind them.
    package var background: Color?
    /// Attributes; empty switches inherited ones off.
    package var attributes: TextAttributes?

    /// Makes a face.
    package init(
        foreground: Color? = nil,
        background: Color? = nil,
        attributes: TextAttributes? = nil
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

/// The colours and attributes of every role.
///
/// What a role leaves out comes from its ``Role/parent``, field by field, at last from `text`, and
/// then from the terminal itself.
package struct Theme: Hashable, Sendable {
    /// The name by which it is chosen.
    package var name: String
    /// What the theme says itself, without what is inherited.
    package var faces: [Role: Face]

    /// Makes a theme.
    package init(name: String, faces: [Role: Face]) {
        self.name = name
        self.faces = faces
    }

    /// Everything about a role, inherited parts filled in.
    package func resolved(_ role: Role) -> ResolvedFace {
        var face = ResolvedFace()
        var missing: (foreground: Bool, background: Bool, attributes: Bool) = (true, true, true)
        var next: Role? = role
        while let role = next {
            if missing.foreground, let color = faces[role]?.foreground {
                face.foreground = color
                missing.foreground = false
            }
            if missing.background, let color = faces[role]?.background {
                face.background = color
                missing.background = false
            }
            if missing.attributes, let attributes = faces[role]?.attributes {
                face.attributes = attributes
                missing.attributes = false
            }
            next = role.parent
        }
        return face
    }

    /// Everything about a style: the role's face on that of its ground.
    ///
    /// The background is the ground's; the foreground is the role's own, the ground's for plain
    /// `text`; the attributes of both hold, but one `reverse` does not undo the other.
    package func resolved(_ style: Style) -> ResolvedFace {
        let own = resolved(style.role)
        guard let groundRole = style.ground else { return own }
        let ground = resolved(groundRole)
        return ResolvedFace(
            foreground: style.role == .text ? ground.foreground : own.foreground,
            background: ground.background,
            attributes: own.attributes.union(ground.attributes)
        )
    }
}

/// The colours and attributes of a style, nothing left open.
package struct ResolvedFace: Hashable, Sendable {
    /// Colour of the characters.
    package var foreground = Color.terminalDefault
    /// Colour behind them.
    package var background = Color.terminalDefault
    /// Attributes.
    package var attributes: TextAttributes = []

    /// Makes a face; what is not said is the terminal's own.
    package init(
        foreground: Color = .terminalDefault,
        background: Color = .terminalDefault,
        attributes: TextAttributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
