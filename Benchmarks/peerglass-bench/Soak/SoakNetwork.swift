import Foundation

/// The namespaces of the soak: the daemon's, its neighbors', and that of the flaky ones behind links of their own.
enum SoakNetwork {
    static let daemon = "peerglass-soak-d"
    static let neighbors = "peerglass-soak-n"
    static let flaky = "peerglass-soak-f"

    static func make() {
        remove()
        for name in [daemon, neighbors, flaky] {
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        }
        join(neighbors, "n0", "d0")
        address("\(SoakNeighbor.daemon)/24", daemon, "d0")
        for role in SoakRole.players where role != .flaky {
            for neighbor in SoakNeighbor.all(role) {
                address("\(neighbor.address)/24", neighbors, "n0")
            }
        }
        makeFlakyLink()
        // Strangers and silent neighbors need no address each: the whole range is local there.
        ip("-n", neighbors, "route", "add", "local", "10.96.0.0/15", "dev", "lo")
        let hop = "\(SoakNeighbor(role: .crowd, number: 0).address)"
        ip("-n", daemon, "route", "add", "10.96.0.0/15", "via", hop)
    }

    static func remove() {
        for name in [daemon, neighbors, flaky] { ip("netns", "delete", name) }
    }

    static func namespace(of role: SoakRole) -> String { role == .flaky ? flaky : neighbors }

    /// How the flaky neighbors' link is lost.
    enum Death: CaseIterable {
        /// The far end is set down; the near one loses its carrier.
        case down
        /// Both ends are gone, with their addresses.
        case removed
    }

    static func kill(_ death: Death) {
        switch death {
        case .down: ip("-n", flaky, "link", "set", "f0", "down")
        case .removed: ip("-n", flaky, "link", "delete", "f0")
        }
    }

    static func revive(_ death: Death) {
        switch death {
        case .down: ip("-n", flaky, "link", "set", "f0", "up")
        case .removed: makeFlakyLink()
        }
    }

    private static func makeFlakyLink() {
        join(flaky, "f0", "d1")
        address("\(SoakNeighbor.flakyDaemon)/24", daemon, "d1")
        for neighbor in SoakNeighbor.all(.flaky) {
            address("\(neighbor.address)/24", flaky, "f0")
        }
    }

    private static func join(_ other: String, _ far: String, _ near: String) {
        ip("-n", other, "link", "add", far, "type", "veth", "peer", "name", near, "netns", daemon)
        ip("-n", other, "link", "set", far, "up")
        ip("-n", daemon, "link", "set", near, "up")
    }

    private static func address(_ text: String, _ namespace: String, _ link: String) {
        ip("-n", namespace, "address", "add", text, "dev", link)
    }

    private static func ip(_ words: String...) { Shell.output(of: ["ip"] + words) }
}
