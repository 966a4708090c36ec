import Addressing
import KernelRoutes
import Timekeeping

/// A kernel's table as Linux keeps it, and a seeded crowd of others who change it.
struct SimulatedKernel {
    private(set) var table: [IPPrefix: [KernelRoute]] = [:]
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// Every route, in no order.
    var routes: [KernelRoute] { table.values.flatMap { $0 } }

    /// Does what is asked, as the kernel does it; the refusal where it does not.
    mutating func apply(_ change: KernelChange) -> KernelRefusal? {
        let route = change.route
        var here = table[route.prefix] ?? []
        let place = here.firstIndex { $0.metric == route.metric }
        switch change.operation {
        case .add:
            guard place == nil else { return KernelRefusal(errno: 17, text: "File exists") }
            here.append(route)
        case .replace:
            if let place { here[place] = route } else { here.append(route) }
        case .delete:
            let mine = here.firstIndex {
                $0.metric == route.metric && $0.protocolNumber == route.protocolNumber
            }
            guard let mine else { return KernelRefusal(errno: 3, text: "No such process") }
            here.remove(at: mine)
        }
        table[route.prefix] = here
        return nil
    }

    /// Somebody else changes the table; the event that tells of it.
    mutating func meddle(_ prefix: IPPrefix) -> KernelEvent? {
        var here = table[prefix] ?? []
        switch random(4) {
        case 0:
            guard !here.isEmpty else { return nil }
            let gone = here.remove(at: random(here.count))
            table[prefix] = here
            return .routeDeleted(gone)
        case 1:
            let metric: UInt32 = random(2) == 0 ? 186 : 20
            // Beside another of the same metric, before or behind it (`ip route prepend`, `append`).
            guard !here.contains(where: { $0.metric == metric && $0.protocolNumber == 4 }) else {
                return nil
            }
            let new = KernelRoute(
                prefix: prefix,
                protocolNumber: 4,
                metric: metric,
                nextHopSet: .blackhole
            )
            table[prefix] = random(2) == 0 ? here + [new] : [new] + here
            return .routeChanged(new, isReplacement: false)
        case 2:
            guard let place = here.firstIndex(where: { $0.metric == 186 }) else { return nil }
            let number: UInt8 = random(2) == 0 ? 186 : 4
            let new = KernelRoute(
                prefix: prefix,
                protocolNumber: number,
                metric: 186,
                nextHopSet: .unreachable
            )
            here[place] = new
            table[prefix] = here
            return .routeChanged(new, isReplacement: true)
        default:
            let foreign = here.filter { $0.protocolNumber == 4 }
            guard let gone = foreign.first else { return nil }
            table[prefix] = here.filter { $0 != gone }
            return .routeDeleted(gone)
        }
    }
}
