import Addressing
import Attributes
import Configuration
import Policy
import Routing
import Tables
import Timekeeping

/// Neighbors that are told the same: one Adj-RIB-Out, one run of output policy and one encoding for all of them.
///
/// What a member is told is the group's entry, but for two exceptions: nothing where the route came from that
/// member, and our own address where its own would be the next hop.
final class UpdateGroup {
    var key: UpdateGroupKey {
        didSet { isUniform = !key.outputFilter.dependsOnPrefix }
    }
    /// Nothing is looked at for the group, which was never told of anything and is not to be.
    var isPaused = false
    /// Output policy says the same of all prefixes with the same attributes.
    private(set) var isUniform: Bool
    let listener: ListenerID
    private(set) var ipv4 = AdjRIBOut()
    private(set) var ipv6 = AdjRIBOut()
    var memo: ExportMemo?
    private(set) var members: [Neighbor] = []
    /// The members that do not follow the log, but have a backlog, and those that are on their way to another group.
    private(set) var lagging: [Neighbor] = []
    private var isMember: [Bool] = []
    var log = UpdateLog()
    private var hopOwners: [IPAddress: NeighborID] = [:] {
        didSet { lastHop = nil }
    }
    /// The next hop that was asked for last: mostly it is asked for again.
    private var lastHop: (address: IPAddress, owner: NeighborID?)?

    /// A prefix that keeps its number until all members have been sent its withdrawal.
    struct HeldPrefix: Hashable {
        var id: PrefixID
        var family: AddressFamily
    }

    /// Withdrawals in the log, each with the end of the log behind it.
    private var withdrawals: [(prefix: HeldPrefix, position: UInt64)] = []
    private var withdrawalsStart = 0
    /// Their prefixes, of each family.
    private var inLog = BitSets()
    /// How often more than once a prefix stands in ``withdrawals``.
    private var repeats: [HeldPrefix: Int] = [:]

    /// Where the slowest of those who follow the log was seen last, and since when.
    private var stall: (position: UInt64, since: Instant)?

    /// Octets of the log that may wait for slow members.
    private let logLimit: Int

    /// - Parameters:
    ///   - key: what the members have in common.
    ///   - listener: which changes the group looks at.
    ///   - sole: the one neighbor that the listener is for, if it is for one alone.
    ///   - logLimit: octets of the log that may wait for slow members.
    init(
        key: UpdateGroupKey,
        listener: ListenerID,
        for sole: NeighborID? = nil,
        logLimit: Int
    ) {
        self.key = key
        self.sole = sole
        isUniform = !key.outputFilter.dependsOnPrefix
        self.logLimit = logLimit
        self.listener = listener
    }

    // MARK: Members

    func add(_ member: Neighbor) {
        members.append(member)
        if members.count > 1 { sole = nil }
        let id = Speaker.routingID(member.number)
        hopOwners[member.configuration.address] = id
        while isMember.count <= Int(id.number) { isMember.append(false) }
        isMember[Int(id.number)] = true
    }

    func remove(_ member: Neighbor) {
        members.removeAll { $0 === member }
        if members.isEmpty { sole = nil }
        lagging.removeAll { $0 === member }
        let id = Speaker.routingID(member.number)
        if hopOwners[member.configuration.address] == id {
            hopOwners[member.configuration.address] = nil
        }
        isMember[Int(id.number)] = false
    }

    /// The member that the listener is for alone: what came from it is no entry.
    private(set) var sole: NeighborID?

    /// Where one member is left the listener is to be for that one alone; returns which it is for.
    func narrow() -> NeighborID? {
        if members.count == 1 { sole = Speaker.routingID(members[0].number) }
        return sole
    }

    /// The member that is not to be given that next hop, since it is its own address.
    func owner(of nextHop: IPAddress) -> NeighborID? {
        if let lastHop, lastHop.address == nextHop { return lastHop.owner }
        let owner = hopOwners[nextHop]
        lastHop = (nextHop, owner)
        return owner
    }

