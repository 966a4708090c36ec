import Foundation

/// FRR: zebra and bgpd.
package final class FRR: BGPDaemon {
    package static let name = "FRR"
    // It closes the connection without a NOTIFICATION where both know of graceful restart.
    package static let saysGoodbye = false
    package static let programs = ["/usr/lib/frr/zebra", "/usr/lib/frr/bgpd", "vtysh"]

    private let place: Plan.Place
    private let options: [String]
    private var zebra: DaemonProcess?
    private var process: DaemonProcess?

    package convenience init(_ place: Plan.Place) throws {
        try self.init(place, options: [])
    }

    /// Makes an FRR whose IPv4 session has further options.
    ///
    /// - Parameters:
    ///   - place: Where it runs.
    ///   - options: What follows the neighbor in the IPv4 address family.
    /// - Throws: Where its files cannot be written.
    package init(_ place: Plan.Place, options: [String]) throws {
        self.place = place
        self.options = options
        try FileManager.default.createDirectory(at: sockets, withIntermediateDirectories: true)
        try "hostname them\n".write(to: file("zebra.conf"), atomically: true, encoding: .utf8)
        try configuration.write(to: file("bgpd.conf"), atomically: true, encoding: .utf8)
        // Both become the user frr before they read or write anything.
        try Command.expect(["chown", "-R", "frr:frr", place.folder.path])
    }

    private var sockets: URL { place.folder.appending(path: "vty") }

    private var log: URL { file("bgpd.log") }

    private func file(_ name: String) -> URL { place.folder.appending(path: name) }

    private var configuration: String {
        """
        hostname them
        log stdout informational
        route-map OURS permit 10
         set as-path prepend 65010
         set metric 70
         set origin egp
         set atomic-aggregate
         set aggregator as 65010 10.9.0.9
         set community 65002:100
         set large-community 65002:1:1
         set extcommunity rt 65002:7
        router bgp \(Plan.them.autonomousSystem)
         bgp log-neighbor-changes
         bgp router-id \(Plan.them.ipv4)
         no bgp ebgp-requires-policy
         no bgp default ipv4-unicast
         no bgp network import-check
        \(session(Plan.us.ipv4))
        \(session(Plan.us.ipv6))
         address-family ipv4 unicast
          network \(Plan.them.ipv4Route) route-map OURS
          neighbor \(Plan.us.ipv4) activate
        \(options.map { "  neighbor \(Plan.us.ipv4) \($0)" }.joined(separator: "\n"))
         exit-address-family
         address-family ipv6 unicast
          network \(Plan.them.ipv6Route) route-map OURS
          neighbor \(Plan.us.ipv6) activate
         exit-address-family

        """
    }

    private func session(_ peer: String) -> String {
        let lines = [
            " neighbor \(peer) remote-as \(Plan.us.autonomousSystem)",
            " neighbor \(peer) timers connect 1",
        ]
        let passive = place.opener == .us ? [" neighbor \(peer) passive"] : []
        return (lines + passive).joined(separator: "\n")
    }

    package func start() async throws {
        let common = ["-z", file("zserv.api").path, "--vty_socket", sockets.path]
        zebra = try DaemonProcess(
            ["/usr/lib/frr/zebra", "-f", file("zebra.conf").path, "-i", file("zebra.pid").path]
                + common,
            in: place.namespace,
            log: file("zebra.log")
        )
        try await waitUntil("zebra listens", telling: { self.story }) {
            FileManager.default.fileExists(atPath: file("zserv.api").path)
        }
        process = try DaemonProcess(
            ["/usr/lib/frr/bgpd", "-f", file("bgpd.conf").path, "-i", file("bgpd.pid").path]
                + common,
            in: place.namespace,
            log: log
        )
        try await waitUntil("FRR answers", telling: { self.story }) {
            try ask("show bgp summary").contains("Neighbor")
        }
    }

    package func end() {
        process?.end()
        zebra?.end()
        process = nil
        zebra = nil
        try? FileManager.default.removeItem(at: file("zserv.api"))
    }

    @discardableResult
    private func ask(_ commands: String...) throws -> String {
        try Command.expect(
            ["vtysh", "--vty_socket", sockets.path] + commands.flatMap { ["-c", $0] },
            in: place.namespace
        )
    }

    private func object(_ command: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(try ask(command).utf8))
        return value as? [String: Any] ?? [:]
    }

    private func neighbor(_ address: String) throws -> [String: Any] {
        try object("show bgp neighbor \(address) json")[address] as? [String: Any] ?? [:]
    }

    package func isEstablished(_ address: String) throws -> Bool {
        try neighbor(address)["bgpState"] as? String == "Established"
    }

    package func routes() throws -> [SeenRoute] {
        try ["ipv4", "ipv6"].flatMap { family in
            let table = try object("show bgp \(family) unicast json")["routes"] as? [String: Any]
            return try (table ?? [:]).keys.flatMap { prefix in
                let paths = try object("show bgp \(family) unicast \(prefix) json")["paths"]
                return (paths as? [[String: Any]] ?? []).filter(Self.isOurs)
                    .map { Self.route(prefix, $0) }
            }
        }.sorted()
    }

    private static func isOurs(_ path: [String: Any]) -> Bool {
        let peer = (path["peer"] as? [String: Any])?["peerId"] as? String ?? ""
        return Plan.us.addresses.contains(peer) && path["valid"] as? Bool == true
    }

    package let announced = Plan.theirs(path: "65002 65010").map {
        var route = $0
        route.isAtomic = true
        route.aggregator = "65010 10.9.0.9"
        return route
    }

    package func withdraw() throws { try networks("no network") }

    package func announce() throws { try networks("network", " route-map OURS") }

    private func networks(_ verb: String, _ more: String = "") throws {
        let (ipv4, ipv6) = (Plan.them.ipv4Route, Plan.them.ipv6Route)
        try configure("address-family ipv4 unicast", "\(verb) \(ipv4)\(more)")
        try configure("address-family ipv6 unicast", "\(verb) \(ipv6)\(more)")
    }

    package func shutDown(_ text: String) throws {
        try configure("neighbor \(Plan.us.ipv4) shutdown message \(text)")
    }

    package func enable() throws {
        try configure("no neighbor \(Plan.us.ipv4) shutdown")
    }

    package func hasHeard(_ text: String) throws -> Bool {
        try neighbor(Plan.us.ipv4)["lastShutdownDescription"] as? String == text
    }

    package func shutdownsHeard() throws -> Int {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").count {
            $0.contains("%NOTIFICATION: received from neighbor \(Plan.us.ipv4) 6/2 ")
        }
    }

    package var story: String { (zebra?.lastWords ?? "") + "\n" + (process?.lastWords ?? "") }

    private func configure(_ lines: String...) throws {
        let commands = ["configure terminal", "router bgp \(Plan.them.autonomousSystem)"] + lines
        try Command.expect(
            ["vtysh", "--vty_socket", sockets.path] + commands.flatMap { ["-c", $0] },
            in: place.namespace
        )
    }

    private static func route(_ prefix: String, _ path: [String: Any]) -> SeenRoute {
        func words(_ key: String) -> [String] {
            let value = (path[key] as? [String: Any])?["string"] as? String ?? ""
            return value.split(separator: " ").map(String.init)
        }
        let hops = path["nexthops"] as? [[String: Any]] ?? []
        let global = hops.first { $0["scope"] as? String != "link-local" }
        return SeenRoute(
            prefix: prefix,
            nextHop: global?["ip"] as? String ?? "",
            asPath: words("aspath").joined(separator: " "),
            origin: path["origin"] as? String ?? "",
            med: path["metric"] as? Int,
            communities: words("community"),
            largeCommunities: words("largeCommunity"),
            extendedCommunities: words("extendedCommunity")
                .map { $0.replacingOccurrences(of: "RT:", with: "rt ") }
        )
    }
}
