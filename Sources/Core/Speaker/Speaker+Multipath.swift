import Addressing
import Attributes
import Configuration
import KernelRoutes
import Routing

/// Kernel routes over several paths (`fib-multipath`).
extension Speaker {
    /// Wants a kernel route over the next hops of the ECMP set, the best path's first, at most as many paths as
    /// are configured; `best` is the best path's set.
    func wantMultipath(
        _ prefix: IPPrefix,
        _ id: PrefixID,
        _ family: AddressFamily,
        beside best: NextHopSetID
    ) {
        let paths = routing.ties(of: id, family).filter(\.isEqualCost)
            .prefix(Int(configuration.fibMultipath))
        guard paths.count > 1 else { return kernel.want(prefix, best) }
        var nextHops: [KernelNextHop] = []
        for tie in paths {
            for hop in self.nextHops(of: tie.path) where !nextHops.contains(hop) {
                nextHops.append(hop)
            }
        }
        let set = kernel.intern(NextHopSet(nextHops))
        kernel.want(prefix, set)
        kernel.release(set)
    }

    /// The kernel's next hops of a path that it forwards; none for an own network or one that drops packets.
    private func nextHops(of path: PathView) -> [KernelNextHop] {
        let facts = routing.attributes.facts(path.effective)
        let number = Int(facts.nextHop.row)
        guard path.neighbor != .local,
            facts.marks.options.isDisjoint(with: [.blackhole, .reject]),
            number < kernelSets.count, let set = kernelSets[number].set
        else { return [] }
        return kernel.nextHopSet(set).nextHops
    }

    /// Follows another `fib-multipath` of a reload.
    func followMultipath(_ before: UInt8) {
        guard let kernelListener, configuration.fibMultipath != before else { return }
        routing.setFollowsPaths(kernelListener, configuration.fibMultipath > 1)
        routing.markAll(for: kernelListener)
    }
}
