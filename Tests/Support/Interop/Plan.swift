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

    /// A third speaker, of ours, whose routes we pass on to the daemon.
    package static let feeder = Side(
        ipv4: "10.9.1.3",
        ipv6: "2001:db8:91::3",
        autonomousSystem: 65003,
        ipv4Route: "203.0.113.0/24",
        ipv6Route: "2001:db8:3::/48"
    )
    /// Our addresses on the link to it.
    package static let towardsFeeder = ["10.9.1.1", "2001:db8:91::1"]

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
        ///   - origin: The origin.
        ///   - med: The MED.
        ///   - sender: Who is the next hop, where it is another.
        /// - Returns: The two routes, sorted.
        func routes(
            path: String,
            origin: String = "IGP",
            med: Int?,
            from sender: Side? = nil
        ) -> [SeenRoute] {
            let sender = sender ?? self
            return [(ipv4Route, sender.ipv4), (ipv6Route, sender.ipv6)].map { prefix, nextHop in
                SeenRoute(
                    prefix: prefix,
                    nextHop: nextHop,
                    asPath: path,
                    origin: origin,
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
    ///
    /// - Parameters:
    ///   - opener: Who opens the connections.
    ///   - more: Lines for the IPv4 neighbor.
    /// - Returns: The text.
    package static func configuration(_ opener: Opener, _ more: String = "") -> String {
        let passive = opener == .them ? "\tpassive\n" : ""
        return """
            AS \(us.autonomousSystem)
            router-id \(us.ipv4)
            \(networks(of: us))
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
            neighbor \(feeder.ipv4) {
            \tdescr "feeder"
            \tremote-as \(feeder.autonomousSystem)
            \tconnect-retry 1
            \tannounce IPv4 unicast
            \tannounce IPv6 unicast
            }
            allow from any
            allow to any
            match to any set prepend-self 2

            """
    }

    /// The configuration of the feeder, without sockets: one session for both families.
    package static var feederConfiguration: String {
        """
        AS \(feeder.autonomousSystem)
        router-id \(feeder.ipv4)
        \(networks(of: feeder))
        neighbor \(towardsFeeder[0]) {
        \tdescr "us"
        \tremote-as \(us.autonomousSystem)
        \tconnect-retry 1
        \tannounce IPv4 unicast
        \tannounce IPv6 unicast
        }
        allow from any
        allow to any

        """
    }

    private static func networks(of side: Side) -> String {
        [side.ipv4Route, side.ipv6Route].map {
            """
            network \($0) set {
            \tmetric 50
            \tcommunity \(side.autonomousSystem):100
            \tlarge-community \(side.autonomousSystem):1:1
            \text-community rt \(side.autonomousSystem):7
            }
            """
        }.joined(separator: "\n")
    }

    /// The routes of our own that the daemon must hear from us.
    package static var ours: [SeenRoute] { us.routes(path: "65001 65001 65001", med: 50) }

    /// The feeder's routes as the daemon must hear them from us: its MED was for us alone.
    package static var passedOn: [SeenRoute] {
        feeder.routes(path: "65001 65001 65001 65003", med: nil, from: us)
    }

    /// The routes that we must hear from the daemon.
    ///
    /// - Parameter path: The AS path on the wire.
    /// - Returns: The two routes, sorted.
    static func theirs(path: String) -> [SeenRoute] {
        them.routes(path: path, origin: "EGP", med: 70)
    }
}
