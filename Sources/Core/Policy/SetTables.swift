import Addressing
import RPKI

/// The named sets of a configuration as tables for evaluation: made once, shared by the filters of all neighbors.
package struct SetTables: Sendable {
    let prefixes: [PrefixTable]
    let origins: [VRPTable]
    let autonomousSystems: [[UInt32]]
    private let prefixPlaces: [String: Int]
    private let originPlaces: [String: Int]
    private let asPlaces: [String: Int]

    /// Makes the tables; behind those of each kind stands an empty one, for a name that is not there.
    package init(_ sets: PolicySets) {
        prefixes = sets.prefixSets.map { PrefixTable($0.members) } + [PrefixTable([])]
        origins = sets.originSets.map(\.members) + [VRPTable()]
        autonomousSystems = sets.asSets.map { $0.members.map(\.value).sorted() } + [[]]
        prefixPlaces = Self.places(sets.prefixSets.map(\.name))
        originPlaces = Self.places(sets.originSets.map(\.name))
        asPlaces = Self.places(sets.asSets.map(\.name))
    }

    func prefixTable(_ name: String) -> Int { prefixPlaces[name] ?? prefixes.count - 1 }

    func originTable(_ name: String) -> Int { originPlaces[name] ?? origins.count - 1 }

    func asTable(_ name: String) -> Int { asPlaces[name] ?? autonomousSystems.count - 1 }

    private static func places(_ names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
