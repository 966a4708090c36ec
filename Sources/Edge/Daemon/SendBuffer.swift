import CLinux

/// Bytes on their way to a socket.
struct SendBuffer {
    /// Whole messages, the front of which may be gone already.
    var bytes: [UInt8] = []
    private var start = 0

    /// What the buffer is filled to before the socket is asked again.
    static let target = 131_072

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
            let isBusy = written > Self.kept && bytes.capacity <= 2 * Self.target
            bytes.removeAll(keepingCapacity: isBusy || bytes.capacity <= Self.kept)
            start = 0
        } else if start > Self.target {
            bytes.removeFirst(start)
            start = 0
        }
        return written
    }
}
