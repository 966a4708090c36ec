import Addressing
import BGPWire
import Canvas
import Control

/// A message as one line: a word for what it is, and parts that may be left out from the end.
struct MessageWords: Hashable {
    var type: String
    var parts: [String]
    var role: Role

    /// The words for a row of that neighbor, in the short form for narrow screens where `isBrief`.
    init(_ row: MessageRow, name: String, isBrief: Bool) {
        role = row.direction == .received ? .messageIn : .messageOut
        switch row.content {
        case .message(let bytes, let fourOctetAS, let pathIDs):
            let kind = bytes.count > 18 ? MessageType(rawValue: bytes[18]) : nil
            type = kind?.name ?? "unknown"
            if kind == .notification { role = .messageNotification }
            parts = Self.split(
                MessageText.line(bytes.span, fourOctetAS: fourOctetAS, pathIDs: pathIDs)
            )
            if row.isTreatedAsWithdraw {
                role = .error
                parts.insert("treated as withdraw", at: 0)
            }
        case .connect(let address, let port, let failure):
            type = "connect"
            let outcome = failure.map { isBrief ? $0.shortWords : $0.sentence(neighbor: name) }
            parts = ["\(Self.endpoint(address, port)) \(outcome ?? "under way")"]
        case .connected(let address, let port):
            type = "connected"
            parts = [Self.endpoint(address, port)]
        case .closed(let reason):
            type = "closed"
            parts = [isBrief ? reason.shortWords : reason.sentence(neighbor: name)]
        }
    }

    private static func endpoint(_ address: IPAddress, _ port: UInt16) -> String {
        address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }

    /// At double blanks a line may be shortened.
    private static func split(_ line: String) -> [String] {
        var parts: [String] = []
        var part = ""
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            if word.isEmpty {
                if !part.isEmpty { parts.append(part) }
                part = ""
            } else {
                part += part.isEmpty ? String(word) : " \(word)"
            }
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    /// The parts that fit, joined by a gap; the first two are never left out, but cut.
    func text(width: Int, gap: String) -> String {
        var kept = parts
        while kept.count > 2, TextWidth.of(kept.joined(separator: gap)) > width {
            kept.removeLast()
        }
        return kept.joined(separator: gap).cut(to: max(0, width))
    }
}

extension DashboardModel {
    func drawMessages(in rect: Rect, on canvas: inout Canvas) {
        let window = messages.window
        guard !window.rows.isEmpty else {
            let text = overview == nil ? "" : messages.asked == nil ? "no messages yet" : ""
            canvas.write(text, x: rect.x + 1, y: rect.y, style: Style(.dim), in: rect)
            return
        }
        for (line, row) in window.visible.enumerated() {
            draw(row, y: rect.y + line, in: rect, on: &canvas)
            if window.top + line == window.cursor, !messages.isFollowing || focus == .messages {
                laySelection(rect.row(line), isFocused: focus == .messages, on: &canvas)
            }
        }
    }

    private func draw(_ row: MessageRow, y: Int, in rect: Rect, on canvas: inout Canvas) {
        let isBrief = size.width < 100
        let name = PeerName.shown(name(of: row.neighbor))
        let words = MessageWords(row, name: name, isBrief: isBrief)
        let gap = isBrief ? " " : "  "
        let sign = row.direction == .received ? "<" : ">"
        var head = [
            TextPart(Clock.precise(row.time, offset: options.utcOffsetSeconds) + gap, .dim),
            TextPart((isBrief ? name.cut(to: 16) : name.fitted(to: nameWidth)) + gap),
            TextPart("\(sign)\(gap)", words.role),
        ]
        let type = isBrief ? words.type : words.type.fitted(to: 13)
        head.append(TextPart("\(type) ", words.role))
        let x = canvas.write(head, x: rect.x + 1, y: y, in: rect)
        canvas.write(words.text(width: rect.endX - 1 - x, gap: gap), x: x, y: y, in: rect)
    }
}
