import Addressing
import BGPSession
import BGPWire
import CLinux
package import Configuration
import Control
import ControlSocket
import KernelRoutes
package import Logging
import Netlink
import Speaker
import Synchronization
import Timekeeping

/// What a speaker needs beside its configuration to come alive.
package struct DaemonOptions: Sendable {
    package var configuration: Configuration
    package var configurationPath: String
    /// Reads the configuration again, with its includes; called on a thread of its own.
    package var readConfiguration: @Sendable () -> ConfigurationReading
    /// Control sockets; the first unrestricted one is the one that is shown.
    package var sockets: [ControlSocketPath]
    /// Leave the kernel alone whatever the configuration says (`--no-fib`).
    package var isFIBOff: Bool
    package var version: String
    /// What the router is called on screens; nil for the host's name.
    package var hostName: String?

    package init(
        configuration: Configuration,
        configurationPath: String,
        readConfiguration: @escaping @Sendable () -> ConfigurationReading,
        sockets: [ControlSocketPath],
        isFIBOff: Bool,
        version: String,
        hostName: String? = nil
    ) {
        self.configuration = configuration
        self.configurationPath = configurationPath
        self.readConfiguration = readConfiguration
        self.sockets = sockets
        self.isFIBOff = isFIBOff
        self.version = version
        self.hostName = hostName
    }
}

