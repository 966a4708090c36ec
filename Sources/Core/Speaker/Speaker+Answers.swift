import Addressing
import BGPSession
import BGPWire
import Configuration
package import Control
import KernelRoutes
import Policy
import Routing
import Timekeeping

/// Questions and what is answered: numbers that are kept anyway, and as many rows as are asked for.
extension Speaker {
    /// Answers a question, or does what it asks for.
    package func answer(_ question: Question) -> Reply {
        switch question {
        case .instance: .instance(instance)
        case .overview: .overview(overview())
        case .neighbor(let request): .neighbors(select(request.selector).map { detail(of: $0) })
        case .ribPage(let request): ribPage(request)
        case .route(let request): .route(route(request))
        case .whatIf(let request): whatIf(request)
        case .kernelPage(let request): .kernelPage(kernelPage(request))
        case .messages(let request): .messages(messageLog.page(request))
        case .events(let request): .events(eventLog.page(request))
        case .memory: .memory(memory())
        case .neighborAction(let request): .action(perform(request))
        case .stop:
            stopped()
        // Files are the driver's: it reads them and calls `reload`.
        case .reload: .refused(.notSupported)
        }
    }

    private func stopped() -> Reply {
        stop()
        return .action(.processed)
    }

    private var instance: Instance {
        let updates: Instance.KernelUpdates =
            if let reason = environment.kernelOffReason {
                .off(reason: reason)
            } else {
                .on(
                    table: kernel.ownership.table,
                    protocolNumber: kernel.ownership.protocolNumber,
                    metric: kernel.ownership.metric
                )
            }
        return Instance(
            version: environment.version,
            hostName: environment.hostName,
            processID: environment.processID,
            localAS: configuration.localAS,
            routerID: routerID,
            startedAt: startedWall,
            configurationPath: environment.configurationPath,
            socketPath: environment.socketPath,
            kernelUpdates: updates
        )
    }

    private func overview() -> Overview {
        var overview = Overview(now: wall)
        overview.neighbors = neighbors.all.map { row(of: $0) }
        overview.sessionsTotal = UInt32(neighbors.all.count { !$0.isTemplate })
        overview.sessionsUp = UInt32(neighbors.all.count { $0.session.state == .established })
        overview.prefixCount = UInt64(routing.ipv4.bestCount + routing.ipv6.bestCount)
        overview.pathCount = UInt64(routing.ipv4.pathCount + routing.ipv6.pathCount)
        overview.bestCount = UInt64(kernel.counts.wanted)
        overview.kernel = kernelCounts
        overview.lag = turns.lag
        overview.updatesIn = ratesIn.samples
        overview.updatesOut = ratesOut.samples
        overview.updatesKernel = ratesKernel.samples
        overview.ribGeneration = routing.ipv4.bestChanges &+ routing.ipv6.bestChanges
        overview.kernelGeneration = kernelGeneration
        overview.lastMessage = messageLog.newest
        overview.lastEvent = eventLog.lastImportant
        return overview
    }

    // MARK: Neighbors

    func row(of neighbor: Neighbor) -> NeighborRow {
        let statistics = neighbor.session.statistics
        let id = Self.routingID(neighbor.number)
        let ipv4 = routing.ipv4.counts(of: id)
        let ipv6 = routing.ipv6.counts(of: id)
        var row = NeighborRow(
            number: neighbor.number,
            address: neighbor.configuration.address,
            remoteAS: neighbor.configuration.remoteAS,
            state: neighbor.session.state
        )
        row.templateLength = neighbor.configuration.templateLength
        row.isCloned = neighbor.template != nil
        row.descr = neighbor.configuration.description ?? ""
        row.group = neighbor.configuration.group ?? ""
        row.markedDown = neighbor.shutdownText != nil
        row.sinceSeconds = seconds(since: statistics.lastUpDown ?? neighbor.addedAt)
        row.retry = neighbor.session.retryCountdown.map { timer($0.timer, due: $0.due) }
        if neighbor.session.state == .established {
            row.remoteIdentifier = neighbor.session.negotiated?.remoteOpen.identifier ?? 0
        }
        row.messagesReceived = statistics.received.total
        row.messagesSent = statistics.sent.total
        row.prefixesReceived = UInt64(ipv4.received) + UInt64(ipv6.received)
        row.prefixesAccepted = UInt64(ipv4.accepted) + UInt64(ipv6.accepted)
        row.prefixesSent = UInt64(clamping: sentCount(to: neighbor))
        row.maximumPrefixes = neighbor.configuration.maxPrefix?.limit ?? 0
        row.outQueue = neighbor.unsentBytes > 0 ? 1 : 0
        row.lastDown = statistics.lastReason
        row.flapsLastHour = UInt32(clamping: neighbor.session.recentFlapCount(now: now))
        row.flaps = UInt32(clamping: statistics.flapCount)
        return row
    }

