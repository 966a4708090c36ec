import Canvas
import Control

/// A run of text in one role.
struct TextPart: Hashable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }
}

extension Array<TextPart> {
    /// Columns that the parts take.
    var width: Int { reduce(0) { $0 + TextWidth.of($1.text) } }
}

extension Canvas {
    /// Writes parts one after the other; returns the column behind them.
    @discardableResult
    mutating func write(
        _ parts: [TextPart],
        x: Int,
        y: Int,
        on ground: Role? = nil,
        in clip: Rect? = nil
    ) -> Int {
        var x = x
        for part in parts {
            x = write(part.text, x: x, y: y, style: Style(part.role, on: ground), in: clip)
        }
        return x
    }
}

extension DashboardModel {
    /// The first line: who this is, is it well, what time is it.
    func drawHeader(on canvas: inout Canvas) {
        let rect = Rect(x: 0, y: 0, width: size.width, height: 1)
        canvas.fill(rect, style: Style(.header))
        let clock = Clock.time(shownNow, offset: options.utcOffsetSeconds)
        let room = size.width - 1 - TextWidth.of(clock)
        let forms = headerForms
        // A form that stands closer to the clock than two columns is too wide.
        let form = forms.first { $0.width + 2 <= room } ?? forms.last ?? []
        canvas.write(form, x: 1, y: 0, on: .header, in: rect)
        if room >= 1 {
            canvas.write(clock, x: size.width - TextWidth.of(clock), y: 0, style: Style(.header))
        }
    }

    /// The header from the widest to the narrowest form.
    private var headerForms: [[TextPart]] {
        if !screens.isEmpty {
            let path = [TextPart(path, .title)]
            return [gap(5, [path, sessions, drift(2)]), gap(3, [path, drift(1)]), path]
        }
        let name = [TextPart("Peerglass", .title)]
        guard let overview else {
            return [gap(5, [name, [TextPart("waiting for the speaker")]]), name]
        }
        // How late a speaker is that does not answer, its last answer does not tell.
        let lag = silentSeconds == nil ? Self.lag(overview.lag) : []
        let largest = silentSeconds == nil ? Self.largest(overview.lag) : []
        let work = silentSeconds == nil ? Self.work(overview.lag) : []
        let long = gap(2, [name] + identity)
        let short = gap(1, Array(identity.prefix(2)))
        return [
            gap(5, [long, sessions, drift(2), lag + largest + work]),
            gap(4, [long, sessions, drift(2), lag + largest + work]),
            gap(3, [long, sessions, drift(2), lag + largest + work]),
            gap(5, [long, sessions, drift(2), lag + largest]),
            gap(5, [long, sessions, drift(2), lag]),
            gap(4, [long, sessions, drift(2), lag]),
            gap(3, [long, sessions, drift(2), lag]),
            gap(3, [short, sessions, drift(1), lag]),
            gap(3, [short, sessions, drift(1)]),
            gap(2, [sessions, drift(1)]),
            gap(2, [Array(identity.prefix(1).joined()), sessions, briefDrift]),
            gap(2, [sessions, briefDrift]),
            gap(1, [briefDrift]),
        ]
    }

    private func gap(_ width: Int, _ groups: [[TextPart]]) -> [TextPart] {
        let blank = TextPart(String(repeating: " ", count: width))
        return Array(groups.filter { !$0.isEmpty }.joined(separator: [blank]))
    }

    private var identity: [[TextPart]] {
        guard let instance else { return [] }
        return [
            [TextPart(PeerName.shown(instance.hostName), .title)],
            [TextPart("AS \(instance.localAS)")],
            [TextPart("\(instance.routerID)")],
        ]
    }

    private var sessions: [TextPart] {
        if case .lost(_, let since) = connection {
            let time = Clock.time(since, offset: options.utcOffsetSeconds)
            return [TextPart("no connection since \(time)", .error)]
        }
        if let frozenAt {
            let time = Clock.time(frozenAt, offset: options.utcOffsetSeconds)
            return [TextPart("frozen at \(time)", .warning)]
        }
        if let silentSeconds { return [TextPart("no answer for \(silentSeconds) s", .error)] }
        guard let overview else { return [] }
        let isWhole = overview.sessionsUp == overview.sessionsTotal
        return [
            TextPart(
                "sessions \(overview.sessionsUp)/\(overview.sessionsTotal)",
                isWhole ? .text : .warning
            )
        ]
    }

    /// The largest gap of the last second between two turns of the loop.
    private static func lag(_ lag: LoopLag) -> [TextPart] {
        let role: Role = lag.recentMicroseconds > 100_000 ? .warning : .text
        return [TextPart("lag \(lag.recentMicroseconds / 1000) ms", role)]
    }

    /// The largest gap of all, once there was one that a person would notice.
    private static func largest(_ lag: LoopLag) -> [TextPart] {
        guard lag.largestMicroseconds >= 1000 else { return [] }
        let role: Role =
            lag.largestMicroseconds >= LoopLag.noticeableMicroseconds ? .warning : .text
        return [TextPart(", largest "), TextPart(LoopLag.text(lag.largestMicroseconds), role)]
    }

    /// What ran in it.
    private static func work(_ lag: LoopLag) -> [TextPart] {
        lag.largestMicroseconds >= 1000 ? [TextPart(" (\(lag.largestWork))")] : []
    }

    /// True where this speaker leaves the kernel alone.
    private var isKernelOff: Bool {
        if case .off? = instance?.kernelUpdates { return true }
        return false
    }

    /// Routes of ours that the kernel has and uses: those that a foreign one hides do not count.
    private var kernelCount: UInt64 {
        guard let counts = overview?.kernel else { return 0 }
        return counts.installed - min(counts.hidden, counts.installed)
    }

    /// Routes by which RIB and kernel differ, on their way or not.
    private var difference: UInt64 {
        guard let overview else { return 0 }
        let missing = overview.bestCount > kernelCount ? overview.bestCount - kernelCount : 0
        return max(missing, overview.kernel.drift)
    }

    private func drift(_ blanks: Int) -> [TextPart] {
        guard let overview else { return [] }
        if isKernelOff {
            return [TextPart("RIB \(NumberText.grouped(overview.prefixCount)), kernel off")]
        }
        let rib = "RIB \(NumberText.grouped(overview.bestCount))"
        let kernel = "kernel \(NumberText.grouped(kernelCount))"
        guard difference > 0 else { return [TextPart("\(rib) = \(kernel)")] }
        return [
            TextPart("\(rib) "), TextPart("≠", .kernelDrift), TextPart(" \(kernel)"),
            TextPart(String(repeating: " ", count: blanks)),
            TextPart("▲ \(NumberText.grouped(difference))", .kernelDrift),
        ]
    }

    private var briefDrift: [TextPart] {
        guard overview != nil, !isKernelOff else { return [] }
        if difference == 0 { return [TextPart("RIB = kernel")] }
        return [TextPart("≠ kernel ▲ \(NumberText.grouped(difference))", .kernelDrift)]
    }
}
