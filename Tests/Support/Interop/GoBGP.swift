import Foundation

/// GoBGP 3.
package final class GoBGP: BGPDaemon {
    package static let name = "GoBGP"
    package static let programs = ["gobgpd", "gobgp"]

    private let place: Plan.Place
    private var process: DaemonProcess?

    package init(_ place: Plan.Place) throws {
        self.place = place
        try configuration.write(to: file, atomically: true, encoding: .utf8)
    }

    private var file: URL { place.folder.appending(path: "gobgpd.toml") }

    private var log: URL { place.folder.appending(path: "gobgpd.log") }

    private var configuration: String {
        """
        [global.config]
          as = \(Plan.them.autonomousSystem)
          router-id = "\(Plan.them.ipv4)"
        \(session(Plan.us.ipv4, "ipv4-unicast"))
        \(session(Plan.us.ipv6, "ipv6-unicast"))

        """
    }

    private func session(_ peer: String, _ family: String) -> String {
        """
        [[neighbors]]
          [neighbors.config]
            neighbor-address = "\(peer)"
            peer-as = \(Plan.us.autonomousSystem)
          [neighbors.timers.config]
            connect-retry = 1
            idle-hold-time-after-reset = 1
          [neighbors.transport.config]
            passive-mode = \(place.opener == .us)
          [[neighbors.afi-safis]]
            [neighbors.afi-safis.config]
              afi-safi-name = "\(family)"
        """
    }

    package func start() async throws {
        process = try DaemonProcess(
            ["gobgpd", "-f", file.path, "--api-hosts=127.0.0.1:50051"],
            in: place.namespace,
            log: log
        )
        try await waitUntil("GoBGP answers", telling: { self.story }) {
            _ = try ask("global")
            return true
        }
        try announce()
    }

    private func add(_ prefix: String, _ nextHop: String, _ family: String) throws {
        try ask(
            "global rib -a \(family) add \(prefix) origin egp med 70 community 65002:100 "
                + "large-community 65002:1:1 rt 65002:7 nexthop \(nextHop) aspath 65010 "
                + "aggregator 65010:10.9.0.9"
        )
    }

    package func end() {
        process?.end()
        process = nil
    }

    @discardableResult
    private func ask(_ command: String, _ more: [String] = []) throws -> String {
        try Command.expect(
            ["gobgp"] + command.split(separator: " ").map(String.init) + more,
            in: place.namespace
        )
    }

    package func isEstablished(_ address: String) throws -> Bool {
        try ask("neighbor \(address)").contains("BGP state = ESTABLISHED")
    }

    package func routes() throws -> [SeenRoute] {
        try ["ipv4", "ipv6"].flatMap { family in
            let text = try ask("global rib -a \(family) -j")
            let table = try JSONSerialization.jsonObject(with: Data(text.utf8))
            return (table as? [String: [[String: Any]]] ?? [:]).flatMap { prefix, paths in
                paths.filter { Plan.us.addresses.contains($0["neighbor-ip"] as? String ?? "") }
                    .map { Self.route(prefix, $0["attrs"] as? [[String: Any]] ?? []) }
            }
        }.sorted()
    }

    package let announced = Plan.theirs(path: "65002 65010").map {
        var route = $0
        route.aggregator = "65010 10.9.0.9"
        return route
    }

    package func withdraw() throws {
        try ask("global rib -a ipv4 del \(Plan.them.ipv4Route)")
        try ask("global rib -a ipv6 del \(Plan.them.ipv6Route)")
    }

    package func announce() throws {
        try add(Plan.them.ipv4Route, Plan.them.ipv4, "ipv4")
        try add(Plan.them.ipv6Route, Plan.them.ipv6, "ipv6")
    }

    /// Two commands: `disable` takes a reason and does not send it, and after `shutdown` alone it
    /// comes up again by itself (3.10).
    package func shutDown(_ text: String) throws {
        try ask("neighbor \(Plan.us.ipv4) shutdown --reason", [text])
        try ask("neighbor \(Plan.us.ipv4) disable")
    }

    package func enable() throws { try ask("neighbor \(Plan.us.ipv4) enable") }

    package func hasHeard(_ text: String) throws -> Bool {
        try shutdowns().contains { $0["Communicated-Reason"] as? String == text }
    }

    package func shutdownsHeard() throws -> Int { try shutdowns().count }

    /// What its log says of them: no command of it tells.
    private func shutdowns() throws -> [[String: Any]] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.filter {
            $0["msg"] as? String == "received notification" && $0["Key"] as? String == Plan.us.ipv4
                && $0["Code"] as? Int == 6 && $0["Subcode"] as? Int == 2
        }
    }

    package var story: String { process?.lastWords ?? "" }

    private static func route(_ prefix: String, _ attributes: [[String: Any]]) -> SeenRoute {
        var route = SeenRoute(prefix: prefix, nextHop: "", asPath: "")
        for attribute in attributes {
            switch attribute["type"] as? Int {
            case 1:
                let origins = ["IGP", "EGP", "incomplete"]
                route.origin = origins[attribute["value"] as? Int ?? 0]
            case 2:
                let segments = attribute["as_paths"] as? [[String: Any]] ?? []
                route.asPath = segments.flatMap { $0["asns"] as? [Int] ?? [] }
                    .map(String.init).joined(separator: " ")
            case 3, 14: route.nextHop = attribute["nexthop"] as? String ?? ""
            case 4: route.med = attribute["metric"] as? Int
            case 8:
                route.communities = (attribute["communities"] as? [Int] ?? [])
                    .map { "\($0 >> 16):\($0 & 0xFFFF)" }.sorted()
            case 16:
                route.extendedCommunities = (attribute["value"] as? [[String: Any]] ?? [])
                    .map { "\($0["subtype"] as? Int == 2 ? "rt" : "?") \($0["value"] ?? "")" }
                    .sorted()
            case 32:
                route.largeCommunities = (attribute["value"] as? [[String: Int]] ?? []).map {
                    "\($0["ASN"] ?? 0):\($0["LocalData1"] ?? 0):\($0["LocalData2"] ?? 0)"
                }.sorted()
            default: break
            }
        }
        return route
    }
}
