import Control
import Timekeeping

/// Events that a stranger or a broken neighbor can repeat at will: told at first, then counted.
///
/// Each subject has its own count. A line that has not been told lately is told, up to eight different
/// ones; all others are counted, and every ten seconds the last of them is told with how many more
/// there were. Ten seconds without any end the counting.
struct RepeatedEvents {
    /// What a count is about.
    struct Subject: Hashable {
        /// Nil for those who are no neighbors, all together.
        var neighbor: NeighborNumber?
        var theme: Theme
    }

    enum Theme {
        /// Connections that were refused.
        case connections
        /// UPDATEs that were malformed.
        case updates
    }

    /// Something to tell now.
    struct Line: Hashable {
        var subject: Subject
        var text: String
    }

    fileprivate struct Burst {
        var subject: Subject
        var told: [String]
        var last = ""
        var count = 0
        var due: Instant
    }

    /// In the order in which they began; at most two for each neighbor and one for strangers.
    private var bursts: [Burst] = []

    /// Different lines of a subject that are told before all are counted.
    private static let lineLimit = 8
    private static var window: Duration { .seconds(10) }

    /// Takes an event; true where it is to be told, false where it is counted.
    mutating func tells(_ text: String, about subject: Subject, now: Instant) -> Bool {
        guard let place = bursts.firstIndex(where: { $0.subject == subject }) else {
            bursts.append(Burst(subject: subject, told: [text], due: now + Self.window))
            return true
        }
        if bursts[place].told.count < Self.lineLimit, !bursts[place].told.contains(text) {
            bursts[place].told.append(text)
            return true
        }
        bursts[place].last = text
        bursts[place].count += 1
        return false
    }

    /// What was counted in windows that are over.
    mutating func takeDue(now: Instant) -> [Line] {
        var lines: [Line] = []
        for place in bursts.indices where bursts[place].due <= now {
            guard bursts[place].count > 0 else { continue }
            lines.append(bursts[place].line)
            bursts[place].count = 0
            bursts[place].due = now + Self.window
        }
        bursts.removeAll { $0.due <= now }
        return lines
    }

    /// Everything that was counted and not told yet.
    mutating func takeAll() -> [Line] {
        let lines = bursts.filter { $0.count > 0 }.map(\.line)
        bursts = []
        return lines
    }
}

extension RepeatedEvents.Burst {
    fileprivate var line: RepeatedEvents.Line {
        let more = count > 1 ? ", and \(count - 1) more in the last 10 s" : ""
        return RepeatedEvents.Line(subject: subject, text: last + more)
    }
}

extension Speaker {
    /// Says that a connection was refused; of a neighbor or, without one, of a stranger.
    func reportRefused(_ text: String, of neighbor: Neighbor?) {
        reportRepeated(
            text,
            RepeatedEvents.Subject(neighbor: neighbor?.number, theme: .connections)
        )
    }

    /// Says what an UPDATE was treated as.
    func reportMalformed(_ text: String, of neighbor: Neighbor) {
        reportRepeated(text, RepeatedEvents.Subject(neighbor: neighbor.number, theme: .updates))
    }

    /// Says what was counted of events that repeat.
    func tellRepeated() {
        for line in repeatedEvents.takeDue(now: now) { tell(line) }
    }

    /// Says what was counted of events that repeat, at the end of everything.
    func tellAllRepeated() {
        for line in repeatedEvents.takeAll() { tell(line) }
    }

    private func reportRepeated(_ text: String, _ subject: RepeatedEvents.Subject) {
        guard repeatedEvents.tells(text, about: subject, now: now) else { return }
        tell(RepeatedEvents.Line(subject: subject, text: text))
    }

    private func tell(_ line: RepeatedEvents.Line) {
        let kind: EventRow.Kind =
            switch line.subject.theme {
            case .connections: .notice(line.text)
            case .updates: .malformedUpdate(line.text)
            }
        report(kind, of: line.subject.neighbor.flatMap { neighbor($0) })
    }
}
