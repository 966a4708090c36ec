package import Addressing
import Policy

/// What becomes of a running configuration when another one takes its place.
package struct ConfigurationDifference: Sendable {
    /// Settings that differ and that only a restart can change, as the file names them.
    package var needsRestart: [String] = []
    /// Neighbors and templates that are gone, as they were.
    package var removed: [NeighborConfiguration] = []
    /// Neighbors and templates that are new.
    package var added: [NeighborConfiguration] = []
    /// Own networks that are gone or different, and those that take their place.
    package var networksRemoved: [IPPrefix] = []
    package var networksAdded: [NetworkStatement] = []
    /// The sets that rules name differ.
    package var setsDiffer = false
    /// The ROAs differ: every origin is validated again.
    package var roasDiffer = false
    /// The ASPAs differ: paths from neighbors towards which we have a role are verified again.
    package var aspasDiffer = false

    /// Compares the running configuration with the one that is to take its place.
    package init(from old: Configuration, to new: Configuration) {
        needsRestart = Self.fixedSettings.filter { !$0.isSame(old, new) }.map(\.name)
        let oldPlaces = Set(old.neighbors.map(\.identity))
        let newPlaces = Set(new.neighbors.map(\.identity))
        removed = old.neighbors.filter { !newPlaces.contains($0.identity) }
        added = new.neighbors.filter { !oldPlaces.contains($0.identity) }
        let before = Set(old.networks)
        let kept = Set(new.networks.map(\.prefix))
        networksRemoved = old.networks.map(\.prefix).filter { !kept.contains($0) }
        networksAdded = new.networks.filter { !before.contains($0) }
        setsDiffer = old.filter.sets != new.filter.sets
        roasDiffer = old.roaTable != new.roaTable
        aspasDiffer = old.aspaTable != new.aspaTable
    }

    private struct FixedSetting {
        var name: String
        var isSame: @Sendable (Configuration, Configuration) -> Bool
    }

    /// What sockets, the kernel's marks and our identity are made of.
    private static let fixedSettings: [FixedSetting] = [
        FixedSetting(name: "AS") { $0.localAS == $1.localAS && $0.shortAS == $1.shortAS },
        FixedSetting(name: "router-id") { $0.routerID == $1.routerID },
        FixedSetting(name: "route-reflector") { $0.clusterID == $1.clusterID },
        FixedSetting(name: "listen on") { $0.listeners == $1.listeners },
        FixedSetting(name: "socket") { $0.sockets == $1.sockets },
        FixedSetting(name: "fib-update") { $0.fibUpdate == $1.fibUpdate },
        FixedSetting(name: "fib persist") { $0.fibPersist == $1.fibPersist },
        FixedSetting(name: "fib-priority") { $0.fibPriority == $1.fibPriority },
        FixedSetting(name: "fib-metric") { $0.fibMetric == $1.fibMetric },
        FixedSetting(name: "nexthop qualify via") {
            $0.nextHopViaBGP == $1.nextHopViaBGP && $0.nextHopViaDefault == $1.nextHopViaDefault
        },
    ]
}
