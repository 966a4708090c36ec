import Foundation

/// A route in the kernel of a namespace, as `ip` tells it.
package struct KernelRoute: Hashable, Comparable, CustomStringConvertible {
    package var prefix: String
    /// `main`, `100`.
    package var table: String
    /// `bgp`, `static`.
    package var routingProtocol: String
    package var metric: Int
    package var gateway: String

    /// Whether it carries our mark: protocol, table and metric.
    package var isOurs: Bool { routingProtocol == "bgp" && table == "main" && metric == 186 }

    /// All routes that a program has made, sorted.
    package static func all(in namespace: Namespace) throws -> [KernelRoute] {
        try ["-4", "-6"].flatMap { family in
            let text = try namespace.ip("-j \(family) route show table all")
            let rows = try JSONSerialization.jsonObject(with: Data(text.utf8))
            return (rows as? [[String: Any]] ?? []).map(Self.init).filter {
                $0.routingProtocol != "kernel"
            }
        }.sorted()
    }

    private init(_ row: [String: Any]) {
        prefix = row["dst"] as? String ?? ""
        table = row["table"] as? String ?? "main"
        routingProtocol = row["protocol"] as? String ?? ""
        metric = row["metric"] as? Int ?? 0
        gateway = row["gateway"] as? String ?? ""
    }

    package static func < (left: KernelRoute, right: KernelRoute) -> Bool {
        left.description < right.description
    }

    package var description: String {
        "\(prefix) via \(gateway) table \(table) proto \(routingProtocol) metric \(metric)"
    }
}
