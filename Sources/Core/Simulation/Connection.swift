import BGPSession
import Speaker
import Timekeeping

/// A TCP connection, or the attempt to make one; the first side is the one that connects.
struct Connection {
    /// What goes over the wire, in order.
    enum Piece {
        case request
        case acceptance
        case bytes([UInt8])
        /// Nothing follows from that side.
        case end
        /// Nobody knows this connection, or nobody wants it.
        case reset

        /// What the cable is busy with: a segment's headers, and what is in it.
        var byteCount: Int {
            if case .bytes(let bytes) = self { 66 + bytes.count } else { 66 }
        }
    }

    /// One side as its kernel keeps it.
    struct End {
        var machine: MachineNumber
        var endpoint: Endpoint
        var state: State
        /// Arrived and not read yet.
        var unread: [UInt8] = []
        /// How the stream from the other side ended, behind ``unread``.
        var end: ConnectionEnd?

        enum State {
            /// Not there: not asked for yet, or gone.
            case absent
            case connecting
            case open
        }
    }

    /// What one side has sent and the other has not got.
    struct Stream {
        var pieces: [(due: Instant, piece: Piece)] = []
        /// Bytes under way.
        var byteCount = 0
        /// True where the first piece was due while the link did not carry it.
        var isHeldUp = false
    }

    var link: LinkNumber
    /// On which side of the link each side stands.
    var linkSide: Sides<Side>
    var ends: Sides<End>
    /// From that side to the other.
    var streams = Sides(Stream(), Stream())

    /// The name that the side's speaker knows it by.
    static func id(_ number: Int, _ side: Side) -> ConnectionID {
        ConnectionID(UInt64(number) * 2 + UInt64(side.rawValue) + 1)
    }

    /// Bytes that a side may still send before the other has read.
    func room(from side: Side, window: Int) -> Int {
        max(0, window - streams[side].byteCount - ends[side.other].unread.count)
    }
}
