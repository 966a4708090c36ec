/// What the neighbors of one role have seen since they were last asked.
struct SoakFacts: Codable {
    /// Sessions that are up now.
    var established = 0
    /// Sessions that came up.
    var connects = 0
    /// Sessions that were lost, and the first few in words.
    var losses = 0
    var lossWords: [String] = []
    /// The largest time in which a neighbor with that hold time heard nothing, milliseconds.
    var silence: [UInt16: Silence] = [:]
    /// The largest gap of the neighbors' own loop, milliseconds: how wrong the rest may be.
    var ownGap: Int64 = 0
    /// Prefixes announced to them.
    var announced = 0
    /// Times that the whole table was sent on request.
    var refreshes = 0

    struct Silence: Codable {
        var milliseconds: Int64
        var address: String
    }

    mutating func noteSilence(_ milliseconds: Int64, of neighbor: SoakNeighbor) {
        if milliseconds > silence[neighbor.holdTime]?.milliseconds ?? 0 {
            silence[neighbor.holdTime] = Silence(
                milliseconds: milliseconds,
                address: "\(neighbor.address)"
            )
        }
    }

    mutating func noteLoss(of neighbor: SoakNeighbor, _ why: String) {
        losses += 1
        if lossWords.count < 5 { lossWords.append("\(neighbor.address): \(why)") }
    }

    /// Both together; sessions that are up are of the later one.
    mutating func add(_ other: SoakFacts) {
        established = other.established
        connects += other.connects
        losses += other.losses
        lossWords = Array((lossWords + other.lossWords).prefix(5))
        for (holdTime, one) in other.silence
        where one.milliseconds > silence[holdTime]?.milliseconds ?? 0 {
            silence[holdTime] = one
        }
        ownGap = max(ownGap, other.ownGap)
        announced += other.announced
        refreshes += other.refreshes
    }
}
