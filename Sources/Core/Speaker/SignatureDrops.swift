import Timekeeping

/// What the kernel has dropped for its TCP MD5 signature, of all neighbors together: its counters since boot.
package struct SignatureDrops: Hashable, Sendable {
    /// Segments without a signature where a key is set (TCPMD5NotFound).
    package var missing: UInt64
    /// Signed segments where no key is set (TCPMD5Unexpected).
    package var unexpected: UInt64
    /// Segments signed with another key (TCPMD5Failure).
    package var wrong: UInt64

    package init(missing: UInt64, unexpected: UInt64, wrong: UInt64) {
        self.missing = missing
        self.unexpected = unexpected
        self.wrong = wrong
    }

    /// How many more than at `earlier`; counters that went back began anew.
    fileprivate func since(_ earlier: SignatureDrops) -> SignatureDrops {
        func growth(_ count: KeyPath<SignatureDrops, UInt64>) -> UInt64 {
            let (now, before) = (self[keyPath: count], earlier[keyPath: count])
            return now >= before ? now - before : now
        }
        return SignatureDrops(
            missing: growth(\.missing),
            unexpected: growth(\.unexpected),
            wrong: growth(\.wrong)
        )
    }

    /// What that says, a clause a kind; empty where nothing was dropped.
    fileprivate var clauses: [String] {
        [
            (missing, "unsigned, where a key is set"),
            (wrong, "signed with another key than ours"),
            (unexpected, "signed, where no key is set"),
        ]
        .filter { $0.0 > 0 }
        .map { "\($0.0) \($0.1)" }
    }
}

/// The counters of the last minute, one reading every few seconds.
struct SignatureWatch {
    private var readings: [(time: Instant, drops: SignatureDrops)] = []
    private var told: Instant = .never

    static var window: Duration { .seconds(60) }
    /// The same trouble is told again after that long.
    private static var silence: Duration { .seconds(600) }

    /// Takes a reading; a line where segments have begun to be dropped, or still are after ten minutes.
    mutating func take(_ drops: SignatureDrops, now: Instant) -> String? {
        readings.removeAll { now - $0.time > Self.window }
        let fresh = readings.last.map { drops.since($0.drops).clauses } ?? []
        readings.append((now, drops))
        guard !fresh.isEmpty, told == .never || now - told >= Self.silence else { return nil }
        told = now
        return "the kernel drops segments for their TCP MD5 signature: "
            + fresh.joined(separator: ", ")
    }

    /// What was dropped within the last minute.
    var lastMinute: SignatureDrops {
        guard let first = readings.first, let last = readings.last else {
            return SignatureDrops(missing: 0, unexpected: 0, wrong: 0)
        }
        return last.drops.since(first.drops)
    }

    /// What a neighbor that does not answer may have to do with it; nil where there is nothing to say.
    ///
    /// One that is passive is sent no SYNs: of it only what arrives can tell.
    func note(hasKey: Bool, isPassive: Bool) -> String? {
        var drops = lastMinute
        if hasKey { drops.unexpected = 0 } else { (drops.missing, drops.wrong) = (0, 0) }
        let clauses = drops.clauses
        guard !clauses.isEmpty else {
            return hasKey && !isPassive
                ? "no answer to our SYNs, which are signed with the TCP MD5 key, and nothing unsigned or wrongly "
                    + "signed came in the last minute: another key there, none, or packets are lost"
                : nil
        }
        return (isPassive ? "" : "no answer to our SYNs, and ")
            + "in the last minute the kernel dropped segments for their TCP MD5 signature: "
            + clauses.joined(separator: ", ") + " (it counts all neighbors together)"
    }
}
