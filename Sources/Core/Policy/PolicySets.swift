package import Addressing
package import RPKI

/// A `prefix-set`.
package struct PrefixSet: Hashable, Sendable {
    package var place: SourcePlace
    package var name: String
    /// The members, sorted, without duplicates.
    package var members: [PrefixRange]
    /// True where a member carries an operator, also one that changes nothing.
    package var hasOperators: Bool

    package init(place: SourcePlace, name: String, members: [PrefixRange], hasOperators: Bool) {
        self.place = place
        self.name = name
        self.members = members
        self.hasOperators = hasOperators
    }
}

/// An `as-set`.
package struct ASSet: Hashable, Sendable {
    package var place: SourcePlace
    package var name: String
    /// The members in the order of writing, without duplicates.
    package var members: [ASNumber]

    package init(place: SourcePlace, name: String, members: [ASNumber]) {
        self.place = place
        self.name = name
        self.members = members
    }
}

/// An `origin-set`: prefixes with their origins, used as if they were ROAs.
package struct OriginSet: Equatable, Sendable {
    package var place: SourcePlace
    package var name: String
    package var members: VRPTable

    package init(place: SourcePlace, name: String, members: VRPTable) {
        self.place = place
        self.name = name
        self.members = members
    }
}

/// All named sets of a configuration, each kind in the order of definition.
package struct PolicySets: Equatable, Sendable {
    package var prefixSets: [PrefixSet] = []
    package var asSets: [ASSet] = []
    package var originSets: [OriginSet] = []

    package init() {}

    /// The prefix-set of that name.
    package func prefixSet(named name: String) -> PrefixSet? {
        prefixSets.first { $0.name == name }
    }

    /// The as-set of that name.
    package func asSet(named name: String) -> ASSet? {
        asSets.first { $0.name == name }
    }

    /// The origin-set of that name.
    package func originSet(named name: String) -> OriginSet? {
        originSets.first { $0.name == name }
    }
}
