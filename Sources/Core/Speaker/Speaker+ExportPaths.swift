import Addressing
import Attributes
import BGPSession
import BGPWire
import Configuration
import Control
import Routing

/// Several paths of a prefix to a neighbor (`announce add-path send`, D1).
extension Speaker {
    // MARK: Begin and end

    /// Begins to tell a neighbor of several paths.
    func startPaths(to neighbor: Neighbor, _ export: ExportState, _ families: FamilySet) {
        let id = Self.routingID(neighbor.number)
        let listener = routing.addListener(for: id, followsPaths: true)
        let group = UpdateGroup(
            key: UpdateGroupKey(neighbor, export),
            listener: listener,
            for: id,
            logLimit: updateLogLimit
        )
        if group.key.exports == .defaultRoute { markDefaultRoutes(of: group) }
        group.add(neighbor)
        export.paths = PathExport(group: group, families: families)
    }

    /// Ends it; what the neighbor was told is given back in slices.
    func stopPaths(_ paths: PathExport) {
        routing.removeListener(paths.group.listener)
        forgetMemo(of: paths.group)
        endedPaths.append(paths)
    }

    /// Gives back what ended sessions had been told of paths; true where more is left.
    func clearEndedPaths(units: Int) -> Bool {
        guard let paths = endedPaths.last else { return false }
        let hasMore = paths.ipv4.clear(units: units, in: routing.attributes)
        let hasMore6 = paths.ipv6.clear(units: units, in: routing.attributes)
        if !hasMore, !hasMore6 { endedPaths.removeLast() }
        return !endedPaths.isEmpty
    }

    /// True where something waits for a neighbor that is told of several paths.
    func pathsWait(for export: ExportState) -> Bool {
        export.paths.map { pendingCount(of: $0, export) > 0 } ?? false
    }

    /// How many prefixes wait for such a neighbor.
    func pendingCount(of paths: PathExport, _ export: ExportState) -> Int {
        export.sentFamilies.reduce(0) {
            $0 + routing.changeCount($1, for: paths.group.listener)
        }
    }

    /// The groups of one of those that are told of several paths.
    var pathGroups: [UpdateGroup] {
        exporters.compactMap { neighbor($0)?.export?.paths?.group }
    }

    /// Follows another output policy or other next hops of those that are told of several paths.
    func regroupPaths(_ changed: (Neighbor) -> Bool) {
        for number in exporters {
            guard let neighbor = neighbor(number), let export = neighbor.export,
                let group = export.paths?.group
            else { continue }
            let key = UpdateGroupKey(neighbor, export)
            guard changed(neighbor) || !group.key.hasSameForm(as: key) else { continue }
            let exportsBefore = group.key.exports
            group.key = key
            forgetMemo(of: group)
            if exportsBefore == .defaultRoute {
                markDefaultRoutes(of: group)
                if key.exports != .defaultRoute { releaseDefaultRoutes(of: group) }
            }
            markAll(of: group)
        }
    }

    // MARK: Making UPDATEs

    /// Tells a neighbor of the paths that have changed; true where more is left.
    func tellPaths(
        _ neighbor: Neighbor,
        _ export: ExportState,
        _ paths: PathExport,
        into output: inout [UInt8],
        limit: Int
    ) -> Bool {
        for family in export.sentFamilies {
            for _ in 0..<Self.batchesPerCall {
                if output.count >= limit { return true }
                var batch = PathBatch()
                let visited = collect(family, for: neighbor, export, paths, into: &batch)
                if sentMaximumIsExceeded(by: neighbor) { return false }
                write(batch, family, to: neighbor, paths, into: &output)
                if visited == 0 { break }
            }
            if routing.changeCount(family, for: paths.group.listener) > 0 { return true }
        }
        return false
    }

