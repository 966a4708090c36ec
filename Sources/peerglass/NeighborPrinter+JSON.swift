import Addressing
import BGPWire
import Control
import Timekeeping

/// `show neighbor --json`.
enum NeighborJSON {
    static func write(
        _ neighbors: [NeighborDetail],
        _ lag: LoopLag,
        form: ShowCommand.NeighborForm,
        to json: inout JSONWriter
    ) {
        guard !neighbors.isEmpty else { return }
        json.array("neighbors")
        for neighbor in neighbors {
            json.object()
            SummaryPrinter.keys(of: neighbor.row, to: &json)
            configuration(neighbor, to: &json)
            statistics(neighbor, to: &json)
            if let text = neighbor.shutdownText, !text.isEmpty {
                json.string("my_shutdown_reason", text)
            }
            if let text = neighbor.lastReceivedShutdownText {
                json.string("last_shutdown_reason", text)
            }
            if let error = neighbor.lastErrorSent { json.string("last_error_sent", error.words) }
            if let error = neighbor.lastErrorReceived {
                json.string("last_error_received", error.words)
            }
            if neighbor.hasConnection { session(neighbor, to: &json) }
            if form == .timers { timers(neighbor.timers, to: &json) }
            json.end()
        }
        json.end()
        loop(lag, to: &json)
    }

    /// What bgpctl does not tell: how late the speaker's loop is.
    private static func loop(_ lag: LoopLag, to json: inout JSONWriter) {
        json.compactObject("loop")
        json.number("lag_usec", lag.recentMicroseconds)
        json.number("largest_usec", lag.largestMicroseconds)
        if lag.largestMicroseconds > 0 {
            json.string("largest_work", lag.largestWork)
            json.number("largest_time", lag.largestAt.nanoseconds / 1_000_000_000)
        }
        json.end()
    }

    private static func configuration(_ neighbor: NeighborDetail, to json: inout JSONWriter) {
        json.object("config")
        json.bool("template", neighbor.row.templateLength != nil)
        json.bool("cloned", neighbor.row.isCloned)
        json.bool("passive", neighbor.isPassive)
        json.bool("down", neighbor.row.markedDown)
        json.bool("multihop", neighbor.multihop > 0)
        if neighbor.multihop > 0 { json.number("multihop_distance", neighbor.multihop) }
        if neighbor.row.maximumPrefixes > 0 {
            json.number("max_prefix", neighbor.row.maximumPrefixes)
            if neighbor.maximumPrefixRestartMinutes > 0 {
                json.number("max_prefix_restart", neighbor.maximumPrefixRestartMinutes)
            }
        }
        if neighbor.maximumSentPrefixes > 0 {
            json.number("max_out_prefix", neighbor.maximumSentPrefixes)
            if neighbor.maximumSentPrefixRestartMinutes > 0 {
                json.number("max_out_prefix_restart", neighbor.maximumSentPrefixRestartMinutes)
            }
        }
        if neighbor.usesMD5 { json.string("authentication", "md5sig") }
        json.bool("ttl_security", neighbor.ttlSecurity)
        json.number("holdtime", neighbor.configuredHoldTime)
        json.number("min_holdtime", neighbor.minimumHoldTime)
        if let role = neighbor.role { json.string("role", role.word) }
        CapabilitiesJSON.write(
            neighbor.localCapabilities,
            enforcesRole: neighbor.enforcesRole,
            to: &json
        )
        if neighbor.hasLocalAS { json.string("local_as", neighbor.localAS.description) }
        json.end()
    }

    private static func statistics(_ neighbor: NeighborDetail, to json: inout JSONWriter) {
        json.object("stats")
        json.string("last_read", TimeText.since(neighbor.lastReadSeconds))
        json.number("last_read_sec", neighbor.lastReadSeconds ?? 0)
        json.string("last_write", TimeText.since(neighbor.lastWriteSeconds))
        json.number("last_write_sec", neighbor.lastWriteSeconds ?? 0)
        json.compactObject("prefixes")
        json.number("sent", neighbor.row.prefixesSent)
        json.number("received", neighbor.row.prefixesReceived)
        json.end()
        json.object("message")
        messages("sent", neighbor, \.sent, to: &json)
        messages("received", neighbor, \.received, to: &json)
        json.end()
        json.object("update")
        updates("sent", neighbor, \.sent, to: &json)
        updates("received", neighbor, \.received, to: &json)
        json.compactObject("pending")
        json.number("updates", neighbor.pendingUpdates)
        json.number("withdraws", neighbor.pendingWithdraws)
        json.end()
        json.end()
        json.object("route-refresh")
        refreshes("sent", neighbor, \.sent, to: &json)
        refreshes("received", neighbor, \.received, to: &json)
        json.end()
        json.object("queue")
        json.compactObject("count")
        json.number("rib_entry", neighbor.pendingUpdates + neighbor.pendingWithdraws)
        json.end()
        json.compactObject("size")
        json.number("ibuf_queue", neighbor.inputBytes)
        json.end()
        json.end()
        json.end()
    }

    private static func messages(
        _ name: StaticString,
        _ neighbor: NeighborDetail,
        _ side: KeyPath<SentReceived, UInt64>,
        to json: inout JSONWriter
    ) {
        json.object(name)
        json.number("open", neighbor.opens[keyPath: side])
        json.number("notifications", neighbor.notifications[keyPath: side])
        json.number("updates", neighbor.updates[keyPath: side])
        json.number("keepalives", neighbor.keepalives[keyPath: side])
        json.number("route_refresh", neighbor.routeRefreshes[keyPath: side])
        json.number("total", neighbor.messageTotal[keyPath: side])
        json.end()
    }