    func hasMember(_ id: NeighborID) -> Bool {
        Int(id.number) < isMember.count && isMember[Int(id.number)]
    }

    // MARK: Entries

    /// What the members have been told in a family.
    func adjRIBOut(_ family: AddressFamily) -> AdjRIBOut { family == .ipv4 ? ipv4 : ipv6 }

    func entry(_ id: PrefixID, _ family: AddressFamily) -> AdjRIBOutEntry? {
        adjRIBOut(family).entry(id)
    }

    /// What a member is told of, if anything.
    func entry(_ id: PrefixID, _ family: AddressFamily, for member: NeighborID) -> AdjRIBOutEntry? {
        entry(id, family).flatMap { $0.source == member ? nil : $0 }
    }

    /// Takes an entry away that no member is told of.
    func forget(_ id: PrefixID, _ family: AddressFamily, in store: AttributeStore) {
        _ = adjRIBOut(family).replace(id, with: .none, source: .local, in: store)
    }

    /// Visits all entries of a family.
    func forEachEntry(_ family: AddressFamily, _ visit: (PrefixID, AdjRIBOutEntry) -> Void) {
        var cursor: UInt32 = 0
        while let id = adjRIBOut(family).next(from: &cursor) {
            if let entry = entry(id, family) { visit(id, entry) }
        }
    }

    /// How many prefixes a member has been told of.
    func sentCount(to member: NeighborID, _ export: ExportState) -> Int {
        export.move?.told ?? entryCount(for: member) + (export.backlog?.surplusCount ?? 0)
    }

    /// How many prefixes a member is to be told of.
    func entryCount(for member: NeighborID) -> Int {
        ipv4.count + ipv6.count - ipv4.count(from: member) - ipv6.count(from: member)
    }

    // MARK: Who is how far

    /// From now on the member is told by its own marks, not by the log; what it has not read of the log is marked.
    func detach(_ member: Neighbor, _ export: ExportState) -> ExportBacklog {
        if let backlog = export.backlog { return backlog }
        let id = Speaker.routingID(member.number)
        let backlog = ExportBacklog()
        log.forEachChange(from: export.position, for: id) { change, family in
            backlog.mark(
                change.id,
                family,
                had: change.oldSource.map { $0 != id } ?? false,
                isWanted: entry(change.id, family, for: id) != nil
            )
        }
        take(backlog, of: member, export)
        return backlog
    }

    /// The member is to be told by those marks.
    func take(_ backlog: ExportBacklog, of member: Neighbor, _ export: ExportState) {
        if export.backlog == nil, export.position == log.readBase { slowestCount -= 1 }
        export.backlog = backlog
        lagging.append(member)
    }

    /// From now on the member follows the log.
    func attach(_ member: Neighbor, _ export: ExportState) {
        lagging.removeAll { $0 === member }
        export.backlog = nil
        export.position = log.end
        if log.end == log.readBase { slowestCount += 1 }
    }

    /// How many members follow the log and have read no more of it than the slowest.
    private(set) var slowestCount = 0

    /// A member that was among the slowest has read on; true where none of these is left, and the log can be trimmed.
    ///
    /// Counted, since all members are often among them: to look for the slowest each time would be all times all.
    func hasReadOn() -> Bool {
        slowestCount -= 1
        return slowestCount <= 0
    }

    /// The backlog of one that is on its way to another group gets what changes of prefixes that this one still tells.
    func tellOfChanges(_ leaving: Neighbor) { lagging.append(leaving) }

    func tellNoMore(_ leaving: Neighbor) { lagging.removeAll { $0 === leaving } }

    /// The backlog of one of ``lagging``; nil where another group speaks of that prefix to it.
    func backlog(of member: Neighbor, _ id: PrefixID, _ family: AddressFamily) -> ExportBacklog? {
        guard let export = member.export else { return nil }
        if let (move, _) = export.move {
            guard (move.new === self) == move.isPast(id, family) else { return nil }
        }
        return export.backlog
    }

