package import Addressing

/// What rows of a routing table must satisfy: all conditions must hold.
package struct RIBFilter: Hashable, Sendable {
    package var conditions: [Condition] = []

    /// Rows that satisfy each of the tests, and none of those in `not`.
    package init(_ tests: [Test] = [], not others: [Test] = []) {
        conditions =
            tests.map { Condition(test: $0, isNegated: false) }
            + others.map { Condition(test: $0, isNegated: true) }
    }

    /// True where every row passes.
    package var isEmpty: Bool { conditions.isEmpty }

    /// The first test that must hold of which `value` takes something.
    package func first<Value>(_ value: (Test) -> Value?) -> Value? {
        for condition in conditions where !condition.isNegated {
            if let found = value(condition.test) { return found }
        }
        return nil
    }

    /// Which prefixes are looked for, where the filter says so.
    package var prefix: PrefixMatch? {
        first { if case .prefix(let match) = $0 { match } else { nil } }
    }

    /// Whose paths are looked for, where the filter says so.
    package var neighbor: NeighborSelector? {
        first { if case .neighbor(let selector) = $0 { selector } else { nil } }
    }

    /// The only family that can pass, where the filter says so.
    package var family: AddressFamily? {
        first { if case .family(let family) = $0 { family } else { nil } }
    }

    /// A test and whether it must hold or must not.
    package struct Condition: Hashable, Sendable {
        package var test: Test
        package var isNegated: Bool

        package init(test: Test, isNegated: Bool) {
            self.test = test
            self.isNegated = isNegated
        }
    }

    /// One thing that a row is or is not.
    package enum Test: Hashable, Sendable {
        case family(AddressFamily)
        case prefix(PrefixMatch)
        case neighbor(NeighborSelector)
        case asPath(ASMatch)
        case pathPattern(ASPathPattern)
        case originValidation(OriginValidation)
        case nextHop(IPAddress)
        case community(CommunityPattern)
        /// Selected.
        case best
        /// Refused by policy.
        case refused
        /// Not eligible.
        case disqualified
        /// The path's customers and providers go with that (ASPA).
        case pathValidation(PathValidation)
        /// Leaked by RFC 9234.
        case leaked
        /// Treated as withdrawn (RFC 7606).
        case malformed
        /// With that path identifier (RFC 7911).
        case pathID(UInt32)
    }

    package enum PrefixMatch: Hashable, Sendable {
        case exact(IPPrefix)
        /// The prefix itself and those inside it.
        case orLonger(IPPrefix)
        /// The prefix itself and those that cover it.
        case orShorter(IPPrefix)
        /// The longest prefix that holds the address and has a route that passes.
        case longest(IPAddress)
    }

    package enum ASMatch: Hashable, Sendable {
        case anywhere(ASNumber)
        case peer(ASNumber)
        case source(ASNumber)
        case transit(ASNumber)
        case emptyPath
    }

    /// Communities, one of which must fit; nil stands for `*`.
    package enum CommunityPattern: Hashable, Sendable {
        case standard(UInt16?, UInt16?)
        case large(UInt32?, UInt32?, UInt32?)
        /// As it is printed: the subtype's word, and the value with `*` for any number of it.
        case extended(subtype: String?, value: String?)
    }
}
