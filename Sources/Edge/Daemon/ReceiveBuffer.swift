import CLinux

/// Bytes read from a socket and not yet worked off.
///
/// A session that rests holds no memory here: a thousand of them are usual, and one in a hundred is busy.
struct ReceiveBuffer {
    private var storage: [UInt8] = []
    private var start = 0
    /// There was more to read than was read.
    private var isBusy = false

    /// True while there may be whole messages that have not been worked off.
    var hasWork = false

    /// The most that one read takes.
    static let readSize = 65_536

    /// Bytes that wait.
    var count: Int { storage.count - start }

    /// Lends the bytes that wait to `use`, which answers how many of them are done.
    mutating func work(_ use: (Span<UInt8>) -> Int) {
        consume(use(storage.span.extracting(start..<storage.count)))
    }

    /// Marks bytes at the front as done.
    private mutating func consume(_ count: Int) {
        start += count
        if start == storage.count {
            storage.removeAll(keepingCapacity: isBusy)
            start = 0
        }
    }

    /// Reads once from the socket by way of `buffer`: bytes read, 0 at the end of the stream, or -errno.
    mutating func read(from descriptor: Int32, through buffer: inout ReadBuffer) -> Int {
        guard count <= Self.readSize else { return -11 }
        let result = buffer.read(from: descriptor)
        guard result > 0 else { return result }
        isBusy = result == Self.readSize
        if start > 0 {
            storage.removeFirst(start)
            start = 0
        }
        storage += buffer.bytes[..<result]
        return result
    }
}

/// Where reads go first; one is enough for all connections.
struct ReadBuffer {
    /// What was read last, at the front.
    private(set) var bytes = [UInt8](repeating: 0, count: ReceiveBuffer.readSize)

    /// Reads once from the socket: bytes read, 0 at the end of the stream, or -errno.
    mutating func read(from descriptor: Int32) -> Int {
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return -14 }
            return cl_read(descriptor, base, buffer.count)
        }
    }
}
