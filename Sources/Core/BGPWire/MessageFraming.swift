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
@usableFromInline
package enum MessageFraming {
    /// The octets of a message header: marker, length, type.
    @inlinable package static var headerLength: Int { 19 }
    /// The longest message without RFC 8654.
    @inlinable package static var standardMaximum: Int { 4096 }
    /// The longest message where both sides offered extended messages.
    @inlinable package static var extendedMaximum: Int { 65535 }

    /// Looks at the message that starts at `offset` and, where it is whole, moves `offset` past it.
    ///
    /// The header is judged as soon as its 19 octets are there, so that a wrong length is refused
    /// before its body was waited for. OPEN and KEEPALIVE never grow past the standard maximum.
    /// `maximumLength` is ``extendedMaximum`` only where extended messages were agreed.
    package static func next(
        in bytes: Span<UInt8>,
        at offset: inout Int,
        maximumLength: Int = standardMaximum
    ) -> FramedMessage {
        let start = offset
        guard bytes.count - start >= headerLength else { return .incomplete }
        guard bytes.word(at: start) & bytes.word(at: start + 8) == .max else {
            return .fault(NotificationMessage(.header, 1))
        }
        let length = Int(bytes.uint16(at: start + 16))
        guard length >= headerLength, length <= maximumLength else {
            return .fault(wrongLength(length))
        }
        guard let type = MessageType(rawValue: bytes[start + 18]) else {
            return .fault(NotificationMessage(.header, 3, data: [bytes[start + 18]]))
        }
        guard length >= shortest(type), length <= longest(type) else {
            return .fault(wrongLength(length))
        }
        guard bytes.count - start >= length else { return .incomplete }
        offset = start + length
        return .message(type, body: start + headerLength..<start + length)
    }

    /// Bad Message Length with the erroneous Length field as data.
    private static func wrongLength(_ length: Int) -> NotificationMessage {
        NotificationMessage(.header, 2, data: [UInt8(length >> 8), UInt8(length & 255)])
    }

    /// The least length of a message of that type (RFC 4271 §4).
    ///
    /// A ROUTE-REFRESH that is too short has its own error (RFC 7313 §5), so it passes here.
    private static func shortest(_ type: MessageType) -> Int {
        switch type {
        case .open: 29
        case .update: 23
        case .notification: 21
        case .keepalive, .routeRefresh: headerLength
        }
    }

    /// The greatest length of a message of that type (RFC 4271 §4, RFC 8654 §4).
    private static func longest(_ type: MessageType) -> Int {
        switch type {
        case .open: standardMaximum
        case .update, .notification, .routeRefresh: extendedMaximum
        case .keepalive: headerLength
        }
    }
}
