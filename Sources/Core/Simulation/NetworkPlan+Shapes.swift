/// Networks by their shape.
extension NetworkPlan {
    /// Each machine linked to the next.
    package static func line(_ count: Int) -> NetworkPlan {
        NetworkPlan(machines: count, links: (1..<max(count, 1)).map { ($0 - 1, $0) })
    }

    /// A line whose last machine is linked to the first.
    package static func ring(_ count: Int) -> NetworkPlan {
        NetworkPlan(machines: count, links: (0..<count).map { ($0, ($0 + 1) % count) })
    }

    /// Each machine linked to every other.
    package static func mesh(_ count: Int) -> NetworkPlan {
        let links = (0..<count).flatMap { first in (first + 1..<count).map { (first, $0) } }
        return NetworkPlan(machines: count, links: links)
    }

    /// One AS on one segment, with a session between any two machines.
    package static func innerMesh(_ count: Int) -> NetworkPlan {
        var plan = mesh(count)
        plan.becomeOneAS()
        return plan
    }

    /// One AS on one segment: two route reflectors, the first machines, and clients of both.
    package static func reflection(clients: Int) -> NetworkPlan {
        var plan = NetworkPlan(machines: clients + 2, links: [(0, 1)])
        for client in plan.machines.indices.dropFirst(2) {
            for reflector in 0..<2 {
                var link = Link(reflector, client)
                link.firstStatements = "route-reflector"
                plan.links.append(link)
            }
        }
        plan.becomeOneAS()
        return plan
    }

    private mutating func becomeOneAS() {
        isOneSegment = true
        for place in machines.indices { machines[place].autonomousSystem = 65001 }
    }

    /// Providers, each the peer of every other, and customers that buy from two of them; these tell neither of the other.
    package static func dualHomed(providers count: Int, stubs: Int) -> NetworkPlan {
        var plan = mesh(max(count, 2))
        for place in plan.links.indices { plan.links[place].relation = .peers }
        for number in 0..<stubs {
            let stub = plan.addMachine()
            for provider in [number, number + 1] {
                plan.links.append(Link(provider % max(count, 2), stub, .firstProvides))
            }
        }
        plan.keepToRelations()
        return plan
    }

    /// A graph of ASes as the Internet is one: a clique on top, transit below it, and stubs, most of them with two providers.
    ///
    /// Who has many customers gets more; no AS is its own provider through others.
    package static func internet(of count: Int, from random: inout RandomSource) -> NetworkPlan {
        let top = min(count, max(3, count / 20))
        let transit = max(top, count / 4)
        var plan = mesh(top)
        for place in plan.links.indices { plan.links[place].relation = .peers }
        /// Each transit AS once, and once more for each customer.
        var sellers = Array(0..<top)
        for place in top..<max(count, top) {
            _ = plan.addMachine()
            let others = place < transit ? 0..<place : 0..<transit
            for _ in 0..<[1, 2, 2, 3][random.number(in: 0..<4)] {
                let seller = sellers[random.number(in: 0..<sellers.count)]
                guard plan.relate(seller, place, .firstProvides) else { continue }
                sellers.append(seller)
            }
            if place < transit {
                sellers.append(place)
                for _ in 0..<random.number(in: 0..<3) {
                    _ = plan.relate(random.number(in: others), place, .peers)
                }
            } else if random.number(in: 0..<8) == 0 {
                _ = plan.relate(random.number(in: transit - 1..<place), place, .peers)
            }
        }
        plan.keepToRelations()
        return plan
    }

    /// Adds a machine that is an AS of its own, without links; its place.
    private mutating func addMachine() -> Int {
        machines.append(Machine(autonomousSystem: 65001 + UInt32(machines.count)))
        return machines.count - 1
    }

    /// Links two machines unless a link is there; false where one is.
    private mutating func relate(_ first: Int, _ second: Int, _ relation: Relation) -> Bool {
        guard
            first != second,
            !links.contains(where: { $0.first == first && $0.second == second })
        else { return false }
        links.append(Link(first, second, relation))
        return true
    }

    /// Leaves the rules to the relations.
    private mutating func keepToRelations() {
        for place in machines.indices { machines[place].rules = "" }
    }
}
