/// Does something to neighbors.
package struct NeighborActionRequest: ControlRequest {
    package var selector: NeighborSelector
    package var action: Action

    package init(_ selector: NeighborSelector, _ action: Action) {
        self.selector = selector
        self.action = action
    }

    package var question: Question { .neighborAction(self) }

    package static func answer(in reply: Reply) -> ActionResult? {
        guard case .action(let answer) = reply else { return nil }
        return answer
    }

    package enum Action: Hashable, Sendable {
        case up
        /// With the RFC 9003 text that the peer is told, empty for none; at most 255 octets.
        case down(reason: String)
        case clear(reason: String)
        /// Ask the peer to send its routes again (RFC 2918).
        case refresh
        /// Forget a neighbor that a template made.
        case destroy
    }
}

/// Ends the speaker gracefully, as SIGTERM does.
package struct StopRequest: ControlRequest {
    package init() {}
    package var question: Question { .stop(self) }

    package static func answer(in reply: Reply) -> ActionResult? {
        guard case .action(let answer) = reply else { return nil }
        return answer
    }
}

/// What became of an action (part B7 of the commands' specification).
package enum ActionResult: UInt8, Hashable, Sendable {
    case processed
    case noSuchNeighbor
    case permissionDenied
    case lacksCapability
    case notSupported
    case noSuchRIB
    case notCloned
    case stillActive
    case reloadFailed
    case reloadRunning

    /// The text that is printed.
    package var text: String {
        switch self {
        case .processed: "request processed"
        case .noSuchNeighbor: "no such neighbor"
        case .permissionDenied: "permission denied"
        case .lacksCapability: "neighbor does not have this capability"
        case .notSupported: "operation not supported"
        case .noSuchRIB: "no such RIB"
        case .notCloned: "not a cloned peer"
        case .reloadFailed: "config file has errors, reload failed"
        case .reloadRunning: "previous reload still running"
        case .stillActive: "peer still active, down peer first"
        }
    }
}

/// Asks what memory is used for.
package struct MemoryRequest: ControlRequest {
    package init() {}
    package var question: Question { .memory(self) }

    package static func answer(in reply: Reply) -> [MemoryItem]? {
        guard case .memory(let answer) = reply else { return nil }
        return answer
    }
}

/// One structure of the speaker's memory.
package struct MemoryItem: Hashable, Sendable {
    /// The key in JSON: `prefixes`, `paths`, `attributes`, ...
    package var name: String
    /// The words in text: `prefixes`, `BGP path attribute sets`, ...
    package var label: String
    package var count: UInt64
    package var byteCount: UInt64
    package var references: UInt64

    package init(name: String, label: String, count: UInt64, byteCount: UInt64, references: UInt64)
    {
        self.name = name
        self.label = label
        self.count = count
        self.byteCount = byteCount
        self.references = references
    }
}
