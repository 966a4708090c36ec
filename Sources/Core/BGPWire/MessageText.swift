import Addressing

/// Words for whole messages, header included, made from the raw bytes when somebody looks; never traps.
package enum MessageText {
    /// One line: `203.0.113.0/24 (+3)  path 65002 64500  communities 65002:100`.
    ///
    /// - Parameters:
    ///   - message: all octets of the message.
    ///   - fourOctetAS: AS numbers in AS_PATH take four octets in this session.
    ///   - pathIDs: families whose prefixes have a path identifier before them.
    /// - Returns: words without the type, empty for KEEPALIVE.
    package static func line(
        _ message: Span<UInt8>,
        fourOctetAS: Bool,
        pathIDs: FamilySet = []
    ) -> String {
        let headerLength = MessageFraming.headerLength
        guard message.count >= headerLength else { return "cut short: \(message.count) octets" }
        guard let type = MessageType(rawValue: message[18]) else {
            return "unknown message type \(message[18]), \(message.count) octets"
        }
        let body = message.extracting(headerLength..<message.count)
        switch type {
        case .open: return openLine(body)
        case .update: return updateLine(body, fourOctetAS, pathIDs)
        case .notification: return notificationLine(body)
        case .keepalive: return body.isEmpty ? "" : "malformed: \(body.count) octets too many"
        case .routeRefresh: return refreshLine(body)
        }
    }

    private static func openLine(_ body: Span<UInt8>) -> String {
        switch OpenMessage.decode(body) {
        case .fault(let notification):
            return "malformed: \(notification.words)"
        case .message(let open):
            let identifier = IPAddress(ipv4: open.identifier)
            let start = "AS \(open.autonomousSystem)  hold \(open.holdTime)  id \(identifier)"
            let offers = open.capabilities.brief.joined(separator: ", ")
            return offers.isEmpty ? start : "\(start)  \(offers)"
        }
    }

    private static func notificationLine(_ body: Span<UInt8>) -> String {
        guard let notification = NotificationMessage.decode(body) else {
            return "malformed: no error code"
        }
        return notification.shutdownText.map { "\(notification.words): \"\($0)\"" }
            ?? notification.words
    }

    private static func refreshLine(_ body: Span<UInt8>) -> String {
        switch RouteRefreshMessage.decode(body) {
        case .fault(let notification):
            return "malformed: \(notification.words)"
        case .message(let refresh):
            return
                "\(refresh.subtypeName) \(FamilyName.words(afi: refresh.afi, safi: refresh.safi))"
        }
    }

    private static func updateLine(
        _ body: Span<UInt8>,
        _ fourOctetAS: Bool,
        _ pathIDs: FamilySet
    ) -> String {
        guard let layout = UpdateLayout(body, 0..<body.count) else {
            return "malformed: lengths do not fit"
        }
        if body.count == 4 { return "End-of-RIB IPv4 unicast" }
        let (attributes, rest) = layout.list(body)
        var announced: [String] = []
        var withdrawn: [String] = []
        if !layout.withdrawn.isEmpty {
            withdrawn.append(brief(.ipv4, body, layout.withdrawn, pathIDs))
        }
        if !layout.reachable.isEmpty {
            announced.append(brief(.ipv4, body, layout.reachable, pathIDs))
        }
        var details: [String] = []
        for attribute in attributes {
            switch attribute.type {
            case .mpReach:
                announced.append(routesLine(body, attribute, pathIDs))
            case .mpUnreach:
                let isEndOfRIB =
                    attribute.value.count == 3 && attributes.count == 1 && rest.isEmpty
                    && layout.withdrawn.isEmpty && layout.reachable.isEmpty
                if isEndOfRIB, let parts = MultiprotocolLayout(body, attribute) {
                    return "End-of-RIB \(parts.familyName)"
                }
                withdrawn.append(routesLine(body, attribute, pathIDs))
            default:
                if let detail = detail(body, attribute, fourOctetAS) { details.append(detail) }
            }
        }
        var parts: [String] = announced
        if !announced.isEmpty || withdrawn.isEmpty { parts += details }
        if !withdrawn.isEmpty { parts.append("withdraw " + withdrawn.joined(separator: ", ")) }
        if !rest.isEmpty { parts.append("malformed attributes") }
        return parts.joined(separator: "  ")
    }

    private static func brief(
        _ family: AddressFamily,
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        _ pathIDs: FamilySet
    ) -> String {
        PrefixRun(family, body, range, withPathIDs: pathIDs.contains(family)).brief
    }

    private static func routesLine(
        _ body: Span<UInt8>,
        _ attribute: PathAttribute,
        _ pathIDs: FamilySet
    ) -> String {
        guard let parts = MultiprotocolLayout(body, attribute) else {
            return "malformed \(attribute.type.name ?? "")"
        }
        guard let family = parts.family else { return "\(parts.familyName) routes" }
        return brief(family, body, parts.routes, pathIDs)
    }

    /// What one line says about an attribute; nil for those that a line has no room for.
    private static func detail(
        _ body: Span<UInt8>,
        _ attribute: PathAttribute,
        _ fourOctetAS: Bool
    ) -> String? {
        let value = body.extracting(attribute.value)
        switch attribute.type {
        case .asPath:
            let path = AttributeText.asPath(value, width: fourOctetAS ? 4 : 2)
            return path.isEmpty ? "path empty" : "path \(path)"
        case .multiExitDiscriminator: return "med \(AttributeText.value(of: attribute.type, value))"
        case .localPreference: return "lpref \(AttributeText.value(of: attribute.type, value))"
        case .communities: return "communities \(AttributeText.value(of: attribute.type, value))"
        case .extendedCommunities: return "ext \(AttributeText.value(of: attribute.type, value))"
        case .largeCommunities: return "large \(AttributeText.value(of: attribute.type, value))"
        default: return nil
        }
    }
}

extension RouteRefreshMessage {
    /// The subtype in words.
    var subtypeName: String {
        switch subtype {
        case 0: "request"
        case 1: "beginning of refresh"
        case 2: "end of refresh"
        default: "unknown subtype \(subtype)"
        }
    }
}
