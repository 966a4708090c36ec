import Addressing
import Control

/// `show fib`.
struct FIBPrinter {
    /// The protocol number of our own routes.
    var ownProtocol: UInt8

    private static let mainTable: UInt32 = 254

    func header(to output: inout Output) {
        output.append(
            """
            flags: B = BGP, C = Connected, S = Static
                   N = BGP Nexthop reachable via this route
                   r = reject route, b = blackhole route

            flags prio destination                      gateway                         \n
            """ as StaticString
        )
    }

    /// One line a next hop.
    func row(_ row: KernelRow, to output: inout Output) {
        output.left(flags(row), 5)
        output.append(UInt8(ascii: " "))
        output.right(UInt64(row.protocolNumber), 4)
        output.append(UInt8(ascii: " "))
        output.left(32) { $0.append(row.prefix) }
        output.append(UInt8(ascii: " "))
        guard let first = row.nextHops.first else {
            output.append(row.kindWord)
            output.line(suffix(row, nil))
            return
        }
        output.append(gateway(first))
        output.line(suffix(row, first))
        for nextHop in row.nextHops.dropFirst() {
            output.append(repeating: UInt8(ascii: " "), count: 44)
            output.append(gateway(nextHop))
            output.line(suffix(row, nextHop))
        }
    }

    func json(_ row: KernelRow, to json: inout JSONWriter) {
        json.object()
        json.string("prefix", row.prefix.description)
        json.number("priority", row.protocolNumber)
        json.string("origin", origin(row).word)
        json.bool("used_by_nexthop", row.carriesNextHop)
        json.bool("blackhole", row.kind == .blackhole)
        json.bool("reject", row.isReject)
        if let first = row.nextHops.first { json.string("nexthop", gateway(first)) }
        json.end()
    }

    private enum Origin {
        case bgp, connected, staticRoute, other

        var letter: String {
            switch self {
            case .bgp: "B"
            case .connected: "C"
            case .staticRoute: "S"
            case .other: " "
            }
        }

        var word: String {
            switch self {
            case .bgp: "bgp"
            case .connected: "connected"
            case .staticRoute: "static"
            case .other: "unknown"
            }
        }
    }

    /// RTPROT_KERNEL 2, RTPROT_BOOT 3, RTPROT_STATIC 4, RTPROT_BGP 186.
    private func origin(_ row: KernelRow) -> Origin {
        switch row.protocolNumber {
        case ownProtocol, 186: .bgp
        case 2: .connected
        case 3, 4: .staticRoute
        default: .other
        }
    }

    private func flags(_ row: KernelRow) -> String {
        var text = row.standing.isDrift ? "!" : ""
        text += origin(row).letter
        text += row.carriesNextHop ? "N" : " "
        switch row.kind {
        case .unicast: break
        case .blackhole: text += "b"
        case .unreachable, .prohibit: text += "r"
        }
        return text
    }

    private func gateway(_ nextHop: KernelRow.NextHop) -> String {
        nextHop.gateway?.description ?? "link#\(nextHop.interfaceIndex)"
    }

    private func suffix(_ row: KernelRow, _ nextHop: KernelRow.NextHop?) -> String {
        var text = ""
        if let nextHop, !nextHop.interfaceName.isEmpty { text += " dev \(nextHop.interfaceName)" }
        if row.metric != 0 { text += " metric \(row.metric)" }
        if row.table != Self.mainTable { text += " table \(row.table)" }
        if nextHop?.isOnLink == true { text += " onlink" }
        return text
    }
}

extension KernelRow {
    /// What happens to packets where there is no next hop.
    fileprivate var kindWord: String {
        switch kind {
        case .unicast: "-"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibit: "prohibit"
        }
    }

    fileprivate var isReject: Bool { kind == .unreachable || kind == .prohibit }
}

extension KernelRow.Standing {
    /// The kernel is not as we want it, and nothing is on its way to change that.
    fileprivate var isDrift: Bool {
        switch self {
        case .refused, .different, .missing, .hidesOurs: true
        case .installed, .pending, .foreign: false
        }
    }
}
