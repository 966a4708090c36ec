import Addressing
import Glibc
import KernelRoutes

/// Reading the kernel's links, addresses and tables.
extension KernelWorker {
    private static let patience: Int32 = 10_000
    /// Routes in one event, so that the core can stop between them.
    private static let routesAtOnce = 1000

    /// What became of one request for a dump.
    private enum Outcome {
        case complete
        case torn
        case stopped
    }

    /// Answers a reading: links, addresses, then each table in both families.
    ///
    /// Notifications are read all the while, so that none is lost, and held back to the end: what they
    /// tell is as new as the reading or newer, and telling it again changes nothing.
    func read(_ dump: KernelDump) {
        readNotifications()
        pending.append(.dumpBegan(dump))
        flush()
        var held: [KernelEvent] = []
        var outcome = Outcome.complete
        func request(_ append: (inout NetlinkEncoder, UInt32) -> Void) {
            guard outcome == .complete else { return }
            outcome = collect(append, &held)
        }
        request { $0.appendLinkDump(sequence: $1) }
        request { $0.appendAddressDump(sequence: $1) }
        for table in dump.tables {
            for family in AddressFamily.allCases {
                request { $0.appendRouteDump(family, table: table, sequence: $1) }
            }
        }
        if outcome == .stopped { return }
        pending.append(.dumpEnded(dump, isComplete: outcome == .complete))
        pending += held
        flush()
    }

    private func collect(
        _ append: (inout NetlinkEncoder, UInt32) -> Void,
        _ held: inout [KernelEvent]
    ) -> Outcome {
        let sequence = nextRequest()
        encoder.removeAll()
        append(&encoder, sequence)
        do throws(NetlinkError) { try requests.send(encoder.bytes) } catch { return .torn }
        var isOver = false
        var isTorn = false
        while !isOver {
            var routes: [KernelRoute] = []
            var others: [KernelEvent] = []
            let reception = requests.receive { header, message in
                guard header.sequence == sequence else { return }
                if header.flags & NLMFlag.dumpInterrupted != 0 { isTorn = true }
                switch message {
                case .route(let route):
                    routes.append(route)
                    guard routes.count == Self.routesAtOnce else { return }
                    others.append(.dumpRoutes(routes))
                    routes.removeAll(keepingCapacity: true)
                case .done(let errno, _), .answer(let errno, _):
                    isOver = true
                    // A table that does not exist is an empty one.
                    if errno != 0, errno != ENOENT { isTorn = true }
                case .malformed, .overrun: isTorn = true
                default:
                    if let event = Self.event(header, message) { others.append(event) }
                }
            }
            pending += others
            if !routes.isEmpty { pending.append(.dumpRoutes(routes)) }
            flush()
            holdNotifications(&held)
            switch reception {
            case .received: break
            case .empty where requests.wait(milliseconds: Self.patience): break
            case .empty, .overrun, .failed: return .torn
            }
            guard waitForRoom() else { return .stopped }
        }
        return isTorn ? .torn : .complete
    }

    private func holdNotifications(_ held: inout [KernelEvent]) {
        readNotifications()
        if held.count + pending.count <= Self.heldEvents {
            held += pending
        } else if held.last != .overrun {
            held.append(.overrun)
        }
        pending.removeAll(keepingCapacity: true)
    }
}
