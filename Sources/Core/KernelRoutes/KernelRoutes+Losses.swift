import Addressing
import Tables

/// Routes that go with a link or an address, and those that wait for it.
extension KernelRoutes {
    /// Forgets routes of which every next hop leads over that link: the kernel has dropped them itself.
    ///
    /// IPv4 says no word of it, and IPv6 one for each route. With the last IPv4 address of a link go
    /// its IPv4 routes alone. Returns how many of ours went. Those that are still wanted wait for
    /// ``retryAll()`` or the next reading; what a reading that is just over has named stays.
    mutating func loseRoutes(over interface: UInt32, onlyIPv4: Bool = false) -> Int {
        let lost = sets.leadingOver(interface)
        guard !lost.numbers.isEmpty else { return 0 }
        let named = isEndingDump ? UInt8(truncatingIfNeeded: generation) : nil
        // A store whose last row is freed gives all of them back: the end is asked for each time.
        var number: UInt32 = 0
        while number < foreign.endRow {
            defer { number += 1 }
            let row = foreign[number]
            guard row.length != .max, lost.numbers.contains(row.set), row.generation != named,
                !onlyIPv4 || row.family == .ipv4
            else { continue }
            removeForeign(number)
        }
        return lost.own
            ? loseOwnRoutes(lost.numbers, named: named, onlyIPv4: onlyIPv4) : 0
    }

    private mutating func loseOwnRoutes(
        _ lost: Set<UInt32>,
        named: UInt8?,
        onlyIPv4: Bool
    ) -> Int {
        var count = 0
        var latest = UInt32.max
        var number: UInt32 = 0
        while number < own.endRow {
            defer { number += 1 }
            let row = own[number]
            guard row.length != .max, row.word != .max, row.generation != named,
                row.word == latest || lost.contains(row.word), !onlyIPv4 || row.family == .ipv4
            else { continue }
            latest = row.word
            count += 1
            setWord(number, .max)
            change(number) { $0.flags.subtract([.leftover, .doubled]) }
            if row.wanted == .max { dropIfIdle(number) } else { isHoldingBack = true }
        }
        return count
    }

    /// True where the kernel would refuse the set since a link is down.
    func leadsOverDownLink(_ number: UInt32) -> Bool {
        guard !downLinks.isEmpty, number != .max else { return false }
        let set = sets[number]
        guard let first = set.first, first.interface != 0 else { return false }
        return downLinks.contains(first.interface)
            || set.others.contains { downLinks.contains($0.interface) }
    }

    /// True where a refusal only says what we know: by our own tables there is no way to the next hop.
    ///
    /// ENETDOWN, ENETUNREACH and EHOSTUNREACH; the route is about to be withdrawn.
    func lacksWay(_ number: UInt32, _ refusal: KernelRefusal) -> Bool {
        guard number != .max, [100, 101, 113].contains(refusal.errno) else { return false }
        if leadsOverDownLink(number) { return true }
        return sets[number].nextHops.contains { hop in
            guard hop.interface != 0, let gateway = hop.gateway else { return false }
            return resolve(TrackedNextHop(gateway, interface: hop.interface)) == .unreachable
        }
    }
}
