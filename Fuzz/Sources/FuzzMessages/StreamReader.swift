import Addressing
import BGPWire
import FuzzInput

/// Cuts a stream into messages and holds each against what its room promises.
struct StreamReader: ~Copyable {
    let context: UpdateContext
    private var decoder = UpdateDecoder()
    private var round = RoundTrip()

    init(context: UpdateContext) {
        self.context = context
    }

    /// Reads until the stream is cut short or its header is refused, as a session does.
    mutating func read(_ stream: [UInt8], edits: UInt8) {
        var offset = 0
        while true {
            let start = offset
            guard
                case .message(let type, let body) = MessageFraming.next(
                    in: stream.span,
                    at: &offset
                )
            else { break }
            require(body.lowerBound == start + 19 && body.upperBound == offset, "a body's place")
            message(type, Array(stream[start..<offset]), edits)
        }
        // What is no message is shown too, in the log of messages.
        words(Array(stream[offset...].prefix(MessageFraming.standardMaximum)))
    }

    private mutating func message(_ type: MessageType, _ message: [UInt8], _ edits: UInt8) {
        words(message)
        let body = Array(message[MessageFraming.headerLength...])
        switch type {
        case .open: open(body)
        case .update: update(body, edits)
        case .notification: notification(body)
        case .routeRefresh: _ = RouteRefreshMessage.decode(body.span)
        case .keepalive: break
        }
    }

    /// The line and the fields that a screen shows.
    private func words(_ message: [UInt8]) {
        for fourOctetAS in [true, false] {
            _ = MessageText.line(message.span, fourOctetAS: fourOctetAS)
            check(MessageText.fields(message.span, fourOctetAS: fourOctetAS), in: 0..<message.count)
        }
    }

    private func check(_ fields: [DecodedField], in place: Range<Int>) {
        for field in fields {
            require(
                place.lowerBound <= field.range.lowerBound
                    && field.range.upperBound <= place.upperBound,
                "\(field.label) lies at \(field.range), outside of \(place)"
            )
            check(field.children, in: 0..<place.upperBound)
        }
    }

    private func open(_ body: [UInt8]) {
        guard case .message(let open) = OpenMessage.decode(body.span) else { return }
        _ = open.capabilities.lines
        var written: [UInt8] = []
        open.encode(to: &written)
        guard
            case .message(let again) = OpenMessage.decode(
                written.span.extracting(19..<written.count)
            )
        else { fatalError("an OPEN that was read is refused when it is written") }
        require(again == open, "an OPEN reads back as another: \(open), \(again)")
    }

    private func notification(_ body: [UInt8]) {
        guard let notification = NotificationMessage.decode(body.span) else { return }
        _ = notification.words
        _ = notification.shutdownText
        var written: [UInt8] = []
        notification.encode(to: &written)
        let again = NotificationMessage.decode(written.span.extracting(19..<written.count))
        require(again == notification, "a NOTIFICATION reads back as another")
    }

    private mutating func update(_ body: [UInt8], _ edits: UInt8) {
        let decoding = Decoding(body, context, &decoder)
        var fresh = UpdateDecoder()
        require(Decoding(body, context, &fresh) == decoding, "a message depends on the one before")
        guard decoding.verdict == .accept else { return }
        if !decoding.reachable.isEmpty {
            round.check(decoding.attributes, decoding.reachable, .ipv4, context, edits)
        }
        if !decoding.mpReachable.isEmpty {
            let family = decoding.mpFamily
            round.check(decoding.mpAttributes, decoding.mpReachable, family, context, edits)
        }
    }
}
