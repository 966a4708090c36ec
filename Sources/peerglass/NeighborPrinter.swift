import Addressing
import BGPWire
import Control
import Timekeeping

/// `show neighbor` as text.
struct NeighborPrinter {
    /// Seconds that local time is ahead of UTC at a moment.
    var localOffset: (Int64) -> Int64

    /// What is shown while no hold time has been agreed on: that of RFC 4271 §8.2.2 for OpenSent.
    private static let largeHoldTime: UInt16 = 240

    func full(_ neighbor: NeighborDetail, to output: inout Output) {
        head(neighbor, to: &output)
        output.line()
        messages(neighbor, to: &output)
        updates(neighbor, to: &output)
        queues(neighbor, to: &output)
        output.line()
        tail(neighbor, to: &output)
        history(neighbor, to: &output)
        output.line()
    }

    func timers(_ neighbor: NeighborDetail, to output: inout Output) {
        head(neighbor, to: &output)
        output.line()
        for timer in neighbor.timers {
            output.append("  " as StaticString)
            output.left(timer.name, 20)
            output.append(UInt8(ascii: " "))
            let due =
                timer.dueMilliseconds > 0
                ? "due in \(TimeText.span(UInt32(clamping: timer.dueMilliseconds / 1000)))"
                : "due"
            output.left(due, 20)
            output.line()
        }
    }

    /// Sixteen numbers, address, AS and description.
    func terse(_ neighbor: NeighborDetail, to output: inout Output) {
        let pairs = [
            neighbor.opens, neighbor.notifications, neighbor.updates, neighbor.keepalives,
            neighbor.routeRefreshes,
        ]
        var numbers = pairs.flatMap { [$0.sent, $0.received] }
        numbers += [neighbor.row.prefixesReceived, UInt64(neighbor.row.maximumPrefixes)]
        numbers += [neighbor.prefixUpdates.sent, neighbor.prefixUpdates.received]
        numbers += [neighbor.prefixWithdraws.sent, neighbor.prefixWithdraws.received]
        let text = numbers.map(String.init).joined(separator: " ")
        output.line(
            "\(text) \(neighbor.row.address) \(neighbor.row.remoteAS) \"\(neighbor.row.descr)\""
        )
    }

    /// How late the speaker's loop is, which decides how late a KEEPALIVE can be.
    func loop(_ lag: LoopLag, to output: inout Output) {
        let recent = LoopLag.text(lag.recentMicroseconds)
        output.line(
            "Loop of the speaker: largest gap between two turns \(recent) in the last second"
        )
        guard lag.largestMicroseconds > 0 else { return }
        let seconds = lag.largestAt.nanoseconds / 1_000_000_000
        let moment = TimeText.moment(seconds, offset: localOffset(seconds))
        output.line(
            "  Since start: \(LoopLag.text(lag.largestMicroseconds)) at \(moment), \(lag.largestWork)"
        )
    }

    private func head(_ neighbor: NeighborDetail, to output: inout Output) {
        let row = neighbor.row
        var first = "BGP neighbor is \(row.addressText), "
        first += row.remoteAS.value == 0 ? "remote AS: accept any" : "remote AS \(row.remoteAS)"
        if row.templateLength != nil { first += ", Template" }
        if row.isCloned { first += ", Cloned" }
        if neighbor.isPassive { first += ", Passive" }
        if neighbor.multihop > 0 { first += ", Multihop (\(neighbor.multihop))" }
        output.line(first)
        if !row.descr.isEmpty { output.line(" Description: \(row.descr)") }
        if let role = neighbor.role { output.line(" Role: \(role.word)") }
        let limits = [
            ("", row.maximumPrefixes, neighbor.maximumPrefixRestartMinutes),
            (" out", neighbor.maximumSentPrefixes, neighbor.maximumSentPrefixRestartMinutes),
        ]
        let words = limits.filter { $0.1 > 0 }.map { direction, limit, minutes in
            " Max-prefix\(direction): \(limit)" + (minutes > 0 ? " (restart \(minutes))" : "")
        }
        if !words.isEmpty { output.line(words.joined()) }
        if row.state == .established {
            let authentication = neighbor.usesMD5 ? ", using md5sig" : ""
            output.line(
                "  BGP version 4, remote router-id \(row.identifierText)\(authentication)"
            )
        }
        state(neighbor, to: &output)
        let own = neighbor.role?.word ?? "none"
        capabilities("Neighbor", neighbor.remoteCapabilities, ownRole: own, to: &output)
        capabilities("Negotiated", neighbor.negotiatedCapabilities, ownRole: own, to: &output)
    }

    private func state(_ neighbor: NeighborDetail, to output: inout Output) {
        let row = neighbor.row
        var line = "  BGP state = \(row.state.name)"
        if row.markedDown {
            line += ", marked down"
            if let text = neighbor.shutdownText, !text.isEmpty {
                line += " with shutdown reason \"\(text)\""
            }
        }
        if let since = row.sinceSeconds {
            line += ", \(row.state == .established ? "up" : "down") for \(TimeText.span(since))"
        }
        output.line(line)
        let isAgreed = row.state == .openConfirm || row.state == .established
        let holdTime = isAgreed ? neighbor.holdTime : Self.largeHoldTime
        let keepalive = isAgreed ? neighbor.keepaliveInterval : Self.largeHoldTime / 3
        output.line(
            "  Last read \(TimeText.since(neighbor.lastReadSeconds)), holdtime \(holdTime)s,"
                + " keepalive interval \(keepalive)s"
        )
        output.line("  Last write \(TimeText.since(neighbor.lastWriteSeconds))")
    }

