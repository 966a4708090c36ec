/// One reading of the kernel's tables, asked for by ``KernelRoutes`` and answered in parts.
package struct KernelDump: Hashable, Sendable {
    /// Which reading it is; an answer to an older one is not mistaken for this one.
    package var generation: UInt32
    /// The tables that are read, each in both families.
    package var tables: [UInt32]

    /// Names a reading.
    package init(generation: UInt32, tables: [UInt32]) {
        self.generation = generation
        self.tables = tables
    }
}

/// What is asked of the kernel, one route each.
package struct KernelChange: Hashable, Sendable {
    /// How the kernel treats a route that is there.
    package enum Operation: UInt8, Sendable, BitwiseCopyable {
        /// NLM_F_CREATE and NLM_F_EXCL: refused where any route of that prefix and metric exists.
        case add
        /// NLM_F_CREATE and NLM_F_REPLACE: only where the one route of that prefix and metric is ours.
        case replace
        /// By prefix, table, metric and protocol.
        case delete
    }

    /// After this one the sequence begins at 1 again; greater numbers are free for other requests.
    package static let lastSequence: UInt32 = 0x7FFF_FFFF

    /// Counts up by one from change to change; answers name it.
    package var sequence: UInt32
    /// Add, replace or delete.
    package var operation: Operation
    /// The route; a deletion needs only the mark and the prefix.
    package var route: KernelRoute

    /// Makes a change.
    package init(sequence: UInt32, operation: Operation, route: KernelRoute) {
        self.sequence = sequence
        self.operation = operation
        self.route = route
    }
}

/// The kernel's no, in its own words.
package struct KernelRefusal: Hashable, Sendable {
    /// The errno, positive: 17 EEXIST, 101 ENETUNREACH.
    package var errno: Int32
    /// The text of NETLINK_EXT_ACK, or that of the errno where the kernel gave none.
    package var text: String

    /// Makes a refusal.
    package init(errno: Int32, text: String) {
        self.errno = errno
        self.text = text
    }
}

/// What the kernel, real or simulated, tells; the order is that in which it happened.
package enum KernelEvent: Hashable, Sendable {
    /// A reading begins: all links, all addresses, then routes; what is known and not named before its end is gone.
    case dumpBegan(KernelDump)
    /// Routes of the running reading.
    case dumpRoutes([KernelRoute])
    /// The reading is over; where it was torn by concurrent changes it is to be asked for again.
    case dumpEnded(KernelDump, isComplete: Bool)
    /// Somebody else (or the kernel itself) made or replaced a route.
    case routeChanged(KernelRoute, isReplacement: Bool)
    /// Somebody else (or the kernel itself) took a route away.
    case routeDeleted(KernelRoute)
    /// All changes up to that sequence that were not refused before have been done.
    case acknowledged(through: UInt32)
    /// That change has not been done.
    case refused(sequence: UInt32, KernelRefusal)
    /// The answers to the changes up to that sequence are lost: done or not, only a reading can tell.
    case answersLost(through: UInt32)
    /// Notifications were lost (ENOBUFS): only a reading can tell what is true.
    case overrun
    /// An interface is new or changed.
    case linkChanged(Interface)
    /// An interface is gone.
    case linkDeleted(UInt32)
    /// An address is new or changed.
    case addressChanged(InterfaceAddress)
    /// An address is gone.
    case addressDeleted(InterfaceAddress)
}
