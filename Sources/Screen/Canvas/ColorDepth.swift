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
    /// The nearest colour is the one at the least distance in OKLab; of 8 the one of the nearest
    /// hue. With 8 or no colours a face
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
                foreground: Self.nearest(to: face.foreground),
                background: Self.nearest(to: face.background),
                attributes: face.attributes
            )
        }
    }

    private func eightColors(_ face: ResolvedFace) -> Rendition {
        let background = Self.nearestOfEight(to: face.background)
        var attributes = face.attributes
        guard background > 0 else {
            if background == 0 { attributes.insert(.reverse) }
            let foreground = Self.nearestOfEight(to: face.foreground) { $0 != 0 && $0 != 4 }
            return Rendition(foreground: foreground, background: -1, attributes: attributes)
        }
        let ground = Color.xterm(UInt8(background))
        var foreground = Self.nearestOfEight(to: face.foreground) {
            Color.xterm($0).contrast(with: ground) >= 3
        }
        if foreground < 0 { foreground = ground.contrast(with: .xterm(0)) >= 4.5 ? 0 : 7 }
        return Rendition(foreground: foreground, background: background, attributes: attributes)
    }

    /// The number of the nearest colour of 16 to 255; -1 for the terminal's own.
    private static func nearest(to color: Color) -> Int32 {
        guard let wanted = OKLab(color) else { return -1 }
        return closest(among: 16...255) { OKLab(Color.xterm($0))?.distance(to: wanted) }
    }

    /// The number of the nearest of the eight ANSI colours; -1 for the terminal's own.
    ///
    /// The eight are glaring: by plain distance every soft colour would be white. So what has a hue
    /// goes to the one of that hue, and what has none to black or white.
    private static func nearestOfEight(
        to color: Color,
        where allowed: (UInt8) -> Bool = { _ in true }
    ) -> Int32 {
        guard let wanted = OKLab(color) else { return -1 }
        let hasHue = wanted.chroma >= 0.04
        return closest(among: 0...7) { number in
            guard allowed(number), let candidate = OKLab(Color.xterm(number)) else { return nil }
            guard hasHue == (candidate.chroma >= 0.04) else {
                // Only when nothing else is allowed.
                return 10 + candidate.distance(to: wanted)
            }
            return hasHue ? candidate.hueDistance(to: wanted) : candidate.distance(to: wanted)
        }
    }

    private static func closest(
        among numbers: ClosedRange<UInt8>,
        distance: (UInt8) -> Double?
    ) -> Int32 {
        var best: (number: Int32, distance: Double) = (-1, .infinity)
        for number in numbers {
            if let distance = distance(number), distance < best.distance {
                best = (Int32(number), distance)
            }
        }
        return best.number
    }
}
