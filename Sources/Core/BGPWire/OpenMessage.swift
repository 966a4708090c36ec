package import Addressing

/// An OPEN message (RFC 4271 §4.2).
package struct OpenMessage: Hashable, Sendable {
    /// The version octet; 4 in anything that a decoder lets pass.
    package var version: UInt8 = 4
    /// My Autonomous System in two octets: AS_TRANS where four are needed.
    package var twoOctetAS: UInt16
    /// Hold Time in seconds as offered: 0 or at least 3.
    package var holdTime: UInt16
    /// BGP Identifier, host order.
    package var identifier: UInt32
    /// The capabilities in it.
    package var capabilities: Capabilities

    package init(
        twoOctetAS: UInt16,
        holdTime: UInt16,
        identifier: UInt32,
        capabilities: Capabilities
    ) {
        self.twoOctetAS = twoOctetAS
        self.holdTime = holdTime
        self.identifier = identifier
        self.capabilities = capabilities
    }

    /// The sender's AS: from the four-octet capability where it is there, else the two octets.
    package var autonomousSystem: ASNumber {
        capabilities.fourOctetAS ?? ASNumber(UInt32(twoOctetAS))
    }
}
