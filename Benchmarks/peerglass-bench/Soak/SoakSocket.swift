import Addressing
import CLinux
import Foundation

/// Sockets of the soak's neighbors and attackers.
enum SoakSocket {
    /// Opens a connection to port 179.
    ///
    /// - Parameters:
    ///   - local: where it comes from.
    ///   - peer: where it goes.
    ///   - key: its TCP MD5 key; none where empty.
    ///   - isSmall: it takes little that is not read.
    /// - Returns: its descriptor, which may be connected only later; nil where it was refused at once.
    static func connect(
        from local: IPAddress,
        to peer: IPAddress,
        key: [UInt8] = [],
        isSmall: Bool = false
    ) -> Int32? {
        let descriptor = cl_tcp_socket(4)
        guard descriptor >= 0 else { return nil }
        if isSmall { _ = cl_set_buffers(descriptor, 2048, 65_536) }
        var own = Peer.endpoint(local, 0)
        var remote = Peer.endpoint(peer, 179)
        var result: Int32 = 0
        if !key.isEmpty { result = cl_set_md5(descriptor, &remote, -1, key, key.count) }
        if result >= 0 { result = cl_bind(descriptor, &own) }
        if result >= 0 { result = cl_connect(descriptor, &remote) }
        if result < 0 {
            _ = cl_close(descriptor)
            return nil
        }
        return descriptor
    }

    static func isConnected(_ descriptor: Int32) -> Bool {
        var peer = cl_address()
        return cl_remote_address(descriptor, &peer) >= 0
    }

    /// Closes with a reset.
    static func abort(_ descriptor: Int32) {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<Glibc.linger>.size)
        )
        _ = cl_close(descriptor)
    }

    /// Milliseconds since the last octets came in, by the kernel's own watch.
    static func sinceArrival(_ descriptor: Int32) -> Int64 {
        // tcpi_last_data_recv of struct tcp_info stands at 52.
        var info = [UInt8](repeating: 0, count: 104)
        var length = socklen_t(info.count)
        guard getsockopt(descriptor, Int32(IPPROTO_TCP), 11, &info, &length) == 0, length >= 56
        else { return 0 }
        return Int64(info.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 52, as: UInt32.self) })
    }

    /// Milliseconds of the monotonic clock.
    static var now: Int64 { cl_monotonic_nanoseconds() / 1_000_000 }
}
