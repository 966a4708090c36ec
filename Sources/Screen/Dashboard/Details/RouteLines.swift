import Addressing
import BGPWire
import Canvas
import Control

/// A line with a label wide enough for the names of attributes.
private func field(_ label: String, _ value: String, _ role: Role = .text) -> [TextPart] {
    labelled(label, value, role, width: 22)
}

extension DashboardModel {
    /// Everything about a prefix in lines.
    func routeLines(_ screen: RouteScreen) -> [[TextPart]] {
        guard let detail = screen.detail else { return [[TextPart("asking", .dim)]] }
        var lines: [[TextPart]] = []
        if detail.paths.isEmpty { lines.append([TextPart("no path in the RIB", .warning)]) }
        for (index, path) in detail.paths.enumerated() {
            if index > 0 { lines.append([]) }
            lines += pathLines(path, index + 1, of: detail.paths.count)
        }
        lines.append([])
        lines += kernelLines(detail)
        lines += [[], announcedLine(detail)]
        return lines
    }

    private func pathLines(_ path: RIBRow, _ place: Int, of count: Int) -> [[TextPart]] {
        let name = PeerName.shown(name(of: path.neighbor))
        let address = neighborRow(path.neighbor).map { " (\($0.address))" } ?? ""
        let pathID = path.pathID.map { ", path id \($0)" } ?? ""
        var lines: [[TextPart]] = [
            [
                TextPart("Path \(place) of \(count) ", .dim),
                TextPart("\(path.flags.text) ", path.role),
                TextPart("from \(name)\(address)\(pathID)", .title),
            ],
            field("  Standing", path.standingWords.joined(separator: ", "), path.role),
        ]
        if let reason = path.reason { lines += reasonLines(reason, path.role) }
        let asPath = AttributeText.asPath(path.asPath.span)
        lines.append(field("  AS path", asPath.isEmpty ? "empty" : asPath))
        let via = path.trueNextHop.map { $0 == path.nextHop ? "" : " via \($0)" }
        lines.append(field("  Next hop", "\(path.nextHop)\(via ?? ", unreachable")"))
        lines.append(
            field(
                "  Preference",
                "local preference \(path.localPreference), MED \(path.med), weight \(path.weight)"
            )
        )
        lines.append(
            field(
                "  Validation",
                "\(path.originValidation.sign) \(path.originValidation.words)",
                path.originValidation.role
            )
        )
        if path.pathValidation != .unknown {
            lines.append(
                field(
                    "  ASPA",
                    "\(path.pathValidation.sign) \(path.pathValidation.words)",
                    path.pathValidation.role
                )
            )
        }
        lines.append(field("  Last change", "\(TimeText.span(path.ageSeconds)) ago"))
        return lines + attributeLines(path.attributes)
    }

    /// The decision's word about a path, and what input policy did to it.
    private func reasonLines(_ reason: PathReason, _ role: Role) -> [[TextPart]] {
        let verdict = reason.words { PeerName.shown(self.name(of: $0)) }
        var lines = [field("  Decision", verdict, role)]
        for (index, rule) in reason.rules.enumerated() {
            let changes = rule.changes.isEmpty ? "" : ": " + rule.changes.joined(separator: ", ")
            lines.append(
                field(index == 0 ? "  Input policy" : "", "\(rule.place) \(rule.text)\(changes)")
            )
        }
        return lines
    }

    /// The attributes that have no line of their own, in words.
    private func attributeLines(_ bytes: [UInt8]) -> [[TextPart]] {
        var lines: [[TextPart]] = []
        let span = bytes.span
        var offset = 0
        while let attribute = PathAttribute.next(in: span, at: &offset) {
            let own: [AttributeType] = [
                .asPath, .nextHop, .multiExitDiscriminator, .localPreference,
            ]
            if own.contains(attribute.type) { continue }
            let name = attribute.type.name ?? "Attribute \(attribute.type.rawValue)"
            let value = AttributeText.value(of: attribute.type, span.extracting(attribute.value))
            let partial = attribute.flags & AttributeFlags.partial == 0 ? "" : " (partial)"
            let text = value.isEmpty ? "present" : PeerName.shown(value)
            lines.append(field("  \(name)", "\(text)\(partial)"))
        }
        return lines
    }

    private func kernelLines(_ detail: RouteDetail) -> [[TextPart]] {
        guard !detail.kernel.isEmpty else {
            return [field("Kernel", "has no route of this prefix", .dim)]
        }
        return detail.kernel.enumerated().flatMap { index, row in
            var text = row.routeText(isLong: true) + "  proto \(row.protocolName)"
            if !row.metricText.isEmpty { text += "  \(row.metricText)" }
            if row.table != 254 { text += "  table \(row.table)" }
            var lines = [field(index == 0 ? "Kernel" : "", text, row.role)]
            let note = row.standing == .installed ? "installed, by the kernel's word" : row.note
            if !note.isEmpty { lines.append(field("", note, row.role)) }
            return lines
        }
    }

    private func announcedLine(_ detail: RouteDetail) -> [TextPart] {
        let names = detail.announcedTo.map { PeerName.shown(name(of: $0)) }
        return field("Announced to", names.isEmpty ? "nobody" : names.joined(separator: ", "))
    }
}

extension RIBRow {
    /// The flags in words, and why a path is not eligible.
    var standingWords: [String] {
        var words: [String] = []
        if flags.contains(.selected) { words.append("best") }
        if flags.contains(.equalCost) { words.append("as good as the best: ECMP") }
        if flags.contains(.asWide) { words.append("nearly as good as the best: as-wide") }
        if flags.contains(.valid) { words.append("eligible") }
        words.append(flags.contains(.viaIBGP) ? "internal" : "external")
        if flags.contains(.announced) { words.append("own network") }
        if flags.contains(.filtered) { words.append("refused by policy") }
        if flags.contains(.error) { words.append("treated as withdrawn: malformed (RFC 7606)") }
        if flags.contains(.leaked) {
            words.append("not eligible: leaked (Only-to-Customer, RFC 9234)")
        }
        if flags.contains(.stale) { words.append("stale") }
        if flags.contains(.asLoop) { words.append("not eligible: own AS in the path") }
        if flags.contains(.nextHopUnreachable) {
            words.append("not eligible: next hop unreachable")
        }
        return words
    }
}
