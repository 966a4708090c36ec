/// What is wrong with the bytes of a question, an answer or a greeting.
package enum ControlFault: Error, Hashable, Sendable {
    /// The bytes end within a value that begins at `offset`.
    case truncated(offset: Int)
    /// The value at `offset` is none that a `type` can have.
    case badValue(offset: Int, type: String)
    /// The message is whole and something follows it.
    case trailingBytes(offset: Int)

    /// What was found and where.
    package var text: String {
        switch self {
        case .truncated(let offset): "the message ends within the value at octet \(offset)"
        case .badValue(let offset, let type): "octet \(offset) does not begin a \(type)"
        case .trailingBytes(let offset): "something follows the message at octet \(offset)"
        }
    }
}
