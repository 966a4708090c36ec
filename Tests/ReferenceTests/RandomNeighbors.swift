import Addressing
import Tables

/// The neighbors of a seed: who they are is always the same, what they can do is drawn.
enum RandomNeighbors {
    /// Two neighbors of one AS, one without four-octet AS numbers, two of our AS of which one is a client, one
    /// behind another router.
    static let plain = [
        neighbor(11, 65010, families: [.ipv4, .ipv6]),
        neighbor(12, 65020, fourOctetAS: false),
        neighbor(13, PlainRouter.ownAS, families: [.ipv4, .ipv6], isClient: true),
        neighbor(14, PlainRouter.ownAS),
        PlainNeighbor(
            address: IPAddress(ipv4: 0x0A05_0005),
            autonomousSystem: 400_000,
            identifier: 0x0A05_0005,
            isMultihop: true
        ),
        neighbor(16, 65010, families: [.ipv4, .ipv6]),
    ]

    private static func neighbor(
        _ host: UInt32,
        _ autonomousSystem: UInt32,
        fourOctetAS: Bool = true,
        families: [AddressFamily] = [.ipv4],
        isClient: Bool = false
    ) -> PlainNeighbor {
        PlainNeighbor(
            address: IPAddress(ipv4: 0x0A00_0000 + host),
            autonomousSystem: autonomousSystem,
            // Not in the order of the addresses.
            identifier: 0x0A00_0100 - host,
            fourOctetAS: fourOctetAS,
            families: families,
            isClient: isClient
        )
    }

    static func drawn(_ random: inout SplitMix64) -> [PlainNeighbor] {
        plain.map { neighbor in
            var neighbor = neighbor
            neighbor.rejectsASSet = roll(3, &random) == 0
            neighbor.takesSeveral = roll(2, &random) == 0
            neighbor.offersToSend = someFamilies(of: neighbor, &random)
            neighbor.sentChoice = choice(&random)
            neighbor.offersToTake = someFamilies(of: neighbor, &random)
            if !neighbor.isInternal, roll(2, &random) == 0 {
                neighbor.role = PlainRole.allCases[roll(5, &random)]
                neighbor.knowsRoles = roll(3, &random) > 0
            }
            if roll(2, &random) == 0 { neighbor.restart = restart(of: neighbor, &random) }
            neighbor.knowsEnhancedRefresh = roll(2, &random) == 0
            return neighbor
        }
    }

    private static func choice(_ random: inout SplitMix64) -> PlainPathChoice {
        let backups = roll(3, &random)
        let most = roll(2, &random) == 0 ? nil : 1 + roll(3, &random)
        return switch roll(8, &random) {
        case 0, 1, 2: .none
        case 3, 4: .all
        case 5: .best(backups: backups)
        case 6: .ecmp(most: most, backups: backups)
        default: .asWideBest(most: most, backups: backups)
        }
    }

    private static func restart(
        of neighbor: PlainNeighbor,
        _ random: inout SplitMix64
    ) -> PlainRestart {
        PlainRestart(
            families: someFamilies(of: neighbor, &random),
            restartTime: UInt16(1 + roll(9, &random)),
            staleTime: 3 + roll(7, &random),
            survivesNotification: roll(3, &random) > 0,
            isConfigured: roll(3, &random) > 0
        )
    }

    /// Mostly all of them.
    private static func someFamilies(
        of neighbor: PlainNeighbor,
        _ random: inout SplitMix64
    ) -> Set<AddressFamily> {
        Set(neighbor.families.filter { _ in roll(4, &random) > 0 })
    }

    private static func roll(_ bound: Int, _ random: inout SplitMix64) -> Int {
        Int(random.next() % UInt64(bound))
    }
}
