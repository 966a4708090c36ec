import Canvas
import Foundation
import Terminal
import Testing

@Suite struct ThemeFileTests {
    @Test func `the theme that is built in is the file`() throws {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("themes/glass.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(try Theme(yaml: text, file: "glass.yaml") == .glass)
    }

    @Test func `palette names, numbers and names are colours`() throws {
        let theme = try Theme(
            yaml: """
                name: own
                palette: { ink: "#010203", red: 208 }
                roles:
                  text: { foreground: ink, background: default, attributes: [] }
                  error: { foreground: red, background: 17, attributes: [bold, underline] }
                """,
            file: "own.yaml"
        )
        #expect(theme.name == "own")
        #expect(theme.faces.count == 2)
        #expect(
            theme.faces[.text]
                == Face(foreground: .rgb(1, 2, 3), background: .terminalDefault, attributes: [])
        )
        #expect(
            theme.faces[.error]
                == Face(
                    foreground: .xterm(208),
                    background: .xterm(17),
                    attributes: [.bold, .underline]
                )
        )
    }

    @Test(arguments: [
        ("name: t\nroles:\n  tekst: { foreground: red }", 3, "unknown role \"tekst\""),
        ("name: t\nroles:\n  text:\n    foreground: redd", 4, "unknown colour \"redd\""),
        ("name: t\npalette:\n  ink: nothing", 3, "unknown colour \"nothing\""),
        ("name: t\nroles:\n  text: { color: red }", 3, "unknown word \"color\""),
        ("name: t\nroles:\n  text: { attributes: [blink] }", 3, "unknown attribute \"blink\""),
        ("name: t\nroles:\n  text: { attributes: bold }", 3, "attributes are a list"),
        ("name: t\nroles: red", 2, "roles is a list"), ("roles: {}", 1, "has no name"),
        ("nam: t", 1, "unknown word \"nam\""), ("", 1, "empty"), ("name: [t", 2, "not YAML"),
        ("name: t\nname: u", 1, "not YAML"),
    ])
    func `what is wrong is said with its line`(yaml: String, line: Int, says: String) {
        do {
            _ = try Theme(yaml: yaml, file: "x.yaml")
            Issue.record("the theme is accepted")
        } catch {
            #expect(error.description.hasPrefix("x.yaml:\(error.line): "))
            #expect(error.message.contains(says), "\(error)")
            #expect(error.line == line, "\(error)")
        }
    }
}
