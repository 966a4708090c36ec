import BGPSession
import Testing

@testable import Daemon

/// Whose routes are taken next, where a turn has no time for all.
struct FillOrderTests {
    private let ids = [3, 5, 8, 13].map { ConnectionID($0) }

    @Test func `everybody comes once before anybody comes twice, however few have a turn`() {
        var order = FillOrder()
        var served: [ConnectionID] = []
        for room in [1, 2, 1, 3, 1] {
            for id in order.order(of: ids).prefix(room) {
                order.served(id)
                served.append(id)
            }
        }
        #expect(served == ids + ids)
    }

    @Test func `who has gone is passed over, who is new comes in its place`() {
        var order = FillOrder()
        let others = [3, 5, 21].map { ConnectionID($0) }
        order.served(ConnectionID(8))
        #expect(order.order(of: others).map(\.rawValue) == [21, 3, 5])
        order.served(ConnectionID(21))
        #expect(order.order(of: others).map(\.rawValue) == [3, 5, 21])
        #expect(order.order(of: []).isEmpty)
    }
}
