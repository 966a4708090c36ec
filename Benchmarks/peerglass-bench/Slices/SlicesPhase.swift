/// A million routes in motion once, and what was seen meanwhile.
struct SlicesPhase {
    var name: String
    /// Until all was done.
    var seconds = 0.0
    /// Until all was done, for median and p99.
    var answers = ControlProbe.Answers()
    /// Until all was done and two seconds more.
    var longest = 0.0
    var largestGap = 0.0
    /// What ran in that gap, where it was the largest of all until then.
    var work = ""
    var ownGap = 0.0
    /// The longest time in which one of the neighbors heard nothing, milliseconds, and which one.
    var silence: Int64 = 0
    var silent = ""
    /// What else is worth knowing.
    var notes: [String] = []
    /// What should not be.
    var breaches: [String] = []

    init(_ name: String) {
        self.name = name
    }

    /// An answer may take so long, milliseconds.
    static let longestAnswer = 50.0
    /// Seconds; a KEEPALIVE is due after a third of it.
    static let holdTime: UInt16 = 3

    /// How late a KEEPALIVE was, milliseconds.
    var lateness: Int64 { max(0, silence - Int64(Self.holdTime) * 1000 / 3) }

    /// What holds of these answers and of these neighbors, a word.
    var isHeld: Bool {
        breaches.isEmpty && longest <= Self.longestAnswer
            && silence <= SoakPhase.limit(Self.holdTime)
    }

    mutating func take(_ more: ControlProbe.Answers) {
        longest = max(longest, more.longest)
        if more.largestGap > largestGap {
            largestGap = more.largestGap
            work = more.work
        }
        ownGap = max(ownGap, more.ownGap)
        if more.failures > 0 { breaches.append("\(more.failures) questions were not answered") }
    }

    mutating func take(_ facts: SoakFacts, of role: SoakRole) {
        if let silence = facts.silence[Self.holdTime], silence.milliseconds > self.silence {
            self.silence = silence.milliseconds
            silent = role.rawValue
        }
        if facts.losses > 0 {
            breaches.append(
                "\(facts.losses) sessions were lost: \(facts.lossWords.joined(separator: ", "))"
            )
        }
    }
}
