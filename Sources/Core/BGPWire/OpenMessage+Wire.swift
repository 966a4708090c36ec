extension OpenMessage {
    /// Reads the body of an OPEN (RFC 4271 §4.2, RFC 5492, RFC 9072).
    ///
    /// Refused here is what is wrong whoever the neighbor is: version, parameters cut short or unknown, a hold
    /// time of 1 or 2, an identifier of 0, AS 0. A wrong AS or a capability that is missing is the session's affair.
    package static func decode(_ body: Span<UInt8>) -> Decoded<OpenMessage> {
        .fault(NotificationMessage(.open))
    }

    /// Appends the whole message, header included.
    package func encode(to output: inout [UInt8]) {}
}