    /// True where some member follows the log.
    var isFollowed: Bool { members.contains { $0.export?.backlog == nil } }

    /// Members that would keep more of the log alive than may wait follow it no more.
    func detachSlowMembers() {
        while true {
            let position = followedFrom
            guard log.byteCount(from: position) > logLimit else { return }
            for member in members {
                guard let export = member.export, export.backlog == nil,
                    export.position == position
                else { continue }
                _ = detach(member, export)
            }
        }
    }

    /// Octets of the log that the slowest of those who follow it has not read.
    var unreadByteCount: Int { log.byteCount(from: followedFrom) }

    /// True where the slowest of those who follow the log has read nothing for that long.
    func isStalled(for duration: Duration, now: Instant) -> Bool {
        let position = followedFrom
        guard let stall, stall.position == position else {
            stall = (position, now)
            return false
        }
        return now - stall.since >= duration
    }

    /// The first segment that some member still reads.
    private var followedFrom: UInt64 { slowest.position }

    /// The first segment that some member still reads, and how many read it next.
    private var slowest: (position: UInt64, count: Int) {
        var slowest = (position: log.end, count: 0)
        for member in members {
            guard let export = member.export, export.backlog == nil else { continue }
            if export.position < slowest.position { slowest = (export.position, 0) }
            if export.position == slowest.position { slowest.count += 1 }
        }
        return slowest
    }

    // MARK: Prefixes that keep their numbers

    /// A withdrawal stands at the end of the log: the prefix is held until ``trim(_:)`` gives it.
    func noteWithdrawal(_ id: PrefixID, _ family: AddressFamily) {
        let prefix = HeldPrefix(id: id, family: family)
        withdrawals.append((prefix, log.end))
        if !inLog.insert(id.row, in: Self.set(family)) { repeats[prefix, default: 0] += 1 }
    }

    /// Forgets what all members have read, and gives the prefixes whose withdrawal nobody waits for any more.
    func trim(_ release: (HeldPrefix) -> Void) {
        let slowest = slowest
        log.trim(to: slowest.position)
        slowestCount = slowest.count
        while withdrawalsStart < withdrawals.count,
            withdrawals[withdrawalsStart].position <= log.readBase
        {
            let prefix = withdrawals[withdrawalsStart].prefix
            withdrawalsStart += 1
            if let more = repeats[prefix] {
                repeats[prefix] = more > 1 ? more - 1 : nil
                continue
            }
            inLog.remove(prefix.id.row, in: Self.set(prefix.family))
            if !isWaitedFor(prefix) { release(prefix) }
        }
        if withdrawalsStart == withdrawals.count {
            withdrawals.removeAll(keepingCapacity: withdrawals.capacity <= 1 << 14)
            withdrawalsStart = 0
        } else if withdrawalsStart > withdrawals.count / 2 {
            withdrawals.removeFirst(withdrawalsStart)
            withdrawalsStart = 0
        }
    }

    /// True where a member has not been sent the newest of a withdrawn prefix.
    func isWaitedFor(_ prefix: HeldPrefix) -> Bool {
        inLog.contains(prefix.id.row, in: Self.set(prefix.family))
            || lagging.contains {
                backlog(of: $0, prefix.id, prefix.family)?.contains(prefix.id, prefix.family)
                    == true
            }
    }

    private static func set(_ family: AddressFamily) -> Int { family == .ipv4 ? 0 : 1 }

    /// Bytes that the group takes beside the entries.
    var memory: Int {
        log.memory + withdrawals.capacity * 24 + inLog.byteCount
            + members.reduce(0) { $0 + ($1.export?.backlog?.byteCount ?? 0) }
    }
}

/// The last attributes that were made for sending; both numbers hold a reference.
struct ExportMemo {
    var source: NeighborID
    var family: AddressFamily
    var validation: PathFlags
    var effective: AttributesID
    var result: AttributesID
}