    private func detail(of neighbor: Neighbor) -> NeighborDetail {
        let configured = neighbor.configuration
        let statistics = neighbor.session.statistics
        let negotiated = neighbor.session.negotiated
        var detail = NeighborDetail(row: row(of: neighbor), localAS: neighbor.localAS)
        detail.hasLocalAS = neighbor.configuration.localAS != nil
        detail.isPassive = configured.isPassive
        detail.multihop = configured.multihop ?? 0
        detail.ttlSecurity = configured.ttlSecurity
        detail.isReflectorClient = configured.isReflectorClient
        detail.role = neighbor.role
        detail.enforcesRole = neighbor.role != nil && configured.announcePolicy == .enforce
        detail.usesMD5 = configured.md5Key != nil
        detail.configuredHoldTime = configured.holdTime
        detail.minimumHoldTime = configured.minHoldTime
        detail.maximumPrefixRestartMinutes = UInt32(configured.maxPrefix?.restartMinutes ?? 0)
        detail.maximumSentPrefixes = configured.maxPrefixOut?.limit ?? 0
        detail.maximumSentPrefixRestartMinutes = UInt32(
            configured.maxPrefixOut?.restartMinutes ?? 0
        )
        detail.dependsOn = configured.dependsOn ?? ""
        detail.configuredAt = configured.place.description
        let rules = configuration.filter.ruleCounts(for: neighbor.peer)
        detail.policyRulesIn = UInt32(clamping: rules.input)
        detail.policyRulesOut = UInt32(clamping: rules.output)
        detail.shutdownText = neighbor.shutdownText
        if neighbor.connection != nil {
            detail.localAddress = neighbor.localEndpoint?.address
            detail.localPort = neighbor.localEndpoint?.port ?? 0
            detail.remotePort = neighbor.remoteEndpoint?.port ?? 0
        }
        detail.localCapabilities = neighbor.session.configuration.openMessage.capabilities
        detail.remoteCapabilities = negotiated?.remoteOpen.capabilities
        detail.negotiatedCapabilities = negotiated?.capabilities
        detail.holdTime = negotiated?.holdTime ?? 0
        detail.keepaliveInterval = negotiated?.keepaliveInterval ?? 0
        detail.lastReadSeconds = statistics.lastRead.map { seconds(since: $0) }
        detail.lastWriteSeconds = statistics.lastWrite.map { seconds(since: $0) }
        detail.timers = SessionTimer.allCases.compactMap { timer in
            neighbor.session.due(of: timer).map { self.timer(timer, due: $0) }
        }
        if neighbor.retained != nil {
            detail.timers.append(timer(.restart, due: neighbor.retentionEnd))
        }
        detail.notes = neighbor.notes
        if let note = staleNote(of: neighbor) { detail.notes.append(note) }
        if neighbor.isWithoutAnswer,
            let note = signatures.note(
                hasKey: configured.md5Key != nil,
                isPassive: configured.isPassive
            )
        {
            detail.notes.append(note)
        }
        detail.pendingUpdates = UInt64(clamping: pendingCount(of: neighbor))
        let sent = statistics.sent
        let received = statistics.received
        detail.opens = SentReceived(sent: sent.open, received: received.open)
        detail.notifications = SentReceived(
            sent: sent.notification,
            received: received.notification
        )
        detail.updates = SentReceived(sent: sent.update, received: received.update)
        detail.keepalives = SentReceived(sent: sent.keepalive, received: received.keepalive)
        detail.routeRefreshes = SentReceived(
            sent: sent.routeRefresh,
            received: received.routeRefresh
        )
        detail.prefixUpdates = neighbor.counters.updates
        detail.prefixWithdraws = neighbor.counters.withdraws
        detail.endOfRIB = neighbor.counters.endOfRIB
        detail.refreshBegins = neighbor.counters.refreshBegins
        detail.refreshEnds = neighbor.counters.refreshEnds
        detail.treatedAsWithdraw = neighbor.counters.treatedAsWithdraw
        detail.attributesDiscarded = neighbor.counters.attributesDiscarded
        detail.inputBytes = neighbor.connection == nil ? 0 : neighbor.unreadBytes
        detail.outputBytes = neighbor.unsentBytes
        detail.lastErrorSent = statistics.lastErrorSent
        detail.lastErrorReceived = statistics.lastErrorReceived
        detail.lastReceivedShutdownText = neighbor.lastReceivedShutdownText
        if let loss = statistics.lastLoss {
            detail.lastDownAt = date(loss.time)
            detail.lastUpSeconds = UInt32(clamping: loss.uptime.wholeSeconds)
            detail.lastLoss = loss.reason
        }
        detail.history = statistics.transitions.map {
            NeighborDetail.Transition(
                time: date($0.time),
                from: $0.from,
                to: $0.to,
                event: $0.event.name,
                reason: $0.reason
            )
        }
        return detail
    }

    private func timer(_ timer: SessionTimer, due: Instant) -> TimerRow {
        TimerRow(name: timer.name, dueMilliseconds: (due - now).wholeNanoseconds / 1_000_000)
    }

    private func seconds(since moment: Instant) -> UInt32 {
        UInt32(clamping: (now - moment).wholeSeconds)
    }

    private func date(_ moment: Instant) -> WallTime {
        wall + (moment - now)
    }

    // MARK: Memory

    private func memory() -> [MemoryItem] {
        let words = [
            "prefixes": "IPv4 and IPv6 network entries", "paths": "prefix entries",
            "attributes": "BGP path attribute sets", "order": "ordered prefixes for pages",
        ]
        var items = routing.memory.map {
            MemoryItem(
                name: $0.name,
                label: words[$0.name] ?? $0.name,
                count: UInt64($0.count),
                byteCount: UInt64($0.byteCount),
                references: UInt64($0.references)
            )
        }
        items.append(
            MemoryItem(
                name: "kernel",
                label: "kernel routes",
                count: UInt64(kernel.counts.ours + kernel.counts.foreign),
                byteCount: UInt64(kernel.byteCount),
                references: UInt64(kernel.counts.wanted)
            )
        )
        return items
    }
}
