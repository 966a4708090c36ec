package import Addressing
import KernelRoutes
import Timekeeping

/// What breaks, when, and when it is mended: a value, so that a storm can be looked at, cut shorter and run again.
package struct Storm: Hashable, Sendable {
    /// Something that breaks, and its mending where it does not mend itself.
    package struct Break: Hashable, Sendable {
        /// How long after the storm's beginning.
        package var after: Duration
        package var fault: Fault
        package var mending: Step?

        package init(after: Duration, _ fault: Fault, mending: Step? = nil) {
            self.after = after
            self.fault = fault
            self.mending = mending
        }
    }

    /// A fault and how long after the storm's beginning it happens.
    package struct Step: Hashable, Sendable {
        package var after: Duration
        package var fault: Fault

        package init(after: Duration, _ fault: Fault) {
            self.after = after
            self.fault = fault
        }
    }

    /// In the order of drawing.
    package var breaks: [Break]

    package init(breaks: [Break]) {
        self.breaks = breaks
    }

    /// Everything that happens, in the order of time.
    package var steps: [Step] {
        let steps = breaks.flatMap { item in
            [Step(after: item.after, item.fault)] + (item.mending.map { [$0] } ?? [])
        }
        return steps.enumerated().sorted {
            ($0.element.after, $0.offset) < ($1.element.after, $1.offset)
        }.map(\.element)
    }

    /// What a random storm is made of.
    package enum Kind: CaseIterable, Hashable, Sendable {
        case cut, silence, reset, interface, replug, freeze, crash, powerLoss
        case clear, shutdown, refresh, reload, stop
        case routeDeleted, routeReplaced, stray, overrun, torn, lost, refusal
    }

    /// A storm over the network that breaks `count` things within `duration`, and mends each within half a minute.
    ///
    /// What is broken twice at once is broken once: the first mending ends it.
    package static func random(
        over plan: NetworkPlan,
        kinds: [Kind] = Kind.allCases,
        count: Int,
        within duration: Duration,
        prefixes: [IPPrefix],
        from random: inout RandomSource
    ) -> Storm {
        Storm(
            breaks: (0..<count).map { _ in
                let start = random.duration(in: .zero...duration)
                let end = start + random.duration(in: .milliseconds(1) ... .seconds(30))
                let kind = kinds[random.number(in: 0..<kinds.count)]
                let (fault, mending) = fault(kind, in: plan, prefixes, &random)
                return Break(
                    after: start,
                    fault,
                    mending: mending.map { Step(after: end, $0) }
                )
            }
        )
    }

    private static func fault(
        _ kind: Kind,
        in plan: NetworkPlan,
        _ prefixes: [IPPrefix],
        _ random: inout RandomSource
    ) -> (Fault, mending: Fault?) {
        let place = random.number(in: 0..<plan.machines.count)
        let machine = MachineNumber(place)
        let links = plan.links.indices.filter {
            plan.links[$0].first == place || plan.links[$0].second == place
        }
        let link = LinkNumber(links[random.number(in: 0..<links.count)])
        let prefix = prefixes[random.number(in: 0..<prefixes.count)]
        switch kind {
        case .cut: return (.linkDown(link), .linkUp(link))
        case .silence: return (.silence(link, from: machine), .silenceEnds(link))
        case .reset: return (.resetConnections(link), nil)
        case .interface: return (.interfaceDown(machine, link), .interfaceUp(machine, link))
        case .replug: return (.interfaceGone(machine, link), .interfaceBack(machine, link))
        case .freeze:
            return (.freeze(machine, milliseconds: random.number(in: 1..<15_000)), nil)
        case .crash: return (.crash(machine), .restart(machine))
        case .powerLoss: return (.powerLoss(machine), .restart(machine))
        case .clear: return (.clear(machine), nil)
        case .shutdown: return (.shutDown(machine), .bringUp(machine))
        case .refresh: return (.refresh(machine), nil)
        case .reload:
            let variants = ConfigurationVariant.allCases
            let variant = variants[random.number(in: 0..<variants.count)]
            return (.reload(machine, variant), .reload(machine, .original))
        case .stop: return (.stop(machine), .restart(machine))
        case .routeDeleted: return (.kernelRouteDeleted(machine, prefix), nil)
        case .routeReplaced:
            let route = KernelRoute(
                prefix: prefix,
                protocolNumber: 4,
                metric: 186,
                nextHopSet: .unreachable
            )
            let mending = Fault.foreignRouteDeleted(machine, prefix, protocolNumber: 4)
            return (.kernelRoutePut(machine, route), mending)
        case .stray:
            let route = KernelRoute(
                prefix: IPPrefix(ipv4: 0xC633_6400 + UInt32(random.number(in: 0..<8)), length: 32),
                protocolNumber: 186,
                metric: 186,
                nextHopSet: .blackhole
            )
            return (.kernelRoutePut(machine, route), nil)
        case .overrun: return (.kernelOverrun(machine), nil)
        case .torn: return (.kernelReadingTorn(machine), nil)
        case .lost: return (.kernelAnswersLost(machine), nil)
        case .refusal:
            let refusal = KernelRefusal(errno: 28, text: "No space left on device")
            return (
                .kernelRefuses(machine, prefix, refusal), .kernelRefuses(machine, prefix, nil)
            )
        }
    }
}

extension Simulation {
    /// Lets a storm pass over the network, and ends when its last step is done.
    package func run(_ storm: Storm) {
        let start = now
        for step in storm.steps {
            run(until: start + step.after)
            apply(step.fault)
        }
    }
}
