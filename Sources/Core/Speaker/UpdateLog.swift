import Addressing
import Routing

/// What an update group has said and not all its members have been sent: whole UPDATE messages, encoded once.
///
/// Members read it each at its own pace. Messages lie in segments that are for all members but a few, or for one
/// alone.
struct UpdateLog {
    /// Messages that are for the same members.
    struct Segment: BitwiseCopyable {
        /// Where it ends in the stream of octets, and among the changes.
        var end: UInt64
        var changeEnd: UInt64
        var messageCount: UInt32
        /// The neighbor that the routes came from, which is not told.
        var except: NeighborID?
        /// A neighbor that is told otherwise, in a segment for it alone.
        var informed: NeighborID?
        /// The one that it is for.
        var only: NeighborID?
        var family: AddressFamily
        var isWithdrawal: Bool

        func concerns(_ member: NeighborID) -> Bool {
            if let only { return only == member }
            // Asked once a message and member: optionals compared go through a witness table.
            if let except, except == member { return false }
            if let informed, informed == member { return false }
            return true
        }
    }

    /// A prefix of a segment, and who had told of it before.
    struct Change: BitwiseCopyable {
        var id: PrefixID
        /// Where the route came from that members were told of before; nil for none.
        var oldSource: NeighborID?
    }

    /// The octets from ``byteBase`` on; an encoder appends to them and then calls ``close(_:)``.
    var bytes: [UInt8] = []
    var changes: [Change] = []
    private var segments: [Segment] = []
    private var byteBase: UInt64 = 0
    private var changeBase: UInt64 = 0
    /// The number of the first segment kept.
    private(set) var base: UInt64 = 0

    /// One past the number of the last segment.
    var end: UInt64 { base + UInt64(segments.count) }
    /// Octets from `position` on.
    func byteCount(from position: UInt64) -> Int {
        bytes.count - Int(begin(of: Int(position - base)).octet - byteBase)
    }

    /// Octets and rows kept.
    var memory: Int {
        bytes.capacity + changes.capacity * MemoryLayout<Change>.stride
            + segments.capacity * MemoryLayout<Segment>.stride
    }

    /// Makes a segment of what was appended since the last one.
    mutating func close(
        _ family: AddressFamily,
        messageCount: Int,
        isWithdrawal: Bool,
        except: NeighborID? = nil,
        informed: NeighborID? = nil,
        only: NeighborID? = nil
    ) {
        segments.append(
            Segment(
                end: byteBase + UInt64(bytes.count),
                changeEnd: changeBase + UInt64(changes.count),
                messageCount: UInt32(clamping: messageCount),
                except: except,
                informed: informed,
                only: only,
                family: family,
                isWithdrawal: isWithdrawal
            )
        )
    }

    /// What a member was sent at a time.
    struct Portion {
        var messages = 0
        var announced = 0
        var withdrawn = 0
    }

    /// Appends what is for a member from `position` on, until `output` holds `limit` octets; moves `position` on.
    func read(
        from position: inout UInt64,
        for member: NeighborID,
        limit: Int,
        into output: inout [UInt8]
    ) -> Portion {
        var portion = Portion()
        var index = Int(position - base)
        var (start, changeStart) = begin(of: index)
        // Segments side by side are copied together.
        var pending = start
        var size = output.count
        while index < segments.count, size < limit {
            let segment = segments[index]
            if segment.concerns(member) {
                let count = Int(segment.changeEnd - changeStart)
                portion.messages += Int(segment.messageCount)
                if segment.isWithdrawal {
                    portion.withdrawn += count
                } else {
                    portion.announced += count
                }
                size += Int(segment.end - start)
            } else {
                append(pending, start, to: &output)
                pending = segment.end
            }
            start = segment.end
            changeStart = segment.changeEnd
            index += 1
        }
        append(pending, start, to: &output)
        position = base + UInt64(index)
        return portion
    }

    private func append(_ start: UInt64, _ end: UInt64, to output: inout [UInt8]) {
        guard start < end else { return }
        output += bytes[Int(start - byteBase)..<Int(end - byteBase)]
    }

    private func begin(of index: Int) -> (octet: UInt64, change: UInt64) {
        index == 0
            ? (byteBase, changeBase) : (segments[index - 1].end, segments[index - 1].changeEnd)
    }

    /// Visits the changes that are for a member from `position` on.
    func forEachChange(
        from position: UInt64,
        for member: NeighborID,
        _ visit: (Change, AddressFamily) -> Void
    ) {
        var index = Int(position - base)
        var start = begin(of: index).change
        while index < segments.count {
            let segment = segments[index]
            if segment.concerns(member) {
                for place in Int(start - changeBase)..<Int(segment.changeEnd - changeBase) {
                    visit(changes[place], segment.family)
                }
            }
            start = segment.changeEnd
            index += 1
        }
    }

    /// How many prefixes wait for a member from `position` on.
    func changeCount(from position: UInt64, for member: NeighborID) -> Int {
        var index = Int(position - base)
        var start = begin(of: index).change
        var count = 0
        while index < segments.count {
            if segments[index].concerns(member) { count += Int(segments[index].changeEnd - start) }
            start = segments[index].changeEnd
            index += 1
        }
        return count
    }

    /// The segment before which all members have been sent all.
    private(set) var readBase: UInt64 = 0

    /// Forgets segments before `position`, which all members have been sent.
    mutating func trim(to position: UInt64) {
        readBase = position
        let count = Int(position - base)
        guard count > 0 else { return }
        if count == segments.count {
            byteBase = segments[count - 1].end
            changeBase = segments[count - 1].changeEnd
            base = position
            // Room for what is usual is kept, that of a burst is given back.
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
            changes.removeAll(keepingCapacity: changes.capacity <= Self.keptCapacity)
            segments.removeAll(keepingCapacity: segments.capacity <= Self.keptCapacity)
            return
        }
        let (octet, change) = begin(of: count)
        // What is left is moved to the front: not for every few octets.
        guard Int(octet - byteBase) > bytes.count / 2 else { return }
        bytes.removeFirst(Int(octet - byteBase))
        changes.removeFirst(Int(change - changeBase))
        segments.removeFirst(count)
        byteBase = octet
        changeBase = change
        base = position
    }

    private static let keptCapacity = 1 << 17
}
