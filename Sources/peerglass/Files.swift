import CLinux
import Configuration
import Glibc

/// Files as the configuration's reader asks for them.
enum Files {
    /// The bytes of a file.
    static func contents(_ path: String) throws(UnreadableFile) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnreadableFile(reason: words(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var count = 0
        repeat {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            bytes += chunk
        } while count > 0 || (count < 0 && errno == EINTR)
        guard count == 0 else { throw UnreadableFile(reason: words(errno)) }
        return bytes
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func words(_ errno: Int32) -> String {
        cl_error_text(errno).map { String(cString: $0) } ?? "error \(errno)"
    }
}
