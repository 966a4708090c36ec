import BGPWire
import Canvas
import Control

/// A dialog put into lines.
private struct DialogText {
    var title: String
    var lines: [[TextPart]]
    /// The line that is typed in, and what is in it.
    var input: LineEditor?
    var inputNote = ""
    var buttons: [Button]

    struct Button {
        var key: String
        var word: String
        var isDangerous = false
    }
}

extension DialogText {
    /// The buttons in as few rows as hold them; between two there is a blank.
    func buttonRows(width: Int) -> [[TextPart]] {
        var rows: [[TextPart]] = []
        for button in buttons {
            let label = "[ \(button.key)  \(button.word) ]"
            let part = TextPart(label, button.isDangerous ? .buttonDanger : .button)
            if let last = rows.last, last.width + last.count + label.count <= width {
                rows[rows.count - 1].append(part)
            } else {
                rows.append([part])
            }
        }
        return rows
    }
}

extension DashboardModel {
    /// Draws the dialog over the middle of the screen.
    func draw(_ dialog: Dialog, on canvas: inout Canvas) {
        let text =
            switch dialog {
            case .down(let down): downText(down)
            case .clear(let number): clearText(number)
            case .quit: quitText
            }
        draw(text, on: &canvas)
    }

    private func downText(_ down: Dialog.DownDialog) -> DialogText {
        let bytes = down.reason.text.utf8.count
        var text = DialogText(
            title: "Take \(PeerName.shown(name(of: down.neighbor))) down",
            lines: consequence(of: down.neighbor) + [
                [TextPart("It stays down until it is told up.")]
            ],
            input: down.reason,
            inputNote: "\(bytes) of \(Dialog.DownDialog.byteLimit) octets",
            buttons: []
        )
        if down.isConfirming {
            text.buttons = [
                DialogText.Button(key: "Enter", word: "leave it as it is"),
                DialogText.Button(key: "d", word: "take it down", isDangerous: true),
            ]
            if forecast != nil {
                text.buttons.append(DialogText.Button(key: "l", word: "list the prefixes"))
            }
        } else {
            text.buttons = [
                DialogText.Button(key: "Enter", word: "go on"),
                DialogText.Button(key: "Esc", word: "leave it as it is"),
            ]
        }
        return text
    }

    private func clearText(_ number: NeighborNumber) -> DialogText {
        var text = DialogText(
            title: "Clear the session of \(PeerName.shown(name(of: number)))",
            lines: consequence(of: number) + [[TextPart("It comes up again by itself.")]],
            buttons: [
                DialogText.Button(key: "Enter", word: "leave it as it is"),
                DialogText.Button(key: "c", word: "clear the session", isDangerous: true),
            ]
        )
        if forecast != nil {
            text.buttons.append(DialogText.Button(key: "l", word: "list the prefixes"))
        }
        return text
    }

    /// What goes with the session, as far as it is known.
    private func consequence(of number: NeighborNumber) -> [[TextPart]] {
        guard let row = neighborRow(number) else {
            return [[TextPart("It is not known any more.")]]
        }
        let who = "\(row.address), AS \(row.remoteAS)"
        guard row.state == .established else {
            return [[TextPart("\(who): \(standing(of: row).text), no session to end.")]]
        }
        let received = NumberText.counted(row.prefixesReceived, "prefix")
        let sent = NumberText.counted(row.prefixesSent, "prefix")
        return [
            [TextPart("\(who): Established for \(since(row)).")],
            [TextPart("The session ends: 1 of \(overview?.sessionsUp ?? 0) that are up.")],
            [TextPart("Received from it, and gone: \(received).", .warning)],
            [TextPart("Sent to it, and withdrawn: \(sent).", .warning)],
        ] + forecastLines
    }

    private var quitText: DialogText {
        let up = overview?.sessionsUp ?? 0
        let installed = overview?.kernel.installed ?? 0
        let sessions = "\(NumberText.counted(up, "session")) \(up == 1 ? "is" : "are") up"
        let routes =
            "\(NumberText.counted(installed, "route")) \(installed == 1 ? "is" : "are") in the kernel"
        var text = DialogText(
            title: "Leave Peerglass",
            lines: [
                [TextPart("\(sessions), \(routes).")],
                [TextPart("Stopping the router ends the sessions and removes the routes.")],
            ],
            buttons: [
                DialogText.Button(key: "Enter", word: "leave, keep running")
            ]
        )
        if !options.isReadOnly {
            text.buttons.append(
                DialogText.Button(key: "s", word: "stop the router", isDangerous: true)
            )
        }
        text.buttons.append(DialogText.Button(key: "y", word: "stay"))
        return text
    }

    private func draw(_ text: DialogText, on canvas: inout Canvas) {
        let room = max(1, size.width - 4)
        let lines = text.lines.flatMap { $0.wrapped(to: room) }
        let buttons = text.buttonRows(width: room)
        let rowWidths = buttons.map { $0.width + $0.count - 1 }
        let longest = (lines.map(\.width) + rowWidths).max() ?? 0
        let minimum = text.input == nil ? 0 : 60
        let width = min(size.width, max(longest + 4, minimum, text.title.count + 8))
        let input = text.input == nil ? 0 : 2
        let height = min(size.height, lines.count + input + buttons.count + 3)
        let box = Rect(
            x: (size.width - width) / 2,
            y: max(0, (size.height - height) / 2),
            width: width,
            height: height
        )
        canvas.fill(box, style: Style(.dialog))
        canvas.box(
            box,
            title: text.title,
            style: Style(.borderFocused, on: .dialog),
            titleStyle: Style(.title, on: .dialog)
        )
        let inside = box.inset(columns: 2, rows: 1)
        for (line, parts) in lines.enumerated() {
            canvas.write(parts, x: inside.x, y: inside.y + line, on: .dialog, in: inside)
        }
        if let input = text.input {
            drawInput(input, text.inputNote, in: inside, y: inside.y + lines.count, on: &canvas)
        }
        canvas.cursor = inputCursor(canvas.cursor, text)
        let first = max(inside.y, inside.endY - buttons.count)
        for (row, parts) in buttons.enumerated() {
            var x = inside.x
            for part in parts {
                x = canvas.write(
                    part.text,
                    x: x,
                    y: first + row,
                    style: Style(part.role),
                    in: inside
                )
                x += 1
            }
        }
    }

    private func inputCursor(_ cursor: Point?, _ text: DialogText) -> Point? {
        guard text.input != nil, case .down(let down) = dialog, !down.isConfirming else {
            return nil
        }
        return cursor
    }

    private func drawInput(
        _ input: LineEditor,
        _ note: String,
        in inside: Rect,
        y: Int,
        on canvas: inout Canvas
    ) {
        canvas.write(
            "Reason to be sent (RFC 9003), \(note):",
            x: inside.x,
            y: y,
            style: Style(.text, on: .dialog),
            in: inside
        )
        let field = Rect(x: inside.x, y: y + 1, width: inside.width, height: 1)
        canvas.fill(field, style: Style(.text, on: .selection))
        let start = canvas.write(
            "> ",
            x: field.x,
            y: field.y,
            style: Style(.key, on: .selection),
            in: field
        )
        var before = input.textBeforeCursor
        while TextWidth.of(before) > field.endX - start - 1, !before.isEmpty {
            before.removeFirst()
        }
        let shown = String(input.text.dropFirst(input.cursor - before.count))
        canvas.write(shown, x: start, y: field.y, style: Style(.text, on: .selection), in: field)
        canvas.cursor = Point(x: start + TextWidth.of(before), y: field.y)
    }
}
