import CLinux

/// Bytes on their way to a socket.
struct SendBuffer {
    /// Whole messages, the front of which may be gone already.
    var bytes: [UInt8] = []
    private var start = 0

    /// The memory is that of ``SpareMemory`` for the time of a write.
    private var isLent = false

    /// What the buffer is filled to before the socket is asked again.
    static let target = 131_072
    /// The same where many sessions are filled: each may be left with as much.
    static let smallTarget = 32_768

    /// The memory that is kept where little is written.
    private static let kept = 4096

    /// Bytes that wait.
    var count: Int { bytes.count - start }

    /// Writes what the socket takes: bytes written, or -errno where it broke.
    mutating func write(to descriptor: Int32) -> Int {
        var written = 0
        while start < bytes.count {
            let result = bytes.withUnsafeBufferPointer { buffer -> Int in
                guard let base = buffer.baseAddress else { return -14 }
                return cl_write(descriptor, base + start, buffer.count - start)
            }
            if result == -11 { break }
            if result < 0 { return result }
            start += result
            written += result
        }
        if start == bytes.count {
            // A session that rests holds no more than its keepalives need.
            bytes.removeAll(keepingCapacity: isLent || bytes.capacity <= Self.kept)
            start = 0
        } else if start > Self.target {
            bytes.removeFirst(start)
            start = 0
        }
        return written
    }

    /// Takes the spare memory for what is written next, where the buffer holds nothing.
    mutating func borrow(_ spare: inout SpareMemory) {
        guard bytes.isEmpty, !isLent else { return }
        swap(&bytes, &spare.bytes)
        isLent = true
    }

    /// Gives the spare memory back where all is written; what is not written keeps no more than it needs.
    mutating func giveBack(_ spare: inout SpareMemory) {
        guard isLent else { return }
        isLent = false
        if bytes.isEmpty {
            swap(&bytes, &spare.bytes)
        } else {
            let rest = Array(bytes[start...])
            spare.bytes = bytes
            spare.bytes.removeAll(keepingCapacity: true)
            bytes = rest
            start = 0
        }
    }
}

/// Where messages are laid before they are written; one is enough for all connections.
struct SpareMemory {
    fileprivate var bytes: [UInt8] = []
}
