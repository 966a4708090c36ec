/// A TCP connection with the neighbor: a number that the driver chooses and never uses twice.
package struct ConnectionID: Hashable, Comparable, Sendable {
    /// The driver's number.
    package var rawValue: UInt64

    /// The connection with that number.
    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    // Written out: the compiler's own comparison is not inlined in other rooms.
    @inlinable
    package static func == (left: ConnectionID, right: ConnectionID) -> Bool {
        left.rawValue == right.rawValue
    }

    package static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// An attempt to connect: numbered by the session, so that an answer that comes late is told from the present one.
package struct ConnectAttempt: Hashable, Sendable {
    /// Counts from 1 over the session's life.
    package var rawValue: UInt32

    /// The attempt with that number.
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

/// Who opened a connection.
package enum ConnectionOrigin: Hashable, Sendable {
    /// The neighbor did, to our listening socket.
    case incoming
    /// We did, by this attempt.
    case outgoing(ConnectAttempt)
}

/// How a connection ended without our doing.
package enum ConnectionEnd: Hashable, Sendable {
    /// The neighbor closed it: end of file.
    case clean
    /// The socket failed with that errno.
    case failed(errno: Int32)
}

/// What kept a socket from being used as the configuration asks; such a connection is never made.
package enum SocketRefusal: Hashable, Sendable {
    /// The MD5 key could not be set.
    case authentication(errno: Int32)
    /// An option (TTL, local address) could not be set.
    case option(name: String, errno: Int32)
}

/// What is known of the socket's receive side when a timer is due.
package enum SocketInput: Hashable, Sendable {
    /// It has been read until it would block, after the timer came due, and all of it was handed over.
    case drained
    /// Octets may wait in it.
    case unread
}
