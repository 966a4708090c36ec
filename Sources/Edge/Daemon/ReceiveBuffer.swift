import CLinux

/// Bytes read from a socket and not yet worked off.
struct ReceiveBuffer {
    private var storage: [UInt8]
    private var start = 0
    private var end = 0

    /// True while there may be whole messages that have not been worked off.
    var hasWork = false

    /// The most that one read takes.
    static let readSize = 65_536

    init() {
        storage = []
    }

    /// Bytes that wait.
    var count: Int { end - start }

    /// Lends the bytes that wait to `use`, which answers how many of them are done.
    mutating func work(_ use: (Span<UInt8>) -> Int) {
        consume(use(storage.span.extracting(start..<end)))
    }

    /// Marks bytes at the front as done.
    mutating func consume(_ count: Int) {
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Reads once from the socket: bytes read, 0 at the end of the stream, or -errno.
    mutating func read(from descriptor: Int32) -> Int {
        if storage.isEmpty { storage = [UInt8](repeating: 0, count: 2 * Self.readSize) }
        if storage.count - end < Self.readSize {
            let kept = end - start
            storage.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                base.update(from: base + start, count: kept)
            }
            start = 0
            end = kept
        }
        let room = min(storage.count - end, Self.readSize)
        guard room > 0 else { return -11 }
        let result = storage.withUnsafeMutableBufferPointer { buffer -> Int in
            guard let base = buffer.baseAddress else { return -14 }
            return cl_read(descriptor, base + end, room)
        }
        if result > 0 { end += result }
        return result
    }
}

/// Where bytes go that nobody reads any more; one is enough for all connections.
struct DiscardBuffer {
    private var storage = [UInt8](repeating: 0, count: ReceiveBuffer.readSize)

    /// Reads once from the socket: bytes read, 0 at the end of the stream, or -errno.
    mutating func read(from descriptor: Int32) -> Int {
        storage.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return -14 }
            return cl_read(descriptor, base, buffer.count)
        }
    }
}
