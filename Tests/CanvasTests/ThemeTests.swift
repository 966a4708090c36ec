import Canvas
import Testing

@Suite struct ThemeTests {
    private let ink = Color.rgb(200, 200, 200)
    private let sky = Color.rgb(120, 200, 255)

    @Test func `a role takes what it leaves out from its parent, then from text`() {
        let theme = Theme(
            name: "t",
            faces: [
                .text: Face(foreground: ink),
                .border: Face(foreground: sky, attributes: .dim),
                .borderFocused: Face(attributes: .bold),
            ]
        )
        #expect(theme.resolved(.borderFocused) == ResolvedFace(foreground: sky, attributes: .bold))
        #expect(theme.resolved(.stateUp) == ResolvedFace(foreground: ink))
        #expect(Theme(name: "u", faces: [:]).resolved(.error) == ResolvedFace())
    }

    @Test func `a parent is the dotted one where it is a role`() {
        for role in Role.allCases where role != .text {
            let dotted = role.name.split(separator: ".").dropLast().joined(separator: ".")
            #expect(role.parent == Role(rawValue: dotted) ?? .text)
        }
        #expect(Role.text.parent == nil)
    }

    @Test func `on a ground the role keeps its colour and gets the ground's background`() {
        let theme = Theme.glass
        let face = theme.resolved(Style(.stateUp, on: .selection))
        #expect(face.foreground == theme.resolved(.stateUp).foreground)
        #expect(face.background == theme.resolved(.selection).background)
        #expect(face.attributes == .bold)
        #expect(theme.resolved(Style(.text, on: .selection)) == theme.resolved(.selection))
    }

    @Test(arguments: [
        ("#FF8000", Color.rgb(255, 128, 0)), ("208", .rgb(255, 135, 0)), ("232", .rgb(8, 8, 8)),
        ("255", .rgb(238, 238, 238)), ("red", .rgb(205, 0, 0)),
        ("bright-white", .rgb(255, 255, 255)),
        ("default", .terminalDefault),
    ])
    func `a colour is a hexadecimal number, an xterm number or a name`(text: String, color: Color) {
        #expect(Color(text) == color)
    }

    @Test(arguments: ["", "#ff80", "#ff80zz", "#+f8000", "256", "-1", "pink elephant", "Red"])
    func `anything else is no colour`(text: String) {
        #expect(Color(text) == nil)
    }

    @Test(arguments: UInt8(16)...255)
    func `on 256 colours an xterm colour is its own nearest, and the background the terminal's`(
        number: UInt8
    ) {
        let theme = Theme(name: "t", faces: [.text: Face(foreground: Color.xterm(number))])
        #expect(
            theme.rendition(.text, depth: .xterm256)
                == Rendition(foreground: Int32(number), background: -1, attributes: [])
        )
    }

    @Test(arguments: [
        ("#e04040", Int32(1)), ("#40d060", 2), ("#f0d040", 3), ("#d040d0", 5), ("#40d0d0", 6),
        ("#f0f0f0", 7),
    ])
    func `on 8 colours the nearest is the one the eye would take`(text: String, number: Int32) {
        let theme = Theme(name: "t", faces: [.text: Face(foreground: Color(text))])
        #expect(theme.rendition(.text, depth: .eight).foreground == number)
    }

    @Test func `no style of the default theme vanishes on any depth`() {
        for style in styles {
            let full = Theme.glass.rendition(style, depth: .xterm256)
            #expect(full.foreground != full.background, "\(style)")
            let eight = Theme.glass.rendition(style, depth: .eight)
            #expect(eight.foreground != eight.background, "\(style)")
            #expect(eight.background != -1 || (eight.foreground != 0 && eight.foreground != 4))
        }
    }

    @Test func `without colours a ground is seen by its reverse`() {
        for role in [Role.selection, .header, .button, .searchHit] {
            let rendition = Theme.glass.rendition(Style(.text, on: role), depth: .none)
            #expect(rendition.foreground == -1 && rendition.background == -1)
            #expect(rendition.attributes.contains(.reverse))
        }
        #expect(Theme.glass.rendition(.text, depth: .none).attributes == [])
    }

    @Test func `with 8 colours the selection is seen`() {
        let rendition = Theme.glass.rendition(Style(.text, on: .selection), depth: .eight)
        #expect(rendition.background > 0 || rendition.attributes.contains(.reverse))
    }

    @Test(arguments: [UInt32(0x000000), 0x101418, 0x1E1E1E, 0x1C2128])
    func `the default theme reaches WCAG AA on dark backgrounds and on its grounds`(dark: UInt32) {
        for style in styles {
            for depth in [nil, ColorDepth.xterm256] {
                let (foreground, background) = colors(style, depth: depth, dark: Color(hex: dark))
                let contrast = foreground.contrast(with: background)
                #expect(contrast >= 4.5, "\(style) has \(contrast) at \(String(describing: depth))")
            }
        }
    }

    @Test func `contrast is counted as WCAG does`() {
        #expect(abs(Color(hex: 0xFFFFFF).contrast(with: Color(hex: 0x000000)) - 21) < 0.001)
        #expect(abs(Color(hex: 0x767676).contrast(with: Color(hex: 0xFFFFFF)) - 4.54) < 0.01)
    }

    /// Every role alone, and every role that says something on the grounds that rows lie on.
    private var styles: [Style] {
        let own: Set<Role> = [
            .selection, .selectionUnfocused, .header, .dialog, .button, .buttonDanger,
        ]
        let grounds: [Role] = [.selection, .selectionUnfocused, .header, .dialog]
        return Role.allCases.map { Style($0) }
            + Role.allCases.filter { !own.contains($0) && $0 != .searchHit && $0 != .border }
            .flatMap { role in grounds.map { Style(role, on: $0) } }
    }

    private func colors(_ style: Style, depth: ColorDepth?, dark: Color) -> (Color, Color) {
        if let depth {
            let rendition = Theme.glass.rendition(style, depth: depth)
            return (
                Color.xterm(UInt8(rendition.foreground)),
                rendition.background < 0 ? dark : Color.xterm(UInt8(rendition.background))
            )
        }
        let face = Theme.glass.resolved(style)
        return (face.foreground, face.background == .terminalDefault ? dark : face.background)
    }
}
