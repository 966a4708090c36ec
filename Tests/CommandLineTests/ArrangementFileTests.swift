import Dashboard
import Foundation
import Testing

@testable import peerglass

@Suite struct ArrangementFileTests {
    /// A folder of its own, taken away again.
    private final class Folder {
        let path = NSTemporaryDirectory() + "peerglass-\(UUID().uuidString)"
        var file: String { path + "/peerglass/dashboard.yaml" }

        init(_ text: String? = nil) throws {
            let inner = path + "/peerglass"
            guard let text else { return }
            try FileManager.default.createDirectory(
                atPath: inner,
                withIntermediateDirectories: true
            )
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var text: String? { try? String(contentsOfFile: file, encoding: .utf8) }

        var names: [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: path + "/peerglass")) ?? []
        }
    }

    /// The arrangement that a file of that text says.
    private func read(_ text: String) throws -> Arrangement {
        let folder = try Folder(text)
        defer { withExtendedLifetime(folder) {} }
        return try ArrangementFile.read(folder.file)
    }

    private static let panes = "panes:\n  kernel:\n    hidden: true\n"

    @Test func `what is remembered is there the next time, in a folder that is made`() throws {
        let folder = try Folder()
        let arranged = try read(Self.panes)
        let file = ArrangementFile(path: folder.file)
        #expect(file.arrangement != arranged)
        file.remember(arranged)
        file.close()
        #expect(folder.text?.hasSuffix(Self.panes) == true)
        #expect(folder.text?.hasPrefix("# ") == true)
        #expect(ArrangementFile(path: folder.file).arrangement == arranged)
        #expect(folder.names == ["dashboard.yaml"])
    }

    @Test func `of many arrangements one a second is written, the last at the end`() throws {
        let folder = try Folder()
        let first = try read(Self.panes)
        let second = try read("panes: { rib: { rows: 3 } }")
        let file = ArrangementFile(path: folder.file)
        file.remember(first)
        #expect(file.work(now: 5_000_000_000) == nil)
        file.remember(second)
        #expect(file.work(now: 5_999_999_999) == nil)
        let limit = Date(timeIntervalSinceNow: 20)
        while folder.text == nil, Date() < limit { usleep(1000) }
        #expect(folder.text?.contains("hidden: true") == true)
        file.close()
        #expect(folder.text?.hasSuffix("panes:\n  rib:\n    rows: 3\n") == true)
    }

    @Test func `what a person wrote stays, behind a link too, with its permissions`() throws {
        let folder = try Folder("theme: paper # mine\n")
        let real = folder.path + "/real.yaml"
        try FileManager.default.moveItem(atPath: folder.file, toPath: real)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file,
            withDestinationPath: real
        )
        chmod(real, 0o600)
        try ArrangementFile.write(
            try read(Self.panes),
            folder.file
        )
        #expect(
            try String(contentsOfFile: real, encoding: .utf8) == "theme: paper # mine\n"
                + Self.panes
        )
        let attributes = try FileManager.default.attributesOfItem(atPath: real)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let link = try FileManager.default.attributesOfItem(atPath: folder.file)
        #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
    }

    @Test(arguments: [
        ("theme: [paper", "dashboard.yaml:2: not YAML"),
        ("a: b\npanes:\n  kernal: { hidden: true }\n", "dashboard.yaml:3: unknown pane \"kernal\""),
        ("panes:\n  rib:\n    rows: many\n", "dashboard.yaml:3: \"many\": expected -1000 to 1000"),
    ])
    func `a wrong file is said once, with its line, and left as it is`(
        text: String,
        says: String
    ) throws {
        let folder = try Folder(text)
        let arranged = try read(Self.panes)
        let file = ArrangementFile(path: folder.file)
        let fault = file.work(now: 0)
        #expect(fault?.contains(says) == true, "\(fault ?? "")")
        #expect(fault?.hasSuffix("; panes are not remembered") == true)
        file.remember(arranged)
        #expect(file.work(now: 2_000_000_000) == nil)
        file.close()
        #expect(file.work(now: 4_000_000_000) == nil)
        #expect(folder.text == text)
        #expect(folder.names == ["dashboard.yaml"])
    }

    @Test func `what cannot be read or written is said in the system's words`() throws {
        let folder = try Folder("")
        try FileManager.default.removeItem(atPath: folder.file)
        try FileManager.default.createDirectory(
            atPath: folder.file,
            withIntermediateDirectories: true
        )
        #expect(ArrangementFile(path: folder.file).work(now: 0)?.contains("Is a directory") == true)
        let arranged = try read(Self.panes)
        let fault = #expect(throws: SettingsFault.self) {
            try ArrangementFile.write(arranged, "/proc/peerglass/dashboard.yaml")
        }
        #expect(fault?.text == "/proc/peerglass/dashboard.yaml: No such file or directory")
        let binary = try Folder("")
        try Data([0x61, 0x3A, 0xFF]).write(to: URL(fileURLWithPath: binary.file))
        #expect(throws: SettingsFault(text: "\(binary.file): not UTF-8 text")) {
            try ArrangementFile.read(binary.file)
        }
    }

    @Test func `without a home nothing is remembered, and nothing is said`() throws {
        let file = ArrangementFile(path: nil)
        file.remember(try read(Self.panes))
        #expect(file.work(now: 2_000_000_000) == nil)
        file.close()
    }
}
