package import Foundation

/// Addresses, AS numbers and routes of every test against another daemon.
package enum Plan {
    /// Our side of the link.
    package static let us = Side(
        ipv4: "10.9.0.1",
        ipv6: "2001:db8:9::1",
        autonomousSystem: 65001,
        ipv4Route: "192.0.2.0/24",
        ipv6Route: "2001:db8:1::/48"
    )
    /// The daemon's side.
    package static let them = Side(
        ipv4: "10.9.0.2",
        ipv6: "2001:db8:9::2",
        autonomousSystem: 65002,
        ipv4Route: "198.51.100.0/24",
        ipv6Route: "2001:db8:2::/48"
    )

    /// One end of the link.
    package struct Side: Sendable {
        package var ipv4: String
        package var ipv6: String
        package var autonomousSystem: Int
        package var ipv4Route: String
        package var ipv6Route: String

        /// The session's address at this end for each family.
        package var addresses: [String] { [ipv4, ipv6] }

        /// What the other end must hear: both routes with every attribute.
        ///
        /// - Parameters:
        ///   - path: The AS path on the wire.
        ///   - med: The MED.
        /// - Returns: The two routes.
        package func routes(path: String, med: Int) -> [SeenRoute] {
            [(ipv4Route, ipv4), (ipv6Route, ipv6)].map { prefix, nextHop in
                SeenRoute(
                    prefix: prefix,
                    nextHop: nextHop,
                    asPath: path,
                    med: med,
                    communities: ["\(autonomousSystem):100"],
                    largeCommunities: ["\(autonomousSystem):1:1"],
                    extendedCommunities: ["rt \(autonomousSystem):7"]
                )
            }.sorted()
        }
    }

    /// Who opens the connection.
    package enum Opener: Sendable, CaseIterable, CustomStringConvertible {
        case us
        case them

        package var description: String { self == .us ? "we connect" : "they connect" }
    }

    /// What the daemons of a test are given.
    package struct Place {
        package var namespace: Namespace
        /// For configuration, sockets and logs of the daemon.
        package var folder: URL
        package var opener: Opener

        package init(namespace: Namespace, folder: URL, opener: Opener) {
            self.namespace = namespace
            self.folder = folder
            self.opener = opener
        }
    }

    /// The configuration of our side, without sockets.
    package static func configuration(_ opener: Opener, _ more: String = "") -> String {
        let passive = opener == .them ? "\tpassive\n" : ""
        return """
            ASN = "\(us.autonomousSystem)"
            AS $ASN
            router-id \(us.ipv4)
            network \(us.ipv4Route) set {
            \tmetric 50
            \tcommunity $ASN:100
            \tlarge-community $ASN:1:1
            \text-community rt $ASN:7
            }
            network \(us.ipv6Route) set {
            \tmetric 50
            \tcommunity $ASN:100
            \tlarge-community $ASN:1:1
            \text-community rt $ASN:7
            }
            group "them" {
            \tremote-as \(them.autonomousSystem)
            \tconnect-retry 1
            \(passive)\tneighbor \(them.ipv4) {
            \t\tdescr "them4"
            \(more)
            \t}
            \tneighbor \(them.ipv6) {
            \t\tdescr "them6"
            \t\tannounce IPv6 unicast
            \t}
            }
            allow from any
            allow to any
            match to any set prepend-self 2

            """
    }

    /// The routes that the daemon must hear from us.
    package static var ours: [SeenRoute] { us.routes(path: "65001 65001 65001", med: 50) }
}