/// The speaker alive: one event loop that owns the ``Speaker`` and all its sockets.
///
/// A turn does, in this order: timers, questions, the kernel's news, inbound bytes (at most 64 KiB a
/// session), outbound bytes, background work. A session with work left is not read further.
///
/// - Note: `@unchecked Sendable`: everything but ``local``, ``requestStop()`` and ``requestReload()`` is used by the one
///   thread that calls ``run()``; it is made before that thread starts.
package final class Daemon: @unchecked Sendable {
    /// Questions from the screen of the same process.
    package let local: LocalControl

    let logger: Logger
    let wakeUp = WakeUp()
    let stopRequested = Atomic<Bool>(false)
    let reloadRequested = Atomic<Bool>(false)
    let readConfiguration: @Sendable () -> ConfigurationReading
    /// Configurations that have been read again.
    let readings: Mailbox<ConfigurationReading>
    var reload: RunningReload?
    let poll: Int32
    let originNanoseconds: Int64

    let speaker: Speaker
    var control = ControlServer()
    var kernel: KernelThread?
    var kernelLock: KernelTableLock?
    var listeners: [Listener] = []
    var connections: [ConnectionID: Connection] = [:]
    var attempts: [NeighborNumber: ConnectionID] = [:]
    var closing = ClosingConnections()
    var readBuffer = ReadBuffer()
    var fillOrder = FillOrder()
    var spareMemory = SpareMemory()
    /// Neighbors whose connections are refused for a reason that was told.
    var toldRefusals: Set<IPAddress> = []
    var nextConnection: UInt64 = 1
    var acceptPausedUntil: Instant?
    var controlPausedUntil: Instant?
    /// When the kernel's counters are read next.
    var signaturesDue = Instant.zero
    var pendingChanges: [KernelChange] = []
    /// Questions that wait for the next turn.
    var postponed: [ControlServer.Asked] = []
    var backgroundUnits = 4096
    var hasBackground = true
    /// The kernel thread has told more than this turn has taken.
    var hasKernelEvents = false
    var withdrawal: KernelWithdrawal?
    var isStopped = false
    /// When the last turn ended.
    var turnEnd = Instant.zero
    let onStart: @Sendable () -> Void

    /// Opens listening sockets, control sockets and the kernel; says why where one cannot be had.
    ///
    /// - Parameters:
    ///   - options: what the speaker needs beside its configuration.
    ///   - logger: where its log goes.
    ///   - wakeScreen: called on the core thread when an answer waits in ``local``.
    ///   - onStart: called on the core thread when the speaker listens.
    /// - Throws: ``DaemonFault`` with what could not be had; nothing is left open then.
    package init(
        _ options: DaemonOptions,
        logger: Logger,
        wakeScreen: @escaping @Sendable () -> Void = {},
        onStart: @escaping @Sendable () -> Void = {}
    ) throws(DaemonFault) {
        self.logger = logger
        self.onStart = onStart
        // 1,024 at first on many systems: too few for a thousand neighbors.
        _ = cl_raise_descriptor_limit()
        poll = cl_poll_create()
        guard poll >= 0 else { throw .system(operation: "make a poll set", errno: -poll) }
        originNanoseconds = cl_monotonic_nanoseconds()
        let wake = wakeUp
        readConfiguration = options.readConfiguration
        readings = Mailbox(wake: { wake.wake() })
        local = LocalControl(wakeCore: { wake.wake() }, wakeScreen: wakeScreen)

        let configuration = options.configuration
        guard let routerID = configuration.routerID ?? HostAddress.highestIPv4() else {
            throw .noRouterID
        }
        let ownership = KernelOwnership(
            protocolNumber: configuration.fibPriority,
            metric: configuration.fibMetric
        )
        var offReason: String?
        if options.isFIBOff {
            offReason = "--no-fib"
        } else if !configuration.fibUpdate {
            offReason = "fib-update no"
        } else {
            switch KernelAccess.probe(ownership) {
            case .refused(let reason):
                offReason = reason
                logger.warning("\(reason)")
            case .permitted:
                do throws(NetlinkError) {
                    kernelLock = try KernelTableLock.take(table: ownership.table)
                    if kernelLock == nil {
                        offReason = "another instance programs table \(ownership.table)"
                        logger.warning(
                            "another instance programs table \(ownership.table) of this network namespace; running as with fib-update no"
                        )
                    }
                } catch {
                    offReason = "\(error)"
                    logger.warning("\(error); running as with fib-update no")
                }
            }
        }
        speaker = Speaker(
            configuration: configuration,
            environment: SpeakerEnvironment(
                seed: cl_random_seed(),
                version: options.version,
                hostName: options.hostName ?? HostAddress.hostName(),
                processID: HostAddress.processID(),
                configurationPath: options.configurationPath,
                socketPath: options.sockets.first { !$0.isRestricted }?.path ?? "",
                kernelOffReason: offReason,
                routerID: routerID
            ),
            now: .zero,
            wall: WallTime(nanoseconds: cl_wall_nanoseconds())
        )
        try open(configuration, options)
    }

    private func open(_ configuration: Configuration, _ options: DaemonOptions) throws(DaemonFault)
    {
        let addresses =
            configuration.listeners.isEmpty
            ? AddressFamily.allCases.map { ListenAddress(address: .unspecified($0)) }
            : configuration.listeners
        for address in addresses {
            do throws(DaemonFault) {
                listeners.append(
                    try Listener(
                        address,
                        keys: speaker.listenKeys,
                        timeToLive: Self.timeToLive(configuration, address.address.family)
                    )
                )
            } catch {
                // A host without IPv6 has nothing to listen on there; that is no fault.
                if case .listen(_, _, 97) = error, configuration.listeners.isEmpty { continue }
                if case .listen(_, _, 99) = error, configuration.listeners.isEmpty { continue }
                throw error
            }
        }
        for listener in listeners {
            _ = cl_poll_add(poll, listener.descriptor, 1, Tag.listener(listener.descriptor))
        }
        do throws(ControlSocketFault) {
            for socket in options.sockets {
                try control.listen(
                    on: socket.path,
                    access: socket.isRestricted ? .restricted : .unrestricted
                )
            }
        } catch {
            throw .control(error)
        }
        _ = cl_poll_add(poll, wakeUp.descriptor, 1, Tag.wake)
        let wake = wakeUp
        do throws(NetlinkError) {
            kernel = try KernelThread(wake: { wake.wake() })
        } catch {
            logger.warning("the kernel's routes cannot be read: \(error)")
        }
    }

    /// With TTL security the SYN's answer, too, must come from 255 (RFC 5082 §3): no socket of the
    /// connection exists yet that could say so.
    static func timeToLive(
        _ configuration: Configuration,
        _ family: AddressFamily
    ) -> UInt8? {
        configuration.neighbors.contains { $0.ttlSecurity && $0.address.family == family }
            ? 255 : nil
    }

    /// Ends the speaker gracefully; from any thread.
    package func requestStop() {
        stopRequested.store(true, ordering: .releasing)
        wakeUp.wake()
    }

    /// What poll events are about.
    enum Tag {
        static let wake: UInt64 = 0
        private static let kindShift: UInt64 = 62

        static func listener(_ descriptor: Int32) -> UInt64 { 1 << kindShift | UInt64(descriptor) }
        static func connection(_ id: ConnectionID) -> UInt64 { 2 << kindShift | id.rawValue }
        static func control(_ descriptor: Int32) -> UInt64 { 3 << kindShift | UInt64(descriptor) }
        static func kind(_ tag: UInt64) -> UInt64 { tag >> kindShift }
        static func value(_ tag: UInt64) -> UInt64 { tag & (1 << kindShift - 1) }
    }
}
