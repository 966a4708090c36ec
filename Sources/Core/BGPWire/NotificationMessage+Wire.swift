extension NotificationMessage {
    /// Reads the body of a NOTIFICATION; nil where not even code and subcode are there.
    package static func decode(_ body: Span<UInt8>) -> NotificationMessage? {
        nil
    }

    /// Appends the whole message, header included; data that does not fit in 4096 octets is cut.
    package func encode(to output: inout [UInt8]) {}

    /// Cease with a Shutdown Communication (RFC 9003): the text is cut to 255 octets at a character's border.
    package static func cease(_ subcode: UInt8, text: String = "") -> NotificationMessage {
        NotificationMessage(.cease, subcode)
    }

    /// The Shutdown Communication of Cease/2 and Cease/4, control characters escaped (`\n`, `\033`); nil where none.
    package var shutdownText: String? { nil }
}
