import Configuration

/// `peerglass check`.
enum Check {
    /// Says what is wrong with a configuration; 0 where nothing is.
    static func run(_ options: CheckOptions) -> Int32 {
        let reading = Configuration.read(
            file: Paths.configuration(options.configurationPath),
            definitions: options.definitions.map { Macro(name: $0.name, value: $0.value) },
            contents: Files.contents
        )
        for diagnostic in reading.diagnostics {
            StandardStreams.complain(diagnostic.description)
        }
        guard let configuration = reading.configuration else { return 1 }
        guard options.isVerbose else {
            var output = StandardStreams.output()
            output.line("configuration OK")
            output.flush()
            return 0
        }
        var output = StandardStreams.output()
        output.append(configuration.canonicalText())
        output.flush()
        StandardStreams.complain("configuration OK")
        return 0
    }
}
