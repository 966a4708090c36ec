import Addressing
import BGPSession
import CLinux
import Control
import Speaker
import Timekeeping

/// A TCP connection of the core thread.
final class Connection {
    let id: ConnectionID
    let descriptor: Int32
    /// Who is at the other end.
    let peer: IPAddress
    var state: State
    var receive = ReceiveBuffer()
    var send = SendBuffer()
    /// The poll set says that there is something to read, or has not said otherwise yet.
    var isReadable = false
    /// The poll set is asked for writability.
    var isWaitingToWrite = false
    /// The speaker has routes for this connection.
    var hasRoutesWaiting = false
    /// The stream ended or broke; told to the speaker once what came before is worked off.
    var end: ConnectionEnd?
    /// We made the connection, or the speaker has worked off something of the peer's.
    var isHeard = false

    enum State {
        /// Our connect is under way, for that neighbor's attempt.
        case connecting(NeighborNumber, ConnectAttempt, Endpoint)
        case open
        /// Nothing more is sent or worked off; the peer's end is waited for until then.
        case closing(deadline: Instant)
    }

    init(
        id: ConnectionID,
        descriptor: Int32,
        peer: IPAddress,
        state: State
    ) {
        self.id = id
        self.descriptor = descriptor
        self.peer = peer
        self.state = state
    }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }
}
