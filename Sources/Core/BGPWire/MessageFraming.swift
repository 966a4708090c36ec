/// What stands at the front of received bytes.
package enum FramedMessage: Hashable, Sendable {
    /// The message is not complete yet; nothing was consumed.
    case incomplete
    /// A whole message; `body` is what follows its 19 octets of header.
    case message(MessageType, body: Range<Int>)
    /// The header is wrong (RFC 4271 §6.1): send this and end the session.
    case fault(NotificationMessage)
}

/// Cuts a stream of bytes into BGP messages, in place.
package enum MessageFraming {
    /// The octets of a message header: marker, length, type.
    package static let headerLength = 19
    /// The longest message without RFC 8654.
    package static let standardMaximum = 4096
    /// The longest message where both sides offered extended messages.
    package static let extendedMaximum = 65535

    /// Looks at the message that starts at `offset` and, where it is whole, moves `offset` past it.
    ///
    /// The header is judged as soon as its 19 octets are there, so that a wrong length is refused
    /// before its body was waited for. OPEN and KEEPALIVE never grow past the standard maximum.
    ///
    /// - Parameter maximumLength: ``extendedMaximum`` only where extended messages were agreed.
    package static func next(
        in bytes: Span<UInt8>,
        at offset: inout Int,
        maximumLength: Int = standardMaximum
    ) -> FramedMessage {
        .incomplete
    }
}
