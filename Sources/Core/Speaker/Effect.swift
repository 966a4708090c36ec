package import Addressing
package import BGPSession
package import Control
package import KernelRoutes

/// What the speaker wants done outside, in this order.
package enum Effect: Sendable {
    /// Connect; answered by `connectionOpened`, `connectFailed`, `connectTimedOut` or `connectRefusedLocally`.
    case connect(NeighborNumber, ConnectAttempt, ConnectOrder)
    /// Give that attempt up; no answer is wanted.
    case cancelConnect(NeighborNumber, ConnectAttempt)
    /// Make an accepted connection what its neighbor's configuration asks for; where that fails, close it.
    case admit(ConnectionID, SocketSettings)
    /// Send after everything that was sent before on that connection.
    case send(ConnectionID, [UInt8])
    /// Routes wait for that connection: lend a buffer to ``Speaker/produceOutput(for:into:limit:)``.
    case outputWaiting(ConnectionID)
    /// Send what waits as far as the socket takes it, and close.
    case close(ConnectionID)
    /// Close at once.
    case abort(ConnectionID)
    /// Something happened that belongs in the log.
    case event(EventRow)
    /// The graceful end is complete: sessions told, kernel routes withdrawn.
    case stopped(KernelWithdrawal?)
}

/// Where and how to connect.
package struct ConnectOrder: Hashable, Sendable {
    package var address: IPAddress
    /// The interface of a link-local address.
    package var scope: String?
    package var port: UInt16
    /// The address to connect from; nil leaves it to the kernel.
    package var localAddress: IPAddress?
    package var settings: SocketSettings
}

/// What a session's socket must be set to before a byte goes over it.
package struct SocketSettings: Hashable, Sendable {
    /// The TTL of what we send; nil leaves the kernel's default.
    package var timeToLive: UInt8?
    /// The lowest TTL that is accepted (RFC 5082); nil accepts any.
    package var minimumTimeToLive: UInt8?
    /// The RFC 2385 key; a socket that cannot be given it is not used.
    package var md5Key: [UInt8]?
}

/// The key that the listening sockets need before a neighbor's SYN comes.
package struct ListenKey: Hashable, Sendable {
    package var address: IPAddress
    /// The length of a template's prefix, whose neighbors share the key; nil for one neighbor.
    package var prefixLength: UInt8?
    package var scope: String?
    package var key: [UInt8]

    /// Whose connections it is for.
    package var prefix: IPPrefix {
        IPPrefix(address, length: prefixLength ?? address.family.bitCount)
    }
}

/// One end of a connection.
package struct Endpoint: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16

    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// A network interface as a link-local address names it.
package struct LinkName: Hashable, Sendable {
    package var index: UInt32
    package var name: String

    package init(index: UInt32, name: String) {
        self.index = index
        self.name = name
    }
}
