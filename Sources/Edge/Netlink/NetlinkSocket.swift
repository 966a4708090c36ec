import CLinux
import Glibc

/// One rtnetlink socket and the buffer that it receives into.
///
/// Opened in the network namespace of the calling thread, where it stays.
struct NetlinkSocket: ~Copyable {
    /// What one call of ``receive(_:)`` found.
    enum Reception: Equatable {
        /// Datagrams were received; more may wait.
        case received
        /// Nothing waits.
        case empty
        /// The kernel had to drop something (ENOBUFS), or sent more than fits the buffer.
        case overrun
        /// The socket is of no use any more.
        case failed(errno: Int32)
    }

    let descriptor: Int32
    /// The port id that the kernel puts on what this socket causes.
    let port: UInt32
    private var buffer: [UInt8]
    private let stride: Int
    private var lengths: [UInt32]

    /// Opens a socket that hears the multicast `groups` (0 for none).
    ///
    /// `stride` is the size of the largest datagram, `datagrams` how many a call receives.
    init(groups: UInt32, receiveBytes: Int32, stride: Int, datagrams: Int) throws(NetlinkError) {
        var port: UInt32 = 0
        let result = cl_netlink_open(groups, receiveBytes, &port)
        guard result >= 0 else { throw .systemCall("opening a socket", errno: -result) }
        descriptor = result
        self.port = port
        self.stride = stride
        buffer = [UInt8](repeating: 0, count: stride * datagrams)
        lengths = [UInt32](repeating: 0, count: datagrams)
    }

    deinit { close(descriptor) }

    /// The kernel keeps to itself what the socket with that port id causes.
    func ignore(port: UInt32) {
        // A kernel without filters delivers it, and the reader passes it over by its port.
        _ = cl_netlink_ignore_port(descriptor, port)
    }

    /// Sends the messages of one datagram.
    func send(_ bytes: [UInt8]) throws(NetlinkError) {
        let result = bytes.withUnsafeBytes { cl_netlink_send(descriptor, $0.baseAddress, $0.count) }
        guard result >= 0 else { throw .systemCall("sending", errno: Int32(-result)) }
    }

    /// Receives what waits, at most one call's worth, and gives each message to `body`.
    mutating func receive(_ body: (NetlinkHeader, NetlinkMessage) -> Void) -> Reception {
        let count = Int32(lengths.count)
        let received = buffer.withUnsafeMutableBytes { bytes in
            lengths.withUnsafeMutableBufferPointer { lengths in
                cl_netlink_receive(
                    descriptor,
                    bytes.baseAddress,
                    stride,
                    count,
                    lengths.baseAddress
                )
            }
        }
        switch -received {
        case EAGAIN: return .empty
        case ENOBUFS: return .overrun
        case let error where error > 0: return .failed(errno: error)
        default: break
        }
        var isWhole = true
        for index in 0..<Int(received) {
            let length = Int(lengths[index])
            if length == 0 { isWhole = false }
            let start = index * stride
            NetlinkDecoder.forEachMessage(
                in: buffer.span.extracting(start..<(start + length)),
                body
            )
        }
        return isWhole ? .received : .overrun
    }

    /// Waits until something can be received; false when the time is over.
    func wait(milliseconds: Int32) -> Bool {
        var ready: UInt32 = 0
        return withUnsafePointer(to: descriptor) {
            cl_wait_readable($0, 1, milliseconds, &ready) > 0
        }
    }
}
