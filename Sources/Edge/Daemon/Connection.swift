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
    /// Who connected to us, as long as the speaker has worked off nothing of theirs.
    var unheardPeer: IPAddress?

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
        state: State,
        unheardPeer: IPAddress? = nil
    ) {
        self.id = id
        self.descriptor = descriptor
        self.state = state
        self.unheardPeer = unheardPeer
    }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }
}
