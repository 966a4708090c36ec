/// Spans of time and moments as tables and logs print them.
package enum TimeText {
    /// `00:01:23` under a day, `1d02h03m` under a week, `01w2d03h`, from 1000 weeks `1000w`.
    package static func span(_ seconds: UInt32) -> String {
        let minutes = seconds / 60
        let hours = minutes / 60
        let days = hours / 24
        let weeks = days / 7
        if weeks >= 1000 { return "\(weeks)w" }
        if weeks > 0 { return "\(two(weeks))w\(days % 7)d\(two(hours % 24))h" }
        if days > 0 { return "\(days)d\(two(hours % 24))h\(two(minutes % 60))m" }
        return clock(seconds)
    }

    /// The two largest units of a span: `3d01h`; hours and less as a clock.
    package static func brief(_ seconds: UInt32) -> String {
        let days = seconds / 86_400
        if days == 0 { return clock(seconds) }
        if days < 7 { return "\(days)d\(two(seconds / 3600 % 24))h" }
        return "\(two(days / 7))w\(days % 7)d"
    }

    /// `12:04:31`.
    package static func clock(_ seconds: UInt32) -> String {
        "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// The span since something happened; `Never` where it did not.
    package static func since(_ seconds: UInt32?) -> String {
        seconds.map(span) ?? "Never"
    }

    /// A moment as `2026-11-23 05:50:55`.
    ///
    /// `seconds` count from 1970, UTC; `offset` is by how many local time is ahead of UTC.
    package static func moment(_ seconds: Int64, offset: Int64) -> String {
        let local = seconds &+ offset
        let day = floorDivide(local, 86_400)
        let second = UInt32(truncatingIfNeeded: local &- day &* 86_400)
        // Days since 0000-03-01, so that a leap day is the last of its year.
        let shifted = day &+ 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = UInt32(truncatingIfNeeded: dayOfYear - (153 * month + 2) / 5 + 1)
        let calendarMonth = UInt32(truncatingIfNeeded: month < 10 ? month + 3 : month - 9)
        let year = yearOfEra &+ era &* 400 &+ (calendarMonth <= 2 ? 1 : 0)
        return "\(year)-\(two(calendarMonth))-\(two(dayOfMonth)) \(clock(second))"
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func two(_ value: UInt32) -> String { NumberText.padded(value) }
}
