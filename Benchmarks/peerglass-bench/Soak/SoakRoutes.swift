import Addressing
import BGPWire

/// UPDATEs of a neighbor's own routes.
enum SoakRoutes {
    /// The community by which the crowd's routes are told from the large table's.
    static let community: [UInt8] = [0xFD, 0xE9, 0, 7]

    /// Announces routes by their numbers; another `round` is another MED.
    static func announce(
        _ routes: Range<Int>,
        of neighbor: SoakNeighbor,
        round: Int,
        to output: inout [UInt8]
    ) {
        var attributes: [UInt8] = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1]
        append(neighbor.autonomousSystem, to: &attributes)
        attributes += [0x40, 3, 4] + neighbor.address.bytes + [0x80, 4, 4]
        append(UInt32(truncatingIfNeeded: round), to: &attributes)
        attributes += [0xC0, 8, 4] + community
        var builder = UpdateBuilder()
        guard
            builder.begin(
                attributes: attributes.span,
                family: .ipv4,
                fourOctetAS: true,
                markPartial: false,
                maximumLength: MessageFraming.standardMaximum
            )
        else { return }
        for route in routes { builder.append(neighbor.prefix(route), to: &output) }
        builder.finish(to: &output)
    }

    static func withdraw(
        _ routes: Range<Int>,
        of neighbor: SoakNeighbor,
        to output: inout [UInt8]
    ) {
        var builder = UpdateBuilder()
        builder.beginWithdrawal(family: .ipv4, maximumLength: MessageFraming.standardMaximum)
        for route in routes { builder.append(neighbor.prefix(route), to: &output) }
        builder.finish(to: &output)
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
