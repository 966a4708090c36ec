import Addressing
import Control

/// The neighbors of an instance by number, for rows that name them so.
struct NeighborBook {
    /// What tables say of a neighbor.
    struct Entry: Equatable {
        /// `descr`, empty where none.
        var descr: String
        /// The address, a template's with its length.
        var addressText: String
        /// The BGP Identifier as text; `0.0.0.0` while there is none.
        var identifier: String
    }

    private var entries: [NeighborNumber: Entry] = [:]
    private let isNumeric: Bool

    /// With `isNumeric`, addresses stand in place of descriptions.
    init(_ rows: [NeighborRow], instance: Instance, isNumeric: Bool) {
        self.isNumeric = isNumeric
        for row in rows {
            entries[row.number] = Entry(
                descr: row.descr,
                addressText: row.addressText,
                identifier: IPAddress(ipv4: row.remoteIdentifier).description
            )
        }
        entries[.local] = Entry(
            descr: "LOCAL",
            addressText: instance.routerID.description,
            identifier: instance.routerID.description
        )
    }

    /// A neighbor that is gone keeps its number in a row that is still on its way.
    func entry(_ number: NeighborNumber) -> Entry {
        entries[number]
            ?? Entry(
                descr: "",
                addressText: "neighbor \(number.value)",
                identifier: "0.0.0.0"
            )
    }

    /// The name in tables.
    func name(_ number: NeighborNumber) -> String {
        let entry = entry(number)
        return entry.descr.isEmpty || isNumeric ? entry.addressText : entry.descr
    }

    /// The name in log lines: `10.9.12.2 (r2)`.
    func logName(_ number: NeighborNumber, then name: String) -> String {
        guard let entry = entries[number] else { return name }
        return entry.descr.isEmpty
            ? entry.addressText : "\(entry.addressText) (\(entry.descr))"
    }
}

extension NeighborRow {
    /// The name in tables, or the address alone.
    func title(isNumeric: Bool) -> String { isNumeric ? addressText : name }
}
