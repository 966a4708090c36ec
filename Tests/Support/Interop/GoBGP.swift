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
          [neighbors.transport.config]
            passive-mode = \(place.opener == .us)
          [[neighbors.afi-safis]]
            [neighbors.afi-safis.config]
              afi-safi-name = "\(family)"
        """
    }

    package func start() throws {
        process = try DaemonProcess(
            ["gobgpd", "-f", file.path, "--api-hosts=127.0.0.1:50051"],
            in: place.namespace,
            log: place.folder.appending(path: "gobgpd.log")
        )
        try waitUntil("GoBGP answers", telling: { self.story }) {
            _ = try ask("global")
            return true
        }
        try add(Plan.them.ipv4Route, Plan.them.ipv4, "ipv4")
        try add(Plan.them.ipv6Route, Plan.them.ipv6, "ipv6")
    }

    private func add(_ prefix: String, _ nextHop: String, _ family: String) throws {
        try ask(
            "global rib -a \(family) add \(prefix) origin igp med 70 community 65002:100 "
                + "large-community 65002:1:1 rt 65002:7 nexthop \(nextHop) aspath 65010"
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
        try [("ipv4", Plan.us.ipv4Route), ("ipv6", Plan.us.ipv6Route)].flatMap { family, prefix in
            let text = try ask("global rib -a \(family) -j")
            let tables = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let paths = (tables as? [String: [[String: Any]]])?[prefix] ?? []
            return paths.map { Self.route(prefix, $0["attrs"] as? [[String: Any]] ?? []) }
        }.sorted()
    }

    package let announced = Plan.them.routes(path: "65002 65010", med: 70)

    package func withdraw() throws { try ask("global rib del \(Plan.them.ipv4Route)") }

    package func shutDown(_ text: String) throws {
        // `disable` takes a reason too and does not send it (3.10).
        try ask("neighbor \(Plan.us.ipv4) shutdown --reason", [text])
    }

    package func enable() throws {
        // After a shutdown it comes up by itself, in its own time.
    }

    package func hasHeard(_ text: String) throws -> Bool {
        let log = try String(
            contentsOf: place.folder.appending(path: "gobgpd.log"),
            encoding: .utf8
        )
        return log.contains("\"Communicated-Reason\":\"\(text)\"")
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
