import Terminal
import Testing

@Suite struct SettingsFileTests {
    private let file = "dashboard.yaml"

    private func replaced(
        _ yaml: String,
        with settings: [(name: String, value: String)]
    ) throws -> String {
        try SettingsFile(yaml: yaml, file: file).replacing("panes", with: settings)
    }

    @Test func `a section is words that lead to values, with their lines`() throws {
        let settings = try SettingsFile(
            yaml: """
                # mine
                theme: glass
                panes:
                  kernel: { hidden: true }
                  rib:
                    rows: -2
                """,
            file: file
        )
        .settings(in: "panes")
        #expect(settings.map(\.name) == ["kernel.hidden", "rib.rows"])
        #expect(settings.map(\.value) == ["true", "-2"])
        #expect(settings.map(\.line) == [4, 6])
    }

    @Test(arguments: ["", "# nothing yet\n", "theme: glass\n", "panes:\n", "panes: {}\n"])
    func `where nothing is said nothing is set`(yaml: String) throws {
        #expect(try SettingsFile(yaml: yaml, file: file).settings(in: "panes").isEmpty)
    }

    @Test(arguments: [
        ("theme: [glass", 2, "not YAML"), ("theme: a\ntheme: b", 1, "not YAML"),
        ("- theme", 1, "settings are"), ("theme", 1, "settings are"),
        ("a: b\npanes: wide", 2, "panes is a list"),
        ("panes:\n  kernel:\n    hidden: [true]", 3, "one word is expected"),
    ])
    func `what is wrong is said with its line`(yaml: String, line: Int, says: String) {
        let fault = #expect(throws: YAMLFault.self) {
            try SettingsFile(yaml: yaml, file: file).settings(in: "panes")
        }
        #expect(fault?.line == line, "\(String(describing: fault))")
        #expect(fault?.description.hasPrefix("dashboard.yaml:\(line): ") == true)
        #expect(fault?.message.contains(says) == true, "\(String(describing: fault))")
    }

    @Test func `a section is written behind what is there`() throws {
        let new: [(name: String, value: String)] = [
            ("neighbors.rows", "2"), ("neighbors.sort", "name"), ("kernel.hidden", "true"),
        ]
        let section = """
            panes:
              neighbors:
                rows: 2
                sort: name
              kernel:
                hidden: true

            """
        #expect(try replaced("", with: new) == section)
        #expect(try replaced("theme: glass", with: new) == "theme: glass\n" + section)
        #expect(try replaced("# mine\n", with: new) == "# mine\n" + section)
    }

    @Test func `everything but the section stays, comments too`() throws {
        let before = """
            # mine
            theme: paper   # by day

            """
        let after = """

            # keys that my fingers know
            keys:
              leave: x

            """
        let old = before + "panes:\n  rib: { rows: 7 }\n  # gone with the rest\n" + after
        #expect(
            try replaced(old, with: [("kernel.hidden", "true")])
                == before + "panes:\n  kernel:\n    hidden: true\n" + after
        )
        #expect(try replaced(old, with: []) == before + after)
        #expect(try replaced(before + "panes: {}\n", with: []) == before)
    }

    @Test func `lines may end as on other systems`() throws {
        let text = try replaced(
            "theme: glass\r\npanes:\r\n  rib:\r\n    rows: 1\r\nx: y\r\n",
            with: []
        )
        #expect(Array(text.utf8) == Array("theme: glass\r\nx: y\r\n".utf8))
    }

    @Test(arguments: [
        "{ theme: glass, panes: { rib: { rows: 1 } } }\n",
        "panes: &all { rib: { rows: 1 } }\nmore: *all\n",
        "theme: glass\n...\n",
    ])
    func `a file whose rest would change is refused`(yaml: String) throws {
        let fault = #expect(throws: YAMLFault.self) {
            try replaced(yaml, with: [("kernel.hidden", "true")])
        }
        #expect(fault?.file == file)
    }
}
