extension RouteChanges: CustomStringConvertible {
    /// `set { localpref 100 metric 5 community 65000:99 }`; empty where nothing is changed.
    package var description: String {
        isEmpty ? "" : "set { " + words.joined(separator: " ") + " }"
    }

    private var words: [String] {
        var words: [String] = []
        if let localPref { words.append("localpref \(localPref)") }
        if let med { words.append("metric \(med)") }
        if let weight { words.append("weight \(weight)") }
        if let prependSelf { words.append("prepend-self \(prependSelf)") }
        if let prependNeighbor { words.append("prepend-neighbor \(prependNeighbor)") }
        if overridesAS { words.append("as-override") }
        words += nextHops.map { "nexthop \($0)" }
        if let nextHopTreatment { words.append("nexthop \(nextHopTreatment.word)") }
        words += deletedCommunities.map { "\($0.keyword) delete \($0.valueText)" }
        words += addedCommunities.map { "\($0.keyword) \($0.valueText)" }
        if let origin { words.append("origin \(origin.word)") }
        return words
    }
}

extension NumberChange: CustomStringConvertible {
    package var description: String {
        switch self {
        case .set(let value): "\(value)"
        case .add(let difference): difference < 0 ? "\(difference)" : "+\(difference)"
        }
    }
}

extension NextHopTreatment {
    /// The word of the language after `nexthop`.
    package var word: String {
        switch self {
        case .own: "self"
        case .unmodified: "no-modify"
        case .reject: "reject"
        case .blackhole: "blackhole"
        }
    }
}
