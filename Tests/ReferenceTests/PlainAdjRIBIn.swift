import Addressing

/// What a neighbor has told, as it was received.
struct PlainAdjRIBIn {
    /// The session is there.
    var isUp = false
    var routes: [PlainNLRI: PlainAttributes] = [:]
    /// Routes of a session that was lost, kept while the neighbor restarts (RFC 4724 §4.2).
    var stale: Set<PlainNLRI> = []
    /// What has not come again yet of families that the neighbor sends again (RFC 7313 §4).
    private var refreshed: [AddressFamily: Set<PlainNLRI>] = [:]
    /// What the neighbor offered in its last session.
    private(set) var restart: PlainRestart?
    /// The second in which that session was lost.
    private var lostAt = 0

    func isStale(_ nlri: PlainNLRI) -> Bool {
        stale.contains(nlri) || refreshed[nlri.prefix.family]?.contains(nlri) == true
    }

    // MARK: UPDATEs

    mutating func announce(_ nlri: PlainNLRI, _ attributes: PlainAttributes) {
        routes[nlri] = attributes
        stale.remove(nlri)
        refreshed[nlri.prefix.family]?.remove(nlri)
    }

    mutating func withdraw(_ nlri: PlainNLRI) {
        routes[nlri] = nil
        stale.remove(nlri)
        refreshed[nlri.prefix.family]?.remove(nlri)
    }

    // MARK: Refreshes

    func isRefreshed(_ family: AddressFamily) -> Bool { refreshed[family] != nil }

    /// The neighbor begins to send all routes of a family again.
    mutating func beginRefresh(_ family: AddressFamily) {
        refreshed[family] = Set(routes.keys.filter { $0.prefix.family == family })
    }

    /// It has sent them: what did not come is gone.
    mutating func endRefresh(_ family: AddressFamily) {
        for nlri in refreshed.removeValue(forKey: family) ?? [] { withdraw(nlri) }
    }

    // MARK: Sessions

    /// The session is lost; what it told is kept if the neighbor restarts, but never over a second restart.
    mutating func lose(at now: Int, by end: PlainEnd) {
        isUp = false
        refreshed = [:]
        forgetStale { _ in true }
        let families = restart?.kept(after: end) ?? []
        routes = routes.filter { families.contains($0.key.prefix.family) }
        stale = Set(routes.keys)
        lostAt = now
    }

    /// The session is there, perhaps again: of use are the families in which packets were forwarded all the time.
    mutating func establish(_ restart: PlainRestart?) {
        isUp = true
        self.restart = restart
        let preserved = restart?.preserved ?? []
        forgetStale { !preserved.contains($0) }
    }

    /// The neighbor has told all that it has of a family.
    mutating func endOfRIB(_ family: AddressFamily) { forgetStale { $0 == family } }

    /// Nobody is waited for longer than he wants to be, nor longer than we are willing to.
    mutating func timePasses(to now: Int) {
        guard let restart else { return }
        let limit = isUp ? restart.staleTime : min(Int(restart.restartTime), restart.staleTime)
        if now - lostAt >= limit { forgetStale { _ in true } }
    }

    private mutating func forgetStale(where isMeant: (AddressFamily) -> Bool) {
        for nlri in stale where isMeant(nlri.prefix.family) { withdraw(nlri) }
    }
}