    private static func updates(
        _ name: StaticString,
        _ neighbor: NeighborDetail,
        _ side: KeyPath<SentReceived, UInt64>,
        to json: inout JSONWriter
    ) {
        json.compactObject(name)
        json.number("updates", neighbor.prefixUpdates[keyPath: side])
        json.number("withdraws", neighbor.prefixWithdraws[keyPath: side])
        json.number("eor", neighbor.endOfRIB[keyPath: side])
        json.end()
    }

    private static func refreshes(
        _ name: StaticString,
        _ neighbor: NeighborDetail,
        _ side: KeyPath<SentReceived, UInt64>,
        to json: inout JSONWriter
    ) {
        json.compactObject(name)
        json.number("request", neighbor.refreshRequests[keyPath: side])
        json.number("borr", neighbor.refreshBegins[keyPath: side])
        json.number("eorr", neighbor.refreshEnds[keyPath: side])
        json.end()
    }

    private static func session(_ neighbor: NeighborDetail, to json: inout JSONWriter) {
        json.object("session")
        json.number("holdtime", neighbor.holdTime)
        json.number("keepalive", neighbor.keepaliveInterval)
        json.object("local")
        if let address = neighbor.localAddress { json.string("address", address.description) }
        json.number("port", neighbor.localPort)
        CapabilitiesJSON.write(neighbor.localCapabilities, to: &json)
        json.end()
        json.object("remote")
        json.string("address", neighbor.row.address.description)
        json.number("port", neighbor.remotePort)
        if let capabilities = neighbor.remoteCapabilities {
            CapabilitiesJSON.write(capabilities, to: &json)
        }
        json.end()
        if let capabilities = neighbor.negotiatedCapabilities {
            CapabilitiesJSON.write(capabilities, to: &json)
        }
        if let role = neighbor.remoteCapabilities?.role {
            json.string("remote_role", BGPRole.word(of: role))
        }
        if let role = neighbor.role { json.string("local_role", role.word) }
        json.end()
    }

    private static func timers(_ timers: [TimerRow], to json: inout JSONWriter) {
        guard !timers.isEmpty else { return }
        json.array("timers")
        for timer in timers {
            json.compactObject()
            json.string("name", timer.name)
            json.number("due", timer.dueMilliseconds / 1000)
            json.end()
        }
        json.end()
    }
}

/// The object `capabilities`.
enum CapabilitiesJSON {
    static func write(
        _ capabilities: Capabilities,
        enforcesRole: Bool = false,
        to json: inout JSONWriter
    ) {
        json.object("capabilities")
        json.bool("as4byte", capabilities.fourOctetAS != nil)
        json.bool("refresh", capabilities.routeRefresh)
        json.bool("enhanced_refresh", capabilities.enhancedRouteRefresh)
        json.bool("extended_message", capabilities.extendedMessage)
        let families =
            capabilities.families.families.map(\.unicastName)
            + capabilities.otherFamilies.map { family($0.afi, $0.safi) }
        if !families.isEmpty {
            json.array("multiprotocol")
            for family in families { json.string(nil, family) }
            json.end()
        }
        if let value = capabilities.gracefulRestart { gracefulRestart(value, to: &json) }
        if let value = capabilities.addPath { addPath(value, to: &json) }
        if capabilities.role != nil {
            json.string("open_policy", enforcesRole ? "enforce" : "present")
        }
        if capabilities.extendedNextHop {
            json.array("extended_nexthop")
            json.string(nil, AddressFamily.ipv4.unicastName)
            json.end()
        }
        json.end()
    }

    /// RFC 4724 §3: flags and restart time in two octets, then a family with its flags in four each.
    private static func gracefulRestart(_ value: [UInt8], to json: inout JSONWriter) {
        let head = value.count >= 2 ? UInt16(value[0]) << 8 | UInt16(value[1]) : 0
        json.object("graceful_restart")
        json.bool("eor", true)
        json.bool("restart", head & 0x8000 != 0)
        if head & 0x0FFF != 0 { json.number("timeout", head & 0x0FFF) }
        if head & 0x4000 != 0 { json.bool("graceful_notification", true) }
        if value.count >= 6 {
            json.array("protocols")
            for start in stride(from: 2, through: value.count - 4, by: 4) {
                json.compactObject()
                let afi = UInt16(value[start]) << 8 | UInt16(value[start + 1])
                json.string("family", family(afi, value[start + 2]))
                json.bool("preserved", value[start + 3] & 0x80 != 0)
                json.end()
            }
            json.end()
        }
        json.end()
    }

    /// RFC 7911 §4: a family and a mode in four octets each.
    private static func addPath(_ value: [UInt8], to json: inout JSONWriter) {
        guard value.count >= 4 else { return }
        let modes = ["none", "recv", "send", "bidir"]
        json.array("add-path")
        for start in stride(from: 0, through: value.count - 4, by: 4) {
            json.compactObject()
            let afi = UInt16(value[start]) << 8 | UInt16(value[start + 1])
            json.string("family", family(afi, value[start + 2]))
            json.string("mode", modes[Int(value[start + 3] & 3)])
            json.end()
        }
        json.end()
    }

    private static func family(_ afi: UInt16, _ safi: UInt8) -> String {
        switch (afi, safi) {
        case (1, 1): "IPv4 unicast"
        case (2, 1): "IPv6 unicast"
        case (1, 128): "IPv4 vpn"
        case (2, 128): "IPv6 vpn"
        case (1, 133): "IPv4 flowspec"
        case (2, 133): "IPv6 flowspec"
        case (25, 70): "EVPN"
        default: "AFI \(afi) SAFI \(safi)"
        }
    }
}
