extension Color {
    /// A colour as themes write it: `#rrggbb`, an xterm number from 0 to 255, or a name.
    ///
    /// Numbers and names stand for xterm's standard colours and go the way of `#rrggbb` from there:
    /// the terminal's first sixteen colours are the user's own and may be anything.
    package init?(_ text: String) {
        if text.hasPrefix("#") {
            let digits = text.dropFirst()
            guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit),
                let value = UInt32(digits, radix: 16)
            else { return nil }
            self.init(hex: value)
        } else if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt8(text) {
            self = Self.xterm(number)
        } else if text == "default" {
            self = .terminalDefault
        } else if let number = Self.names.firstIndex(of: text) {
            self = Self.xterm(UInt8(number))
        } else {
            return nil
        }
    }

    /// A colour from 0xRRGGBB.
    package init(hex value: UInt32) {
        self = .rgb(
            UInt8(truncatingIfNeeded: value >> 16),
            UInt8(truncatingIfNeeded: value >> 8),
            UInt8(truncatingIfNeeded: value)
        )
    }

    /// The names of xterm's colours 0 to 15, in order; `default` is the terminal's own.
    package static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
        "bright-black", "bright-red", "bright-green", "bright-yellow",
        "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    /// What xterm shows for a number: sixteen named colours, a cube of 6x6x6, 24 greys.
    package static func xterm(_ number: UInt8) -> Color {
        if number < 16 { return Color(hex: firstSixteen[Int(number)]) }
        if number >= 232 {
            let grey = 8 + 10 * (number - 232)
            return .rgb(grey, grey, grey)
        }
        let cube = number - 16
        return .rgb(cubeStep(cube / 36), cubeStep(cube / 6 % 6), cubeStep(cube % 6))
    }

    private static func cubeStep(_ index: UInt8) -> UInt8 {
        index == 0 ? 0 : 55 + 40 * index
    }

    private static let firstSixteen: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
}
