import BGPWire
import Canvas
import Control

extension DashboardModel {
    /// The fields on the left, the octets on the right; one above the other where it is narrow.
    func draw(_ screen: MessageScreen, in rect: Rect, on canvas: inout Canvas) {
        guard case .message(let bytes, _, _) = screen.row.content else {
            drawConnection(screen, in: rect, on: &canvas)
            return
        }
        let perLine = rect.width >= 118 ? 16 : 8
        let hexWidth = 7 + perLine * 4 + 2
        let lines = screen.lines
        let selected = screen.selectedLine
        let lit = lines.indices.contains(selected) ? lines[selected].field.range : 0..<0
        if rect.width >= 78 {
            let tree = Rect(
                x: rect.x,
                y: rect.y,
                width: rect.width - hexWidth - 1,
                height: rect.height
            )
            drawTree(lines, screen, in: tree, on: &canvas)
            canvas.verticalLine(
                x: tree.endX,
                y: rect.y - 1,
                height: rect.height + 2,
                style: Style(.border)
            )
            let hex = Rect(x: tree.endX + 1, y: rect.y, width: hexWidth, height: rect.height)
            drawOctets(bytes, lit: lit, perLine: perLine, in: hex, on: &canvas)
        } else {
            let half = rect.height / 2
            let tree = Rect(x: rect.x, y: rect.y, width: rect.width, height: half)
            drawTree(lines, screen, in: tree, on: &canvas)
            let hex = Rect(
                x: rect.x,
                y: rect.y + half,
                width: rect.width,
                height: rect.height - half
            )
            drawOctets(bytes, lit: lit, perLine: perLine, in: hex, on: &canvas)
        }
    }

    private func drawConnection(_ screen: MessageScreen, in rect: Rect, on canvas: inout Canvas) {
        let name = PeerName.shown(name(of: screen.row.neighbor))
        let words = MessageWords(screen.row, name: name, isBrief: false)
        let parts = [
            TextPart("\(name)  \(words.type)  ", .dim),
            TextPart(words.parts.joined(separator: "  ")),
        ]
        canvas.write(parts, x: rect.x + 1, y: rect.y, in: rect)
    }

    private func drawTree(
        _ lines: [MessageScreen.Line],
        _ screen: MessageScreen,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        let selected = screen.selectedLine
        let top = max(0, min(selected - rect.height / 2, lines.count - rect.height))
        for (index, line) in lines.dropFirst(top).prefix(rect.height).enumerated() {
            let indent = String(repeating: "  ", count: line.path.count - 1)
            let mark =
                line.field.children.isEmpty ? " " : screen.folded.contains(line.path) ? "+" : "-"
            let value = PeerName.shown(line.field.value)
            let role: Role = line.field.isMalformed ? .error : .text
            let parts = [
                TextPart("\(indent)\(mark) ", .dim), TextPart(line.field.label, .dim),
                TextPart(value.isEmpty ? "" : "  \(value)", role),
            ]
            canvas.write(parts, x: rect.x + 1, y: rect.y + index, in: rect)
            if top + index == selected { canvas.lay(.selection, under: rect.row(index)) }
        }
    }

    private func drawOctets(
        _ bytes: [UInt8],
        lit: Range<Int>,
        perLine: Int,
        in rect: Rect,
        on canvas: inout Canvas
    ) {
        let count = (bytes.count + perLine - 1) / perLine
        let litLine = lit.lowerBound / perLine
        let top = max(0, min(litLine - rect.height / 3, count - rect.height))
        for line in 0..<min(rect.height, max(0, count - top)) {
            let start = (top + line) * perLine
            let y = rect.y + line
            let offset = String(start, radix: 16)
            let padding = String(repeating: "0", count: max(0, 4 - offset.count))
            canvas.write("\(padding)\(offset)", x: rect.x + 1, y: y, style: Style(.dim), in: rect)
            for index in start..<min(start + perLine, bytes.count) {
                let place = index - start
                let style = Style(lit.contains(index) ? .searchHit : .text)
                let byte = bytes[index]
                let hex = String(byte, radix: 16)
                canvas.write(
                    hex.count == 1 ? "0\(hex)" : hex,
                    x: rect.x + 7 + place * 3,
                    y: y,
                    style: style,
                    in: rect
                )
                let isPrintable = (0x20..<0x7F).contains(byte)
                let sign = isPrintable ? String(Character(Unicode.Scalar(byte))) : "."
                canvas.write(
                    sign,
                    x: rect.x + 7 + perLine * 3 + 1 + place,
                    y: y,
                    style: style,
                    in: rect
                )
            }
        }
    }
}
