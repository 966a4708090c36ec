package import Addressing

/// A network, its dials and its storm: everything that a run depends on, as a value.
package struct Scenario: Hashable, Sendable {
    package var name: ScenarioName
    package var plan: NetworkPlan
    package var dials: SimulationDials
    package var storm: Storm

    /// How long all sessions may take to be up again: idle hold times double from 30 s with every loss.
    package var patience = Duration.seconds(4000)

    package init(
        name: ScenarioName,
        plan: NetworkPlan,
        dials: SimulationDials,
        storm: Storm
    ) {
        self.name = name
        self.plan = plan
        self.dials = dials
        self.storm = storm
    }

    /// The scenario of that name; nil where the cut names what it does not have.
    package init?(_ name: ScenarioName) {
        switch name.kind {
        case .storm: self = .randomStorm(seed: name.seed)
        case .region: self = .randomInternet(name, of: 24)
        case .graph: self = .randomInternet(name, of: 200)
        }
        guard let cut = name.cut else { return }
        guard let less = keeping(cut) else { return nil }
        self = less
    }

    /// The size in words.
    package var words: String {
        "\(plan.machines.count) machines, \(plan.links.count) links, \(storm.breaks.count) breaks"
    }

    // MARK: Cutting

    /// What everything would be called as a cut.
    package var whole: ScenarioCut {
        name.cut
            ?? ScenarioCut(
                machines: Array(plan.machines.indices),
                links: Array(plan.links.indices),
                breaks: Array(storm.breaks.indices)
            )
    }

    /// The scenario without what the cut leaves out; what hangs on a machine or link that is left out goes with it.
    ///
    /// The cut names places in the whole scenario, so this must be the whole one; nil where it does not have them,
    /// and where the cut takes an AS apart: what its parts tell each other no reference knows.
    package func keeping(_ cut: ScenarioCut) -> Scenario? {
        guard name.cut == nil, cut.machines.allSatisfy(plan.machines.indices.contains),
            cut.links.allSatisfy(plan.links.indices.contains),
            cut.breaks.allSatisfy(storm.breaks.indices.contains),
            plan.keepsASesWhole(machines: Set(cut.machines), links: Set(cut.links))
        else { return nil }
        var less = self
        var machines: [MachineNumber: MachineNumber] = [:]
        for (new, old) in cut.machines.enumerated() {
            machines[MachineNumber(old)] = MachineNumber(new)
        }
        less.plan.machines = cut.machines.map { plan.machines[$0] }
        var links: [LinkNumber: LinkNumber] = [:]
        var keptLinks: [Int] = []
        less.plan.links = []
        for old in cut.links {
            var link = plan.links[old]
            guard let first = machines[MachineNumber(link.first)],
                let second = machines[MachineNumber(link.second)]
            else { continue }
            link.first = first.value
            link.second = second.value
            links[LinkNumber(old)] = LinkNumber(keptLinks.count)
            keptLinks.append(old)
            less.plan.links.append(link)
        }
        var keptBreaks: [Int] = []
        less.storm.breaks = []
        for old in cut.breaks {
            let whole = storm.breaks[old]
            guard
                let fault = whole.fault.renumbered(machine: { machines[$0] }, link: { links[$0] })
            else { continue }
            var item = Storm.Break(after: whole.after, fault)
            item.mending = whole.mending.flatMap { step in
                step.fault.renumbered(machine: { machines[$0] }, link: { links[$0] }).map {
                    Storm.Step(after: step.after, $0)
                }
            }
            keptBreaks.append(old)
            less.storm.breaks.append(item)
        }
        less.name.cut = ScenarioCut(
            machines: cut.machines,
            links: keptLinks,
            breaks: keptBreaks
        )
        return less
    }

    /// The networks of all machines.
    package static func prefixes(of machine: Int, count: Int) -> [IPPrefix] {
        (0..<count).flatMap { number in
            let ipv4 = 0x0A00_0000 + UInt32(machine) << 16 + UInt32(number) << 8
            let text = "2001:db8:\(machine):\(number)::/64"
            return [IPPrefix(ipv4: ipv4, length: 24)] + (IPPrefix(text: text).map { [$0] } ?? [])
        }
    }
}

extension NetworkPlan {
    /// True where machines of one AS that are kept keep their sessions, or the reflector between them.
    fileprivate func keepsASesWhole(machines kept: Set<Int>, links keptLinks: Set<Int>) -> Bool {
        var orphans: [Int: Int] = [:]
        for (place, link) in links.enumerated() {
            guard machines[link.first].autonomousSystem == machines[link.second].autonomousSystem,
                kept.contains(link.second)
            else { continue }
            if kept.contains(link.first) {
                guard keptLinks.contains(place) else { return false }
            } else if link.firstStatements.contains("route-reflector") {
                orphans[link.first, default: 0] += 1
            }
        }
        return orphans.values.allSatisfy { $0 < 2 }
    }
}
