import Foundation

/// OpenBGPD, portable.
package final class OpenBGPD: BGPDaemon {
    package static let name = "OpenBGPD"
    package static let programs = ["bgpd", "bgpctl"]

    private let place: Plan.Place
    private var process: DaemonProcess?

    package init(_ place: Plan.Place) throws {
        self.place = place
        // Its processes lock themselves into this folder; Debian makes it when the service starts.
        try FileManager.default.createDirectory(
            atPath: "/run/openbgpd",
            withIntermediateDirectories: true
        )
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    private var file: URL { place.folder.appending(path: "bgpd.conf") }
    private var log: URL { place.folder.appending(path: "bgpd.log") }
    private var socket: String { place.folder.appending(path: "bgpd.sock").path }

    private var configuration: String {
        let changes =
            "set { metric 70 origin egp community 65002:100 large-community 65002:1:1 ext-community rt 65002:7 }"
        return """
            AS \(Plan.them.autonomousSystem)
            router-id \(Plan.them.ipv4)
            listen on \(Plan.them.ipv4)
            listen on \(Plan.them.ipv6)
            fib-update no
            connect-retry 1
            socket "\(socket)"
            network \(Plan.them.ipv4Route) \(changes)
            network \(Plan.them.ipv6Route) \(changes)
            \(session("us4", Plan.us.ipv4, "IPv4"))
            \(session("us6", Plan.us.ipv6, "IPv6"))
            allow from any
            allow to any set prepend-self 1

            """
    }

    private func session(_ name: String, _ peer: String, _ family: String) -> String {
        """
        neighbor \(peer) {
        \tremote-as \(Plan.us.autonomousSystem)
        \tdescr "\(name)"
        \tannounce \(family) unicast
        \(place.opener == .us ? "\tpassive" : "")
        }
        """
    }

    package func start() async throws {
        process = try DaemonProcess(
            ["bgpd", "-d", "-v", "-f", file.path],
            in: place.namespace,
            log: log
        )
        try await waitUntil("OpenBGPD answers", telling: { self.story }) {
            _ = try ask("show")
            return true
        }
    }

    package func end() {
        process?.end()
        process = nil
    }

    @discardableResult
    private func ask(_ command: String, _ more: [String] = []) throws -> String {
        try Command.expect(
            ["bgpctl", "-s", socket] + command.split(separator: " ").map(String.init) + more
        )
    }

    package func isEstablished(_ address: String) throws -> Bool {
        try ask("show neighbor \(address)").contains("BGP state = Established")
    }

    package func routes() throws -> [SeenRoute] {
        try rows().map(Self.route).sorted()
    }

    private func rows() throws -> [[String: Any]] {
        let rows = try object("show rib detail")["rib"] as? [[String: Any]] ?? []
        // Its own networks stand there too.
        return rows.filter {
            $0["source"] as? String == "external" && $0["valid"] as? Bool == true
        }
    }

    private func object(_ command: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(try ask("-j \(command)").utf8))
        return value as? [String: Any] ?? [:]
    }

    package let announced = Plan.theirs(path: "65002 65002")

    package func withdraw() throws {
        try ask("network delete \(Plan.them.ipv4Route)")
        try ask("network delete \(Plan.them.ipv6Route)")
    }

    package func announce() throws { try ask("reload") }

    package func shutDown(_ text: String) throws {
        try ask("neighbor us4 down", [text])
    }

    package func enable() throws { try ask("neighbor us4 up") }

    package func hurry() throws {
        try ask("neighbor us4 up")
        try ask("neighbor us6 up")
    }

    package func hasHeard(_ text: String) throws -> Bool {
        try ask("show neighbor us4").contains("Last received shutdown reason: \"\(text)\"")
    }

    package func shutdownsHeard() throws -> Int {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").count {
            $0.contains("(us4): received notification: Cease, administratively down")
        }
    }

    package var story: String { process?.lastWords ?? "" }

    private static func route(_ row: [String: Any]) -> SeenRoute {
        SeenRoute(
            prefix: row["prefix"] as? String ?? "",
            nextHop: row["exit_nexthop"] as? String ?? "",
            asPath: row["aspath"] as? String ?? "",
            origin: row["origin"] as? String ?? "",
            // It tells no MED as 0.
            med: row["metric"] as? Int == 0 ? nil : row["metric"] as? Int,
            communities: row["communities"] as? [String] ?? [],
            largeCommunities: row["large_communities"] as? [String] ?? [],
            extendedCommunities: row["extended_communities"] as? [String] ?? []
        )
    }
}
