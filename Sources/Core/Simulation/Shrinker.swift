/// Makes a failing scenario small: without a break, a machine or a link that it does not need to fail.
package struct Shrinker {
    /// Runs it may still make.
    package private(set) var runsLeft: Int
    private let whole: Scenario
    private let fails: (Scenario) -> Bool

    /// A shrinker of a whole scenario; `fails` runs what is left of it and says whether it fails still.
    package init(_ whole: Scenario, runs: Int, fails: @escaping (Scenario) -> Bool) {
        precondition(whole.name.cut == nil, "only a whole scenario can be cut")
        self.whole = whole
        runsLeft = runs
        self.fails = fails
    }

    /// The smallest that still fails, as far as the runs go: nothing single can be left out of it.
    ///
    /// - Parameter beginning: what is known to fail.
    /// - Returns: the scenario, whose name brings it back.
    package mutating func smallest(from beginning: ScenarioCut) -> Scenario {
        var cut = beginning
        var before: ScenarioCut
        repeat {
            before = cut
            shrink(&cut, \.breaks)
            shrink(&cut, \.machines)
            shrink(&cut, \.links)
        } while cut != before && runsLeft > 0
        return whole.keeping(cut) ?? whole
    }

    /// Leaves out ever smaller parts of one kind, from halves to single ones.
    private mutating func shrink(
        _ cut: inout ScenarioCut,
        _ kind: WritableKeyPath<ScenarioCut, [Int]>
    ) {
        var size = max(1, cut[keyPath: kind].count / 2)
        while true {
            var start = 0
            while start < cut[keyPath: kind].count {
                var less = cut
                let end = min(start + size, less[keyPath: kind].count)
                less[keyPath: kind].removeSubrange(start..<end)
                guard runsLeft > 0 else { return }
                runsLeft -= 1
                if let scenario = whole.keeping(less), !scenario.plan.machines.isEmpty,
                    fails(scenario)
                {
                    // What hung on the part is gone with it.
                    cut = scenario.whole
                } else {
                    start = end
                }
            }
            if size == 1 { return }
            size /= 2
        }
    }
}
