/// A KEEPALIVE: a header and nothing else.
package enum KeepaliveMessage {
    /// Appends the whole message.
    package static func encode(to output: inout [UInt8]) {
        MessageFraming.appendHeader(.keepalive, length: MessageFraming.headerLength, to: &output)
    }
}

extension MessageFraming {
    /// Appends a header for a message of `length` octets in all.
    static func appendHeader(_ type: MessageType, length: Int, to output: inout [UInt8]) {
        output.append(contentsOf: repeatElement(0xFF, count: 16))
        output.append(UInt8(truncatingIfNeeded: length >> 8))
        output.append(UInt8(truncatingIfNeeded: length))
        output.append(type.rawValue)
    }
}
