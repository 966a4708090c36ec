package import Addressing
package import KernelRoutes

/// Something that breaks, heals or is done from outside, by name.
package enum Fault: Hashable, Sendable {
    /// The cable is cut: both ends lose their carrier.
    case linkDown(LinkNumber)
    case linkUp(LinkNumber)
    /// Nothing arrives that this machine sends over the link, and nobody notices.
    case silence(LinkNumber, from: MachineNumber)
    /// The link carries in both directions again.
    case silenceEnds(LinkNumber)
    /// Every connection over the link is reset, as a middlebox does.
    case resetConnections(LinkNumber)
    /// The operator switches off the machine's interface to that link.
    case interfaceDown(MachineNumber, LinkNumber)
    case interfaceUp(MachineNumber, LinkNumber)
    /// The machine's interface to that link is taken out, its addresses with it.
    case interfaceGone(MachineNumber, LinkNumber)
    /// It is put in again: with the same addresses, and another index.
    case interfaceBack(MachineNumber, LinkNumber)
    /// The speaker gets no time for that long.
    case freeze(MachineNumber, milliseconds: Int)
    /// The speaker dies; its kernel ends its connections and keeps its routes.
    case crash(MachineNumber)
    /// The machine loses power: nobody is told, and its kernel's routes are gone.
    case powerLoss(MachineNumber)
    /// The speaker starts again.
    case restart(MachineNumber)
    /// The operator resets all sessions.
    case clear(MachineNumber)
    /// The operator takes all sessions down.
    case shutDown(MachineNumber)
    /// The operator lets all sessions come up again.
    case bringUp(MachineNumber)
    /// The operator asks all neighbors for their routes once more.
    case refresh(MachineNumber)
    /// The operator has changed the file, and lets the speaker read it again.
    case reload(MachineNumber, ConfigurationVariant)
    /// The operator ends the speaker gracefully.
    case stop(MachineNumber)
    /// Somebody takes the speaker's route away.
    case kernelRouteDeleted(MachineNumber, IPPrefix)
    /// Somebody puts a route in; where one of that prefix and metric stands it is replaced.
    case kernelRoutePut(MachineNumber, KernelRoute)
    /// Somebody takes a route of that protocol away.
    case foreignRouteDeleted(MachineNumber, IPPrefix, protocolNumber: UInt8)
    /// The kernel's notifications are lost.
    case kernelOverrun(MachineNumber)
    /// The kernel's table changes under the next reading, which is void.
    case kernelReadingTorn(MachineNumber)
    /// The kernel does the next changes, and its answers are lost.
    case kernelAnswersLost(MachineNumber)
    /// From now on the kernel refuses that prefix; with nil it does so no more.
    case kernelRefuses(MachineNumber, IPPrefix, KernelRefusal?)
}
