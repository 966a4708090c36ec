import Addressing

extension Capabilities {
    /// One line a capability as `show neighbor` prints them: `4-byte AS numbers`, ...
    package var lines: [String] { lines(behindRole: "") }

    /// The same, with what is said behind the role.
    package func lines(behindRole words: String) -> [String] {
        var lines: [String] = []
        let names = familyNames
        if !names.isEmpty {
            lines.append("Multiprotocol extensions: " + names.joined(separator: ", "))
        }
        if fourOctetAS != nil { lines.append("4-byte AS numbers") }
        if routeRefresh { lines.append("Route Refresh") }
        if enhancedRouteRefresh { lines.append("Enhanced Route Refresh") }
        if extendedNextHop { lines.append("Extended nexthop: IPv4 unicast") }
        if extendedMessage { lines.append("Extended message") }
        if let gracefulRestart {
            lines.append("Graceful Restart: " + Self.restartWords(gracefulRestart))
        }
        if let addPath { lines.append("Add-path: " + Self.addPathWords(addPath)) }
        if let role { lines.append("Open Policy role " + BGPRole.word(of: role) + words) }
        for capability in unknown {
            lines.append("Unknown capability \(capability.code), length \(capability.value.count)")
        }
        return lines
    }

    /// The names of all families offered.
    var familyNames: [String] {
        families.families.map(\.unicastName)
            + otherFamilies.map { FamilyName.words(afi: $0.afi, safi: $0.safi) }
    }

    /// The list on one line of the message log: `IPv4 unicast, route refresh, 4-octet AS`.
    var brief: [String] {
        var names = familyNames
        if routeRefresh { names.append("route refresh") }
        if enhancedRouteRefresh { names.append("enhanced refresh") }
        if fourOctetAS != nil { names.append("4-octet AS") }
        if extendedNextHop { names.append("extended nexthop") }
        if extendedMessage { names.append("extended message") }
        if gracefulRestart != nil { names.append("graceful restart") }
        if addPath != nil { names.append("add-path") }
        if let role { names.append("role " + BGPRole.word(of: role)) }
        for capability in unknown { names.append("capability \(capability.code)") }
        return names
    }

    /// The value of Graceful Restart: restart time and flags, then a family each four octets.
    static func restartWords(_ value: [UInt8]) -> String {
        guard value.count >= 2 else { return "malformed" }
        var parts: [String] = []
        let timeout = Int(value[0] & 0x0F) << 8 | Int(value[1])
        if timeout > 0 { parts.append("timeout: \(timeout)") }
        if value[0] & 0x40 != 0 { parts.append("graceful notification") }
        if value[0] & 0x80 != 0 { parts.append("restarted") }
        for start in stride(from: 2, to: value.count - 3, by: 4) {
            let afi = UInt16(value[start]) << 8 | UInt16(value[start + 1])
            let preserved = value[start + 3] & 0x80 != 0 ? " (preserved)" : ""
            parts.append(FamilyName.words(afi: afi, safi: value[start + 2]) + preserved)
        }
        return parts.joined(separator: ", ")
    }

    /// The value of ADD-PATH: a family and a direction each four octets.
    static func addPathWords(_ value: [UInt8]) -> String {
        var parts: [String] = []
        for start in stride(from: 0, to: value.count - 3, by: 4) {
            let afi = UInt16(value[start]) << 8 | UInt16(value[start + 1])
            let mode =
                switch value[start + 3] {
                case 1: "recv"
                case 2: "send"
                case 3: "bidir"
                default: "mode \(value[start + 3])"
                }
            parts.append(FamilyName.words(afi: afi, safi: value[start + 2]) + " " + mode)
        }
        return parts.joined(separator: ", ")
    }
}
