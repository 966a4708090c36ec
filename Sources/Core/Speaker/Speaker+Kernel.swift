import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
package import KernelRoutes
import Routing
import Timekeeping

/// The kernel's side: best routes that are wanted there, next hops that it resolves, and its end.
extension Speaker {
    // MARK: What the driver carries to and fro

    /// Takes what the kernel thread has heard.
    package func kernelEvents(_ events: [KernelEvent]) {
        for event in events { kernel.handle(event, now: now) }
        if restart == .awaitingKernel, kernel.counts.dumps > 0 { beginRestart() }
        kernelGeneration &+= UInt64(events.count)
        followKernel()
    }

    /// The next changes for the kernel, at most `limit`.
    package func takeKernelChanges(limit: Int, into changes: inout [KernelChange]) {
        let before = changes.count
        kernel.takeChanges(limit: limit, into: &changes)
        ratesKernel.count(changes.count - before)
    }

    /// The reading of the kernel's tables that is to be asked for now, if any.
    package func takeKernelDump() -> KernelDump? {
        kernel.takeRequestedDump(now: now)
    }

    /// Resolves again what the kernel's change concerns, and tells what is worth a line.
    func followKernel() {
        for (nextHop, resolution) in kernel.takeChangedNextHops() {
            for id in sharedNextHops.sharing(nextHop) {
                setKernelSet(of: id, resolution)
                routing.setNextHop(id, state(of: id, nextHop, resolution))
            }
        }
        if exportAddresses != kernel.addresses {
            exportAddresses = kernel.addresses
            reviewNextHops()
        }
        for report in kernel.takeReports() { tell(report) }
        followInterfaces()
    }

    /// Starts and ends the sessions that depend on an interface's link.
    private func followInterfaces() {
        for neighbor in neighbors.all where !neighbor.isTemplate {
            guard let name = neighbor.configuration.dependsOn,
                hasLink(name) != neighbor.hasInterface
            else { continue }
            neighbor.hasInterface.toggle()
            let isBack = neighbor.hasInterface
            act(on: neighbor) { session, now, actions in
                if isBack {
                    session.interfaceReturned(now: now, into: &actions)
                } else {
                    session.interfaceLost(name, now: now, into: &actions)
                }
            }
        }
    }

    /// True where the kernel says that packets can leave through that interface.
    func hasLink(_ name: String) -> Bool {
        kernel.interfaces.contains { $0.name == name && $0.isUsable }
    }

    // MARK: Next hops

    /// Follows next hops that attribute sets have begun to use, before their routes are announced.
    func followNextHops() {
        while routing.attributes.nextHops.hasNews, let news = routing.attributes.nextHops.takeNews()
        {
            switch news {
            case .appeared(let id, let nextHop):
                let tracked = track(nextHop)
                sharedNextHops.add(id, sharing: tracked)
                let resolution = kernel.watch(tracked)
                setKernelSet(of: id, resolution)
                routing.attributes.nextHops.resolve(id, state(of: id, tracked, resolution))
            case .vanished(let id):
                guard let tracked = sharedNextHops.remove(id) else { continue }
                kernel.unwatch(tracked)
                setKernelSet(of: id, .unreachable)
            }
        }
    }

    /// A link-local next hop means something on one interface alone: the one towards the neighbor that is there.
    private func track(_ nextHop: NextHop) -> TrackedNextHop {
        guard nextHop.address.isLinkLocal else { return TrackedNextHop(nextHop.address) }
        let scope = neighbors[nextHop.address].first?.configuration.scope
        let interface = kernel.interfaces.first { $0.name == scope }
        return TrackedNextHop(nextHop.address, interface: interface?.index ?? 0)
    }

    /// What the decision needs to know; the version makes prefixes follow a way that differs in a later next hop.
    private func state(
        of id: NextHopID,
        _ nextHop: TrackedNextHop,
        _ resolution: NextHopResolution
    ) -> NextHopState {
        guard case .reachable(let way) = resolution else {
            return NextHopState(isReachable: false, gateway: nextHop.address)
        }
        let number = Int(id.row)
        return NextHopState(
            isReachable: true,
            gateway: way.nextHops.first?.gateway ?? nextHop.address,
            interface: way.nextHops.first?.interface ?? 0,
            metric: way.metric,
            version: number < kernelSets.count ? kernelSets[number].version : 0
        )
    }

    // MARK: Routes that are wanted

