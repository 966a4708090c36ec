import Addressing
import Attributes
import BGPWire
import Configuration
import Routing

/// What a neighbor that takes several paths of a prefix is told, and has been told (RFC 7911).
///
/// Beside the update groups, since every change of any path is looked at, and for one neighbor.
final class PathExport {
    /// A group of its own, for its key, memo and listener; it has no entries and no log.
    let group: UpdateGroup
    /// The families in which prefixes go out with path identifiers; in the others the best path goes out.
    let families: FamilySet
    let ipv4 = AdjRIBOutPaths()
    let ipv6 = AdjRIBOutPaths()

    init(group: UpdateGroup, families: FamilySet) {
        self.group = group
        self.families = families
    }

    /// How many paths the neighbor has been told of.
    var count: Int { ipv4.count + ipv6.count }

    /// What the neighbor has been told in a family.
    func adjRIBOut(_ family: AddressFamily) -> AdjRIBOutPaths { family == .ipv4 ? ipv4 : ipv6 }

    func paths(_ id: PrefixID, _ family: AddressFamily) -> [SentPath] {
        adjRIBOut(family).paths(id)
    }
}

/// Paths on their way into UPDATEs.
struct PathBatch {
    struct Announced {
        var path: SentPath
        var prefix: IPPrefix
        var id: PrefixID
    }

    struct Withdrawn {
        var pathID: UInt32
        var prefix: IPPrefix
    }

    private(set) var announced: [Announced] = []
    /// The octets of their attributes, those of each run of equal ones once.
    private(set) var attributeBytes = 0
    var withdrawn: [Withdrawn] = []

    /// Adds a path that is announced; its attributes take so many octets.
    mutating func announce(_ new: Announced, attributeBytes count: @autoclosure () -> Int) {
        if announced.last?.path.attributes != new.path.attributes { attributeBytes += count() }
        announced.append(new)
    }

    /// Puts paths side by side that go into one message.
    mutating func sort() {
        announced.sort {
            ($0.path.attributes.row, $0.path.source, $0.prefix, $0.path.pathID)
                < ($1.path.attributes.row, $1.path.source, $1.prefix, $1.path.pathID)
        }
    }
}
