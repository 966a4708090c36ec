import Configuration
import Glibc

/// Where things are when the command line does not say.
enum Paths {
    /// The configuration where `-f` does not name one.
    static let configurations = ["/etc/peerglass/bgpd.conf", "/etc/bgpd.conf"]

    /// The configuration to read: the one that is named, else the first default that exists, else
    /// the first default.
    static func configuration(_ named: String?) -> String {
        named ?? configurations.first(where: Files.exists) ?? configurations[0]
    }

    /// Where a person keeps settings and themes; nil without a home.
    static var personalFolder: String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let configuration = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { $0 + "/.config" }
        return configuration.map { $0 + "/peerglass" }
    }

    /// The settings file of the dashboard; nil without a home.
    static var dashboardSettings: String? { personalFolder.map { $0 + "/dashboard.yaml" } }

    /// The socket of an instance where neither command line nor configuration names one.
    static var defaultSocket: String {
        if geteuid() == 0 { return "/run/peerglass/peerglass.sock" }
        let directory = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? ""
        return (directory.isEmpty ? "/run/user/\(geteuid())" : directory) + "/peerglass.sock"
    }

    /// Makes the folder of root's default socket, which is gone after every boot.
    static func makeDefaultSocketFolder() {
        if geteuid() == 0 { mkdir("/run/peerglass", 0o755) }
    }

    /// The socket to ask: the one that is named, else the configuration's first unrestricted one,
    /// else the default.
    static func socket(_ named: String?, configurationPath: String?) -> String {
        if let named { return named }
        let file = configuration(configurationPath)
        guard Files.exists(file) else { return defaultSocket }
        let reading = Configuration.read(file: file, contents: Files.contents)
        let sockets = reading.configuration?.sockets ?? []
        return sockets.first { !$0.isRestricted }?.path ?? defaultSocket
    }

    /// The sockets that a router opens: the one that is named takes the place of the file's unrestricted ones.
    static func sockets(_ named: String?, _ configuration: Configuration) -> [ControlSocketPath] {
        let restricted = configuration.sockets.filter(\.isRestricted)
        if let named { return [ControlSocketPath(path: named)] + restricted }
        if restricted.count < configuration.sockets.count { return configuration.sockets }
        return [ControlSocketPath(path: defaultSocket)] + restricted
    }
}
