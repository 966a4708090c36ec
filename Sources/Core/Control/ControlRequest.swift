/// A question or command to a running speaker: a type that names its answer.
///
/// The same requests are asked inside the process and over the control socket; nothing else sees
/// into a speaker. A request's cost depends on the rows asked for, never on the size of the tables.
package protocol ControlRequest: Hashable, Sendable {
    /// What the speaker answers.
    associatedtype Answer: Sendable

    /// The request wrapped for one switch over all.
    var question: Question { get }

    /// Takes this request's answer out of the wrapped one; nil where it is another's.
    static func answer(in reply: Reply) -> Answer?
}

/// Every request there is, for the one place that answers them.
package enum Question: Hashable, Sendable {
    case instance(InstanceRequest)
    case overview(OverviewRequest)
    case neighbor(NeighborRequest)
    case ribPage(RIBPageRequest)
    case route(RouteRequest)
    case whatIf(WhatIfRequest)
    case kernelPage(KernelPageRequest)
    case messages(MessagesRequest)
    case events(EventsRequest)
    case memory(MemoryRequest)
    case neighborAction(NeighborActionRequest)
    case stop(StopRequest)
    case reload(ReloadRequest)

    /// True for what changes the speaker: refused on a restricted socket and absent from a read-only screen.
    package var acts: Bool {
        switch self {
        case .neighborAction, .stop, .reload: true
        case .instance, .overview, .neighbor, .ribPage, .route, .whatIf, .kernelPage, .messages,
            .events, .memory:
            false
        }
    }
}

/// Every answer there is.
package enum Reply: Hashable, Sendable {
    case instance(Instance)
    case overview(Overview)
    case neighbors([NeighborDetail])
    case ribPage(RIBPage)
    case route(RouteDetail)
    case whatIf(WhatIfSlice)
    case kernelPage(KernelPage)
    case messages(MessagesPage)
    case events(EventsPage)
    case memory([MemoryItem])
    case action(ActionResult)
    case reload(ReloadReport)
    /// The request could not be answered; why.
    case refused(ActionResult)
}
