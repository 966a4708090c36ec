/// Puts the segments of each direction into the order of their sequence numbers.
struct TCPAssembly {
    /// One direction of one connection.
    struct Direction {
        var source: CapturedEndpoint
        var destination: CapturedEndpoint
        var bytes: [UInt8] = []
        /// The sequence number that comes next; nil before the first octet.
        var next: UInt32?
        /// Segments that came too early, in order of arrival.
        var early: [(sequence: UInt32, payload: [UInt8])] = []
    }

    private var directions: [Direction] = []

    /// How many early segments are kept before the gap before them is given up.
    private static let mostEarly = 256

    /// Everything put together; gaps that were never filled are closed.
    var finished: [Direction] {
        directions.map { direction in
            var direction = direction
            while !direction.early.isEmpty { Self.closeGap(&direction) }
            return direction
        }
    }

    /// Adds one segment; copies that came before are dropped.
    mutating func add(_ segment: TCPSegment, from bytes: [UInt8]) {
        let index = place(of: segment)
        // A SYN counts as one; crafted captures that put octets into it leave that out.
        if segment.isSYN {
            directions[index].next =
                segment.payload.isEmpty ? segment.sequence &+ 1 : segment.sequence
        }
        guard !segment.payload.isEmpty else { return }
        Self.insert(segment.sequence, Array(bytes[segment.payload]), into: &directions[index])
        if directions[index].early.count > Self.mostEarly { Self.closeGap(&directions[index]) }
    }

    /// The direction that the segment belongs to: the last of its ends, or a new one after a new SYN.
    private mutating func place(of segment: TCPSegment) -> Int {
        let found = directions.lastIndex {
            $0.source == segment.source && $0.destination == segment.destination
        }
        if let found {
            let isNew = segment.isSYN && !directions[found].bytes.isEmpty
            if !isNew { return found }
        }
        directions.append(Direction(source: segment.source, destination: segment.destination))
        return directions.count - 1
    }

    private static func insert(
        _ sequence: UInt32,
        _ payload: [UInt8],
        into direction: inout Direction
    ) {
        let next = direction.next ?? sequence
        let ahead = Int32(bitPattern: sequence &- next)
        if ahead > 0 {
            direction.early.append((sequence, payload))
            return
        }
        let known = Int(-Int64(ahead))
        guard known < payload.count else { return }
        direction.bytes += payload[known...]
        direction.next = sequence &+ UInt32(payload.count)
        guard
            let index = direction.early.firstIndex(where: {
                Int32(bitPattern: $0.sequence &- (direction.next ?? 0)) <= 0
            })
        else { return }
        let early = direction.early.remove(at: index)
        insert(early.sequence, early.payload, into: &direction)
    }

    /// Gives up the octets before the earliest segment that waits.
    private static func closeGap(_ direction: inout Direction) {
        let base = direction.next ?? 0
        guard
            let index = direction.early.indices.min(by: {
                direction.early[$0].sequence &- base < direction.early[$1].sequence &- base
            })
        else { return }
        let early = direction.early.remove(at: index)
        direction.next = early.sequence
        insert(early.sequence, early.payload, into: &direction)
    }
}
