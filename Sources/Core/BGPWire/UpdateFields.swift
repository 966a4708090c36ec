import Addressing

/// The fields of an UPDATE, attribute by attribute.
struct UpdateFields {
    var fourOctetAS: Bool
    /// Families whose prefixes have a path identifier before them.
    var pathIDs: FamilySet

    func fields(_ message: Span<UInt8>, _ body: Range<Int>) -> [DecodedField] {
        guard let layout = UpdateLayout(message, body) else {
            return [MessageText.malformed("UPDATE", "lengths do not fit", message, body)]
        }
        if body.count == 4 {
            return [DecodedField(label: "End-of-RIB", value: "IPv4 unicast", range: body)]
        }
        var fields: [DecodedField] = []
        if !layout.withdrawn.isEmpty {
            fields.append(routes("Withdrawn routes", .ipv4, message, layout.withdrawn))
        }
        if !layout.attributes.isEmpty {
            let (attributes, rest) = layout.list(message)
            var children = attributes.map { attribute($0, message) }
            if !rest.isEmpty {
                children.append(MessageText.malformed("Attribute", "cut short", message, rest))
            }
            fields.append(
                DecodedField(
                    label: "Path attributes",
                    value: "\(layout.attributes.count) octets",
                    range: layout.attributes,
                    children: children
                )
            )
        }
        if !layout.reachable.isEmpty {
            fields.append(routes("Reachable routes", .ipv4, message, layout.reachable))
        }
        return fields
    }

    private func routes(
        _ label: String,
        _ family: AddressFamily,
        _ message: Span<UInt8>,
        _ range: Range<Int>
    ) -> DecodedField {
        let run = PrefixRun(family, message, range, withPathIDs: pathIDs.contains(family))
        var children = run.prefixes.map { prefix, pathID, range in
            let suffix = pathID.map { " path-id \($0)" } ?? ""
            return DecodedField(label: "Prefix", value: "\(prefix)\(suffix)", range: range)
        }
        if !run.rest.isEmpty {
            children.append(MessageText.malformed("Prefix", "malformed", message, run.rest))
        }
        return DecodedField(
            label: label,
            value: run.prefixes.count == 1 ? "1 prefix" : "\(run.prefixes.count) prefixes",
            range: range,
            isMalformed: !run.rest.isEmpty,
            children: children
        )
    }

    private func attribute(_ attribute: PathAttribute, _ message: Span<UInt8>) -> DecodedField {
        let label = attribute.type.title(flags: attribute.flags)
        var field = DecodedField(label: label, value: "", range: attribute.whole)
        switch attribute.type {
        case .mpReach, .mpUnreach:
            fillMultiprotocol(&field, attribute, message)
        case .asPath where !fourOctetAS:
            field.value = AttributeText.asPath(message.extracting(attribute.value), width: 2)
        default:
            field.value = AttributeText.value(
                of: attribute.type,
                message.extracting(attribute.value)
            )
        }
        if field.value.hasPrefix("malformed") || label.contains(" flags "),
            attribute.type.name != nil
        {
            field.isMalformed = true
        }
        if attribute.type == .asPath || attribute.type == .as4Path {
            let width = attribute.type == .as4Path || fourOctetAS ? 4 : 2
            field.isMalformed = ASPathScan(message, attribute.value, width: width).fault != nil
        }
        return field
    }

    private func fillMultiprotocol(
        _ field: inout DecodedField,
        _ attribute: PathAttribute,
        _ message: Span<UInt8>
    ) {
        guard let parts = MultiprotocolLayout(message, attribute) else {
            field.value = "malformed, " + AttributeText.raw(message.extracting(attribute.value))
            return
        }
        field.value = parts.familyName
        let start = attribute.value.lowerBound
        field.children.append(
            DecodedField(label: "Family", value: parts.familyName, range: start..<start + 3)
        )
        if !parts.nextHop.isEmpty {
            field.children.append(
                DecodedField(
                    label: "Nexthop",
                    value: AttributeText.nextHop(message.extracting(parts.nextHop)),
                    range: parts.nextHop
                )
            )
        }
        guard !parts.routes.isEmpty else { return }
        if let family = parts.family {
            field.children.append(routes("Routes", family, message, parts.routes))
        } else {
            field.children.append(
                DecodedField(
                    label: "Routes",
                    value: AttributeText.raw(message.extracting(parts.routes)),
                    range: parts.routes
                )
            )
        }
    }
}
