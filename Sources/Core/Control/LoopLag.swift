package import Timekeeping

/// How late the speaker's loop is: the gaps between two moments at which it looks at everything.
package struct LoopLag: Hashable, Sendable {
    /// The largest gap of this second and the one before it, microseconds.
    package var recentMicroseconds: UInt32 = 0
    /// The largest gap since start, microseconds; 0 before the first.
    package var largestMicroseconds: UInt32 = 0
    /// What ran in the largest one.
    package var largestWork = ""
    /// When the largest one ended.
    package var largestAt = WallTime(nanoseconds: 0)

    package init() {}

    /// From here on a keepalive may have gone out later than it should.
    package static let noticeableMicroseconds: UInt32 = 1_000_000

    /// Microseconds as `4 ms`, `310 ms` or `1.2 s`.
    package static func text(_ microseconds: UInt32) -> String {
        let milliseconds = microseconds / 1000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        return "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
    }
}

extension LoopLag: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(recentMicroseconds)
        writer.number(largestMicroseconds)
        writer.text(largestWork)
        writer.value(largestAt)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        recentMicroseconds = try reader.number()
        largestMicroseconds = try reader.number()
        largestWork = try reader.text()
        largestAt = try reader.value()
    }
}
