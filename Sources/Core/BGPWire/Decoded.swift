/// What a decoder makes of a message body: the message, or the NOTIFICATION that its fault calls for.
///
/// What a peer got wrong is a value, not an error that travels.
package enum Decoded<Message: Hashable & Sendable>: Hashable, Sendable {
    case message(Message)
    case fault(NotificationMessage)
}
