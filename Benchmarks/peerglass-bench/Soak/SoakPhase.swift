/// One thing that happens to the daemon, and what was seen while it did.
struct SoakPhase {
    var name: String
    var seconds = 0.0
    /// Of neighbors that did nothing wrong.
    var facts = SoakFacts()
    /// Of those whose link was killed.
    var flakyLosses = 0
    var peaks = SoakWatch.Peaks()
    /// What else is worth knowing.
    var notes: [String] = []
    /// What should not be.
    var breaches: [String] = []

    init(_ name: String) {
        self.name = name
    }

    /// The largest silence of neighbors with that hold time, milliseconds.
    func silence(_ holdTime: UInt16) -> Int64 { facts.silence[holdTime]?.milliseconds ?? 0 }

    /// A third of the hold time and a second, milliseconds.
    static func limit(_ holdTime: UInt16) -> Int64 { Int64(holdTime) * 1000 / 3 + 1000 }

    /// What holds in every phase.
    mutating func judge() {
        if facts.losses > 0 {
            breaches.append(
                "\(facts.losses) sessions of well-behaved neighbors were lost: "
                    + facts.lossWords.joined(separator: ", ")
            )
        }
        for (holdTime, silence) in facts.silence.sorted(by: { $0.key < $1.key })
        where silence.milliseconds > Self.limit(holdTime) {
            breaches.append(
                "\(silence.address), hold time \(holdTime) s, heard nothing for \(silence.milliseconds) ms"
            )
        }
        if peaks.lag >= 1_000_000 {
            breaches.append("a gap of the loop of \(peaks.lag / 1000) ms")
        }
        if peaks.unanswered > 0 {
            breaches.append("\(peaks.unanswered) questions were not answered")
        }
    }
}
