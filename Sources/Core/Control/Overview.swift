package import Addressing
package import BGPWire
package import Timekeeping

/// Asks for the numbers of the first screen and a row for every neighbor.
package struct OverviewRequest: ControlRequest {
    package init() {}
    package var question: Question { .overview(self) }

    package static func answer(in reply: Reply) -> Overview? {
        guard case .overview(let answer) = reply else { return nil }
        return answer
    }
}

/// The numbers of the first screen: each kept incrementally by the speaker, so asking costs nothing.
package struct Overview: Hashable, Sendable {
    /// The moment of the answer.
    package var now: WallTime
    /// Sessions in Established.
    package var sessionsUp: UInt32
    /// Neighbors configured or cloned, templates left out.
    package var sessionsTotal: UInt32
    /// Prefixes in Loc-RIB that have a path, refused ones left out; both families.
    package var prefixCount: UInt64
    /// Paths, refused ones included; both families.
    package var pathCount: UInt64
    /// Prefixes whose best path should be in the kernel; none where it is left alone.
    package var bestCount: UInt64
    package var kernel: KernelCounts
    package var lag: LoopLag
    /// Route changes a second: received from neighbors, sent to neighbors, to the kernel.
    ///
    /// The newest last; at most 60 samples of one second.
    package var updatesIn: [UInt32]
    package var updatesOut: [UInt32]
    package var updatesKernel: [UInt32]
    /// Change counters: a pane is asked again only when its counter moved.
    package var ribGeneration: UInt64
    package var kernelGeneration: UInt64
    /// The sequence number of the newest message in the log, 0 for none.
    package var lastMessage: UInt64
    /// The last important event, for the line above the keys.
    package var lastEvent: EventRow?
    /// Every neighbor in configuration order.
    package var neighbors: [NeighborRow]

    package init(now: WallTime) {
        self.now = now
        sessionsUp = 0
        sessionsTotal = 0
        prefixCount = 0
        pathCount = 0
        bestCount = 0
        kernel = KernelCounts()
        lag = LoopLag()
        updatesIn = []
        updatesOut = []
        updatesKernel = []
        ribGeneration = 0
        kernelGeneration = 0
        lastMessage = 0
        lastEvent = nil
        neighbors = []
    }
}

/// How RIB and kernel stand to each other.
package struct KernelCounts: Hashable, Sendable {
    /// Routes that we want in the kernel.
    package var wanted: UInt64 = 0
    /// Of these, installed by the kernel's own word.
    package var installed: UInt64 = 0
    /// Of these, not used by the kernel, which prefers a foreign route of the same prefix.
    package var hidden: UInt64 = 0
    /// Wanted and on their way.
    package var pending: UInt64 = 0
    /// Wanted and refused by the kernel.
    package var refused: UInt64 = 0
    /// Prefixes where the kernel differs from what we want and nothing is on its way.
    package var drift: UInt64 = 0
    /// All routes in the table, local, broadcast and multicast left out.
    package var total: UInt64 = 0
    /// Routes in the table that are not ours.
    package var foreign: UInt64 = 0
    /// Times that the notification buffer overran and the table was read again.
    package var overruns: UInt64 = 0

    package init() {}
}

/// Names a neighbor of this run of the speaker; stable while it exists.
@usableFromInline
package struct NeighborNumber: Hashable, Comparable, Sendable {
    @usableFromInline package var value: UInt32

    @inlinable
    package init(_ value: UInt32) {
        self.value = value
    }

    // Written out, != too: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: NeighborNumber, right: NeighborNumber) -> Bool {
        left.value == right.value
    }

    @inlinable
    package static func != (left: NeighborNumber, right: NeighborNumber) -> Bool {
        left.value != right.value
    }

    /// The pseudo-neighbor that own networks come from.
    @inlinable package static var local: NeighborNumber { NeighborNumber(.max) }

    @usableFromInline package static func < (left: NeighborNumber, right: NeighborNumber) -> Bool {
        left.value < right.value
    }
}

/// One neighbor as tables show it.
package struct NeighborRow: Hashable, Sendable {
    package var number: NeighborNumber
    package var address: IPAddress
    /// The prefix length of a template; nil for a neighbor.
    package var templateLength: UInt8?
    /// Made of a template, whose `descr` it has.
    package var isCloned: Bool
    /// `descr`, empty where none.
    package var descr: String
    /// The group's name, empty where none.
    package var group: String
    /// The configured or learned AS; 0 where any is accepted and none was seen.
    package var remoteAS: ASNumber
    package var state: SessionState
    /// Held down by the operator or the configuration.
    package var markedDown: Bool
    /// Seconds since the session last went up or down, or since the neighbor is known; nil for never.
    package var sinceSeconds: UInt32?
    /// What is being waited for while not up: the timer and the milliseconds until it is due.
    package var retry: TimerRow?
    /// The peer's BGP Identifier while up, 0 otherwise; host order.
    package var remoteIdentifier: UInt32
    package var messagesReceived: UInt64
    package var messagesSent: UInt64
    /// Prefixes in Adj-RIB-In, refused ones included.
    package var prefixesReceived: UInt64
    /// Of these, accepted by policy.
    package var prefixesAccepted: UInt64
    /// Prefixes that the neighbor has been sent.
    package var prefixesSent: UInt64
    /// `max-prefix`, 0 for none.
    package var maximumPrefixes: UInt32
    /// Messages waiting to be written to the socket.
    package var outQueue: UInt32
    /// Why the last session, handshake or attempt ended, nil where there was none.
    package var lastDown: DownReason?
    /// Times the session left Established, within the last hour and in all.
    package var flapsLastHour: UInt32
    package var flaps: UInt32

    package init(
        number: NeighborNumber,
        address: IPAddress,
        remoteAS: ASNumber,
        state: SessionState
    ) {
        self.number = number
        self.address = address
        templateLength = nil
        isCloned = false
        descr = ""
        group = ""
        self.remoteAS = remoteAS
        self.state = state
        markedDown = false
        sinceSeconds = nil
        retry = nil
        remoteIdentifier = 0
        messagesReceived = 0
        messagesSent = 0
        prefixesReceived = 0
        prefixesAccepted = 0
        prefixesSent = 0
        maximumPrefixes = 0
        outQueue = 0
        lastDown = nil
        flapsLastHour = 0
        flaps = 0
    }

    /// The name in tables and logs: `descr`, a clone's with its address, else the address.
    package var name: String {
        if descr.isEmpty { return addressText }
        return isCloned ? "\(descr)@\(addressText)" : descr
    }

    /// The address, a template's with its length.
    package var addressText: String {
        templateLength.map { "\(address)/\($0)" } ?? address.description
    }
}

/// A running timer.
package struct TimerRow: Hashable, Sendable {
    /// The name that part B7 of the commands' specification gives it, `HoldTimer` for example.
    package var name: String
    /// Milliseconds until it is due; negative when overdue.
    package var dueMilliseconds: Int64

    package init(name: String, dueMilliseconds: Int64) {
        self.name = name
        self.dueMilliseconds = dueMilliseconds
    }
}
