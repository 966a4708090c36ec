/// What a structure holds and takes, a line of `show rib memory`.
package struct MemoryLine: Equatable, Sendable {
    /// The structure's name: `prefixes`, `paths`, `attributes`, ...
    package var name: String
    /// Its entries.
    package var count: Int
    /// Its bytes.
    package var byteCount: Int
    /// How many references point to it; 0 where none are counted.
    package var references: Int

    package init(_ name: String, count: Int, byteCount: Int, references: Int = 0) {
        self.name = name
        self.count = count
        self.byteCount = byteCount
        self.references = references
    }
}

extension RoutingTables {
    /// Every structure of the routing tables with its size.
    package var memory: [MemoryLine] { [] }
}
