package import BGPWire
package import Control
package import Timekeeping

/// The newest messages of all sessions as raw bytes, in a ring of fixed size.
///
/// A line costs a copy of its bytes and a row; words are made when somebody looks. The oldest lines
/// go when either the bytes or the rows run out. Connection attempts stand between the messages.
@safe
package struct MessageLog: ~Copyable {
    private struct Row: BitwiseCopyable {
        var time: Int64
        var neighbor: UInt32
        var offset: UInt32
        var length: UInt32
        var direction: UInt8
        var kind: UInt8
    }

    private enum Kind {
        static let twoOctet: UInt8 = 0
        static let fourOctet: UInt8 = 1
        static let other: UInt8 = 2
        /// Beside one of the first two.
        static let treatedAsWithdraw: UInt8 = 4
        /// Beside one of the first two: the families with path identifiers, from this bit on.
        static let pathIDShift: UInt8 = 3
    }

    private let rows: UnsafeMutablePointer<Row>
    private let bytes: UnsafeMutablePointer<UInt8>
    private let rowCapacity: UInt64
    private let byteCapacity: Int
    private var others: [UInt64: MessageRow.Content] = [:]
    private var head = 0
    private var heldBytes = 0

    /// The oldest sequence number kept; above ``newest`` where the log is empty.
    package private(set) var oldest: UInt64 = 1
    /// The newest sequence number, 0 before the first line.
    package private(set) var newest: UInt64 = 0

    /// A log of at most that many lines and bytes; memory is touched only as it fills.
    package init(lines: Int = 65_536, bytes byteCount: Int = 4 << 20) {
        rowCapacity = UInt64(lines)
        byteCapacity = byteCount
        unsafe rows = UnsafeMutablePointer.allocate(capacity: lines)
        unsafe bytes = UnsafeMutablePointer.allocate(capacity: byteCount)
    }

    deinit {
        unsafe rows.deallocate()
        unsafe bytes.deallocate()
    }

    /// Adds a whole BGP message, header included.
    package mutating func append(
        _ message: Span<UInt8>,
        neighbor: NeighborNumber,
        direction: MessageRow.Direction,
        fourOctetAS: AttributeWidth,
        pathIDs: FamilySet = [],
        time: WallTime
    ) {
        guard message.count <= byteCapacity / 4 else { return }
        // A message never wraps: the rest of the ring's end is given up instead.
        if head + message.count > byteCapacity { giveUpTail() }
        while newest >= oldest, overlaps(head, message.count) || newest - oldest + 1 >= rowCapacity
        {
            dropOldest()
        }
        unsafe message.withUnsafeBufferPointer { source in
            if let base = source.baseAddress {
                unsafe (bytes + head).update(from: base, count: source.count)
            }
        }
        newest += 1
        unsafe rows[Int(newest % rowCapacity)] = Row(
            time: time.nanoseconds,
            neighbor: neighbor.value,
            offset: UInt32(truncatingIfNeeded: head),
            length: UInt32(truncatingIfNeeded: message.count),
            direction: direction.rawValue,
            kind: (fourOctetAS == .fourOctets ? Kind.fourOctet : Kind.twoOctet)
                | pathIDs.rawValue << Kind.pathIDShift
        )
        head += message.count
    }

    /// Remembers of the message that was added last that its prefixes count as withdrawn.
    mutating func markTreatedAsWithdraw() {
        guard newest >= oldest else { return }
        unsafe rows[Int(newest % rowCapacity)].kind |= Kind.treatedAsWithdraw
    }

    /// Adds a line that is no message.
    package mutating func append(
        _ content: MessageRow.Content,
        neighbor: NeighborNumber,
        direction: MessageRow.Direction,
        time: WallTime
    ) {
        while newest >= oldest, newest - oldest + 1 >= rowCapacity { dropOldest() }
        newest += 1
        unsafe rows[Int(newest % rowCapacity)] = Row(
            time: time.nanoseconds,
            neighbor: neighbor.value,
            offset: UInt32(truncatingIfNeeded: head),
            length: 0,
            direction: direction.rawValue,
            kind: Kind.other
        )
        others[newest] = content
    }

    /// The line with that sequence number, which must be between ``oldest`` and ``newest``.
    package func row(_ sequence: UInt64) -> MessageRow? {
        guard sequence >= oldest, sequence <= newest else { return nil }
        let row = unsafe rows[Int(sequence % rowCapacity)]
        let content: MessageRow.Content
        if row.kind == Kind.other {
            guard let other = others[sequence] else { return nil }
            content = other
        } else {
            let start = Int(row.offset)
            let message = unsafe [UInt8](
                UnsafeBufferPointer(start: bytes + start, count: Int(row.length))
            )
            content = .message(
                bytes: message,
                fourOctetAS: row.kind & 3 == Kind.fourOctet,
                pathIDs: FamilySet(rawValue: row.kind >> Kind.pathIDShift)
            )
        }
        var line = MessageRow(
            sequence: sequence,
            time: WallTime(nanoseconds: row.time),
            neighbor: NeighborNumber(row.neighbor),
            direction: MessageRow.Direction(rawValue: row.direction) ?? .received,
            content: content
        )
        line.isTreatedAsWithdraw = row.kind & Kind.treatedAsWithdraw != 0
        return line
    }

    /// A page of lines in the order of time, looking at no more lines than are kept.
    package func page(_ request: MessagesRequest) -> MessagesPage {
        var page = MessagesPage()
        guard newest >= oldest else { return page }
        page.oldest = oldest
        page.newest = newest
        let limit = Int(min(request.limit, 4096))
        switch request.position {
        case .from(let first):
            var sequence = max(first, oldest)
            while sequence <= newest, page.rows.count < limit {
                if matches(sequence, request.filter), let row = row(sequence) {
                    page.rows.append(row)
                }
                sequence += 1
            }
        case .newest, .before:
            var end = newest + 1
            if case .before(let before) = request.position { end = min(end, before) }
            while end > oldest, page.rows.count < limit {
                end -= 1
                if matches(end, request.filter), let row = row(end) { page.rows.append(row) }
            }
            page.rows.reverse()
        }
        return page
    }

    private func matches(_ sequence: UInt64, _ filter: MessagesRequest.Filter) -> Bool {
        let row = unsafe rows[Int(sequence % rowCapacity)]
        if let neighbor = filter.neighbor, row.neighbor != neighbor.value { return false }
        if let direction = filter.direction, row.direction != direction.rawValue { return false }
        return filter.kinds.isEmpty || filter.kinds.contains(kind(of: row))
    }

    private func kind(of row: Row) -> MessagesRequest.Kinds {
        // Whole messages are kept: the type octet stands behind marker and length.
        guard row.kind != Kind.other, row.length > 18 else { return .connection }
        return unsafe MessagesRequest.Kinds(type: bytes[Int(row.offset) + 18])
    }

    /// True where the bytes from `start` on are those of the oldest kept message.
    private func overlaps(_ start: Int, _ count: Int) -> Bool {
        let row = unsafe rows[Int(oldest % rowCapacity)]
        if row.length == 0 {
            return oldest < newest && hasMessageAfterOldest(in: start..<(start + count))
        }
        let offset = Int(row.offset)
        return offset < start + count && offset + Int(row.length) > start
    }

    /// Lines without bytes may stand before a message that is in the way: they go with it.
    private func hasMessageAfterOldest(in range: Range<Int>) -> Bool {
        var sequence = oldest + 1
        while sequence <= newest {
            let row = unsafe rows[Int(sequence % rowCapacity)]
            if row.length > 0 {
                return Int(row.offset) < range.upperBound
                    && Int(row.offset) + Int(row.length) > range.lowerBound
            }
            sequence += 1
        }
        return false
    }

    private mutating func giveUpTail() {
        while newest >= oldest, overlaps(head, byteCapacity - head) { dropOldest() }
        head = 0
    }

    private mutating func dropOldest() {
        if unsafe rows[Int(oldest % rowCapacity)].kind == Kind.other { others[oldest] = nil }
        oldest += 1
    }
}

/// How wide AS numbers are in a message's attributes.
package enum AttributeWidth: Sendable {
    case twoOctets, fourOctets
}
