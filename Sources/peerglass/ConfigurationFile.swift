import Configuration

/// The configuration that a router runs.
enum ConfigurationFile {
    /// Reads the configuration with its includes; where there is none or it is wrong, says so on standard error.
    static func load(
        _ named: String?,
        definitions: [Definition]
    ) -> (configuration: Configuration, path: String)? {
        let path = Paths.configuration(named)
        guard named != nil || Files.exists(path) else {
            StandardStreams.complain(
                "peerglass: no configuration: neither \(Paths.configurations.joined(separator: " nor ")) is there; "
                    + "name one with -f, or try the example network with: peerglass lab"
            )
            return nil
        }
        let reading = read(path, definitions: definitions)
        for diagnostic in reading.errors { StandardStreams.complain(diagnostic.description) }
        return reading.configuration.map { ($0, path) }
    }

    /// Reads the file at that path with its includes.
    static func read(_ path: String, definitions: [Definition]) -> ConfigurationReading {
        Configuration.read(
            file: path,
            definitions: definitions.map { Macro(name: $0.name, value: $0.value) },
            contents: Files.contents
        )
    }
}
