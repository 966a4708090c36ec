/// How many colours a terminal has.
package enum ColorDepth: Hashable, Sendable {
    /// Attributes alone (`NO_COLOR`, vt100).
    case none
    /// The eight ANSI colours.
    case eight
    /// xterm's 256; only 16 to 255 are used, the first sixteen are the user's.
    case xterm256
}

/// What a terminal is told for a cell: numbers of its colours, and attributes.
package struct Rendition: Hashable, Sendable {
    /// Number of the foreground colour; -1 is the terminal's own.
    package var foreground: Int32
    /// Number of the background colour; -1 is the terminal's own.
    package var background: Int32
    /// Attributes.
    package var attributes: TextAttributes

    /// Makes a rendition.
    package init(foreground: Int32, background: Int32, attributes: TextAttributes) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

extension Theme {
    /// How a terminal of that depth shows a style.
    ///
    /// The nearest colour is the one at the least distance in OKLab. With 8 or no colours a face
    /// whose background would vanish is reversed, and a foreground that could not be told from its
    /// background gives way to one that can: nothing is black on black, or dark blue.
    package func rendition(_ style: Style, depth: ColorDepth) -> Rendition {
        let face = resolved(style)
        switch depth {
        case .none:
            var attributes = face.attributes
            if face.background != .terminalDefault { attributes.insert(.reverse) }
            return Rendition(foreground: -1, background: -1, attributes: attributes)
        case .eight:
            return eightColors(face)
        case .xterm256:
            return Rendition(
                foreground: Self.nearest(to: face.foreground, among: 16...255),
                background: Self.nearest(to: face.background, among: 16...255),
                attributes: face.attributes
            )
        }
    }

    private func eightColors(_ face: ResolvedFace) -> Rendition {
        let background = Self.nearest(to: face.background, among: 0...7)
        var attributes = face.attributes
        guard background > 0 else {
            if background == 0 { attributes.insert(.reverse) }
            let foreground = Self.nearest(to: face.foreground, among: 1...7) { $0 != 4 }
            return Rendition(foreground: foreground, background: -1, attributes: attributes)
        }
        let ground = Color.xterm(UInt8(background))
        let foreground = Self.nearest(to: face.foreground, among: 0...7) {
            Color.xterm($0).contrast(with: ground) >= 3
        }
        return Rendition(
            foreground: foreground < 0 ? 0 : foreground,
            background: background,
            attributes: attributes
        )
    }

    /// The number of the nearest colour; -1 for the terminal's own.
    private static func nearest(
        to color: Color,
        among numbers: ClosedRange<UInt8>,
        where allowed: (UInt8) -> Bool = { _ in true }
    ) -> Int32 {
        guard let wanted = OKLab(color) else { return -1 }
        var best: (number: Int32, distance: Double) = (-1, .infinity)
        for number in numbers where allowed(number) {
            guard let candidate = OKLab(Color.xterm(number)) else { continue }
            let distance = wanted.distance(to: candidate)
            if distance < best.distance { best = (Int32(number), distance) }
        }
        return best.number
    }
}
