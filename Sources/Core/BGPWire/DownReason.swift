/// Why a session ended or could not come up: made where the decision is taken, put into words at the screen.
package enum DownReason: Hashable, Sendable {
    /// We sent this NOTIFICATION.
    case sent(NotificationMessage)
    /// The peer sent this NOTIFICATION.
    case received(NotificationMessage)
    /// Nothing was received for that many seconds while we were reading: the peer was silent.
    case holdTimerExpired(silentSeconds: UInt32)
    /// The Hold Timer ran out because our own loop was busy that long (milliseconds) and could not read.
    case ownLoopBusy(milliseconds: UInt32)
    /// The peer's receive window stayed closed for that many seconds (RFC 9687).
    case sendHoldTimerExpired(seconds: UInt32)
    /// The peer closed the connection without a NOTIFICATION.
    case closedByPeer
    /// The connection broke; the errno of the socket.
    case socketError(errno: Int32)
    /// A connection attempt failed; the errno of the connect.
    case connectFailed(errno: Int32)
    /// A connection attempt was given up after that many seconds without an answer.
    case connectTimedOut(seconds: UInt32)
    /// The MD5 key could not be set on the socket, so that no connection is made: never unauthenticated.
    case authenticationUnavailable(errno: Int32)
    /// A socket option that the configuration asks for (TTL, local address) could not be set.
    case socketOptionRefused(option: String, errno: Int32)
    /// The operator took the session down; the RFC 9003 text, empty where none.
    case administrativeShutdown(text: String)
    /// The operator cleared the session.
    case administrativeReset(text: String)
    /// Taken down by `down` in the configuration file.
    case configuredDown(text: String)
    /// The neighbor was removed from the configuration, or the speaker stops.
    case deconfigured
    case speakerStopped
    /// The connection collided with another one and lost (RFC 4271 §6.8).
    case collision
    /// More prefixes were received than `max-prefix` allows.
    case maximumPrefixes(limit: UInt32, restartMinutes: UInt32)
}
