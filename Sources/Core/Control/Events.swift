package import BGPWire
package import Timekeeping

/// Asks for lines of the speaker's own log.
package struct EventsRequest: ControlRequest {
    /// Only what is newer than that sequence number; 0 for all that is kept.
    package var after: UInt64
    package var limit: UInt32

    package init(after: UInt64, limit: UInt32) {
        self.after = after
        self.limit = limit
    }

    package var question: Question { .events(self) }

    package static func answer(in reply: Reply) -> EventsPage? {
        guard case .events(let answer) = reply else { return nil }
        return answer
    }
}

/// Something that happened to the speaker.
package struct EventRow: Hashable, Sendable {
    /// Counts from 1 since the speaker's start.
    package var sequence: UInt64
    package var time: WallTime
    /// The neighbor it is about, and its name then.
    package var neighbor: NeighborNumber?
    package var neighborName: String
    package var kind: Kind

    package init(
        sequence: UInt64,
        time: WallTime,
        neighbor: NeighborNumber?,
        neighborName: String,
        kind: Kind
    ) {
        self.sequence = sequence
        self.time = time
        self.neighbor = neighbor
        self.neighborName = neighborName
        self.kind = kind
    }

    package enum Kind: Hashable, Sendable {
        /// The event is named as in part B7: `HoldTimer expired`, ...
        case stateChange(from: SessionState, to: SessionState, event: String)
        /// The session is up.
        case up
        /// The session went down after that many seconds of being up.
        case down(DownReason, upSeconds: UInt32)
        /// A connection attempt failed.
        case connectFailed(DownReason)
        /// An UPDATE was treated as withdraw, or an attribute discarded (RFC 7606): in words.
        case malformedUpdate(String)
        /// The kernel refused a route: prefix and the kernel's words.
        case kernelRefusal(String)
        /// The kernel's buffer overran; its table is read again.
        case kernelOverrun
        /// The kernel, or somebody in it, changed what our routes depend on: in words.
        case kernelChange(String, isBad: Bool)
        /// The operator did something: in words.
        case operation(String)
        /// Anything else worth a line.
        case notice(String)
    }

    /// True for what the line above the keys shows.
    package var isImportant: Bool {
        switch kind {
        case .up, .down, .malformedUpdate, .kernelRefusal, .kernelOverrun, .kernelChange,
            .operation:
            true
        case .stateChange, .connectFailed, .notice: false
        }
    }
}

/// Lines of the speaker's own log in the order of time.
package struct EventsPage: Hashable, Sendable {
    package var rows: [EventRow] = []
    /// Lines that were dropped before they could be asked for.
    package var lost: UInt64 = 0

    package init() {}
}
