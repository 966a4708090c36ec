import Foundation
import Synchronization

/// A network namespace that goes with the value.
package final class Namespace: Sendable {
    /// Its name below /run/netns.
    package let name: String

    private static let count = Atomic<Int>(0)
    private static let prefix = "pgtest"

    /// Whether this process may make namespaces; a test that needs them is skipped where it may not.
    package static let arePermitted: Bool = {
        sweep()
        return (try? Namespace("probe")) != nil
    }()

    /// Makes a namespace with its loopback interface up.
    package init(_ word: String) throws {
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        name = "\(Self.prefix)-\(getpid())-\(number)-\(word)"
        try Command.expect(["ip", "netns", "add", name])
        try Command.expect(["ip", "-n", name, "link", "set", "lo", "up"])
    }

    deinit {
        Self.remove(name)
    }

    /// Runs `ip` inside it.
    @discardableResult
    package func ip(_ words: String) throws -> String {
        try Command.expect(["ip", "-n", name] + words.split(separator: " ").map(String.init))
    }

    /// How many TCP segments its kernel has dropped because of their MD5 signature.
    package func tcpMD5Failures() throws -> Int {
        let text = try Command.expect(["cat", "/proc/net/netstat"], in: self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }
            .map { $0.split(separator: " ") }
        guard lines.count == 2 else { throw InteropError("no TcpExt in /proc/net/netstat") }
        return zip(lines[0], lines[1]).filter { $0.0.hasPrefix("TCPMD5") }
            .reduce(0) { $0 + (Int($1.1) ?? 0) }
    }

    /// Joins two namespaces by a link: interfaces are called like the other end.
    package static func link(
        _ a: Namespace,
        _ aName: String,
        _ aAddresses: [String],
        _ b: Namespace,
        _ bName: String,
        _ bAddresses: [String]
    ) throws {
        try Command.expect([
            "ip", "link", "add", bName, "netns", a.name, "type", "veth", "peer", "name", aName,
            "netns", b.name,
        ])
        for (space, link, addresses) in [(a, bName, aAddresses), (b, aName, bAddresses)] {
            // With a link-local address of its own choosing, the kernel may speak from that one.
            if addresses.contains(where: { $0.hasPrefix("fe80:") }) {
                try space.ip("link set \(link) addrgenmode none")
            }
            for address in addresses {
                let option = address.contains(":") ? " nodad" : ""
                try space.ip("addr add \(address) dev \(link)\(option)")
            }
            try space.ip("link set \(link) up")
        }
    }

    private static func remove(_ name: String) {
        let pids = (try? Command.run(["ip", "netns", "pids", name]).output) ?? ""
        for pid in pids.split(separator: "\n").compactMap({ pid_t($0) }) where pid != getpid() {
            kill(pid, SIGKILL)
        }
        _ = try? Command.run(["ip", "netns", "del", name])
    }

    /// Removes what a killed test run has left.
    private static func sweep() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        for name in names where name.hasPrefix("\(prefix)-") {
            guard let pid = name.split(separator: "-").dropFirst().first.flatMap({ pid_t($0) })
            else { continue }
            if kill(pid, 0) != 0, errno == ESRCH { remove(name) }
        }
    }
}
