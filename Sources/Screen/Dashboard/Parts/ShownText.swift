import BGPWire
import Control
import Timekeeping

/// Numbers as the screen shows them.
enum Number {
    /// With thousands separators: `1,024,518`.
    static func grouped(_ value: some BinaryInteger) -> String {
        let digits = Array(String(value))
        var result = ""
        for (index, digit) in digits.enumerated() {
            let left = digits.count - index
            if index > 0, left % 3 == 0, digits[index - 1] != "-" { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// Two digits at least.
    static func padded(_ value: Int64, to width: Int = 2) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

/// Spans of time in words of at most eight columns.
enum Span8 {
    /// `00:01:23` under a day, `3d04h12m` under ten, then `12d04h`; `01w2d03h` from a week, as bgpctl.
    static func text(_ seconds: UInt32) -> String {
        let seconds = Int64(seconds)
        if seconds < 86_400 {
            return "\(Number.padded(seconds / 3600)):\(Number.padded(seconds / 60 % 60)):"
                + Number.padded(seconds % 60)
        }
        let days = seconds / 86_400
        let hours = Number.padded(seconds / 3600 % 24)
        if days < 7 { return "\(days)d\(hours)h\(Number.padded(seconds / 60 % 60))m" }
        if days < 7000 { return "\(Number.padded(days / 7))w\(days % 7)d\(hours)h" }
        return "\(days / 7)w"
    }

    /// The two largest units: `3d01h`; hours and less as a clock.
    static func brief(_ seconds: UInt32) -> String {
        let days = seconds / 86_400
        if days == 0 { return text(seconds) }
        if days < 7 { return "\(days)d\(Number.padded(Int64(seconds / 3600 % 24)))h" }
        return "\(Number.padded(Int64(days / 7)))w\(days % 7)d"
    }
}

/// Moments as the screen shows them.
enum Clock {
    private static func parts(
        _ time: WallTime,
        _ offset: Int64
    ) -> (day: Int64, second: Int64, milli: Int64) {
        let total = time.nanoseconds + offset * 1_000_000_000
        let day = total.flooredQuotient(by: 86_400_000_000_000)
        let rest = total - day * 86_400_000_000_000
        return (day, rest / 1_000_000_000, rest / 1_000_000 % 1000)
    }

    /// `12:04:31`.
    static func time(_ time: WallTime, offset: Int64) -> String {
        let second = parts(time, offset).second
        return "\(Number.padded(second / 3600)):\(Number.padded(second / 60 % 60)):"
            + Number.padded(second % 60)
    }

    /// `12:04:31.118`.
    static func precise(_ time: WallTime, offset: Int64) -> String {
        "\(Self.time(time, offset: offset)).\(Number.padded(parts(time, offset).milli, to: 3))"
    }

    /// `2026-11-23 05:50:55`.
    static func dated(_ time: WallTime, offset: Int64) -> String {
        // Days to a date of the Gregorian calendar, in years that begin in March.
        let shifted = parts(time, offset).day + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        return "\(Number.padded(year, to: 4))-\(Number.padded(civilMonth))-"
            + "\(Number.padded(day)) \(Self.time(time, offset: offset))"
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
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
                "\(name) down after \(Span8.brief(seconds)): \(reason.sentence(neighbor: name))"
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
