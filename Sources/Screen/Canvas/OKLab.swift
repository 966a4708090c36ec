/// A colour in OKLab (Björn Ottosson, 2020), where distance is about what the eye sees.
struct OKLab {
    var lightness: Double
    var a: Double
    var b: Double

    /// The colour in OKLab; nil for the terminal's own, which nobody knows.
    init?(_ color: Color) {
        guard let (red, green, blue) = color.linear else { return nil }
        let l = cubeRoot(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = cubeRoot(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = cubeRoot(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
        a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
        b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    }

    /// The square of the distance, which orders as the distance does.
    func distance(to other: OKLab) -> Double {
        let (l, a, b) = (lightness - other.lightness, a - other.a, b - other.b)
        return l * l + a * a + b * b
    }

    /// How far the colour is from grey.
    var chroma: Double { (a * a + b * b).squareRoot() }

    /// The square of the distance that hues have when lightness and chroma are made equal.
    func hueDistance(to other: OKLab) -> Double {
        let a = self.a / chroma - other.a / other.chroma
        let b = self.b / chroma - other.b / other.chroma
        return a * a + b * b
    }
}

extension Color {
    /// Red, green and blue as amounts of light from 0 to 1; nil for the terminal's own.
    var linear: (red: Double, green: Double, blue: Double)? {
        switch self {
        case .terminalDefault: nil
        case .rgb(let red, let green, let blue): (light(red), light(green), light(blue))
        }
    }

    /// The contrast of two colours as WCAG 2 counts it, from 1 to 21; 1 where one is not known.
    package func contrast(with other: Color) -> Double {
        guard let mine = luminance, let its = other.luminance else { return 1 }
        return (max(mine, its) + 0.05) / (min(mine, its) + 0.05)
    }

    private var luminance: Double? {
        linear.map { 0.2126 * $0.red + 0.7152 * $0.green + 0.0722 * $0.blue }
    }
}

/// The light of one sRGB component.
private func light(_ component: UInt8) -> Double {
    let value = Double(component) / 255
    if value <= 0.04045 { return value / 12.92 }
    // x^2.4 = x^2 * (x^2)^(1/5): exact enough without a mathematics library.
    let base = (value + 0.055) / 1.055
    return base * base * root(base * base, 5)
}

private func cubeRoot(_ value: Double) -> Double {
    root(value, 3)
}

/// The root of a number from 0 to 1, by Newton's method.
private func root(_ value: Double, _ degree: Int) -> Double {
    guard value > 0 else { return 0 }
    var guess = 1.0
    for _ in 0..<100 {
        var power = 1.0
        for _ in 1..<degree { power *= guess }
        let next = guess - (guess - value / power) / Double(degree)
        if next == guess { break }
        guess = next
    }
    return guess
}