    /// Looks at the next prefixes that have changed; how many.
    private func collect(
        _ family: AddressFamily,
        for neighbor: Neighbor,
        _ export: ExportState,
        _ paths: PathExport,
        into batch: inout PathBatch
    ) -> Int {
        let isResent = export.resend.contains(family)
        let out = paths.adjRIBOut(family)
        var visited = 0
        while batch.announced.count + batch.withdrawn.count + visited < Self.batchSize,
            batch.attributeBytes < Self.batchBytes,
            let id = routing.takeChange(family, for: paths.group.listener)
        {
            visited += 1
            let prefix = routing.prefix(id, family)
            let old = out.paths(id)
            let new = chosenPaths(id, prefix, to: neighbor, paths)
            for path in old where !new.contains(where: { $0.pathID == path.pathID }) {
                batch.withdrawn.append(PathBatch.Withdrawn(pathID: path.pathID, prefix: prefix))
            }
            for path in new where isResent || !old.contains(path) {
                batch.announce(
                    PathBatch.Announced(path: path, prefix: prefix, id: id),
                    attributeBytes: routing.attributes.byteCount(path.attributes)
                )
            }
            if new != old { out.replace(id, with: new, in: routing.attributes) }
            for path in new { routing.attributes.release(path.attributes) }
        }
        return visited
    }

    // MARK: Which paths

    /// The paths of a prefix that a neighbor is told of, each with a reference to its attributes.
    ///
    /// What may not be sent or policy refuses does not count for the limits.
    private func chosenPaths(
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to neighbor: Neighbor,
        _ paths: PathExport
    ) -> [SentPath] {
        let family = prefix.family
        if paths.group.key.exports == .defaultRoute {
            return defaultPath(id, prefix, paths).map { [$0] } ?? []
        }
        guard let best = routing.best(id, family) else { return [] }
        let choice = neighbor.configuration.addPathSend
        var tried: Set<PathID> = []
        var sent: [SentPath] = []
        func take(_ candidates: [PathView], atMost limit: Int) {
            let end = limit == .max ? .max : sent.count + limit
            for path in candidates where sent.count < end && tried.insert(path.id).inserted {
                guard var new = sentPath(path, prefix, to: neighbor, paths) else { continue }
                // Identifiers of two sources can meet.
                while new.pathID == 0 || sent.contains(where: { $0.pathID == new.pathID }) {
                    new.pathID &+= 1
                }
                sent.append(new)
            }
        }
        // In a family without the capability only the best path can be told.
        switch paths.families.contains(family) ? choice.paths : .none {
        case .none:
            return onlyPath(best, id, prefix, to: neighbor, paths).map { [$0] } ?? []
        case .all: take(routing.ranked(id, family), atMost: .max)
        case .best: take([best], atMost: 1)
        case .ecmp:
            let ties = routing.ties(of: id, family).filter(\.isEqualCost)
            take(ties.map(\.path), atMost: choice.most.map { Int($0) } ?? .max)
        case .asWideBest:
            let ties = routing.ties(of: id, family)
            take(ties.map(\.path), atMost: choice.most.map { Int($0) } ?? .max)
        }
        if choice.backups > 0 { take(routing.ranked(id, family), atMost: Int(choice.backups)) }
        return sent
    }

    /// What a neighbor is told of a prefix of which it can be told one path; nil for nothing.
    private func onlyPath(
        _ best: PathView,
        _ id: PrefixID,
        _ prefix: IPPrefix,
        to neighbor: Neighbor,
        _ paths: PathExport
    ) -> SentPath? {
        if let path = sentPath(best, prefix, to: neighbor, paths) { return path }
        let store = routing.attributes
        guard paths.group.key.evaluatesAll,
            let other = alternative(to: best, id, prefix, of: paths.group, store)
        else { return nil }
        return sentPath(other.path, other.attributes, prefix.family, paths)
    }

    /// What a neighbor is told of a path; nil for nothing.
    private func sentPath(
        _ path: PathView,
        _ prefix: IPPrefix,
        to neighbor: Neighbor,
        _ paths: PathExport
    ) -> SentPath? {
        let result = attributes(of: path, prefix, to: paths.group, routing.attributes)
        guard result != .none else { return nil }
        return sentPath(path, result, prefix.family, paths)
    }

    /// A path with the attributes that were made for it, and the reference to them.
    private func sentPath(
        _ path: PathView,
        _ attributes: AttributesID,
        _ family: AddressFamily,
        _ paths: PathExport
    ) -> SentPath {
        var result = attributes
        if nextHopOwner(of: result, family, in: paths.group) != nil,
            let own = paths.group.key.addresses.nextHop(family)
        {
            editor.load(result, from: routing.attributes)
            editor.setNextHop(own)
            routing.attributes.release(result)
            result = editor.intern(into: routing.attributes)
            followNextHops()
        }
        let pathID = paths.families.contains(family) ? Self.sentPathID(of: path) : 0
        return SentPath(pathID: pathID, attributes: result, source: path.neighbor)
    }

