import Foundation

/// A program run to its end.
package enum Command {
    /// What a program left.
    package struct Result {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    /// Runs a program, found in PATH, inside a namespace where one is named.
    package static func run(_ words: [String], in namespace: Namespace? = nil) throws -> Result {
        let process = Process()
        let (program, arguments) = wrapped(words, in: namespace)
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // The words on standard error of all programs that are run here fit a pipe.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }

    /// Runs a program that must succeed; what it printed.
    @discardableResult
    package static func expect(_ words: [String], in namespace: Namespace? = nil) throws -> String {
        let result = try run(words, in: namespace)
        guard result.status == 0 else {
            throw InteropError("\(words.joined(separator: " ")): \(result.errors)\(result.output)")
        }
        return result.output
    }

    /// The program and the arguments that run `words` inside a namespace.
    static func wrapped(_ words: [String], in namespace: Namespace?) -> (URL, [String]) {
        let outer = namespace.map { ["ip", "netns", "exec", $0.name] } ?? []
        let all = outer + words
        return (URL(filePath: path(of: all[0])), Array(all.dropFirst()))
    }

    /// Where a program is; its name alone where it is nowhere.
    package static func path(of name: String) -> String {
        if name.contains("/") { return name }
        let folders = [
            "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
        ]
        return folders.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
    }

    /// Whether a program is installed.
    package static func exists(_ name: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path(of: name))
    }
}

/// What went wrong in a test's surroundings, in words.
package struct InteropError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
