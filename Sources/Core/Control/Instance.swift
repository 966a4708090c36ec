package import Addressing
package import Timekeeping

/// Asks which speaker this is.
package struct InstanceRequest: ControlRequest {
    package init() {}
    package var question: Question { .instance(self) }

    package static func answer(in reply: Reply) -> Instance? {
        guard case .instance(let answer) = reply else { return nil }
        return answer
    }
}

/// Which speaker this is and how it runs.
package struct Instance: Hashable, Sendable {
    /// The program's version, `0.1.0`.
    package var version: String
    /// The name of the host, as the header shows it.
    package var hostName: String
    /// The process that runs the speaker.
    package var processID: Int32
    package var localAS: ASNumber
    /// The BGP Identifier as an IPv4 address.
    package var routerID: IPAddress
    /// When the speaker started.
    package var startedAt: WallTime
    /// The configuration file that it runs.
    package var configurationPath: String
    /// The socket it answers on; empty where it has none.
    package var socketPath: String
    /// Whether routes are programmed into the kernel.
    package var kernelUpdates: KernelUpdates

    /// Whether routes are programmed into the kernel, and if not why.
    package enum KernelUpdates: Hashable, Sendable {
        case on(table: UInt32, protocolNumber: UInt8, metric: UInt32)
        /// `fib-update no`, missing rights, another instance: in words.
        case off(reason: String)
    }

    package init(
        version: String,
        hostName: String,
        processID: Int32,
        localAS: ASNumber,
        routerID: IPAddress,
        startedAt: WallTime,
        configurationPath: String,
        socketPath: String,
        kernelUpdates: KernelUpdates
    ) {
        self.version = version
        self.hostName = hostName
        self.processID = processID
        self.localAS = localAS
        self.routerID = routerID
        self.startedAt = startedAt
        self.configurationPath = configurationPath
        self.socketPath = socketPath
        self.kernelUpdates = kernelUpdates
    }
}
