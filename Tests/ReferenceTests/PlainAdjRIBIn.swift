import Addressing

/// What a neighbor has told, as it was received.
struct PlainAdjRIBIn {
    /// The session is there.
    var isUp = false
    var routes: [PlainNLRI: PlainAttributes] = [:]
    /// Routes of a session that was lost, kept while the neighbor restarts (RFC 4724 §4.2).
    var stale: Set<PlainNLRI> = []
    /// The second in which that session was lost.
    private var lostAt = 0

    // MARK: UPDATEs

    mutating func announce(_ nlri: PlainNLRI, _ attributes: PlainAttributes) {
        routes[nlri] = attributes
        stale.remove(nlri)
    }

    mutating func withdraw(_ nlri: PlainNLRI) {
        routes[nlri] = nil
        stale.remove(nlri)
    }

    // MARK: Sessions

    /// The session is lost; what it told in these families is kept, but never over a second restart.
    mutating func lose(at now: Int, keeping families: Set<AddressFamily>) {
        isUp = false
        forgetStale { _ in true }
        routes = routes.filter { families.contains($0.key.prefix.family) }
        stale = Set(routes.keys)
        lostAt = now
    }

    /// The session is there again; the neighbor has forwarded packets all the time in the preserved families alone.
    mutating func establish(preserved: Set<AddressFamily>) {
        isUp = true
        forgetStale { !preserved.contains($0) }
    }

    /// The neighbor has told all that it has of a family.
    mutating func endOfRIB(_ family: AddressFamily) { forgetStale { $0 == family } }

    /// Nobody is waited for longer than he wants to be, nor longer than we are willing to.
    mutating func timePasses(to now: Int, _ restart: PlainRestart) {
        let limit = isUp ? restart.staleTime : min(Int(restart.restartTime), restart.staleTime)
        if now - lostAt >= limit { forgetStale { _ in true } }
    }

    private mutating func forgetStale(where isMeant: (AddressFamily) -> Bool) {
        for nlri in stale where isMeant(nlri.prefix.family) { withdraw(nlri) }
    }
}
