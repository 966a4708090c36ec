import Addressing
import KernelRoutes
import Tables

/// A router and its reference, to both of which the same happens, drawn from a seed.
struct RandomChanges {
    private var random: SplitMix64
    let neighbors: [PlainNeighbor]
    var reference: PlainRouter
    let router: DrivenRouter
    /// What has happened last, in words.
    var story: [String] = []
    private var seconds = 0
    /// The seconds in which the sessions came up.
    private var upSince: [Int]

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        neighbors = RandomNeighbors.drawn(&random)
        upSince = neighbors.map { _ in 0 }
        var policy = PlainPolicy()
        policy.rules = [
            PlainRule(verdict: .allow, direction: .from, peers: .any),
            PlainRule(verdict: .allow, direction: .to, peers: .any),
        ]
        reference = PlainRouter(
            neighbors: neighbors,
            policy: policy,
            ways: Dictionary(
                uniqueKeysWithValues: Ways.all.map { ($0.route.prefix, $0.gateway) }
            )
        )
        router = try DrivenRouter(neighbors, policy)
        router.settle()
        for number in neighbors.indices { connect(number) }
        router.settle()
    }

    /// One to four things happen, with the router in the midst of its work, and then it comes to rest.
    mutating func step() throws {
        story = []
        seconds += 1
        router.wait()
        reference.wait()
        for _ in 0...roll(4) {
            try happen()
            stir()
        }
        router.settle()
    }

    /// The router gets on with some of its work, or not.
    private mutating func stir() {
        for _ in 0..<roll(3) {
            switch roll(4) {
            case 0: router.work(units: 1 + roll(5))
            case 1: router.write(roll(neighbors.count), limit: 1 + roll(200))
            case 2: _ = router.tendKernel()
            default: router.work(units: 1 + roll(40))
            }
        }
    }

    private mutating func happen() throws {
        let number = roll(neighbors.count)
        let told = reference.told[number]
        let awaits = !told.stale.isEmpty
        guard told.isUp else {
            // Who restarts takes his time.
            if !awaits || roll(2) == 0 { connect(number) }
            return
        }
        if awaits, roll(4) == 0 { return endOfRIB(number) }
        if awaits, roll(6) == 0 { return disconnect(number) }
        switch roll(48) {
        case 0: disconnect(number)
        case 1: clear(number)
        case 2: notify(number)
        case 3: connectAgain(number)
        case 4, 5: try reload()
        case 6: shake()
        case 7: refresh(number)
        case 8: spoil(number)
        case 9: endOfRIB(number)
        case 10..<14: sendAgain(number)
        case 14..<24: withdraw(number)
        default: announce(number)
        }
    }

    mutating func roll(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// Nobody is there any more, nobody is waited for, and nothing is announced.
    mutating func end() throws {
        try reload(to: PlainPolicy())
        for number in neighbors.indices where reference.told[number].isUp { disconnect(number) }
        for _ in 0..<20 { router.wait() }
        router.settle()
    }

    // MARK: Sessions

    private mutating func connect(_ number: Int) {
        let restart = restartOffer(number)
        story.append(
            "neighbor \(number) connects\(restart.map { ", restarts \($0)" } ?? "")"
        )
        upSince[number] = seconds
        reference.establish(number, restart)
        router.connect(number, restart)
    }

    /// What the neighbor offers this time: now and then something else.
    private mutating func restartOffer(_ number: Int) -> PlainRestart? {
        guard var restart = neighbors[number].restart, roll(8) > 0 else { return nil }
        let families = restart.families.sorted().filter { _ in roll(8) > 0 }
        restart.families = Set(families)
        restart.preserved = Set(families.filter { _ in roll(4) > 0 })
        if roll(4) == 0 { restart.restartTime = UInt16(1 + roll(9)) }
        return restart
    }

    private mutating func disconnect(_ number: Int) {
        story.append("neighbor \(number) breaks off")
        reference.lose(number, by: .broken)
        router.disconnect(number)
    }

    private mutating func clear(_ number: Int) {
        story.append("neighbor \(number) is cleared")
        reference.lose(number, by: .notification)
        router.clear(number)
    }

    /// The neighbor resets the session, perhaps for good (RFC 8538 §3).
    private mutating func notify(_ number: Int) {
        let isHard = roll(3) == 0
        story.append("neighbor \(number) ends the session\(isHard ? " for good" : "")")
        reference.lose(number, by: isHard ? .hardReset : .notification)
        router.notify(number, code: 6, subcode: isHard ? 9 : 4)
    }

    /// The neighbor has started anew before its session was seen to break (RFC 4724 §4.2).
    ///
    /// Who does not restart gracefully, or comes again at once, is refused.
    private mutating func connectAgain(_ number: Int) {
        guard let restart = reference.told[number].restart, !restart.families.isEmpty,
            seconds - upSince[number] > 10
        else { return }
        story.append("neighbor \(number) comes again")
        reference.lose(number, by: .broken)
        connect(number)
    }

    /// The neighbor has told all.
    private mutating func endOfRIB(_ number: Int) {
        let families = neighbors[number].families
        var update = PlainUpdate()
        update.endOfRIB = families[roll(families.count)]
        say(update, number)
    }

    // MARK: Others

    /// A network in which next hops are goes, or comes back.
    private mutating func shake() {
        let shaky = Ways.all.filter(\.isShaky)
        let way = shaky[roll(shaky.count)]
        let isGone = reference.ways[way.route.prefix] == nil
        story.append("\(way.route.prefix) \(isGone ? "comes back" : "goes")")
        if isGone {
            reference.ways.updateValue(way.gateway, forKey: way.route.prefix)
        } else {
            reference.ways.removeValue(forKey: way.route.prefix)
        }
        router.setWay(way.route, isThere: isGone)
    }

    /// The neighbor wants everything again (RFC 2918).
    private mutating func refresh(_ number: Int) {
        story.append("neighbor \(number) asks for a refresh")
        router.refresh(number)
    }

    /// The neighbor begins to send a family again, or ends that (RFC 7313); not before its End-of-RIB marker.
    private mutating func sendAgain(_ number: Int) {
        let neighbor = neighbors[number]
        let family = neighbor.families[roll(neighbor.families.count)]
        guard neighbor.knowsEnhancedRefresh, reference.told[number].stale.isEmpty else { return }
        let isEnd = reference.told[number].isRefreshed(family)
        story.append("neighbor \(number) \(isEnd ? "ends" : "begins") a refresh of \(family)")
        if isEnd {
            reference.told[number].endRefresh(family)
        } else {
            reference.told[number].beginRefresh(family)
        }
        router.deliver(PlainUpdate.refresh(family, subtype: isEnd ? 2 : 1), from: number)
    }
}
