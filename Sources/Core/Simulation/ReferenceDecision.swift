import Addressing
import BGPWire
import Control

/// The decision process said once more, in the plainest way: from the rows that are shown, pair by pair.
struct ReferenceDecision {
    let ownAS: ASNumber
    let ownIdentifier: UInt32
    /// The neighbors' identifiers and addresses by number.
    private var neighbors: [NeighborNumber: NeighborRow] = [:]

    init(ownAS: ASNumber, ownIdentifier: UInt32, neighbors rows: [NeighborRow]) {
        self.ownAS = ownAS
        self.ownIdentifier = ownIdentifier
        for row in rows { neighbors[row.number] = row }
    }

    /// The row that must be selected; nil where none is eligible.
    ///
    /// MED compares within a neighbor AS only: the best of each AS first, then the best of these without it.
    func best(of rows: [RIBRow]) -> RIBRow? {
        let eligible = rows.filter(Self.isEligible)
        var champions: [RIBRow] = []
        for row in eligible {
            let group = eligible.filter { firstAS($0) == firstAS(row) }
            if group.allSatisfy({ $0 == row || isBetter(row, than: $0, comparingMED: true) }) {
                champions.append(row)
            }
        }
        return champions.first { row in
            champions.allSatisfy { $0 == row || isBetter(row, than: $0, comparingMED: false) }
        }
    }

    private static func isEligible(_ row: RIBRow) -> Bool {
        row.flags.isDisjoint(with: [.filtered, .error, .leaked, .asLoop, .nextHopUnreachable])
    }

    private func isBetter(_ row: RIBRow, than other: RIBRow, comparingMED: Bool) -> Bool {
        let isInternal = { (row: RIBRow) in row.flags.contains(.viaIBGP) }
        let steps: [(Int64, Int64)] = [
            (-Int64(row.localPreference), -Int64(other.localPreference)),
            (Int64(Self.pathLength(row.asPath)), Int64(Self.pathLength(other.asPath))),
            (Int64(row.origin), Int64(other.origin)),
            comparingMED ? (Int64(row.med), Int64(other.med)) : (0, 0),
            (isInternal(row) ? 1 : 0, isInternal(other) ? 1 : 0),
            (-Int64(row.weight), -Int64(other.weight)),
            (Int64(identifier(row)), Int64(identifier(other))),
            (clusterCount(row), clusterCount(other)),
        ]
        for (mine, others) in steps where mine != others { return mine < others }
        if address(row) != address(other) { return address(row) < address(other) }
        return row.pathID ?? 0 < other.pathID ?? 0
    }

    private func identifier(_ row: RIBRow) -> UInt32 {
        if let own = value(.originatorID, of: row), own.count == 4 {
            return own.reduce(0) { $0 << 8 | UInt32($1) }
        }
        if row.neighbor == .local { return ownIdentifier }
        return neighbors[row.neighbor]?.remoteIdentifier ?? 0
    }

    private func clusterCount(_ row: RIBRow) -> Int64 {
        Int64((value(.clusterList, of: row)?.count ?? 0) / 4)
    }

    private func address(_ row: RIBRow) -> IPAddress {
        neighbors[row.neighbor]?.address ?? .unspecified(.ipv4)
    }

    private func value(_ type: AttributeType, of row: RIBRow) -> [UInt8]? {
        PathAttribute.first(type, in: row.attributes.span).map { Array(row.attributes[$0.value]) }
    }

    /// The neighbor AS of MED: the leftmost number, the own AS for an empty path or a leading set.
    private func firstAS(_ row: RIBRow) -> UInt32 {
        guard row.asPath.count >= 6, row.asPath[0] == 2 else { return ownAS.value }
        return row.asPath[2..<6].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The length of an AS_PATH of four-octet numbers: a set counts as one, confederations as nothing.
    static func pathLength(_ path: [UInt8]) -> Int {
        var length = 0
        var offset = 0
        while offset + 2 <= path.count {
            let count = Int(path[offset + 1])
            switch path[offset] {
            case 1: length += 1
            case 2: length += count
            default: break
            }
            offset += 2 + 4 * count
        }
        return length
    }
}
