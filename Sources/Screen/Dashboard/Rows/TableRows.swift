import Addressing
import Control

/// A prefix is shared by its paths: a page brings whole prefixes.
extension RIBRow: WindowRow {
    struct Identity: Hashable, Sendable {
        var prefix: IPPrefix
        var neighbor: NeighborNumber
    }

    var anchor: IPPrefix { prefix }
    var identity: Identity { Identity(prefix: prefix, neighbor: neighbor) }
}

/// The kernel may hold several routes of one prefix, told apart by who set them and their metric.
extension KernelRow: WindowRow {
    struct Identity: Hashable, Sendable {
        var prefix: IPPrefix
        var table: UInt32
        var protocolNumber: UInt8
        var metric: UInt32
    }

    var anchor: IPPrefix { prefix }
    var identity: Identity {
        Identity(prefix: prefix, table: table, protocolNumber: protocolNumber, metric: metric)
    }
}

/// Messages are numbered; the number is the place and the identity.
extension MessageRow: WindowRow {
    var anchor: UInt64 { sequence }
    var identity: UInt64 { sequence }
}
