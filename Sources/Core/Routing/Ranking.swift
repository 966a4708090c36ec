extension DecisionRules {
    /// The positions of eligible paths from the best to the worst, whatever their order; at most `limit`.
    ///
    /// Each is the best of what is left without those before it. Within a neighbor AS the order is that of
    /// all steps, MED included; between two it is that of the steps after MED, and the first of each is what
    /// MED leaves of its AS: so the ranking is a merge.
    package func ranking(of candidates: [Candidate], limit: Int = .max) -> [Int] {
        func precedes(_ left: Int, _ right: Int) -> Bool {
            let verdict = compare(candidates[left], candidates[right])
            return verdict.leftWins && verdict.step != .same
        }
        var ranked: [Int] = []
        // What ties up to ORIGIN stands together, and in it what is of one AS.
        let order = candidates.indices.sorted { left, right in
            let verdict = candidates[left].comparedUpToOrigin(with: candidates[right])
            if verdict != 0 { return verdict < 0 }
            let (leftAS, rightAS) = (medAS(candidates[left]), medAS(candidates[right]))
            return leftAS == rightAS ? precedes(left, right) : leftAS < rightAS
        }
        var start = 0
        while start < order.count, ranked.count < limit {
            let first = candidates[order[start]]
            let end =
                order[start...].firstIndex { !candidates[$0].tiesUpToOrigin(with: first) }
                ?? order.count
            var runs: [Range<Int>] = []
            for place in start..<end {
                if let last = runs.last,
                    medAS(candidates[order[place]]) == medAS(candidates[order[last.lowerBound]])
                {
                    runs[runs.count - 1] = last.lowerBound..<place + 1
                } else {
                    runs.append(place..<place + 1)
                }
            }
            while !runs.isEmpty, ranked.count < limit {
                var best = 0
                for run in runs.indices.dropFirst()
                where precedes(order[runs[run].lowerBound], order[runs[best].lowerBound]) {
                    best = run
                }
                ranked.append(order[runs[best].lowerBound])
                runs[best].removeFirst()
                if runs[best].isEmpty { runs.remove(at: best) }
            }
            start = end
        }
        return ranked
    }
}
