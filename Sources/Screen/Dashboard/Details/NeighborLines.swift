import Addressing
import BGPWire
import Canvas
import Control

/// A line with a label in front.
func labelled(
    _ label: String,
    _ value: String,
    _ role: Role = .text,
    width: Int = 16
) -> [TextPart] {
    [TextPart(label.fitted(to: width), .dim), TextPart(value, role)]
}

extension DashboardModel {
    /// The Session page of a neighbor.
    func sessionLines(_ screen: NeighborScreen) -> [[TextPart]] {
        guard let detail = screen.detail else {
            return [[TextPart(screen.isGone ? "no such neighbor any more" : "asking", .dim)]]
        }
        var lines: [[TextPart]] = []
        if screen.isGone {
            lines.append([TextPart("this neighbor is gone; last seen so:", .error)])
        }
        lines += stateLines(detail)
        lines += policyLines(detail)
        lines += detail.notes.map { labelled("Note", PeerName.shown($0), .warning) }
        lines += lastLines(detail)
        lines.append([])
        lines += timerLines(detail)
        lines += sessionAddressLines(detail)
        lines.append([])
        lines += capabilityLines(detail)
        lines.append([])
        lines += historyLines(detail)
        return lines
    }

    private func stateLines(_ detail: NeighborDetail) -> [[TextPart]] {
        var states: [TextPart] = []
        let joint = size.width >= 70 ? " ─ " : " "
        for state in SessionState.allCases {
            if !states.isEmpty { states.append(TextPart(joint, .dim)) }
            let isPresent = state == detail.row.state
            let role = isPresent ? standing(of: detail.row).role : .dim
            states.append(TextPart(isPresent ? "[\(state.name)]" : state.name, role))
        }
        let row = detail.row
        let number = row.remoteAS.value == 0 ? "any" : "\(row.remoteAS)"
        let kind = row.remoteAS == detail.localAS ? "iBGP" : "eBGP"
        var lines = [states, []]
        lines.append(labelled("Neighbor", "\(row.address)  AS \(number)  \(kind)"))
        if !row.descr.isEmpty { lines.append(labelled("Description", PeerName.shown(row.descr))) }
        if !row.group.isEmpty { lines.append(labelled("Group", PeerName.shown(row.group))) }
        let standing = standing(of: row)
        let word = row.state == .established ? "up for" : "for"
        let since = row.sinceSeconds == nil ? "never up" : "\(word) \(self.since(row))"
        lines.append(
            labelled("State", "\(standing.sign) \(standing.text)  \(since)", standing.role)
        )
        if let text = detail.shutdownText {
            let quoted = text.isEmpty ? "" : ": \"\(PeerName.shown(text))\""
            lines.append(
                labelled("Held down", "by the operator or the configuration\(quoted)", .warning)
            )
        }
        if row.state == .idle, row.retry == nil, row.lastDown?.isPrefixLimit == true {
            lines.append(labelled("Held down", "by max-prefix, until up or clear", .warning))
        }
        if row.remoteIdentifier != 0 {
            lines.append(labelled("Router ID", "\(IPAddress(ipv4: row.remoteIdentifier))"))
        }
        if !detail.configuredAt.isEmpty {
            lines.append(labelled("Configured", detail.configuredAt))
        }
        return lines
    }

    private func policyLines(_ detail: NeighborDetail) -> [[TextPart]] {
        guard detail.policyRulesIn == 0, detail.policyRulesOut == 0 else {
            let (input, output) = (detail.policyRulesIn, detail.policyRulesOut)
            let words = "\(input) \(input == 1 ? "rule" : "rules") in, \(output) out"
            return [labelled("Policy", words)]
        }
        let address = detail.row.address
        return [
            labelled("Policy", "none, everything is refused (RFC 8212)", .warning),
            labelled("", "allow from \(address)  in bgpd.conf would let its routes in,", .dim),
            labelled("", "allow to \(address)  would send it ours.", .dim),
        ]
    }

