package import Addressing

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
    /// The peer opened another connection: it has restarted, and this one led nowhere (RFC 4724 §5).
    case connectionReplaced
    /// More prefixes were received than `max-prefix` allows.
    case maximumPrefixes(limit: UInt32, restartMinutes: UInt32)
    /// More prefixes were to be sent than `max-prefix … out` allows.
    case maximumPrefixesSent(limit: UInt32, restartMinutes: UInt32)
    /// The interface that the neighbor depends on (`depend on`) has no link, or is not there.
    case interfaceDown(name: String)
    /// The peer's OPEN names another AS than the configuration (2/2).
    case wrongAS(expected: ASNumber, received: ASNumber)
    /// The peer's BGP Identifier is 0, or is ours on an iBGP session (2/3, RFC 6286).
    case identifierUnacceptable(identifier: UInt32)
    /// The peer offered a hold time of 1 or 2 seconds, or less than our minimum (2/6).
    case holdTimeUnacceptable(offered: UInt16, minimum: UInt16)
    /// A capability that the configuration enforces is missing in the peer's OPEN (2/7); its code.
    case capabilityMissing(code: UInt8)
    /// The roles of both OPENs do not fit (2/11, RFC 9234): ours, and all that the neighbor names; none where one
    /// is enforced.
    case roleMismatch(own: BGPRole, theirs: [UInt8])
    /// The two sides have no address family in common (2/7).
    case noCommonFamily
    /// A message came that the state does not allow (5/1 to 5/3).
    case unexpectedMessage(type: MessageType, state: SessionState)
    /// A changed configuration takes effect with a new session only (Cease/6).
    case configurationChanged

    /// True where `max-prefix` in either direction ended the session.
    package var isPrefixLimit: Bool {
        switch self {
        case .maximumPrefixes, .maximumPrefixesSent: true
        default: false
        }
    }
}
