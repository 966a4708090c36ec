import BGPWire
import Control
import Timekeeping

/// Moments as the screen shows them.
enum Clock {
    /// `12:04:31`.
    static func time(_ time: WallTime, offset: Int64) -> String {
        TimeText.clock(UInt32(milliseconds(time, offset) / 1000))
    }

    /// `12:04:31.118`.
    static func precise(_ time: WallTime, offset: Int64) -> String {
        let rest = milliseconds(time, offset) % 1000
        return "\(Self.time(time, offset: offset)).\(NumberText.padded(rest, to: 3))"
    }

    /// `2026-11-23 05:50:55`.
    static func dated(_ time: WallTime, offset: Int64) -> String {
        TimeText.moment(time.nanoseconds / 1_000_000_000, offset: offset)
    }

    /// Milliseconds since local midnight.
    private static func milliseconds(_ time: WallTime, _ offset: Int64) -> Int64 {
        let ofDay = (time.nanoseconds / 1_000_000 &+ offset &* 1000) % 86_400_000
        return ofDay < 0 ? ofDay + 86_400_000 : ofDay
    }
}

/// Text that others chose, made safe to show: controls as `\n` or `\033`.
enum PeerName {
    static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 10: result += "\\n"
            case 9: result += "\\t"
            case 0..<0x20, 0x7F:
                let octal = String(scalar.value, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// The lines of the speaker's log in words.
enum EventText {
    /// `r3 down after 3d01h: received Cease/administratively down "CHG-2 linecard swap"`.
    static func line(_ event: EventRow) -> String {
        let name = PeerName.shown(event.neighborName)
        let text =
            switch event.kind {
            case .stateChange(let from, let to, let cause):
                "\(name) \(from.name) -> \(to.name): \(cause)"
            case .up: "\(name) up"
            case .down(let reason, let seconds):
                "\(name) down after \(TimeText.brief(seconds)): \(reason.sentence(neighbor: name))"
            case .connectFailed(let reason):
                "\(name) connect: \(reason.sentence(neighbor: name))"
            case .malformedUpdate(let words): "\(name) malformed UPDATE: \(words)"
            case .kernelRefusal(let words): "kernel refused \(words)"
            case .kernelOverrun:
                "the kernel's notifications overran; its table is read again"
            case .kernelChange(let words, _): words
            case .operation(let words): name.isEmpty ? words : "operator: \(name) \(words)"
            case .notice(let words): name.isEmpty ? words : "\(name): \(words)"
            }
        return PeerName.shown(text)
    }
}

extension EventRow {
    /// True for what is bad news.
    var isBad: Bool {
        switch kind {
        case .down, .malformedUpdate, .kernelRefusal, .kernelOverrun, .connectFailed: true
        case .kernelChange(_, let isBad): isBad
        case .stateChange, .up, .operation, .notice: false
        }
    }
}