    private func lastLines(_ detail: NeighborDetail) -> [[TextPart]] {
        var lines: [[TextPart]] = []
        let name = PeerName.shown(detail.row.name)
        let offset = options.utcOffsetSeconds
        if let time = detail.lastDownAt, let reason = detail.lastLoss {
            let when = "\(Clock.dated(time, offset: offset)) after "
            let text = when + "\(TimeText.span(detail.lastUpSeconds)): "
            lines.append(labelled("Last down", text + reason.sentence(neighbor: name), .warning))
        }
        if let reason = detail.lastAttempt {
            lines.append(labelled("Last attempt", reason.sentence(neighbor: name), .warning))
        }
        if let error = detail.lastErrorReceived {
            lines.append(labelled("Error received", error.wordsWithOctets, .error))
        }
        if let error = detail.lastErrorSent {
            lines.append(labelled("Error sent", error.wordsWithOctets, .error))
        }
        if let text = detail.lastReceivedShutdownText, !text.isEmpty {
            lines.append(labelled("It said", "\"\(PeerName.shown(text))\""))
        }
        lines.append(
            labelled(
                "Flaps",
                "\(detail.row.flapsLastHour) in the last hour, \(detail.row.flaps) in all"
            )
        )
        return lines
    }

    private func timerLines(_ detail: NeighborDetail) -> [[TextPart]] {
        let elapsed = Int64(secondsSinceOverview) * 1000
        var lines = detail.timers.map { timer in
            let seconds = (timer.dueMilliseconds - elapsed + 999) / 1000
            let text = seconds > 0 ? "due in \(TimeText.span(UInt32(clamping: seconds)))" : "due"
            return [TextPart(timer.name.fitted(to: 20), .dim), TextPart(text)]
        }
        let hold = detail.holdTime == 0 ? "none agreed" : "\(detail.holdTime) s"
        var text = "\(hold), \(detail.configuredHoldTime) s offered"
        if detail.keepaliveInterval > 0 { text += ", keepalive \(detail.keepaliveInterval) s" }
        lines.append(labelled("Hold time", text))
        let seconds = secondsSinceOverview
        func ago(_ value: UInt32?) -> String {
            value.map { TimeText.span($0 &+ seconds) } ?? "Never"
        }
        lines.append(
            labelled(
                "Last read",
                "\(ago(detail.lastReadSeconds)), last write \(ago(detail.lastWriteSeconds))"
            )
        )
        return lines
    }

    private func sessionAddressLines(_ detail: NeighborDetail) -> [[TextPart]] {
        var lines: [[TextPart]] = []
        if let local = detail.localAddress {
            lines.append(
                labelled(
                    "Connection",
                    "\(local) port \(detail.localPort) - \(detail.row.address) port \(detail.remotePort)"
                )
            )
        }
        var words: [String] = []
        if detail.isPassive { words.append("passive") }
        if detail.row.isCloned { words.append("cloned from a template") }
        if detail.isReflectorClient { words.append("route reflector client") }
        if let role = detail.role { words.append("we are its \(role.word)") }
        if detail.multihop > 0 { words.append("multihop \(detail.multihop)") }
        if detail.ttlSecurity { words.append("TTL security") }
        if !detail.dependsOn.isEmpty {
            words.append("depends on \(PeerName.shown(detail.dependsOn))")
        }
        words.append(detail.usesMD5 ? "TCP MD5" : "no authentication")
        lines.append(labelled("Options", words.joined(separator: ", ")))
        return lines
    }

    /// Both sides' capabilities beside what was negotiated; one below the other where it is narrow.
    private func capabilityLines(_ detail: NeighborDetail) -> [[TextPart]] {
        let columns: [(String, [String])] = [
            ("We offer", detail.localCapabilities.lines),
            ("It offers", detail.remoteCapabilities?.lines ?? ["not heard yet"]),
            ("In force", detail.negotiatedCapabilities?.lines ?? ["nothing yet"]),
        ]
        guard size.width >= 100 else {
            return columns.flatMap { title, lines in
                lines.enumerated().map { labelled($0 == 0 ? title : "", PeerName.shown($1)) }
            }
        }
        let width = (size.width - 6) / 3
        let title = columns.map { TextPart($0.0.fitted(to: width), .dim) }
        let cells = columns.map { _, lines in
            lines.flatMap { PeerName.shown($0).wrapped(to: width - 2) }
        }
        let count = cells.map(\.count).max() ?? 0
        let rows = (0..<count).map { line in
            cells.map { TextPart(($0.indices.contains(line) ? $0[line] : "").fitted(to: width)) }
        }
        return [title] + rows
    }

    private func historyLines(_ detail: NeighborDetail) -> [[TextPart]] {
        var lines = [[TextPart("History, the newest first", .dim)]]
        let name = PeerName.shown(detail.row.name)
        for change in detail.history.reversed() {
            let time = Clock.dated(change.time, offset: options.utcOffsetSeconds)
            let cause = change.reason.map { ": \($0.sentence(neighbor: name))" } ?? ""
            let role: Role =
                change.to == .established
                ? .stateUp : change.from == .established ? .stateDown : .text
            lines.append([
                TextPart("\(time)  ", .dim),
                TextPart("\(change.from.name) -> \(change.to.name)  ", role),
                TextPart("\(change.event)\(cause)"),
            ])
        }
        if detail.history.isEmpty { lines.append([TextPart("no change of state yet")]) }
        return lines
    }

