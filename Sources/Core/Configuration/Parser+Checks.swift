import Policy

extension Parser {
    /// Reads everything and says what there is to say about the whole.
    mutating func reading() -> ConfigurationReading {
        run()
        if !draft.hasAS {
            report(Diagnostic(place: nil, message: "configuration error: AS not given"))
        }
        for (position, message) in lexer.warnings { warn(position, message) }
        warnOfUnused()
        warnOfDeadRules()
        let isGood = diagnostics.allSatisfy { $0.severity == .warning }
        return ConfigurationReading(
            configuration: isGood ? draft.finished(macros: lexer.macros) : nil,
            diagnostics: diagnostics
        )
    }

    private mutating func warnOfUnused() {
        for macro in lexer.macros where !macro.isUsed {
            if let position = macro.position {
                warn(position, "macro '\(macro.name)' is never used")
            }
        }
        for set in draft.setPositions where !draft.usedSets.contains("\(set.kind) \(set.name)") {
            warn(set.position, "\(set.kind) \"\(set.name)\" is never used")
        }
    }

    private mutating func warnOfDeadRules() {
        for index in draft.rules.indices {
            guard let other = draft.rules.ruleThatKills(index) else { continue }
            let line = draft.rules[other].place.line
            let message =
                other < index
                ? "this rule is never reached: line \(line) matches first and is quick"
                : "this rule decides nothing: line \(line) decides after it for all routes"
            warn(draft.rulePositions[index], message)
        }
    }
}

extension [FilterRule] {
    /// The rule because of which the rule at `index` can never make a difference.
    ///
    /// That is an earlier `quick` rule about all its neighbors with no other conditions than its own,
    /// or, where it changes nothing, a later one without conditions that decides the other way.
    func ruleThatKills(_ index: Int) -> Int? {
        let rule = self[index]
        for other in indices where other < index {
            let earlier = self[other]
            let conditions = earlier.conditions
            if earlier.isQuick, earlier.direction == rule.direction,
                rule.peers.areAll(in: earlier.peers),
                conditions == FilterConditions() || conditions == rule.conditions
            {
                return other
            }
        }
        guard rule.changes.isEmpty, !rule.isQuick, rule.verb != .match else { return nil }
        for other in indices where other > index {
            let later = self[other]
            if later.verb != .match, later.verb != rule.verb, later.direction == rule.direction,
                later.conditions == FilterConditions(), rule.peers.areAll(in: later.peers)
            {
                return other
            }
            // A quick rule in between can take a route out before it gets there.
            if later.isQuick, later.direction == rule.direction { return nil }
        }
        return nil
    }
}

extension [PeerSelector] {
    /// True where every neighbor that is meant here is meant there.
    fileprivate func areAll(in others: [PeerSelector]) -> Bool {
        others.contains(.any) || allSatisfy { others.contains($0) }
    }
}
