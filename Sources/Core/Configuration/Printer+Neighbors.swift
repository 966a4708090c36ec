import Addressing
import BGPWire
import Policy

extension Printer {
    /// All neighbors, those of one group that follow each other in one block.
    mutating func neighbors(_ neighbors: [NeighborConfiguration]) {
        var group: String?
        for neighbor in neighbors {
            if neighbor.group != group {
                if group != nil { line("}\n") }
                if let name = neighbor.group { line("group \(quoted(name)) {") }
                group = neighbor.group
            }
            self.neighbor(neighbor, indent: group == nil ? "" : "\t")
        }
        if group != nil { line("}\n") }
        if !neighbors.isEmpty { line("") }
    }

    private mutating func neighbor(_ neighbor: NeighborConfiguration, indent: String) {
        line("\(indent)neighbor \(neighbor.addressText) {")
        for statement in statements(neighbor) { line("\(indent)\t\(statement)") }
        line("\(indent)}")
    }

    private func statements(_ neighbor: NeighborConfiguration) -> [String] {
        var words: [String] = []
        if let text = neighbor.description { words.append("descr \(quoted(text))") }
        if neighbor.remoteAS.value != 0 { words.append("remote-as \(neighbor.remoteAS)") }
        if let own = neighbor.localAS { words.append("local-as \(own.words)") }
        if let address = neighbor.localIPv4 { words.append("local-address \(address)") }
        if let address = neighbor.localIPv6 { words.append("local-address \(address)") }
        if neighbor.port != 179 { words.append("port \(neighbor.port)") }
        if neighbor.isPassive { words.append("passive") }
        if let down = neighbor.down {
            words.append(down.reason.isEmpty ? "down" : "down \(quoted(down.reason))")
        }
        if let hops = neighbor.multihop { words.append("multihop \(hops)") }
        if neighbor.ttlSecurity { words.append("ttl-security yes") }
        words.append("holdtime \(neighbor.holdTime)")
        words.append("holdtime min \(neighbor.minHoldTime)")
        words.append("connect-retry \(neighbor.connectRetry)")
        words.append("staletime \(neighbor.staleTime)")
        if let limit = neighbor.maxPrefix { words.append("max-prefix \(limit.words(""))") }
        if let limit = neighbor.maxPrefixOut { words.append("max-prefix \(limit.words(" out"))") }
        if let name = neighbor.dependsOn { words.append("depend on \(quoted(name))") }
        if let isEnforced = neighbor.enforceNeighborAS {
            words.append("enforce neighbor-as \(isEnforced ? "yes" : "no")")
        }
        words.append("enforce local-as \(neighbor.enforceLocalAS ? "yes" : "no")")
        words.append("reject as-set \(neighbor.rejectASSet ? "yes" : "no")")
        if neighbor.isTransparent || isTransparent {
            words.append("transparent-as \(neighbor.isTransparent ? "yes" : "no")")
        }
        words.append("log \(neighbor.logUpdates ? "updates" : "no")")
        if neighbor.isReflectorClient {
            words.append("route-reflector" + (clusterID.map { " \($0)" } ?? ""))
        }
        if let key = neighbor.md5Key { words.append("tcp md5sig " + secret(key)) }
        words += families(neighbor)
        words.append("announce as-4byte \(neighbor.announceAS4.word)")
        words.append("announce refresh \(neighbor.announceRefresh.word)")
        words.append("announce enhanced refresh \(neighbor.announceEnhancedRefresh.word)")
        words.append("announce extended message \(neighbor.announceExtendedMessage.word)")
        words.append("announce extended nexthop \(neighbor.announceExtendedNextHop.word)")
        words.append("announce restart \(neighbor.announceRestart.word)")
        words.append(
            "announce graceful notification \(neighbor.announceGracefulNotification ? "yes" : "no")"
        )
        if neighbor.announceAddPathReceive != .no {
            words.append("announce add-path recv \(neighbor.announceAddPathReceive.word)")
        }
        if neighbor.addPathSend.paths != .none {
            words.append("announce add-path send \(neighbor.addPathSend.words)")
        }
        switch neighbor.exports {
        case .everything: break
        case .nothing: words.append("export none")
        case .defaultRoute: words.append("export default-route")
        }
        if neighbor.evaluatesAll || evaluatesAll {
            words.append("rde evaluate \(neighbor.evaluatesAll ? "all" : "default")")
        }
        if let role = neighbor.role {
            words.append("role \(role.word)")
            words.append("announce policy \(neighbor.announcePolicy.word)")
        }
        return words
    }

    private func secret(_ key: [UInt8]) -> String {
        switch secrets {
        case .masked: return "password XXXXXX"
        case .plain:
            let digits = key.map { byte in
                let hex = String(byte, radix: 16)
                return hex.utf8.count == 1 ? "0" + hex : hex
            }
            return "key " + digits.joined()
        }
    }

    private func families(_ neighbor: NeighborConfiguration) -> [String] {
        AddressFamily.allCases.compactMap { family in
            let name = family == .ipv4 ? "IPv4" : "IPv6"
            if neighbor.enforcedFamilies.contains(family) {
                return "announce \(name) unicast enforce"
            }
            if neighbor.families.contains(family) { return "announce \(name) unicast" }
            return neighbor.families.isEmpty ? "announce \(name) none" : nil
        }
    }
}

extension CapabilityUse {
    fileprivate var word: String {
        switch self {
        case .no: "no"
        case .yes: "yes"
        case .enforce: "enforce"
        }
    }
}

extension AddPathSend {
    /// `ecmp plus 1 max 4`.
    package var words: String {
        var words = [paths.rawValue]
        if backups > 0 { words.append("plus \(backups)") }
        if let most { words.append("max \(most)") }
        if isEnforced { words.append("enforce") }
        return words.joined(separator: " ")
    }
}

extension LocalAS {
    /// The number, and what stands in for it where that is not the common number.
    fileprivate var words: String {
        let plain = UInt16(exactly: number.value) ?? UInt16(ASNumber.transition.value)
        return short == plain ? "\(number)" : "\(number) \(short)"
    }
}

extension MaximumPrefixes {
    /// `1000 restart 5`, with the direction behind the limit.
    fileprivate func words(_ direction: String) -> String {
        "\(limit)\(direction)" + (restartMinutes.map { " restart \($0)" } ?? "")
    }
}
