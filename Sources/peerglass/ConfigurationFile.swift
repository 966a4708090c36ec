import Configuration
import Glibc
import Policy

/// The configuration file: found, read and complained about.
enum ConfigurationFile {
    /// The file that is meant: the one named, else the first of the usual ones that is there.
    static func path(_ named: String?) -> String? {
        if let named { return named }
        return ["/etc/peerglass/bgpd.conf", "/etc/bgpd.conf"].first { access($0, F_OK) == 0 }
    }

    /// Reads a file with its includes.
    static func read(_ path: String, definitions: [Definition]) -> ConfigurationReading {
        Configuration.read(
            file: path,
            definitions: definitions.map { Macro(name: $0.name, value: $0.value) },
            contents: contents
        )
    }

    /// Reads the configuration; where there is none or it is wrong, says so on standard error.
    static func load(
        _ named: String?,
        definitions: [Definition]
    ) -> (configuration: Configuration, path: String)? {
        guard let path = path(named) else {
            StandardError.write(
                "peerglass: no configuration: neither /etc/peerglass/bgpd.conf nor /etc/bgpd.conf is there; "
                    + "name one with -f, or try the example network with: peerglass lab\n"
            )
            return nil
        }
        let reading = read(path, definitions: definitions)
        for diagnostic in reading.errors { StandardError.write("\(diagnostic)\n") }
        guard let configuration = reading.configuration else { return nil }
        return (configuration, path)
    }

    private static func contents(of path: String) throws(UnreadableFile) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnreadableFile(reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw UnreadableFile(reason: String(cString: strerror(errno)))
            }
            bytes.append(contentsOf: chunk.prefix(count))
        }
    }
}
