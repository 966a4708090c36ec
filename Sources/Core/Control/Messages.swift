package import Addressing
package import BGPWire
package import Timekeeping

/// Asks for lines of the message log.
package struct MessagesRequest: ControlRequest {
    package var position: Position
    package var limit: UInt32
    package var filter: Filter

    package init(position: Position, limit: UInt32, filter: Filter = Filter()) {
        self.position = position
        self.limit = limit
        self.filter = filter
    }

    /// What lines must satisfy; all that is set must hold.
    package struct Filter: Hashable, Sendable {
        /// Only this neighbor's.
        package var neighbor: NeighborNumber?
        /// Only lines of these kinds, all where empty.
        package var kinds: Kinds = []
        package var direction: MessageRow.Direction?

        package init() {}
    }

    /// Kinds of lines: the messages of RFC 4271 and RFC 2918, and what is no message.
    package struct Kinds: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The messages whose type octet that is.
        package init(type: UInt8) {
            rawValue = type < 8 ? 1 << type : 0
        }

        /// Connection attempts, connections and ends.
        package static let connection = Kinds(rawValue: 1)
        package static let open = Kinds(type: 1)
        package static let update = Kinds(type: 2)
        package static let notification = Kinds(type: 3)
        package static let keepalive = Kinds(type: 4)
        package static let routeRefresh = Kinds(type: 5)
    }

    package var question: Question { .messages(self) }

    package static func answer(in reply: Reply) -> MessagesPage? {
        guard case .messages(let answer) = reply else { return nil }
        return answer
    }

    /// Which lines; every page is in the order of time.
    package enum Position: Hashable, Sendable {
        /// The newest lines.
        case newest
        /// The lines that end before that sequence number.
        case before(UInt64)
        /// The lines from that sequence number on.
        case from(UInt64)
    }
}

/// A message that went over a session, or an attempt to make one.
package struct MessageRow: Hashable, Sendable {
    /// Counts from 1 since the speaker's start.
    package var sequence: UInt64
    package var time: WallTime
    package var neighbor: NeighborNumber
    package var direction: Direction
    package var content: Content
    /// A malformed UPDATE, of which every prefix counts as withdrawn (RFC 7606).
    package var isTreatedAsWithdraw = false

    package init(
        sequence: UInt64,
        time: WallTime,
        neighbor: NeighborNumber,
        direction: Direction,
        content: Content
    ) {
        self.sequence = sequence
        self.time = time
        self.neighbor = neighbor
        self.direction = direction
        self.content = content
    }

    package enum Direction: UInt8, Sendable {
        case received, sent
    }

    package enum Content: Hashable, Sendable {
        /// A whole BGP message as it stood on the wire, header included; whether AS numbers have four octets, and
        /// in which families prefixes have a path identifier.
        case message(bytes: [UInt8], fourOctetAS: Bool, pathIDs: FamilySet = [])
        /// A connection attempt and how it ended; nil while it is under way.
        case connect(address: IPAddress, port: UInt16, failure: DownReason?)
        /// A connection was made, by us or by the peer.
        case connected(address: IPAddress, port: UInt16)
        /// The session or a connection ended.
        case closed(DownReason)
    }
}

/// Lines of the message log in the order of time.
package struct MessagesPage: Hashable, Sendable {
    package var rows: [MessageRow] = []
    /// The oldest and newest sequence numbers still kept; both 0 where there is none.
    package var oldest: UInt64 = 0
    package var newest: UInt64 = 0

    package init() {}
}
