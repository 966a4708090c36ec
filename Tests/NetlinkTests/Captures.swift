import Addressing
import KernelRoutes

@testable import Netlink

/// Bytes of a real kernel (6.18) or of iproute2 6.1, from hexadecimal text.
func captured(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text where !character.isWhitespace {
        guard let digit = character.hexDigitValue else { continue }
        if let first = high {
            bytes.append(first << 4 | UInt8(digit))
            high = nil
        } else {
            high = UInt8(digit)
        }
    }
    return bytes
}

/// All messages of a datagram.
func messages(_ bytes: [UInt8]) -> [NetlinkMessage] {
    var found: [NetlinkMessage] = []
    NetlinkDecoder.forEachMessage(in: bytes.span) { _, message in found.append(message) }
    return found
}

func prefix(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(text: text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text: text) else { preconditionFailure("\(text) is no address") }
    return address
}

func hop(_ gateway: String, _ interface: UInt32 = 0, weight: UInt16 = 1) -> KernelNextHop {
    KernelNextHop(gateway: address(gateway), interface: interface, weight: weight)
}
