import Addressing
import BGPWire
import CLinux
import Glibc

/// The program behind r3 that plays the rest of the Internet: it speaks just enough BGP to send a table.
package struct LabCollector {
    /// The word of the command line that makes the program a collector; for the keeper alone.
    package static let word = "lab-collector"

    private let own: String
    private let peer: String
    private let port: UInt16
    private let table: CollectorTable

    /// What follows the program's name on the command line.
    static func arguments(_ kind: LabKind) -> [String] {
        let own = kind.address(of: .collector, towards: .r3)
        let peer = kind.address(of: .r3, towards: .collector)
        let nextHops =
            switch kind {
            case .namespaces: [own, kind.ipv6Address(of: .collector, towards: .r3)]
            case .loopback: [own]
            }
        return [word, own, peer, String(kind.port)] + nextHops
    }

    /// A collector as its command line says; nil where a keeper has not written it.
    package init?(arguments: [String]) {
        guard arguments.count >= 5, arguments[0] == Self.word, let port = UInt16(arguments[3])
        else { return nil }
        own = arguments[1]
        peer = arguments[2]
        self.port = port
        var nextHops: [AddressFamily: IPAddress] = [:]
        for text in arguments[4...] {
            guard let address = IPAddress(text: text) else { return nil }
            nextHops[address.family] = address
        }
        table = CollectorTable(routes: LabTable.routes, nextHops: nextHops)
    }

    /// Sends the table to r3, again and again, until a signal ends the process.
    package func run() -> Never {
        signal(SIGPIPE, SIG_IGN)
        while true {
            if let connection = connect() {
                CollectorSession(connection, table).run()
                close(connection)
            }
            // r3 may not listen yet, or be away.
            usleep(500_000)
        }
    }

    private func connect() -> Int32? {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { return nil }
        var here = Self.address(own, port: 0)
        var there = Self.address(peer, port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &here) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(connection, $0, size) }
        }
        let connected = withUnsafePointer(to: &there) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, size)
            }
        }
        if bound == 0, connected == 0 { return connection }
        close(connection)
        return nil
    }

    private static func address(_ text: String, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }
}
