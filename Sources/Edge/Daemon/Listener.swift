import Addressing
import CLinux
import Configuration
import Speaker

/// Sockets that neighbors connect to.
struct Listener {
    let address: ListenAddress
    let descriptor: Int32
    /// Neighbors whose key could not be set: their connections are refused, never unauthenticated.
    var refusedKeys: [IPAddress: Int32] = [:]

    /// Opens a listening socket with the keys of its neighbors.
    ///
    /// - Parameters:
    ///   - address: where it listens.
    ///   - keys: the TCP MD5 keys of neighbors; those of another family are passed over.
    ///   - timeToLive: what its answers to a SYN leave with; nil for the system's own.
    /// - Throws: ``DaemonFault`` with what was refused.
    init(
        _ address: ListenAddress,
        keys: [ListenKey],
        timeToLive: UInt8?
    ) throws(DaemonFault) {
        self.address = address
        let length = UInt8(address.address.family.byteCount)
        descriptor = cl_tcp_socket(length)
        let place = "\(address.address) port \(address.port)"
        guard descriptor >= 0 else {
            throw .listen(place: place, operation: "open a socket", errno: -descriptor)
        }
        _ = cl_set_reuse_address(descriptor)
        if address.address.family == .ipv6 { _ = cl_set_ipv6_only(descriptor) }
        for key in keys where key.address.family == address.address.family {
            var peer = cl_address(key.address, port: 0)
            let result = key.key.withUnsafeBufferPointer {
                cl_set_md5(descriptor, &peer, -1, $0.baseAddress, $0.count)
            }
            if result < 0 { refusedKeys[key.address] = -result }
        }
        if let timeToLive {
            let result = cl_set_ttl(descriptor, length, Int32(timeToLive))
            if result < 0 {
                _ = cl_close(descriptor)
                throw .listen(place: place, operation: "set TTL \(timeToLive)", errno: -result)
            }
        }
        var local = cl_address(
            address.address,
            port: address.port,
            scope: address.scope.map { cl_interface_index($0) } ?? 0
        )
        // A thousand connections at once are not refused.
        var result = cl_bind(descriptor, &local)
        if result >= 0 { result = cl_listen(descriptor, 1024) }
        if result < 0 {
            _ = cl_close(descriptor)
            throw .listen(place: place, operation: "listen", errno: -result)
        }
    }
}
