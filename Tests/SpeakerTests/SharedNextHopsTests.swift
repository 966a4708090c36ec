import Addressing
import Attributes
import KernelRoutes
import Testing

@testable import Speaker

struct SharedNextHopsTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `who shares a next hop is known while others come and go`(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let all = (0..<4 as Range<UInt32>).map { TrackedNextHop(IPAddress(ipv4: $0)) }
        var shared = SharedNextHops()
        var model: [UInt32: TrackedNextHop] = [:]
        for _ in 0..<5000 {
            let number = UInt32(next(60))
            let id = NextHopID(row: number)
            if let tracked = model.removeValue(forKey: number) {
                #expect(shared.remove(id) == tracked)
            } else {
                #expect(shared.remove(id) == nil)
                let tracked = all[Int(next(4))]
                shared.add(id, sharing: tracked)
                model[number] = tracked
            }
            for tracked in all {
                let expected = model.filter { $0.value == tracked }.keys.sorted()
                #expect(shared.sharing(tracked).map(\.row).sorted() == expected)
            }
        }
    }
}
