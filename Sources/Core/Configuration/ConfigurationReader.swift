/// Why a file could not be read, in the system's words: `No such file or directory`.
package struct UnreadableFile: Error, Hashable, Sendable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

/// What reading a configuration gave: the configuration where there were no errors, and all that is to say.
package struct ConfigurationReading: Sendable {
    /// nil where there was an error.
    package var configuration: Configuration?
    /// Errors and warnings in the order of the text.
    package var diagnostics: [Diagnostic]

    /// The errors alone.
    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    /// The warnings alone.
    package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}

extension Configuration {
    /// Reads the configuration in that file and in the files that it includes.
    ///
    /// The room reads no files itself: `contents` is asked for each by name, a relative name of an
    /// include already joined to the directory of the including file.
    ///
    /// - Parameters:
    ///   - file: The name of the file, as it is to stand in diagnostics.
    ///   - definitions: Macros of the command line (`-D name=value`); they outrank the file's.
    ///   - contents: Gives the bytes of a file.
    /// - Returns: The configuration if there was no error, and everything that is to say.
    package static func read(
        file: String,
        definitions: [Macro] = [],
        contents: @escaping (String) throws(UnreadableFile) -> [UInt8]
    ) -> ConfigurationReading {
        func result(_ name: String) -> Result<[UInt8], UnreadableFile> {
            do throws(UnreadableFile) {
                return .success(try contents(name))
            } catch {
                return .failure(error)
            }
        }
        switch result(file) {
        case .failure(let fault):
            let diagnostic = Diagnostic(place: nil, message: "\(file): \(fault.reason)")
            return ConfigurationReading(configuration: nil, diagnostics: [diagnostic])
        case .success(let bytes):
            let source = Source(name: file, bytes: bytes)
            var parser = Parser(source, definitions: definitions, contents: result)
            return parser.reading()
        }
    }
}
