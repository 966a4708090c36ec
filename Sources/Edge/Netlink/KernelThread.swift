package import KernelRoutes

/// The kernel thread: owns the netlink sockets, sends the core's changes in batches, gives back what the kernel tells.
package final class KernelThread: Sendable {
    /// Opens the sockets in the calling thread's network namespace and starts the thread.
    ///
    /// `wake` is called on the kernel thread whenever events wait after there were none; it must only wake the core.
    package init(configuration: KernelThreadConfiguration, wake: @escaping @Sendable () -> Void) throws(NetlinkError) {
        throw .closed
    }
    /// Hands changes down; false where the mailbox is full: keep them and offer them again after the next event.
    package func submit(_ changes: [KernelChange]) -> Bool { false }
    /// Asks for a reading.
    package func requestDump(_ dump: KernelDump) {}
    /// Takes the events that wait, in the order in which they happened.
    package func takeEvents() -> [KernelEvent] { [] }
    /// Stops and joins the thread; changes that were not sent are dropped.
    package func stop() {}
}

/// What the kernel thread is to know.
package struct KernelThreadConfiguration: Sendable {
    /// Makes the usual settings.
    package init() {}
}

/// What can go wrong with a netlink socket.
package enum NetlinkError: Error, Hashable, Sendable {
    case closed
}
