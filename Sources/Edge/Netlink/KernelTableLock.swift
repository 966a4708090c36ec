import CLinux
import Glibc

/// The right to change routes in one table of one network namespace: one instance holds it at a time.
///
/// An abstract Unix socket: its names live in the network namespace, and it ends with its process.
package struct KernelTableLock: ~Copyable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock in the calling thread's network namespace; nil where another instance holds it.
    ///
    /// - Throws: ``NetlinkError/systemCall(_:errno:)`` where the name cannot be taken for another reason.
    package static func take(table: UInt32) throws(NetlinkError) -> KernelTableLock? {
        let result = cl_hold_name("peerglass/kernel-table/\(table)")
        if result == -EADDRINUSE { return nil }
        guard result >= 0 else { throw .systemCall("locking table \(table)", errno: -result) }
        return KernelTableLock(descriptor: result)
    }
}
