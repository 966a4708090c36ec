import CNcurses
import CTermGuard
package import Canvas
import Glibc

extension Terminal {
    /// Shows a canvas: only changed cells are sent, in one write; nothing when nothing changed.
    ///
    /// Never waits. While the terminal has not taken an earlier frame (``isBusy``) the newest canvas
    /// is kept and sent from ``events(timeout:)`` when it can be.
    package func present(_ canvas: Canvas) {
        waiting = canvas
        sendWaiting()
    }

    func sendWaiting() {
        guard isOpen, !isLost, backlog.isEmpty, let canvas = waiting else { return }
        waiting = nil
        let next = isASCII ? canvas.ascii : canvas
        let runs = next.changes(since: shown)
        guard !runs.isEmpty || next.cursor != shown?.cursor else { return }
        if shown == nil { werase(cn_stdscr()) }
        for run in runs { put(run, of: next) }
        place(next.cursor)
        shown = next

        let entering = !isEntered
        if entering { prepareWayOut() }
        wnoutrefresh(cn_stdscr())
        doupdate()
        if entering { keypad(keys, true) }
        let frame = takeFrame()
        guard !frame.isEmpty else { return }
        if synchronizes { backlog += Array("\u{1B}[?2026h".utf8) }
        backlog += frame
        if entering {
            backlog += Array(modesOn.utf8)
            isEntered = true
        }
        if synchronizes { backlog += Array("\u{1B}[?2026l".utf8) }
        sendBacklog()
    }

    /// Sends what the terminal takes now.
    func sendBacklog() {
        var sent = 0
        backlog.withUnsafeBytes { bytes in
            while sent < bytes.count, let base = bytes.baseAddress {
                let count = write(output, base + sent, bytes.count - sent)
                if count > 0 {
                    sent += count
                } else if errno != EINTR {
                    isLost = errno != EAGAIN
                    break
                }
            }
        }
        sentByteCount += sent
        if isLost { backlog = [] } else { backlog.removeFirst(sent) }
    }

    /// Takes out what ncurses has drawn.
    @discardableResult
    func takeFrame() -> [UInt8] {
        var status = stat()
        guard fstat(frameFile, &status) == 0, status.st_size > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = max(0, pread(frameFile, buffer.baseAddress, buffer.count, 0))
        }
        ftruncate(frameFile, 0)
        return bytes
    }

    /// Tells the guard what to write on the way out: what ncurses itself would, rehearsed.
    private func prepareWayOut() {
        doupdate()
        keypad(keys, true)
        takeFrame()
        endwin()
        var bytes: [UInt8] = []
        if knowsModes {
            bytes += Array(
                ("\u{1B}[?2026l\u{1B}[?2004l\u{1B}[?1004l\u{1B}[?1006l\u{1B}[?1002l"
                    + "\u{1B}[0m\u{1B}[?7h\u{1B}[4l\u{1B}[r").utf8
            )
        } else if let plain = cn_capability("sgr0") {
            bytes += withoutPadding(String(cString: plain))
        }
        bytes += takeFrame()
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                _ = cg_set_restore($0.baseAddress, Int32($0.count))
            }
        }
    }

    /// A capability as it is sent: delays like `$<2>` are for terminals of long ago.
    private func withoutPadding(_ capability: String) -> [UInt8] {
        var result: [UInt8] = []
        var isPadding = false
        let bytes = Array(capability.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x24, index + 1 < bytes.count, bytes[index + 1] == 0x3C { isPadding = true }
            if !isPadding { result.append(byte) }
            if byte == 0x3E { isPadding = false }
        }
        return result
    }

    private var modesOn: String {
        guard knowsModes else { return "" }
        let mouse = options.mouse ? "\u{1B}[?1002h\u{1B}[?1006h" : ""
        // The answer comes with the keys; the first frame does not wait for it.
        let question = synchronizes ? "" : "\u{1B}[?2026$p"
        return "\u{1B}[?2004h\u{1B}[?1004h" + mouse + question
    }

    private func put(_ run: ChangedRun, of canvas: Canvas) {
        var cells: [cn_cell] = []
        cells.reserveCapacity(run.columns.count)
        for x in run.columns {
            let cell = canvas[x, run.y]
            var out = cn_cell()
            if !cell.isContinuation {
                out.scalar = cell.scalar.value
                out.width = UInt8(TextWidth.of(cell.scalar))
                if cell.hasMarks {
                    let marks = cell.marks.map(\.value) + [0, 0, 0]
                    out.marks = (marks[0], marks[1], marks[2])
                }
                let rendition = rendition(cell.style)
                out.pair = rendition.pair
                out.attributes = rendition.attributes
            }
            cells.append(out)
        }
        cn_put(cn_stdscr(), Int32(run.y), Int32(run.columns.lowerBound), cells, Int32(cells.count))
    }

    private func place(_ cursor: Point?) {
        if let cursor {
            leaveok(cn_stdscr(), false)
            wmove(cn_stdscr(), Int32(cursor.y), Int32(cursor.x))
        } else {
            leaveok(cn_stdscr(), true)
        }
        guard (cursor != nil) != cursorIsShown else { return }
        cursorIsShown = cursor != nil
        curs_set(cursorIsShown ? 1 : 0)
    }

    private func rendition(_ style: Style) -> (pair: Int32, attributes: UInt8) {
        if let known = renditions[style] { return known }
        let wanted = theme.rendition(style, depth: depth)
        let result = (pair(wanted.foreground, wanted.background), wanted.attributes.rawValue)
        renditions[style] = result
        return result
    }

    /// The colour pair; 0, the terminal's own colours, where there is no room for more.
    private func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
        if foreground < 0, background < 0 { return 0 }
        let key =
            UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
        if let known = pairs[key] { return known }
        let number = Int32(pairs.count + 1)
        guard number < cn_color_pairs(),
            init_extended_pair(number, foreground, background) == OK
        else { return 0 }
        pairs[key] = number
        return number
    }
}
