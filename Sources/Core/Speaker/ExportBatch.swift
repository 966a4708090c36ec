import Addressing
import Attributes
import Routing

/// Prefixes on their way into UPDATEs.
struct ExportBatch {
    /// A route that is announced to all but its source.
    struct Announced {
        var attributes: AttributesID
        var source: NeighborID
        /// Where the route came from that was announced before; nil for none.
        var oldSource: NeighborID?
        var id: PrefixID
        var prefix: IPPrefix
    }

    /// A route that is withdrawn from all but its source.
    struct Withdrawn {
        var oldSource: NeighborID
        /// Who has been told by itself already.
        var informed: NeighborID?
        var id: PrefixID
        var prefix: IPPrefix
    }

    /// What one member alone is told, since the others are told otherwise or nothing.
    struct Exception {
        var member: NeighborID
        /// ``AttributesID/none`` for a withdrawal.
        var attributes: AttributesID
        var source: NeighborID
        var oldSource: NeighborID?
        var id: PrefixID
        var prefix: IPPrefix
    }

    private(set) var announced: [Announced] = []
    /// The octets of their attributes, those of each run of equal ones once.
    private(set) var attributeBytes = 0
    var withdrawn: [Withdrawn] = []
    var exceptions: [Exception] = []

    /// Adds a route that is announced; its attributes take so many octets.
    mutating func announce(_ route: Announced, attributeBytes count: @autoclosure () -> Int) {
        if announced.last?.attributes != route.attributes { attributeBytes += count() }
        announced.append(route)
    }

    /// Puts prefixes side by side that go into one message, in the order in which their attributes first came.
    mutating func group() {
        var isGrouped = true
        for index in announced.indices.dropFirst()
        where announced[index].attributes.row < announced[index - 1].attributes.row {
            isGrouped = false
            break
        }
        if !isGrouped {
            announced.sort {
                ($0.attributes.row, $0.source, $0.prefix)
                    < ($1.attributes.row, $1.source, $1.prefix)
            }
        }
    }

    mutating func removeAll() {
        attributeBytes = 0
        announced.removeAll(keepingCapacity: true)
        withdrawn.removeAll(keepingCapacity: true)
        exceptions.removeAll(keepingCapacity: true)
    }
}