    /// The Statistics page of a neighbor.
    func statisticsLines(_ screen: NeighborScreen) -> [[TextPart]] {
        guard let detail = screen.detail else { return [[TextPart("asking", .dim)]] }
        func row(_ label: String, _ counts: SentReceived, _ role: Role = .text) -> [TextPart] {
            [
                TextPart(label.fitted(to: 18), .dim),
                TextPart(NumberText.grouped(counts.sent).fitted(to: 14, alignment: .right), role),
                TextPart(
                    NumberText.grouped(counts.received).fitted(to: 14, alignment: .right),
                    role
                ),
            ]
        }
        func single(_ label: String, _ value: UInt64) -> [TextPart] {
            [
                TextPart(label.fitted(to: 32), .dim),
                TextPart(NumberText.grouped(value).fitted(to: 14, alignment: .right)),
            ]
        }
        let heads = ["sent", "received"].map {
            TextPart($0.fitted(to: 14, alignment: .right), .dim)
        }
        let total = SentReceived(
            sent: detail.row.messagesSent,
            received: detail.row.messagesReceived
        )
        var lines: [[TextPart]] = [
            [TextPart("Messages".fitted(to: 18), .dim)] + heads,
            row("  OPEN", detail.opens), row("  NOTIFICATION", detail.notifications),
            row("  UPDATE", detail.updates), row("  KEEPALIVE", detail.keepalives),
            row("  ROUTE-REFRESH", detail.routeRefreshes), row("  total", total), [],
            [TextPart("Routes".fitted(to: 18), .dim)] + heads,
            row("  announced", detail.prefixUpdates), row("  withdrawn", detail.prefixWithdraws),
            row("  End-of-RIB", detail.endOfRIB), [],
            single("Prefixes received", detail.row.prefixesReceived),
            single("  of these accepted", detail.row.prefixesAccepted),
            single("Prefixes sent", detail.row.prefixesSent),
            single("Waiting to be sent: updates", detail.pendingUpdates),
            single("Waiting to be sent: withdraws", detail.pendingWithdraws),
            single("Octets not yet worked off", detail.inputBytes),
            single("Octets waiting for the socket", detail.outputBytes),
            single("Treated as withdraw (RFC 7606)", detail.treatedAsWithdraw),
            single("Attributes discarded (RFC 7606)", detail.attributesDiscarded),
        ]
        lines += [
            [],
            maximumPrefixes(
                "max-prefix",
                detail.row.maximumPrefixes,
                detail.maximumPrefixRestartMinutes,
                count: detail.row.prefixesReceived
            ),
        ]
        if detail.maximumSentPrefixes > 0 {
            lines.append(
                maximumPrefixes(
                    "max-prefix out",
                    detail.maximumSentPrefixes,
                    detail.maximumSentPrefixRestartMinutes,
                    count: detail.row.prefixesSent
                )
            )
        }
        return lines
    }

    /// `max-prefix` as a number and a bar; a limit of 0 is none.
    private func maximumPrefixes(
        _ title: String,
        _ maximum: UInt32,
        _ restart: UInt32,
        count: UInt64
    ) -> [TextPart] {
        let limit = UInt64(maximum)
        guard limit > 0 else { return labelled(title, "none") }
        let filled = Int(min(20, count * 20 / limit))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        let again = restart == 0 ? "" : ", restart after \(restart) min"
        let role: Role = count > limit ? .error : count * 10 > limit * 9 ? .warning : .text
        return labelled(
            title,
            "\(bar) \(NumberText.grouped(count)) of \(NumberText.grouped(limit))\(again)",
            role
        )
    }
}

extension NotificationMessage {
    /// The words, and the octets of the data where there are some: `OPEN error, ...  [fd e9]`.
    fileprivate var wordsWithOctets: String {
        guard !data.isEmpty else { return words }
        if let text = shutdownText { return "\(words): \"\(text)\"" }
        let octets = data.prefix(16).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0\(hex)" : hex
        }
        let more = data.count > 16 ? " …" : ""
        return "\(words)  [\(octets.joined(separator: " "))\(more)]"
    }
}
