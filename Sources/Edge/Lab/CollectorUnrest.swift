/// Which routes of the collector come and go: a few a second, always in the same order.
struct CollectorUnrest {
    /// What becomes of one route.
    enum Change: Equatable {
        case withdraw(Int)
        case lengthen(Int)
        case restore(Int)
    }

    /// How many routes of the table take part.
    private static let restless = 240
    /// After how many steps a changed route is as before.
    private static let span = 12

    private let routeCount: Int
    private var step = 0

    init(routeCount: Int) {
        self.routeCount = routeCount
    }

    /// The changes of the next step: one route changes, and one is restored.
    mutating func next() -> [Change] {
        guard routeCount > 0 else { return [] }
        defer { step += 1 }
        let now = step.isMultiple(of: 3) ? Change.lengthen(place(step)) : .withdraw(place(step))
        guard step >= Self.span else { return [now] }
        return [.restore(place(step - Self.span)), now]
    }

    /// Which route changes at a step: spread over the whole table.
    private func place(_ step: Int) -> Int {
        (step % Self.restless) * 7919 * 13 % routeCount
    }
}
