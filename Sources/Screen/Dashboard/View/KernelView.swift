import Addressing
import BGPWire
import Canvas
import Control

/// Where the columns of the kernel pane stand.
struct KernelColumns: Hashable {
    var prefixWidth: Int
    var route: Int
    var routeWidth: Int
    /// Where the protocol stands: `proto bgp` where there is room, else `bgp`; nil where there is none.
    var proto: Int?
    var metric: Int?
    var note: Int
    var isWide: Bool

    static let prefix = 4

    init(width: Int) {
        isWide = width >= 108
        if isWide {
            let spare = max(0, width - 120)
            prefixWidth = 21 + min(22, spare / 2)
            route = Self.prefix + prefixWidth + 1
            routeWidth = 33 + spare / 4
            let proto = route + routeWidth + 1
            self.proto = proto
            metric = proto + 14
            note = proto + 27
        } else {
            prefixWidth = width >= 72 ? 20 : 18
            route = Self.prefix + prefixWidth + 1
            note = width >= 72 ? width - 16 : width - 12
            proto = width >= 72 ? width - 24 : nil
            routeWidth = (proto ?? note) - route - 1
        }
    }
}

extension DashboardModel {
    func drawKernel(in rect: Rect, on canvas: inout Canvas) {
        let window = kernel.window
        guard !window.rows.isEmpty else {
            let isAsking = window.isWaiting || kernel.asked != nil
            let text =
                overview == nil
                ? "" : isAsking ? "asking for routes" : "no route; Esc clears the filter"
            canvas.write(
                kernel.filterText.isEmpty && !isAsking && overview != nil ? "no routes" : text,
                x: 4,
                y: rect.y,
                style: Style(.dim),
                in: rect
            )
            return
        }
        let columns = KernelColumns(width: size.width)
        for (line, row) in window.visible.enumerated() {
            draw(row, columns, y: rect.y + line, in: rect, on: &canvas)
            if window.top + line == window.cursor {
                laySelection(rect.row(line), isFocused: focus == .kernel, on: &canvas)
            }
        }
    }

    private func draw(
        _ row: KernelRow,
        _ columns: KernelColumns,
        y: Int,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        let role = row.role
        func left(_ text: String, _ x: Int, _ role: Role) {
            canvas.write(text, x: x, y: y, style: Style(role), in: rect)
        }
        left(row.sign, 2, role)
        let prefix = row.prefix.description
        left(prefix.cut(to: columns.prefixWidth, at: .middle), KernelColumns.prefix, role)
        let route = row.routeText(isLong: columns.isWide)
        left(route.cut(to: columns.routeWidth), columns.route, role)
        if let proto = columns.proto {
            left(columns.isWide ? "proto \(row.protocolName)" : row.protocolName, proto, role)
        }
        if let metric = columns.metric, !row.metricText.isEmpty {
            left(row.metricText, metric, role)
        }
        let note = columns.isWide ? row.note : row.shortNote
        left(note.cut(to: max(0, rect.endX - 1 - columns.note)), columns.note, role)
    }
}

extension KernelRow {
    /// `!` for what is not as we want it, `+` for what is on its way.
    var sign: String {
        switch standing {
        case .installed, .foreign: " "
        case .pending: "+"
        case .refused, .different, .missing, .hidesOurs: "!"
        }
    }

    var role: Role {
        switch standing {
        case .installed, .pending: .kernelOurs
        case .foreign: protocolNumber == 2 ? .text : .kernelForeign
        case .refused, .different, .missing, .hidesOurs: .kernelDrift
        }
    }

    /// How it stands to what we want, in words; empty where there is nothing to say.
    var note: String {
        switch standing {
        case .installed: ""
        case .pending: "on its way"
        case .refused(let errno, let text):
            "refused: " + PeerName.shown(text.isEmpty ? SystemError.words(errno) : text)
        case .different: "not as we want it"
        case .missing: "missing in the kernel"
        case .foreign: protocolNumber == 2 ? "" : "foreign"
        case .hidesOurs: "foreign, hides ours"
        }
    }

    var shortNote: String {
        switch standing {
        case .installed: ""
        case .pending: "on its way"
        case .refused: "refused"
        case .different: "different"
        case .missing: "missing"
        case .foreign: protocolNumber == 2 ? "" : "foreign"
        case .hidesOurs: "hides ours"
        }
    }

    /// The protocol's name as iproute2 has it.
    var protocolName: String { RouteProtocol.name(of: protocolNumber) }

    /// The metric; that of a route that the kernel made itself says nothing.
    var metricText: String {
        metric == 0 && protocolNumber == 2 ? "" : "metric \(metric)"
    }

    /// Where packets go: `via 192.0.2.2 dev eth0`.
    func routeText(isLong: Bool) -> String {
        switch kind {
        case .blackhole: return "blackhole"
        case .unreachable: return "unreachable"
        case .prohibit: return "prohibit"
        case .unicast: break
        }
        let hops = nextHops.map { hop in
            let device = "dev \(PeerName.shown(hop.interfaceName))"
            return hop.gateway.map { "via \($0) \(device)" } ?? device
        }
        var text = hops.first ?? "no next hop"
        if hops.count > 1 { text += " (+\(hops.count - 1))" }
        guard isLong else { return text }
        if scope == 253 { text += " scope link" }
        if let source { text += " src \(source)" }
        return text
    }
}
