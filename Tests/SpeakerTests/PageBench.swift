import Addressing
import Control
import Simulation
import Testing
import Timekeeping

/// A speaker between two others with a table worth turning pages of.
struct PageBench {
    let simulation: Simulation

    /// r2 hears 1,100 prefixes from r1 and every third of them from r3.
    init() throws {
        var prefixes = (0..<600).map { number in
            "10.\(number / 4).\(number % 4 * 64).0/18"
        }
        prefixes += (0..<20).map { "10.\($0 * 5).0.0/\(13 + $0 % 4)" }
        prefixes += (0..<480).map { "2001:db8:\(String($0 * 16, radix: 16))::/\(44 + $0 % 5)" }
        prefixes = Self.unique(prefixes)
        let first = prefixes.enumerated().map { number, prefix in
            "network \(prefix) set community 65001:\(number % 5)"
        }
        let third = prefixes.enumerated().filter { $0.offset % 3 == 0 }.map { number, prefix in
            "network \(prefix) set { community 65003:\(number % 2) "
                + "large-community 65003:1:\(number % 4) "
                + "ext-community \(number % 2 == 0 ? "rt" : "soo") 65003:\(number % 3) }"
        }
        var plan = NetworkPlan.line([
            first.joined(separator: "\n"),
            """
            roa-set {
            10.0.0.0/10 maxlen 24 source-as 65001
            2001:db8::/36 maxlen 48 source-as 65003
            }
            """,
            third.joined(separator: "\n"),
        ])
        plan.machines[1].rules = """
            allow from any
            allow to any
            deny from any prefix 10.20.0.0/14 or-longer
            """
        simulation = try plan.settled()
    }

    /// The texts without those whose prefix has come already.
    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<IPPrefix> = []
        return texts.compactMap { text in
            IPPrefix(text: text).flatMap { seen.insert($0).inserted ? "\($0)" : nil }
        }
    }
}

/// Rows that belong to a prefix.
protocol PrefixedRow: Hashable {
    var prefix: IPPrefix { get }
}

extension RIBRow: PrefixedRow {}
extension KernelRow: PrefixedRow {}

/// What pages must be, computed from the whole table.
struct Reference<Row: PrefixedRow> {
    /// The rows of each prefix that pass the filter, in order of prefix.
    let groups: [[Row]]

    init(_ rows: [Row], where passes: (Row) -> Bool) {
        var groups: [[Row]] = []
        for row in rows where passes(row) {
            if groups.last?.first?.prefix == row.prefix {
                groups[groups.count - 1].append(row)
            } else {
                groups.append([row])
            }
        }
        self.groups = groups
    }

    /// All rows from a position on.
    func rest(_ position: RIBPageRequest.Position) -> [Row] {
        groups.filter { group in
            guard let prefix = group.first?.prefix else { return false }
            return switch position {
            case .start: true
            case .at(let other): !(prefix < other)
            case .after(let other): other < prefix
            case .before, .share, .end: false
            }
        }.flatMap { $0 }
    }

    /// The groups before a position.
    func before(_ position: RIBPageRequest.Position) -> [[Row]] {
        groups.filter { group in
            guard let prefix = group.first?.prefix else { return false }
            return switch position {
            case .end: true
            case .before(let other): prefix < other
            case .start, .at, .after, .share: false
            }
        }
    }
}