    /// The path identifier that a path goes out with: the same whenever it is told of, since the receiver may
    /// choose by it.
    ///
    /// A number for each neighbor; where that sends several paths, another for each of its identifiers.
    private static func sentPathID(of path: PathView) -> UInt32 {
        UInt32(path.neighbor.number) &+ 1 &+ path.pathID &* 0x9E37_79B1
    }

    // MARK: Messages

    private func write(
        _ batch: PathBatch,
        _ family: AddressFamily,
        to neighbor: Neighbor,
        _ paths: PathExport,
        into output: inout [UInt8]
    ) {
        var messages = withdraw(batch.withdrawn, family, paths, into: &output)
        var batch = batch
        batch.sort()
        var refused: [PathBatch.Announced] = []
        var index = 0
        while index < batch.announced.count {
            let first = batch.announced[index].path
            let fits = Self.begin(&updateBuilder, first, of: routing.attributes, family, paths)
            while index < batch.announced.count,
                batch.announced[index].path.attributes == first.attributes,
                batch.announced[index].path.source == first.source
            {
                let announced = batch.announced[index]
                index += 1
                guard fits else {
                    refused.append(announced)
                    continue
                }
                append(announced.prefix, announced.path.pathID, family, paths, to: &output)
            }
            if fits { messages += updateBuilder.finish(to: &output) }
        }
        messages += refuse(refused, family, of: neighbor, paths, into: &output)
        let announced = batch.announced.count - refused.count
        let withdrawn = batch.withdrawn.count + refused.count
        neighbor.counters.updates.sent += UInt64(announced)
        neighbor.counters.withdraws.sent += UInt64(withdrawn)
        ratesOut.count(announced + withdrawn)
        if messages > 0 { neighbor.session.updatesSent(messages, now: now) }
    }

    private func append(
        _ prefix: IPPrefix,
        _ pathID: UInt32,
        _ family: AddressFamily,
        _ paths: PathExport,
        to output: inout [UInt8]
    ) {
        if paths.families.contains(family) {
            updateBuilder.append(prefix, pathID: pathID, to: &output)
        } else {
            updateBuilder.append(prefix, to: &output)
        }
    }

    /// Appends withdrawals; how many messages they take.
    private func withdraw(
        _ withdrawn: [PathBatch.Withdrawn],
        _ family: AddressFamily,
        _ paths: PathExport,
        into output: inout [UInt8]
    ) -> Int {
        guard !withdrawn.isEmpty else { return 0 }
        updateBuilder.beginWithdrawal(
            family: family,
            maximumLength: paths.group.key.maximumLength
        )
        for path in withdrawn { append(path.prefix, path.pathID, family, paths, to: &output) }
        return updateBuilder.finish(to: &output)
    }

    /// Paths whose attributes fit no message: what the neighbor may have of them is older, and is withdrawn.
    private func refuse(
        _ refused: [PathBatch.Announced],
        _ family: AddressFamily,
        of neighbor: Neighbor,
        _ paths: PathExport,
        into output: inout [UInt8]
    ) -> Int {
        guard !refused.isEmpty else { return 0 }
        for announced in refused {
            let left = paths.paths(announced.id, family).filter {
                $0.pathID != announced.path.pathID
            }
            paths.adjRIBOut(family).replace(announced.id, with: left, in: routing.attributes)
        }
        report(
            .notice("\(refused.count) paths are not sent: their attributes do not fit a message"),
            of: neighbor
        )
        let withdrawn = refused.map {
            PathBatch.Withdrawn(pathID: $0.path.pathID, prefix: $0.prefix)
        }
        return withdraw(withdrawn, family, paths, into: &output)
    }

    private static func begin(
        _ builder: inout UpdateBuilder,
        _ path: SentPath,
        of store: AttributeStore,
        _ family: AddressFamily,
        _ paths: PathExport
    ) -> Bool {
        store.withBytes(path.attributes) { bytes in
            builder.begin(
                attributes: bytes,
                family: family,
                fourOctetAS: paths.group.key.fourOctetAS,
                markPartial: path.source != .local,
                maximumLength: paths.group.key.maximumLength,
                withPathIDs: paths.families.contains(family)
            )
        }
    }
}