    /// Tells the kernel's table of at most `units` changed best paths; true where more is left.
    func exportToKernel(units: Int) -> Bool {
        guard phase == .running, restart == .none, let kernelListener else { return false }
        let blackhole = kernel.intern(.blackhole)
        let unreachable = kernel.intern(.unreachable)
        var left = units
        for family in AddressFamily.allCases {
            while left > 0, let id = routing.takeChange(family, for: kernelListener) {
                left -= 1
                let prefix = routing.prefix(id, family)
                let set = routing.best(id, family).flatMap {
                    kernelSet(of: $0, blackhole: blackhole, unreachable: unreachable)
                }
                if let set, set != blackhole, set != unreachable, configuration.fibMultipath > 1 {
                    wantMultipath(prefix, id, family, beside: set)
                } else if let set {
                    kernel.want(prefix, set)
                } else {
                    kernel.unwant(prefix)
                }
            }
        }
        kernel.release(blackhole)
        kernel.release(unreachable)
        return left == 0
    }

    /// Where the kernel is to send packets of a route; nil for own networks.
    private func kernelSet(
        of path: PathView,
        blackhole: NextHopSetID,
        unreachable: NextHopSetID
    ) -> NextHopSetID? {
        guard path.neighbor != .local else { return nil }
        let facts = routing.attributes.facts(path.effective)
        if facts.marks.options.contains(.blackhole) { return blackhole }
        if facts.marks.options.contains(.reject) { return unreachable }
        let number = Int(facts.nextHop.row)
        return number < kernelSets.count ? kernelSets[number].set : nil
    }

    /// Keeps the kernel's next hop set of a next hop, so that routes need not ask for it one by one.
    private func setKernelSet(of id: NextHopID, _ resolution: NextHopResolution) {
        guard kernelListener != nil else { return }
        let number = Int(id.row)
        while kernelSets.count <= number { kernelSets.append(KernelSet()) }
        let old = kernelSets[number].set
        var new: NextHopSetID?
        if case .reachable(let way) = resolution { new = kernel.intern(NextHopSet(way.nextHops)) }
        // Only now: a number that is free could be the new one's.
        if let old { kernel.release(old) }
        if new != old { kernelSets[number].version &+= 1 }
        kernelSets[number].set = new
    }

    // MARK: First convergence

    /// True once every neighbor that is wanted has sent all it has, or has been waited for long enough.
    private var hasConverged: Bool {
        let waited = now - startedAt
        if waited > .seconds(120) { return true }
        // Who is still to come of a template's neighbors, nobody knows.
        guard neighbors.templates.allSatisfy({ $0.shutdownText != nil }) else { return false }
        return neighbors.all.allSatisfy { neighbor in
            if neighbor.shutdownText != nil { return true }
            guard let negotiated = neighbor.session.negotiated,
                neighbor.session.state == .established,
                let since = neighbor.session.statistics.lastUpDown
            else { return false }
            // A peer without the marker is given half a minute.
            return neighbor.familiesComplete.isSuperset(of: negotiated.families)
                || now - since > .seconds(30)
        }
    }

    /// Lets strays be swept after the first convergence.
    func watchConvergence() {
        guard !isConverged, phase == .running, restart == .none, hasConverged else { return }
        // What is wanted and not told yet is no stray; where routes never come to rest, that is not waited for.
        if let kernelListener, now - startedAt < .seconds(300),
            AddressFamily.allCases.contains(where: {
                routing.changeCount($0, for: kernelListener) > 0
            })
        {
            return
        }
        isConverged = true
        kernel.firstConvergenceReached()
    }

    // MARK: The end

    /// Ends gracefully: every neighbor is told, own kernel routes are withdrawn; `stopped` follows.
    ///
    /// With `fib persist` the routes stay, and neighbors that keep ours meanwhile are not told.
    package func stop() {
        guard phase == .running else { return }
        phase = .stopping
        tellAllRepeated()
        report(.operation("the speaker stops"), of: nil)
        for neighbor in neighbors.all where !neighbor.isTemplate {
            act(on: neighbor) { session, now, actions in
                session.speakerStops(text: "", now: now, into: &actions)
            }
        }
        if keepsKernelRoutes {
            let left = NumberText.counted(kernel.counts.ours, "route")
            report(.notice("kernel: \(left) left in place (fib persist)"), of: nil)
        } else {
            kernel.withdrawAll()
        }
        stopProgress = (now, -1)
        finishStop()
    }

    /// Says `stopped` once the kernel has confirmed everything, or has said nothing for ten seconds.
    func finishStop() {
        guard phase == .stopping else { return }
        let withdrawal = kernel.isProgramming ? kernel.withdrawal : nil
        if let withdrawal, !withdrawal.isFinished {
            if withdrawal.done != stopProgress.done { stopProgress = (now, withdrawal.done) }
            if now - stopProgress.since < .seconds(10) { return }
        }
        if let withdrawal {
            report(
                .notice("kernel: \(withdrawal.done) of \(withdrawal.total) routes withdrawn"),
                of: nil
            )
        }
        phase = .stopped
        effects.append(.stopped(withdrawal))
    }
}

/// Where the kernel is to send packets for a next hop of ours.
struct KernelSet {
    /// Nil where it is not reachable; holds a reference.
    var set: NextHopSetID?
    /// How often it has become another one.
    var version: UInt32 = 0
}