    private func capabilities(
        _ title: String,
        _ capabilities: Capabilities?,
        ownRole: String,
        to output: inout Output
    ) {
        guard let lines = capabilities?.lines(behindRole: " (local \(ownRole))"), !lines.isEmpty
        else { return }
        output.line("  \(title) capabilities:")
        for line in lines { output.line("    \(line)") }
    }

    private func messages(_ neighbor: NeighborDetail, to output: inout Output) {
        output.line("  Message statistics:")
        output.line("                  Sent       Received  ")
        let rows = [
            ("Opens", neighbor.opens), ("Notifications", neighbor.notifications),
            ("Updates", neighbor.updates), ("Keepalives", neighbor.keepalives),
            ("Route Refresh", neighbor.routeRefreshes), ("Total", neighbor.messageTotal),
        ]
        for (name, counts) in rows { row(name, counts, to: &output) }
        output.line()
    }

    private func updates(_ neighbor: NeighborDetail, to output: inout Output) {
        output.line("  Update statistics:")
        output.line("                  Sent       Received   Pending   ")
        row("Prefixes", neighbor.prefixes, to: &output)
        row("Updates", neighbor.prefixUpdates, pending: neighbor.pendingUpdates, to: &output)
        row("Withdraws", neighbor.prefixWithdraws, pending: neighbor.pendingWithdraws, to: &output)
        row("End-of-Rib", neighbor.endOfRIB, to: &output)
        output.line("  Route Refresh statistics:")
        row("Request", neighbor.refreshRequests, to: &output)
        row("Begin-of-RR", neighbor.refreshBegins, to: &output)
        row("End-of-RR", neighbor.refreshEnds, to: &output)
        output.line()
    }

    /// Input is counted in octets, output in prefixes that wait to be sent.
    private func queues(_ neighbor: NeighborDetail, to output: inout Output) {
        output.line("  Queue statistics:")
        output.line("                  Count      Size      ")
        output.append("  ibuf queue               - " as StaticString)
        output.right(neighbor.inputBytes, 10)
        output.line()
        output.append("  rib queue       " as StaticString)
        output.right(neighbor.pendingUpdates + neighbor.pendingWithdraws, 10)
        output.line("          -")
    }

    private func row(
        _ name: String,
        _ counts: SentReceived,
        pending: UInt64? = nil,
        to output: inout Output
    ) {
        output.append("  " as StaticString)
        output.left(name, 15)
        output.append(UInt8(ascii: " "))
        output.right(counts.sent, 10)
        output.append(UInt8(ascii: " "))
        output.right(counts.received, 10)
        if let pending {
            output.append(UInt8(ascii: " "))
            output.right(pending, 10)
        }
        output.line()
    }

    private func tail(_ neighbor: NeighborDetail, to output: inout Output) {
        var isEmpty = true
        if let error = neighbor.lastErrorSent {
            output.line("  Last error sent: \(error.words)")
            isEmpty = false
        }
        if let error = neighbor.lastErrorReceived {
            output.line("  Last error received: \(error.words)")
            isEmpty = false
        }
        if let text = neighbor.lastReceivedShutdownText {
            output.line("  Last received shutdown reason: \"\(text)\"")
            isEmpty = false
        }
        if neighbor.hasConnection, let address = neighbor.localAddress {
            output.append("  Local host:  " as StaticString)
            output.right(address.description, 20)
            output.append(", Local port:  " as StaticString)
            output.right(UInt64(neighbor.localPort), 5)
            output.line()
            output.append("  Remote host: " as StaticString)
            output.right(neighbor.row.address.description, 20)
            output.append(", Remote port: " as StaticString)
            output.right(UInt64(neighbor.remotePort), 5)
            output.line()
            isEmpty = false
        }
        if !isEmpty { output.line() }
    }

    /// What bgpctl does not tell: why the session went down, how often, and what policy there is.
    private func history(_ neighbor: NeighborDetail, to output: inout Output) {
        let row = neighbor.row
        if let time = neighbor.lastDownAt, let reason = neighbor.lastLoss {
            let seconds = time.nanoseconds / 1_000_000_000
            let moment = TimeText.moment(seconds, offset: localOffset(seconds))
            output.line(
                "  Last down: \(moment) after \(TimeText.span(neighbor.lastUpSeconds)): "
                    + reason.sentence(neighbor: row.name)
            )
        }
        if let reason = neighbor.lastAttempt {
            output.line("  Last attempt: \(reason.sentence(neighbor: row.name))")
        }
        output.line("  Flaps: \(row.flapsLastHour) in the last hour, \(row.flaps) in all")
        let (rulesIn, rulesOut) = (neighbor.policyRulesIn, neighbor.policyRulesOut)
        output.line(
            rulesIn == 0 && rulesOut == 0
                ? "  Policy: none, everything is refused (RFC 8212)"
                : "  Policy: in \(rulesIn) rules, out \(rulesOut) rules"
        )
        if neighbor.hasLocalAS { output.line("  Local AS: \(neighbor.localAS)") }
        for note in neighbor.notes { output.line("  Note: \(note)") }
    }
}

extension NeighborDetail {
    /// All messages.
    var messageTotal: SentReceived {
        [opens, notifications, updates, keepalives, routeRefreshes].reduce(into: SentReceived()) {
            $0.sent += $1.sent
            $0.received += $1.received
        }
    }

    /// Prefixes sent to the neighbor and in Adj-RIB-In.
    var prefixes: SentReceived {
        SentReceived(sent: row.prefixesSent, received: row.prefixesReceived)
    }

    /// True from OpenSent on, where both ends of the connection are known.
    var hasConnection: Bool {
        switch row.state {
        case .openSent, .openConfirm, .established: true
        case .idle, .connect, .active: false
        }
    }
}
