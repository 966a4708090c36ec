import Addressing
import BGPWire
import Policy
import RPKI

/// How secrets are printed.
package enum SecretPrinting: Sendable {
    /// As `XXXXXX`.
    case masked
    case plain
}

extension Configuration {
    /// The canonical text, as `check -v` prints it; with plain secrets it reads back to an equal configuration.
    package func canonicalText(secrets: SecretPrinting = .masked) -> String {
        var printer = Printer(
            secrets: secrets,
            clusterID: clusterID,
            isTransparent: isTransparent,
            evaluatesAll: evaluatesAll
        )
        printer.globals(self)
        printer.roas(roaTable)
        printer.aspas(aspaTable)
        printer.sets(filter.sets)
        printer.networks(networks)
        printer.neighbors(neighbors)
        printer.rules(filter.rules)
        return printer.text
    }
}

/// Writes statements in their canonical order and form.
struct Printer {
    let secrets: SecretPrinting
    let clusterID: IPAddress?
    /// What neighbors have that say nothing of it.
    let isTransparent: Bool
    let evaluatesAll: Bool
    private(set) var text = ""

    init(
        secrets: SecretPrinting,
        clusterID: IPAddress?,
        isTransparent: Bool,
        evaluatesAll: Bool
    ) {
        self.secrets = secrets
        self.clusterID = clusterID
        self.isTransparent = isTransparent
        self.evaluatesAll = evaluatesAll
    }

    mutating func line(_ words: String) {
        text += words + "\n"
    }

    mutating func globals(_ configuration: Configuration) {
        let defaults = Configuration(localAS: configuration.localAS)
        for macro in configuration.macros { line("\(macro.name) = \(quoted(macro.value))") }
        let short = configuration.shortAS == defaults.shortAS ? "" : " \(configuration.shortAS)"
        line("AS \(configuration.localAS)\(short)")
        if let routerID = configuration.routerID { line("router-id \(routerID)") }
        for socket in configuration.sockets {
            line("socket \(quoted(socket.path))" + (socket.isRestricted ? " restricted" : ""))
        }
        if configuration.holdTime != defaults.holdTime {
            line("holdtime \(configuration.holdTime)")
        }
        if configuration.minHoldTime != defaults.minHoldTime {
            line("holdtime min \(configuration.minHoldTime)")
        }
        if configuration.connectRetry != defaults.connectRetry {
            line("connect-retry \(configuration.connectRetry)")
        }
        if configuration.staleTime != defaults.staleTime {
            line("staletime \(configuration.staleTime)")
        }
        if !configuration.fibUpdate { line("fib-update no") }
        if configuration.fibPersist { line("fib persist") }
        if configuration.fibPriority != defaults.fibPriority {
            line("fib-priority \(configuration.fibPriority)")
        }
        if configuration.fibMetric != defaults.fibMetric {
            line("fib-metric \(configuration.fibMetric)")
        }
        if configuration.fibMultipath != defaults.fibMultipath {
            line("fib-multipath \(configuration.fibMultipath)")
        }
        if configuration.nextHopViaBGP { line("nexthop qualify via bgp") }
        if configuration.nextHopViaDefault { line("nexthop qualify via default") }
        if configuration.logUpdates { line("log updates") }
        if configuration.medCompare == .always { line("rde med compare always") }
        if configuration.routeAge == .evaluate { line("rde route-age evaluate") }
        if configuration.evaluatesAll { line("rde evaluate all") }
        if !configuration.rejectASSet { line("reject as-set no") }
        if configuration.isTransparent { line("transparent-as yes") }
        for listener in configuration.listeners {
            let scope = listener.scope.map { "%\($0)" } ?? ""
            let port = listener.port == 179 ? "" : " port \(listener.port)"
            line("listen on \(listener.address)\(scope)\(port)")
        }
        line("")
    }

    mutating func roas(_ table: VRPTable) {
        guard !table.isEmpty else { return }
        line("roa-set {")
        for payload in table.payloads { line("\t" + Self.roa(payload)) }
        line("}\n")
    }

    mutating func aspas(_ table: ASPATable) {
        guard !table.isEmpty else { return }
        line("aspa-set {")
        for entry in table.entries {
            let expires = entry.expires == 0 ? "" : " expires \(entry.expires)"
            let providers = entry.providers.map { "\($0) " }.joined()
            line("\tcustomer-as \(entry.customer)\(expires) provider-as { \(providers)}")
        }
        line("}\n")
    }

    private static func roa(_ payload: VRP) -> String {
        let maxLength =
            payload.maxLength == payload.prefix.length ? "" : " maxlen \(payload.maxLength)"
        let expires = payload.expires == 0 ? "" : " expires \(payload.expires)"
        return "\(payload.prefix)\(maxLength) source-as \(payload.origin)\(expires)"
    }

    mutating func sets(_ sets: PolicySets) {
        for set in sets.asSets {
            line("as-set \(quoted(set.name)) {")
            var row = "\t"
            for member in set.members {
                if row.utf8.count > 1, row.utf8.count + "\(member)".utf8.count > 64 {
                    line(row)
                    row = "\t"
                }
                row += "\(member) "
            }
            if row.utf8.count > 1 { line(row) }
            line("}\n")
        }
        for set in sets.prefixSets {
            line("prefix-set \(quoted(set.name)) {")
            for start in stride(from: 0, to: set.members.count, by: 2) {
                let row = set.members[start..<min(start + 2, set.members.count)]
                line("\t" + row.map { Self.member($0, of: set) }.joined(separator: " "))
            }
            line("}\n")
        }
        for set in sets.originSets {
            line("origin-set \(quoted(set.name)) {")
            for payload in set.members.payloads { line("\t" + Self.roa(payload)) }
            line("}\n")
        }
    }

    /// A member as it must be written so that the set has operators again if it had.
    private static func member(_ range: PrefixRange, of set: PrefixSet) -> String {
        let isPlain = range == PrefixRange(range.prefix)
        return set.hasOperators && isPlain ? "\(range.prefix) maxlen \(range.longest)" : "\(range)"
    }

    mutating func networks(_ networks: [NetworkStatement]) {
        for network in networks {
            let changes = network.changes.isEmpty ? "" : " \(network.changes)"
            line("network \(network.prefix)\(changes)")
        }
        line("")
    }

    mutating func rules(_ rules: [FilterRule]) {
        for rule in rules { line(rule.changes.isEmpty ? "\(rule) " : "\(rule)") }
    }
}
