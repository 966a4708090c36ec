import Addressing
import BGPWire

/// Enough of a session to judge messages: negotiates, decodes, keeps a table.
struct TestSession: ~Copyable {
    /// What became of the session.
    enum Outcome: Equatable {
        case up
        case reset(NotificationMessage)
        case ended
    }

    var context: UpdateContext
    var maximumLength = MessageFraming.standardMaximum
    var outcome = Outcome.up
    /// Prefixes and their canonical attributes.
    var table: [IPPrefix: [UInt8]] = [:]
    var decoder = UpdateDecoder()

    init(isIBGP: Bool) {
        context = UpdateContext(
            fourOctetAS: false,
            families: .ipv4,
            isIBGP: isIBGP,
            localAS: ASNumber(65000),
            remoteAS: ASNumber(isIBGP ? 65000 : 65001),
            enforceNeighborAS: !isIBGP,
            rejectASSet: true
        )
    }

    mutating func receive(_ stream: [UInt8]) {
        var offset = 0
        while outcome == .up {
            let found = MessageFraming.next(
                in: stream.span,
                at: &offset,
                maximumLength: maximumLength
            )
            switch found {
            case .incomplete: return
            case .fault(let notification): outcome = .reset(notification)
            case .message(let type, let body): receive(type, Array(stream[body]))
            }
        }
    }

    private mutating func receive(_ type: MessageType, _ body: [UInt8]) {
        switch type {
        case .open:
            switch OpenMessage.decode(body.span) {
            case .fault(let notification): outcome = .reset(notification)
            case .message(let open):
                context.fourOctetAS = open.capabilities.fourOctetAS != nil
                context.families =
                    open.capabilities.families.isEmpty ? .ipv4 : open.capabilities.families
            }
        case .update: update(body)
        case .notification: outcome = .ended
        case .keepalive: break
        case .routeRefresh:
            if case .fault(let notification) = RouteRefreshMessage.decode(body.span) {
                outcome = .reset(notification)
            }
        }
    }

    private mutating func update(_ body: [UInt8]) {
        let span = body.span
        let verdict = decoder.decode(span, context: context)
        switch verdict {
        case .reset(let notification): outcome = .reset(notification)
        case .endOfRIB: break
        case .treatAsWithdraw:
            for block in [
                decoder.withdrawn, decoder.reachable, decoder.mpWithdrawn, decoder.mpReachable,
            ] {
                for prefix in Self.prefixes(body, block) { table[prefix] = nil }
            }
        case .accept:
            for block in [decoder.withdrawn, decoder.mpWithdrawn] {
                for prefix in Self.prefixes(body, block) { table[prefix] = nil }
            }
            let attributes = decoder.withAttributes(in: span) { Self.copy($0) }
            for prefix in Self.prefixes(body, decoder.reachable) { table[prefix] = attributes }
            let mpAttributes = decoder.withMPAttributes(in: span) { Self.copy($0) }
            for prefix in Self.prefixes(body, decoder.mpReachable) { table[prefix] = mpAttributes }
        }
    }

    static func copy(_ span: Span<UInt8>) -> [UInt8] {
        span.indices.map { span[$0] }
    }

    static func prefixes(_ body: [UInt8], _ block: NLRIBlock) -> [IPPrefix] {
        var offset = block.range.lowerBound
        var prefixes: [IPPrefix] = []
        while offset < block.range.upperBound {
            if block.hasPathIDs { _ = NLRI.readPathID(from: body.span, at: &offset) }
            prefixes.append(NLRI.read(block.family, from: body.span, at: &offset))
        }
        return prefixes
    }
}

/// The types of the attributes in canonical bytes, in order.
func attributeTypes(_ canonical: [UInt8]) -> [UInt8] {
    var offset = 0
    var types: [UInt8] = []
    while let attribute = PathAttribute.next(in: canonical.span, at: &offset) {
        types.append(attribute.type.rawValue)
    }
    return types
}

/// The value of the first attribute of that type, in words.
func text(_ type: AttributeType, in canonical: [UInt8]) -> String? {
    guard let found = PathAttribute.first(type, in: canonical.span) else { return nil }
    return AttributeText.value(of: type, canonical.span.extracting(found.value))
}

/// One line of a whole message.
func line(_ message: [UInt8], fourOctetAS: Bool = true) -> String {
    MessageText.line(message.span, fourOctetAS: fourOctetAS)
}

/// The fields of a whole message.
func fields(_ message: [UInt8], fourOctetAS: Bool = true) -> [DecodedField] {
    MessageText.fields(message.span, fourOctetAS: fourOctetAS)
}

/// What stands at the front of a stream and how far it was consumed.
func frame(_ stream: [UInt8], maximumLength: Int = 4096) -> (found: FramedMessage, consumed: Int) {
    var offset = 0
    let found = MessageFraming.next(in: stream.span, at: &offset, maximumLength: maximumLength)
    return (found, offset)
}

/// What the decoder makes of one UPDATE body.
struct Decoding: Equatable {
    var verdict: UpdateVerdict
    var withdrawn: [String] = []
    var announced: [String] = []
    var attributes: [UInt8] = []
    var mpWithdrawn: [String] = []
    var mpAnnounced: [String] = []
    var mpAttributes: [UInt8] = []
    var discards: [AttributeFault] = []

    init(_ body: [UInt8], _ context: UpdateContext) {
        var decoder = UpdateDecoder()
        let span = body.span
        verdict = decoder.decode(span, context: context)
        withdrawn = TestSession.prefixes(body, decoder.withdrawn).map(\.description)
        announced = TestSession.prefixes(body, decoder.reachable).map(\.description)
        mpWithdrawn = TestSession.prefixes(body, decoder.mpWithdrawn).map(\.description)
        mpAnnounced = TestSession.prefixes(body, decoder.mpReachable).map(\.description)
        discards = decoder.discards
        guard verdict == .accept else { return }
        attributes = decoder.withAttributes(in: span) { TestSession.copy($0) }
        mpAttributes = decoder.withMPAttributes(in: span) { TestSession.copy($0) }
    }
}
