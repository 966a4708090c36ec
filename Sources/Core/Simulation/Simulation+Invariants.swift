import Addressing
import BGPWire
import Configuration
import Control
import KernelRoutes
import Timekeeping

/// What must hold once the network has been left alone for long enough.
extension Simulation {
    /// A session over a link, from one of its ends.
    struct SessionEnd {
        var link: Int
        var machine: MachineNumber
        var other: MachineNumber
        /// The other's number at this machine.
        var neighbor: NeighborNumber
        var state: SessionState
        var name: String
    }

    /// True where every session between running speakers that a whole link connects is up.
    package var isConnected: Bool {
        sessionEnds.allSatisfy { $0.state == .established }
    }

    /// Everything that is not as it must be, in words.
    package func faults() -> [String] {
        let ends = sessionEnds
        var faults = violations + lateKeepalives()
        for end in ends where end.state != .established {
            faults.append("\(end.name): \(end.state.name)")
        }
        let byLink = Dictionary(grouping: ends, by: \.link)
        for end in ends where end.state == .established {
            guard let back = byLink[end.link]?.first(where: { $0.machine == end.other })
            else { continue }
            faults += differences(sent: end, received: back)
        }
        for machine in machineNumbers where isRunning(machine) {
            faults += decisionFaults(of: machine)
            faults += kernelFaults(of: machine)
        }
        return faults
    }

    /// Both ends of the sessions that can be up: over whole links, between running speakers.
    private var sessionEnds: [SessionEnd] {
        var ends: [SessionEnd] = []
        for link in openLinks {
            for side in Side.allCases {
                let near = links[link.value].ends[side].machine
                let far = links[link.value].ends[side.other].machine
                guard let row = neighborRow(at: side, of: link) else { continue }
                ends.append(
                    SessionEnd(
                        link: link.value,
                        machine: near,
                        other: far,
                        neighbor: row.number,
                        state: row.state,
                        name: "session \(name(near)) to \(name(far))"
                    )
                )
            }
        }
        return ends
    }

    /// The links over which a session can be: whole, between running speakers, and no end held down.
    var openLinks: [LinkNumber] {
        linkNumbers.filter { link in
            guard links[link.value].isWhole else { return false }
            return Side.allCases.allSatisfy { side in
                guard isRunning(links[link.value].ends[side].machine),
                    let row = neighborRow(at: side, of: link)
                else { return false }
                return !row.markedDown
            }
        }
    }

    /// What the machine at that side shows of its neighbor at the other.
    func neighborRow(at side: Side, of link: LinkNumber) -> NeighborRow? {
        neighborDetail(at: side, of: link)?.row
    }

    /// All that the machine at that side knows of its neighbor at the other.
    func neighborDetail(at side: Side, of link: LinkNumber) -> NeighborDetail? {
        let number = links[link.value].ends[side].machine
        let far = links[link.value].ends[side.other].addresses
        for address in far {
            let found = ask(number, NeighborRequest(.address(address))) ?? []
            if let detail = found.first(where: { $0.row.templateLength == nil }) { return detail }
        }
        return nil
    }

    /// Sessions on which a KEEPALIVE is overdue now.
    private func lateKeepalives() -> [String] {
        var late: [String] = []
        for machine in machines {
            guard let process = machine.process, !process.isStopped else { continue }
            for id in process.socketIDs {
                guard let socket = process.sockets[id], socket.isOpen, let last = socket.lastSpoke,
                    let patience = socket.patience, now - last > patience,
                    machine.frozenUntil < last
                else { continue }
                late.append("\(machine.name): no KEEPALIVE for \(now - last)")
            }
        }
        return late
    }

    // MARK: Tables

    /// All rows of a table.
    func rows(
        _ machine: MachineNumber,
        _ table: RIBPageRequest.Table,
        _ filter: RIBFilter = RIBFilter()
    ) -> [RIBRow] {
        var rows: [RIBRow] = []
        var position = RIBPageRequest.Position.start
        while true {
            let request = RIBPageRequest(
                table: table,
                filter: filter,
                position: position,
                limit: 4096,
                withAttributes: true
            )
            guard let page = ask(machine, request) else { return rows }
            rows += page.rows
            guard let next = page.next else { return rows }
            position = .after(next)
        }
    }

    /// True where those attributes became these: the receiver's role may have put Only-to-Customer behind them.
    private static func isSame(_ sent: [UInt8], received: [UInt8]) -> Bool {
        guard received.count > sent.count else { return sent == received }
        return received.starts(with: sent + [0xC0, 35, 4]) && received.count == sent.count + 7
    }

