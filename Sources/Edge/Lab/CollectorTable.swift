import Addressing
import BGPWire

/// What the collector says in its UPDATE messages.
struct CollectorTable {
    /// The routes in the order of their prefixes.
    let routes: [LabRoute]
    /// The next hop of each family; a family without one is not announced.
    let nextHops: [AddressFamily: IPAddress]

    /// Appends UPDATE messages for the whole table, and the End-of-RIB of each family.
    func appendAll(to output: inout [UInt8]) {
        for family in AddressFamily.allCases where nextHops[family] != nil {
            // One message carries one set of attributes: routes of one origin go together.
            let sorted = routes.filter { $0.prefix.family == family }
                .sorted { ($0.origin, $0.prefix) < ($1.origin, $1.prefix) }
            var start = 0
            while start < sorted.count {
                var end = start
                while end < sorted.count, sorted[end].origin == sorted[start].origin { end += 1 }
                append(Array(sorted[start..<end]), detour: .none, to: &output)
                start = end
            }
            UpdateBuilder.appendEndOfRIB(family, to: &output)
        }
    }

    /// How far round the path of a route goes.
    enum Detour {
        case none
        /// The first AS after the collector stands in the path two times more.
        case prepended
    }

    /// Appends UPDATE messages that announce routes of one family and one origin.
    func append(_ routes: [LabRoute], detour: Detour, to output: inout [UInt8]) {
        guard let first = routes.first, let nextHop = nextHops[first.prefix.family] else { return }
        let attributes = attributes(origin: first.origin, nextHop, detour)
        var builder = UpdateBuilder()
        let fits = builder.begin(
            attributes: attributes.span,
            family: first.prefix.family,
            fourOctetAS: true,
            markPartial: false,
            maximumLength: MessageFraming.standardMaximum
        )
        precondition(fits, "a path of a few ASes leaves room for prefixes")
        for route in routes { builder.append(route.prefix, to: &output) }
        builder.finish(to: &output)
    }

    /// Appends the withdrawal of a route.
    func appendWithdrawal(of route: LabRoute, to output: inout [UInt8]) {
        guard nextHops[route.prefix.family] != nil else { return }
        var builder = UpdateBuilder()
        builder.beginWithdrawal(
            family: route.prefix.family,
            maximumLength: MessageFraming.standardMaximum
        )
        builder.append(route.prefix, to: &output)
        builder.finish(to: &output)
    }

    /// The path to an origin: the collector, none to two ASes that stand for its transit, the origin.
    func path(to origin: UInt32, _ detour: Detour) -> [UInt32] {
        var path = [LabRouter.collector.autonomousSystem]
        let mixed = origin &* 2_654_435_761
        let transits = Int(mixed >> 28) % 3
        for index in 0..<transits {
            let transit = 64497 + (mixed >> UInt32(8 + 4 * index)) % 14
            if path.last != transit { path.append(transit) }
        }
        if detour == .prepended, let last = path.last { path += [last, last] }
        return path + [origin]
    }

    private func attributes(origin: UInt32, _ nextHop: IPAddress, _ detour: Detour) -> [UInt8] {
        let path = path(to: origin, detour)
        var bytes: [UInt8] = [0x40, 1, 1, 0]
        bytes += [0x40, 2, UInt8(2 + 4 * path.count), 2, UInt8(path.count)]
        for number in path { append(number, to: &bytes) }
        bytes += [0x40, 3, UInt8(nextHop.family.byteCount)] + nextHop.bytes
        // MED and a community tell how far away the collector heard it.
        bytes += [0x80, 4, 4]
        append(UInt32(path.count) * 10, to: &bytes)
        bytes += [0xC0, 8, 4]
        append(LabRouter.collector.autonomousSystem << 16 | UInt32(path.count), to: &bytes)
        return bytes
    }

    private func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
