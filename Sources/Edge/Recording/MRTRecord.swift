package import Addressing

/// One record of an MRT file (RFC 6396).
package struct MRTRecord: Hashable, Sendable {
    /// Seconds since 1970.
    package var seconds: UInt32
    /// Microseconds in the second; 0 where the record has none.
    package var microseconds: UInt32
    /// The MRT type.
    package var type: UInt16
    /// The MRT subtype.
    package var subtype: UInt16
    /// What it holds.
    package var content: Content

    /// What a record can hold.
    package enum Content: Hashable, Sendable {
        /// The peers that the RIB records after it name by number.
        case peers(MRTPeerTable)
        /// Routes of one prefix.
        case routes(IPPrefix, [MRTRoute])
        /// A BGP message as it was received or sent.
        case message(MRTMessage)
        /// A neighbor's state changed.
        case stateChange(MRTStateChange)
        /// A type or subtype that is not read here.
        case unsupported
        /// Lengths inside the record do not fit.
        case malformed
    }
}

/// PEER_INDEX_TABLE.
package struct MRTPeerTable: Hashable, Sendable {
    /// The collector's BGP Identifier.
    package var collector: UInt32
    /// The view's name, empty as a rule.
    package var view: String
    /// The peers in order.
    package var peers: [MRTPeer]
}

/// A peer of a table dump.
package struct MRTPeer: Hashable, Sendable {
    package var identifier: UInt32
    package var address: IPAddress
    package var autonomousSystem: ASNumber
}

/// One route of a table dump.
package struct MRTRoute: Hashable, Sendable {
    /// Who it came from; nil where the peer index names nobody.
    package var peer: MRTPeer?
    /// When it was received, seconds since 1970.
    package var originated: UInt32
    /// The path identifier of ADD-PATH, where the record carries them.
    package var pathID: UInt32?
    /// The next hop in the file's bytes where it stands outside the attributes (BGP4MP_ENTRY).
    package var nextHop: Range<Int>?
    /// The attributes in the file's bytes.
    package var attributes: Range<Int>
    /// AS numbers in them take four octets.
    package var fourOctetAS: Bool
    /// MP_REACH_NLRI holds length and next hop only (RFC 6396 §4.3.4).
    package var hasShortReach: Bool
}

/// A message of BGP4MP.
package struct MRTMessage: Hashable, Sendable {
    package var peerAS: ASNumber
    package var localAS: ASNumber
    package var peerAddress: IPAddress
    package var localAddress: IPAddress
    /// AS numbers in the message take four octets.
    package var fourOctetAS: Bool
    /// The message was sent, not received.
    package var isLocal: Bool
    /// Prefixes carry path identifiers.
    package var hasAddPath: Bool
    /// The whole message, header included.
    package var bytes: [UInt8]
}

/// A state change of BGP4MP.
package struct MRTStateChange: Hashable, Sendable {
    package var peerAS: ASNumber
    package var peerAddress: IPAddress
    /// The states as numbers: 1 Idle to 6 Established; Quagga wrote 7 and 8 too.
    package var oldState: UInt16
    package var newState: UInt16
}