    /// What one end has sent and the other has not as it was sent, and the other way round.
    private func differences(sent end: SessionEnd, received back: SessionEnd) -> [String] {
        let filter = RIBFilter([.neighbor(.number(back.neighbor))])
        let sent = inOrder(rows(end.machine, .adjRIBOut(end.neighbor)))
        let received = inOrder(rows(back.machine, .adjRIBIn, filter))
        if sent.map(\.prefix) == received.map(\.prefix),
            sent.map(\.pathID) == received.map(\.pathID),
            zip(sent, received).allSatisfy({ Self.isSame($0.attributes, received: $1.attributes) })
        {
            return []
        }
        let names = { (rows: [RIBRow]) in
            Set(rows.map { "\($0.prefix)" + ($0.pathID.map { " path-id \($0)" } ?? "") })
        }
        let lost = names(sent).subtracting(names(received)).sorted()
        let left = names(received).subtracting(names(sent)).sorted()
        return [
            "\(end.name): sent and not there \(lost), there and not sent \(left), or attributes differ"
        ]
    }

    /// Rows by prefix, those of one prefix by path identifier.
    private func inOrder(_ rows: [RIBRow]) -> [RIBRow] {
        rows.sorted { ($0.prefix, $0.pathID ?? 0) < ($1.prefix, $1.pathID ?? 0) }
    }

    private func decisionFaults(of machine: MachineNumber) -> [String] {
        guard let overview = ask(machine, OverviewRequest()) else { return [] }
        let reference = ReferenceDecision(
            ownAS: configuration(machine).localAS,
            ownIdentifier: configuration(machine).routerID?.ipv4Bits ?? 0,
            neighbors: overview.neighbors
        )
        var faults: [String] = []
        var group: [RIBRow] = []
        let stale = rows(machine, .locRIB).count { $0.flags.contains(.stale) }
        if stale > 0 { faults.append("\(name(machine)): \(stale) routes are stale") }
        func close() {
            let best = reference.best(of: group)
            for row in group where row.flags.contains(.selected) != (row == best) {
                faults.append(
                    "\(name(machine)): \(row.prefix) of neighbor \(row.neighbor.value) is \(row.flags.text)"
                )
            }
            group = []
        }
        for row in rows(machine, .locRIB) {
            if let first = group.first, first.prefix != row.prefix { close() }
            group.append(row)
        }
        close()
        return faults
    }

    /// Where the kernel has not what the table says, or more.
    func kernelFaults(of machine: MachineNumber) -> [String] {
        guard configuration(machine).fibUpdate else { return [] }
        var wanted: [IPPrefix: IPAddress?] = [:]
        // Those of the best path and, where the kernel may have several, of the others that cost the same.
        var hops: [IPPrefix: [IPAddress?]] = [:]
        for row in rows(machine, .locRIB) where row.neighbor != .local {
            if row.flags.contains(.selected) { wanted[row.prefix] = row.trueNextHop }
            if !row.flags.isDisjoint(with: [.selected, .equalCost]) {
                hops[row.prefix, default: []].append(row.trueNextHop)
            }
        }
        let limit = Int(configuration(machine).fibMultipath)
        var faults: [String] = []
        var present: Set<IPPrefix> = []
        let mark = KernelOwnership(
            protocolNumber: configuration(machine).fibPriority,
            metric: configuration(machine).fibMetric
        )
        for route in kernel(machine).routes where mark.owns(route) {
            present.insert(route.prefix)
            let gateway = route.nextHopSet.first?.gateway
            guard let right = wanted[route.prefix] else {
                faults.append("\(name(machine)): stray kernel route \(route.prefix)")
                continue
            }
            if right != gateway {
                faults.append("\(name(machine)): kernel route \(route.prefix) goes elsewhere")
                continue
            }
            let gateways = Set(route.nextHopSet.nextHops.map(\.gateway))
            let equal = limit > 1 ? hops[route.prefix] ?? [] : [right]
            if !gateways.isEmpty,
                !gateways.isSubset(of: equal) || equal.count <= limit && gateways != Set(equal)
            {
                faults.append(
                    "\(name(machine)): kernel route \(route.prefix) goes to \(gateways.count) next hops, not to those of its \(equal.count) paths"
                )
            }
        }
        for prefix in wanted.keys.sorted() where !present.contains(prefix) {
            faults.append("\(name(machine)): the kernel lacks \(prefix)")
        }
        guard let counts = ask(machine, OverviewRequest())?.kernel else { return faults }
        if counts.wanted != UInt64(wanted.count) || counts.installed != counts.wanted
            || counts.pending + counts.refused + counts.drift > 0
        {
            faults.append(
                "\(name(machine)): kernel counts wanted \(counts.wanted) of \(wanted.count), installed \(counts.installed), pending \(counts.pending), refused \(counts.refused), drift \(counts.drift)"
            )
        }
        return faults
    }
}
