/// Interned next hop sets: stored once, named by number, counted by the rows that use them.
struct NextHopSets {
    private var sets: [NextHopSet] = []
    private var uses: [UInt32] = []
    /// Sets that a route of ours had in the kernel since they got their number.
    private var areOwn: [Bool] = []
    private var freeRows: [UInt32] = []
    private var numbers: [NextHopSet: UInt32] = [:]
    private var latest: UInt32 = .max
    private var latestComparison: (had: UInt32, wanted: UInt32, same: Bool) = (.max, .max, false)

    /// The set with that number.
    subscript(number: UInt32) -> NextHopSet { sets[Int(number)] }

    /// The number of a set, with one use more.
    mutating func retain(_ set: NextHopSet) -> UInt32 {
        if latest != .max, sets[Int(latest)] == set {
            uses[Int(latest)] += 1
            return latest
        }
        if let number = numbers[set] {
            latest = number
            uses[Int(number)] += 1
            return number
        }
        let number: UInt32
        if let reused = freeRows.popLast() {
            number = reused
            sets[Int(number)] = set
            uses[Int(number)] = 1
            areOwn[Int(number)] = false
        } else {
            number = UInt32(sets.count)
            sets.append(set)
            uses.append(1)
            areOwn.append(false)
        }
        numbers[set] = number
        latest = number
        return number
    }

    /// One use more of a set that is in use.
    mutating func retain(number: UInt32) {
        if number != .max { uses[Int(number)] += 1 }
    }

    /// Remembers that a route of ours has the set in the kernel.
    mutating func noteOwn(_ number: UInt32) {
        if number != .max { areOwn[Int(number)] = true }
    }

    /// The sets in use of which every next hop leads over that link; `own` where routes of ours may have one.
    func leadingOver(_ interface: UInt32) -> (numbers: Set<UInt32>, own: Bool) {
        var numbers: Set<UInt32> = []
        var own = false
        for place in sets.indices where uses[place] > 0 && sets[place].type == .unicast {
            guard sets[place].first?.interface == interface,
                sets[place].others.allSatisfy({ $0.interface == interface })
            else { continue }
            numbers.insert(UInt32(place))
            own = own || areOwn[place]
        }
        return (numbers, own)
    }

    /// One use less; the last one frees the number.
    mutating func release(number: UInt32) {
        guard number != .max else { return }
        precondition(
            uses[Int(number)] > 0,
            "a next hop set is released at most as often as retained"
        )
        uses[Int(number)] -= 1
        guard uses[Int(number)] == 0 else { return }
        numbers[sets[Int(number)]] = nil
        freeRows.append(number)
        if latest == number { latest = .max }
        if latestComparison.had == number || latestComparison.wanted == number {
            latestComparison = (.max, .max, false)
        }
    }

    /// True where the kernel's set does what the wanted one asks for.
    ///
    /// The kernel fills in the interface that we left open, and names the loopback on routes that
    /// drop; the order of the next hops does not matter to it.
    mutating func fulfils(_ had: UInt32, _ wanted: UInt32) -> Bool {
        if had == wanted { return true }
        guard had != .max, wanted != .max else { return false }
        if latestComparison.had == had, latestComparison.wanted == wanted {
            return latestComparison.same
        }
        let same = Self.fulfils(sets[Int(had)], sets[Int(wanted)])
        latestComparison = (had, wanted, same)
        return same
    }

    private static func fulfils(_ had: NextHopSet, _ wanted: NextHopSet) -> Bool {
        guard had.type == wanted.type else { return false }
        guard wanted.type == .unicast else { return true }
        guard had.nextHopObject == wanted.nextHopObject else { return false }
        var left = had.nextHops
        for hop in wanted.nextHops {
            let match = left.firstIndex {
                $0.gateway == hop.gateway && $0.weight == hop.weight
                    && (hop.interface == 0 || $0.interface == hop.interface)
            }
            guard let match else { return false }
            left.remove(at: match)
        }
        return left.isEmpty
    }
}
