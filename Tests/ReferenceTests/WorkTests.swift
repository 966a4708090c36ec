import Addressing
import Control
import Testing

/// The driver sleeps once `work(units:)` says that nothing is left.
struct WorkTests {
    /// A router with a neighbor whose sixty routes go by a network that can vanish.
    private static func router(_ policy: PlainPolicy) throws -> DrivenRouter {
        let router = try DrivenRouter([RandomNeighbors.plain[0]], policy)
        router.settle()
        router.connect(0)
        var update = PlainUpdate()
        update.announced = (0..<60).map {
            PlainNLRI(IPPrefix(ipv4: 0x1400_0000 + $0 << 8, length: 24))
        }
        update.attributes.path = PlainASPath([65010])
        update.attributes.nextHop = IPAddress(ipv4: 0x0A05_0007)
        router.deliver(update.encoded(fourOctetAS: true), from: 0)
        router.settle()
        #expect(router.kernel.count == 60)
        return router
    }

    /// Works as long as more is left, and then lets the kernel have what there is for it.
    private static func work(_ router: DrivenRouter, units: Int) {
        while router.work(units: units) {}
        _ = router.tendKernel()
    }

    private static let open: PlainPolicy = {
        var policy = PlainPolicy()
        policy.rules = [PlainRule(verdict: .allow, direction: .from, peers: .any)]
        return policy
    }()

    @Test(arguments: [1, 2, 7, 60, 61, 256])
    func `when it says so, the routes of a vanished next hop are out of the kernel`(units: Int)
        throws
    {
        let router = try Self.router(Self.open)
        router.wait()
        let way = try #require(Ways.all.first { $0.gateway != nil })
        router.setWay(way.route, isThere: false)
        Self.work(router, units: units)
        #expect(router.kernel.isEmpty)
    }

    @Test(arguments: [1, 2, 7, 60, 61, 256])
    func `when it says so, routes that policy refuses now are out of the kernel`(units: Int)
        throws
    {
        let router = try Self.router(Self.open)
        router.wait()
        try router.reload(PlainPolicy())
        Self.work(router, units: units)
        #expect(router.kernel.isEmpty)
    }
}
