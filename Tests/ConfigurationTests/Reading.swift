import Configuration
import Foundation
import Policy

/// Shared data beside the package: present on the machines that develop it.
enum SharedData {
    /// The nearest folder `shared/data` beside the package or further up.
    static func url(_ path: String) -> URL {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        for _ in 0..<6 {
            folder.deleteLastPathComponent()
            let data = folder.appending(path: "shared/data")
            if FileManager.default.fileExists(atPath: data.path) {
                return data.appending(path: path)
            }
        }
        return folder.appending(path: path)
    }

    static func exists(_ path: String) -> Bool {
        let found = FileManager.default.fileExists(atPath: url(path).path)
        if !found { print("skipped, not on this machine: shared/data/\(path)") }
        return found
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url(path)))
    }
}

/// Reads a configuration from text; `files` are what can be included.
func read(
    _ text: String,
    definitions: [Macro] = [],
    files: [String: String] = [:]
) -> ConfigurationReading {
    Configuration.read(file: "bgpd.conf", definitions: definitions) { name throws(UnreadableFile) in
        if name == "bgpd.conf" { return Array(text.utf8) }
        guard let content = files[name] else {
            throw UnreadableFile(reason: "No such file or directory")
        }
        return Array(content.utf8)
    }
}

/// A text with faults marked in it: `⟪` before each place where an error is to be, in the order of the text.
struct MarkedText {
    var text: String
    var faults: [String]

    init(_ marked: String) {
        text = ""
        faults = []
        var line = 1
        var column = 1
        for character in marked {
            if character == "⟪" {
                faults.append("\(line):\(column)")
                continue
            }
            text.append(character)
            if character == "\n" {
                line += 1
                column = 1
            } else {
                column += String(character).utf8.count
            }
        }
    }
}

extension Diagnostic {
    /// `LINE:COLUMN`, or `-` for the whole.
    var position: String {
        place.map { "\($0.line):\($0.column)" } ?? "-"
    }
}
