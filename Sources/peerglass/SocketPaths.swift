import Configuration
import Glibc

/// Where control sockets are.
enum SocketPaths {
    /// The socket where neither the command line nor the configuration names one.
    static var standard: String {
        if geteuid() == 0 { return "/run/peerglass/peerglass.sock" }
        let directory = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/tmp"
        return "\(directory)/peerglass.sock"
    }

    /// The sockets that a router opens: `--socket` takes the place of the unrestricted ones of the file.
    static func sockets(option: String?, configuration: Configuration) -> [ControlSocketPath] {
        if let option {
            return [ControlSocketPath(path: option)] + configuration.sockets.filter(\.isRestricted)
        }
        if configuration.sockets.contains(where: { !$0.isRestricted }) { return configuration.sockets }
        return [ControlSocketPath(path: standard)] + configuration.sockets
    }

    /// The socket that a client asks: `--socket`, else the file's first unrestricted one, else the standard one.
    static func client(option: String?, configurationPath: String?) -> String {
        if let option { return option }
        if let path = ConfigurationFile.path(configurationPath),
            let configuration = ConfigurationFile.read(path, definitions: []).configuration,
            let socket = configuration.sockets.first(where: { !$0.isRestricted })
        {
            return socket.path
        }
        return standard
    }
}
