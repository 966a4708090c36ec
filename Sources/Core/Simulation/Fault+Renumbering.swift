/// Faults in a network that has lost some of its machines and links.
extension Fault {
    /// The same fault where machines and links have other numbers; nil where one that it names is gone.
    func renumbered(
        machine: (MachineNumber) -> MachineNumber?,
        link: (LinkNumber) -> LinkNumber?
    ) -> Fault? {
        switch self {
        case .linkDown(let old): link(old).map { .linkDown($0) }
        case .linkUp(let old): link(old).map { .linkUp($0) }
        case .silence(let old, let sender):
            link(old).flatMap { new in machine(sender).map { .silence(new, from: $0) } }
        case .silenceEnds(let old): link(old).map { .silenceEnds($0) }
        case .resetConnections(let old): link(old).map { .resetConnections($0) }
        case .interfaceDown(let owner, let old):
            link(old).flatMap { new in machine(owner).map { .interfaceDown($0, new) } }
        case .interfaceUp(let owner, let old):
            link(old).flatMap { new in machine(owner).map { .interfaceUp($0, new) } }
        case .interfaceGone(let owner, let old):
            link(old).flatMap { new in machine(owner).map { .interfaceGone($0, new) } }
        case .interfaceBack(let owner, let old):
            link(old).flatMap { new in machine(owner).map { .interfaceBack($0, new) } }
        case .freeze(let old, let time): machine(old).map { .freeze($0, milliseconds: time) }
        case .crash(let old): machine(old).map { .crash($0) }
        case .powerLoss(let old): machine(old).map { .powerLoss($0) }
        case .restart(let old): machine(old).map { .restart($0) }
        case .clear(let old): machine(old).map { .clear($0) }
        case .shutDown(let old): machine(old).map { .shutDown($0) }
        case .bringUp(let old): machine(old).map { .bringUp($0) }
        case .refresh(let old): machine(old).map { .refresh($0) }
        case .reload(let old, let variant): machine(old).map { .reload($0, variant) }
        case .stop(let old): machine(old).map { .stop($0) }
        case .kernelRouteDeleted(let old, let prefix):
            machine(old).map { .kernelRouteDeleted($0, prefix) }
        case .kernelRoutePut(let old, let route): machine(old).map { .kernelRoutePut($0, route) }
        case .foreignRouteDeleted(let old, let prefix, let number):
            machine(old).map { .foreignRouteDeleted($0, prefix, protocolNumber: number) }
        case .kernelOverrun(let old): machine(old).map { .kernelOverrun($0) }
        case .kernelReadingTorn(let old): machine(old).map { .kernelReadingTorn($0) }
        case .kernelAnswersLost(let old): machine(old).map { .kernelAnswersLost($0) }
        case .kernelRefuses(let old, let prefix, let refusal):
            machine(old).map { .kernelRefuses($0, prefix, refusal) }
        }
    }
}
