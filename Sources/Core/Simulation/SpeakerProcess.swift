import BGPSession
import Control
import KernelRoutes
import Speaker
import Timekeeping

/// A running speaker and what the loop around it keeps: sockets, and what is on its way to the kernel.
final class SpeakerProcess {
    let speaker: Speaker
    var sockets: [ConnectionID: Socket] = [:]
    /// The sockets that a turn must look at: of thousands, few have something to do.
    private var awake: Set<ConnectionID> = []
    var attempts: [NeighborNumber: ConnectionID] = [:]
    /// What became of connections since the last turn.
    var news: [SocketNews] = []
    var hasBackground = true
    /// When the next turn is due; an entry of the agenda for another moment is out of date.
    var nextTurn = Instant.never
    /// When the last turn is over.
    var busyUntil = Instant.zero
    /// The kernel routes withdrawn at the graceful end, once it is complete.
    var withdrawal: KernelWithdrawal?
    var isStopping = false
    var isStopped = false
    var turnCount = 0

    init(_ speaker: Speaker) {
        self.speaker = speaker
    }

    /// The sockets in the order of their numbers.
    var socketIDs: [ConnectionID] { sockets.keys.sorted() }

    /// Those that a turn must look at, in the order of their numbers.
    var awakeIDs: [ConnectionID] { awake.sorted() }

    /// Something has come for a socket, or is to leave by it: turns look at it until nothing is left to do.
    func wake(_ id: ConnectionID) {
        awake.insert(id)
    }

    /// Turns look no more at sockets on which they would find nothing to do.
    func letSleep() {
        awake = awake.filter { sockets[$0]?.isBusy ?? false }
    }
}

/// Something that happened to a socket, told at the next turn.
enum SocketNews {
    case connected(ConnectionID)
    case refused(ConnectionID, errno: Int32)
    case arrived(ConnectionID, local: Endpoint, remote: Endpoint)
}

/// A socket of a speaker.
struct Socket {
    enum State {
        case connecting(NeighborNumber, ConnectAttempt)
        case open
        /// Our side is shut; the other's end is waited for until then.
        case closing(deadline: Instant)
    }

    /// The connection, and which side of it this is.
    let connection: Int
    let side: Side
    var state: State
    /// Read and not worked off.
    var input: [UInt8] = []
    var hasWork = false
    /// To be written.
    var output: [UInt8] = []
    var hasRoutesWaiting = false
    var end: ConnectionEnd?
    /// When a KEEPALIVE or UPDATE was last handed over; nil before the first.
    var lastSpoke: Instant?
    /// The hold time of our OPEN and of the neighbor's.
    var holdTimes: (own: UInt16?, other: UInt16?) = (nil, nil)

    init(connection: Int, side: Side, state: State) {
        self.connection = connection
        self.side = side
        self.state = state
    }

    /// True where something was read, or the end was seen.
    var hasInput: Bool { hasWork || end != nil }

    /// True where something is to be written.
    var hasOutput: Bool { hasRoutesWaiting || !output.isEmpty }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// True where turns must look at it: something is read or to be written, or the other's end is waited for.
    var isBusy: Bool {
        switch state {
        case .connecting: false
        case .open: hasInput || hasOutput
        case .closing: true
        }
    }

    /// A KEEPALIVE or UPDATE is to be sent at least that often, a second of grace included; nil where none need be.
    var patience: Duration? {
        guard let own = holdTimes.own, let other = holdTimes.other, min(own, other) > 0 else {
            return nil
        }
        return .milliseconds(Int(min(own, other)) * 1000 / 3) + .seconds(1)
    }
}
