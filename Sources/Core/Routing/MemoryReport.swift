import Addressing
import Attributes
import Tables

/// What a structure holds and takes, a line of `show rib memory`.
package struct MemoryLine: Equatable, Sendable {
    /// The structure's name: `prefixes`, `paths`, `attributes`, ...
    package var name: String
    /// Its entries.
    package var count: Int
    /// Its bytes.
    package var byteCount: Int
    /// How many references point to it; 0 where none are counted.
    package var references: Int

    /// A line with all its parts.
    package init(_ name: String, count: Int, byteCount: Int, references: Int = 0) {
        self.name = name
        self.count = count
        self.byteCount = byteCount
        self.references = references
    }
}

extension RoutingTables {
    /// Every structure of the routing tables with its size; Adj-RIB-Out tells its own.
    package var memory: [MemoryLine] {
        [
            MemoryLine(
                "prefixes",
                count: ipv4.prefixCount + ipv6.prefixCount,
                byteCount: ipv4.prefixes.byteCount + ipv6.prefixes.byteCount,
                references: ipv4.pathCount + ipv6.pathCount
            ),
            MemoryLine(
                "paths",
                count: ipv4.pathCount + ipv6.pathCount,
                byteCount: (ipv4.pathCount + ipv6.pathCount) * MemoryLayout<PathRow>.stride
                    + ipv4.pathIDs.byteCount + ipv6.pathIDs.byteCount
            ),
            MemoryLine(
                "attributes",
                count: attributes.count,
                byteCount: attributes.byteCount,
                references: attributes.totalReferences
            ),
            MemoryLine(
                "nexthops",
                count: attributes.nextHops.count,
                byteCount: attributes.nextHops.byteCount
            ),
            MemoryLine(
                "marks",
                count: 0,
                byteCount: ipv4.markByteCount + ipv6.markByteCount
            ),
            MemoryLine(
                "order",
                count: ipv4.order.sortedCount + ipv6.order.sortedCount,
                byteCount: ipv4.order.byteCount + ipv6.order.byteCount
            ),
        ]
    }
}

extension RouteTable {
    fileprivate var markByteCount: Int {
        members.byteCount + changes.byteCount + told.byteCount + marks.byteCount
    }
}
