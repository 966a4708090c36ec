import BGPSession

/// Whose routes are taken next, where the time is not enough for all sessions.
///
/// Everybody comes once before anybody comes twice.
struct FillOrder {
    private var last = ConnectionID(0)

    /// The sessions of an ascending list, those first that come after the last one served.
    func order(of ids: [ConnectionID]) -> [ConnectionID] {
        let start = ids.firstIndex { $0 > last } ?? 0
        return Array(ids[start...] + ids[..<start])
    }

    /// That session has had its routes.
    mutating func served(_ id: ConnectionID) {
        last = id
    }
}
