package import Addressing

/// The state of a link as RFC 2863 counts it; the raw value is the IF_OPER_ number.
package enum OperationalState: UInt8, Sendable {
    case unknown = 0
    case notPresent = 1
    case down = 2
    case lowerLayerDown = 3
    case testing = 4
    case dormant = 5
    case up = 6
}

/// A network interface as the kernel tells it.
package struct Interface: Hashable, Sendable {
    /// The kernel's number of it.
    package var index: UInt32
    /// The name, `eth0`.
    package var name: String
    /// The IFF_ flags: 0x1 up, 0x8 loopback, 0x40 running.
    package var flags: UInt32
    /// The state of the link.
    package var operationalState: OperationalState
    /// The largest packet in bytes.
    package var mtu: UInt32

    /// Makes an interface from what the kernel tells.
    package init(
        index: UInt32,
        name: String,
        flags: UInt32,
        operationalState: OperationalState,
        mtu: UInt32
    ) {
        self.index = index
        self.name = name
        self.flags = flags
        self.operationalState = operationalState
        self.mtu = mtu
    }

    /// Switched on by the operator (IFF_UP).
    package var isUp: Bool { flags & 0x1 != 0 }
    /// Has carrier (IFF_RUNNING).
    package var isRunning: Bool { flags & 0x40 != 0 }
    /// The loopback (IFF_LOOPBACK).
    package var isLoopback: Bool { flags & 0x8 != 0 }
    /// Packets can leave through it.
    package var isUsable: Bool { isUp && isRunning }
}

/// An address of this host.
package struct InterfaceAddress: Hashable, Sendable {
    /// The interface that carries it.
    package var interface: UInt32
    /// The address itself.
    package var address: IPAddress
    /// The length of the prefix on the link.
    package var prefixLength: UInt8
    /// The other end of a point-to-point link; nil elsewhere.
    package var peer: IPAddress?
    /// The RT_SCOPE_ number.
    package var scope: UInt8

    /// Makes an address from what the kernel tells.
    package init(
        interface: UInt32,
        address: IPAddress,
        prefixLength: UInt8,
        peer: IPAddress? = nil,
        scope: UInt8 = 0
    ) {
        self.interface = interface
        self.address = address
        self.prefixLength = prefixLength
        self.peer = peer
        self.scope = scope
    }
}
