/// A route as one side's own command line tells it, in a form that all sides share.
package struct SeenRoute: Equatable, Comparable, CustomStringConvertible {
    package var prefix: String
    package var nextHop: String
    /// AS numbers from the nearest to the origin, joined by blanks.
    package var asPath: String
    /// `IGP`, `EGP` or `incomplete`.
    package var origin: String
    package var med: Int?
    /// `65001:100`, sorted.
    package var communities: [String]
    /// `65001:1:1`, sorted.
    package var largeCommunities: [String]
    /// `rt 65001:7`, sorted.
    package var extendedCommunities: [String]
    /// `65010 10.9.0.9`.
    package var aggregator: String?
    package var isAtomic = false

    package init(
        prefix: String,
        nextHop: String,
        asPath: String,
        origin: String = "IGP",
        med: Int? = nil,
        communities: [String] = [],
        largeCommunities: [String] = [],
        extendedCommunities: [String] = []
    ) {
        self.prefix = prefix
        self.nextHop = nextHop
        self.asPath = asPath
        self.origin = origin
        self.med = med
        self.communities = communities.sorted()
        self.largeCommunities = largeCommunities.sorted()
        self.extendedCommunities = extendedCommunities.sorted()
    }

    package static func < (left: SeenRoute, right: SeenRoute) -> Bool {
        left.description < right.description
    }

    package var description: String {
        "\(prefix) via \(nextHop) path \(asPath) \(origin) med \(med.map(String.init) ?? "none") "
            + "\(communities) \(largeCommunities) \(extendedCommunities)"
            + (aggregator.map { " aggregator \($0)" } ?? "") + (isAtomic ? " atomic" : "")
    }
}
