import Addressing

/// Finds the rows of sorted prefixes that cover a prefix.
struct CoveringIndex: Sendable {
}
