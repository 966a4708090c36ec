/// The number of an interned ``NextHopSet`` within one ``KernelRoutes``.
package struct NextHopSetID: Hashable, Sendable, BitwiseCopyable {
    /// The row number.
    @usableFromInline var row: UInt32

    @usableFromInline
    init(row: UInt32) { self.row = row }

    /// Stands for "nothing" in rows.
    @usableFromInline static var none: NextHopSetID { NextHopSetID(row: .max) }
}
