import Addressing
import BGPWire
import Canvas
import Control

/// Draws routing tables: the RIB pane, and what a neighbor sent and was sent.
///
/// As the width shrinks local preference and MED go first, then the gateway.
struct RouteTablePainter: Hashable {
    var destinationWidth = 20
    var gateway: Int?
    var gatewayWidth = 16
    /// The last columns of local preference and MED.
    var preference: Int?
    var med: Int?
    var path: Int
    var origin: Int

    static let flags = 2
    static let validation = 9
    static let destination = 13

    /// The columns on a screen of that width.
    init(width: Int) {
        let spare = max(0, width - 120)
        if width >= 120 {
            destinationWidth += min(23, spare / 4)
            gatewayWidth += min(23, spare / 4)
        }
        var x = Self.destination + destinationWidth + 1
        if width >= 76 {
            gateway = x
            x += gatewayWidth + 1
        }
        if width >= 100 {
            preference = x + 9
            med = x + 15
            x += 17
        }
        path = x
        // On the narrowest screens both are cut off with the edge.
        origin = max(path, width - (width >= 100 ? 7 : 9))
    }

    func drawTitles(in rect: Rect, on canvas: inout Canvas) {
        func left(_ text: String, _ x: Int) {
            canvas.write(text, x: x, y: rect.y, style: Style(.dim), in: rect)
        }
        left("Flags", Self.flags)
        left("OV", Self.validation)
        left("Destination", Self.destination)
        if let gateway { left("Gateway", gateway) }
        if let preference { left("LocPrf", preference - 6) }
        if let med { left("MED", med - 3) }
        left("AS path".cut(to: max(0, origin - path - 1)), path)
        left("Origin", origin)
    }

    /// Draws the visible rows, or `emptyText` where there is none.
    func draw(
        _ table: RouteTable,
        in rect: Rect,
        isFocused: Bool,
        emptyText: String,
        on canvas: inout Canvas
    ) {
        if table.window.rows.isEmpty {
            canvas.write(emptyText, x: rect.x + 3, y: rect.y, style: Style(.dim), in: rect)
            return
        }
        for (line, row) in table.window.visible.enumerated() {
            draw(row, y: rect.y + line, in: rect, on: &canvas)
            if table.window.top + line == table.window.cursor {
                let ground: Role = isFocused ? .selection : .selectionUnfocused
                canvas.lay(ground, under: rect.row(line))
            }
        }
    }

    private func draw(_ row: RIBRow, y: Int, in rect: Rect, on canvas: inout Canvas) {
        let role = row.role
        func left(_ text: String, _ x: Int, _ role: Role) {
            canvas.write(text, x: x, y: y, style: Style(role), in: rect)
        }
        left(row.flags.text, Self.flags, role)
        left(row.originValidation.sign, Self.validation, row.originValidation.role)
        let destination = row.prefix.description
        left(destination.cut(to: destinationWidth, at: .middle), Self.destination, role)
        if let gateway {
            left(row.gateway.description.cut(to: gatewayWidth, at: .middle), gateway, role)
        }
        if let preference {
            let text = String(row.localPreference)
            left(text, preference - text.count, role)
        }
        if let med {
            let text = String(row.med)
            left(text, med - text.count, role)
        }
        let pathText = AttributeText.asPath(row.asPath.span)
        left(pathText.pathCut(to: max(0, origin - path - 1)), path, role)
        left(row.originSign, origin, role)
    }
}

extension RIBRow {
    /// The exit next hop; own networks have none.
    var gateway: IPAddress { nextHop }

    /// ORIGIN in one letter.
    var originSign: String {
        switch origin {
        case 0: "i"
        case 1: "e"
        default: "?"
        }
    }

    var role: Role {
        if flags.contains(.selected) { return .routeBest }
        if flags.contains(.stale) { return .routeStale }
        return flags.contains(.valid) ? .routeValid : .routeInvalid
    }
}

extension OriginValidation {
    /// The letter in tables.
    var sign: String {
        switch self {
        case .notFound: "N"
        case .valid: "V"
        case .invalid: "!"
        }
    }

    var words: String {
        switch self {
        case .notFound: "not-found"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }

    var role: Role {
        switch self {
        case .notFound: .rovNotFound
        case .valid: .rovValid
        case .invalid: .rovInvalid
        }
    }
}

extension PathValidation {
    /// The letter in tables.
    var sign: String {
        switch self {
        case .unknown: "?"
        case .valid: "V"
        case .invalid: "!"
        }
    }

    var words: String {
        switch self {
        case .unknown: "unknown"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }

    var role: Role {
        switch self {
        case .unknown: .rovNotFound
        case .valid: .rovValid
        case .invalid: .rovInvalid
        }
    }
}

extension String {
    /// An AS path cut left of its middle: who sent it and where it comes from stay.
    func pathCut(to width: Int) -> String {
        guard count > width else { return self }
        let words = split(separator: " ")
        guard words.count > 2 else { return cut(to: width) }
        var kept = ""
        for word in words.dropFirst().reversed() {
            let longer = kept.isEmpty ? String(word) : "\(word) \(kept)"
            guard words[0].count + 3 + longer.count <= width else { break }
            kept = longer
        }
        return kept.isEmpty ? cut(to: width) : "\(words[0]) … \(kept)"
    }
}
