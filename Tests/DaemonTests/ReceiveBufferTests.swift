import CLinux
import Glibc
import Testing

@testable import Daemon

/// Bytes between a socket and the speaker.
struct ReceiveBufferTests {
    @Test func `what is not worked off stays in front of what comes next`() {
        let sockets = OpenSockets()
        var buffer = ReceiveBuffer()
        var reading = ReadBuffer()
        #expect(buffer.read(from: sockets.reader, through: &reading) == -Int(EAGAIN))
        sockets.write([1, 2, 3])
        #expect(buffer.read(from: sockets.reader, through: &reading) == 3)
        buffer.work { bytes in
            #expect(bytes.count == 3)
            return 2
        }
        #expect(buffer.count == 1)
        sockets.write([4, 5])
        #expect(buffer.read(from: sockets.reader, through: &reading) == 2)
        buffer.work { bytes in
            #expect((0..<bytes.count).map { bytes[$0] } == [3, 4, 5])
            return 3
        }
        #expect(buffer.count == 0)
        sockets.close()
        #expect(buffer.read(from: sockets.reader, through: &reading) == 0)
    }

    @Test func `more than the longest message is not read while nothing is worked off`() {
        let sockets = OpenSockets()
        var buffer = ReceiveBuffer()
        var reading = ReadBuffer()
        var total = 0
        for _ in 0..<64 {
            sockets.write([UInt8](repeating: 7, count: 4096))
            let count = buffer.read(from: sockets.reader, through: &reading)
            if count < 0 { break }
            total += count
        }
        #expect(total > ReceiveBuffer.readSize)
        #expect(total <= 2 * ReceiveBuffer.readSize)
        #expect(buffer.count == total)
    }
}

/// Two sockets that are joined; reading does not block.
private final class OpenSockets {
    let reader: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [0, 0]
        _ = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        (reader, writer) = (ends[0], ends[1])
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    deinit { _ = cl_close(reader) }

    func write(_ bytes: [UInt8]) {
        #expect(cl_write(writer, bytes, bytes.count) == bytes.count)
    }

    func close() {
        _ = cl_close(writer)
    }
}
