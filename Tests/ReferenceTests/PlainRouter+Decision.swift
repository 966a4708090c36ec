import Addressing

/// The decision (D1).
extension PlainRouter {
    /// The paths of a prefix, and how they stand to one another.
    struct Entry {
        var paths: [Path]
        /// Those that take part, from the best to the worst.
        var ranking: [Path]
        /// The as-wide-best set, the best path in it.
        var wide: Set<Path>

        var best: Path? { ranking.first }

        /// The ECMP set, the best path in it.
        var equalCost: Set<Path> {
            wide.filter { $0.filtered.weight == best?.filtered.weight }
        }
    }

    func decide(_ paths: [Path]) -> Entry {
        let candidates = paths.filter(\.isEligible)
        // The best one, then the best one without that, and so on.
        var ranking: [Path] = []
        var rest = candidates
        while let best = withoutMED(rest).min(by: { Self.isLess(end($0), end($1)) }) {
            ranking.append(best)
            rest.removeAll { $0 == best }
        }
        let wide = withoutMED(candidates).filter {
            isInternal($0) == ranking.first.map(isInternal)
        }
        return Entry(paths: paths, ranking: ranking, wide: Set(wide))
    }

    /// The paths that are left after MED.
    private func withoutMED(_ candidates: [Path]) -> [Path] {
        let preferred = candidates.filter { path in
            candidates.allSatisfy { !Self.isLess(start($0), start(path)) }
        }
        return preferred.filter { path in
            !preferred.contains {
                neighborAS($0) == neighborAS(path)
                    && ($0.attributes.med ?? 0) < (path.attributes.med ?? 0)
            }
        }
    }

    private func isInternal(_ path: Path) -> Bool {
        path.neighbor.map { neighbors[$0].isInternal } ?? true
    }

    /// The steps before MED, the smaller the better.
    private func start(_ path: Path) -> [Int64] {
        [
            -Int64(path.attributes.localPreference ?? 100), Int64(path.attributes.path.length),
            Int64(path.attributes.origin),
        ]
    }

    /// The AS within which MED counts.
    private func neighborAS(_ path: Path) -> UInt32 {
        policy.comparesMEDAlways ? 0 : path.attributes.path.first ?? Self.ownAS
    }

    /// The steps after MED.
    private func end(_ path: Path) -> [Int64] {
        let neighbor = path.neighbor.map { neighbors[$0] }
        return [
            isInternal(path) ? 1 : 0,
            -Int64(path.filtered.weight),
            Int64(path.attributes.originator ?? neighbor?.identifier ?? Self.identifier),
            Int64(path.attributes.clusters.count),
            Int64(neighbor?.address.ipv4Bits ?? 0),
            Int64(path.pathID ?? 0),
        ]
    }

    private static func isLess(_ left: [Int64], _ right: [Int64]) -> Bool {
        left.lexicographicallyPrecedes(right)
    }
}
